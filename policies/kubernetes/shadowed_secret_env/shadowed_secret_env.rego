# METADATA
# title: Literal takes the place of a variable from a Secret
# description: >-
#   Of two variables with one name the last one counts. The container runs with the
#   literal, and a rotation of the Secret changes nothing.
# custom:
#   severity: medium
#   fix: Remove the variable that should not count.
#   tags: [reliability]
#   cwe: [1188]
package policyctl.kubernetes.shadowed_secret_env

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": array.concat(later.path, ["value"]), "message": message, "related": related} if {
	some [earlier, later] in _pairs
	is_object(earlier.value.valueFrom.secretKeyRef)
	is_string(later.value.value)
	message := $"variable {later.value.name} of container {later.container} is this literal: the one from Secret {earlier.value.valueFrom.secretKeyRef.name} does not count"
	related := [{"message": "the variable from the Secret", "path": earlier.path}]
}

# _pairs are variables with the name of another above them.
_pairs contains [earlier, later] if {
	some later in k8s.env
	some earlier in _named[[_list(later), later.value.name]]
	earlier.path[count(earlier.path) - 1] < later.path[count(later.path) - 1]
}

_named[[_list(entry), entry.value.name]] contains entry if some entry in k8s.env

_list(entry) := array.slice(entry.path, 0, count(entry.path) - 1)
