# METADATA
# title: Environments share one entry of a store
# description: >-
#   Whoever may read the entry of one environment can read all keys of it, and so the
#   secret of the other.
# custom:
#   severity: low
#   fix: Give every environment an entry of its own.
#   tags: [isolation]
package policyctl.contract.environments_share_path

import data.policyctl.lib.contract

# The same key as well is contract/environments-share-object. Of several equal ones the
# first by name is taken for the rightful one.
deny contains {"path": ["spec", "environments", label, "path"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	some keys in _sharing
	first := min(object.keys(keys))
	some label, key in keys
	key != keys[first]
	message := $"contract {contract.name}: environment {label} has another key of the same entry as environment {first}"
	related := [{"path": ["spec", "environments", first, "path"], "message": $"environment {first}"}]
}

# _sharing are the keys of the environments, by entry.
_sharing[entry][label] := key if {
	some label, environment in contract.environments
	entry := [object.get(environment, "store", ""), environment.path]
	key := object.get(environment, "key", "")
}
