# METADATA
# title: Environments share one value
# description: >-
#   Two environments with the same entry of the same store have the same secret:
#   whoever can read the one for tests can use the other.
# custom:
#   severity: high
#   fix: Give every environment an entry of its own, with a value of its own.
#   tags: [isolation]
package policyctl.contract.environments_share_object

import data.policyctl.lib.contract

# Of several equal ones the first by name is taken for the rightful one.
deny contains {"path": ["spec", "environments", label, "path"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	some labels in _sharing
	first := min(labels)
	some label in labels
	label != first
	message := $"contract {contract.name}: environment {label} has the same entry of the store as environment {first}"
	related := [{"path": ["spec", "environments", first, "path"], "message": $"environment {first}"}]
}

# _sharing are the environments by their entry.
_sharing[entry] contains label if {
	some label, environment in contract.environments
	entry := [object.get(environment, "store", ""), environment.path, object.get(environment, "key", "")]
}
