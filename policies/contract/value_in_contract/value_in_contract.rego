# METADATA
# title: Contract holds a value
# description: >-
#   A contract says everything about a secret but its value. A field that could
#   hold one will, and then it stands in the repository for ever.
# custom:
#   severity: critical
#   fix: Remove the field, and rotate the secret if the value was real.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.contract.value_in_contract

import data.policyctl.lib.contract

deny contains {"path": path, "subject": contract.name, "message": message} if {
	some path in _holders
	not _within_another(path)
	message := $"contract {contract.name}: the field {concat(".", _names(path))} can hold a value, and a contract never does"
}

_holders contains path if {
	walk(object.remove(input, {"origin", "class", "team"}), [path, _]) # what the loader adds
	path[count(path) - 1] in {"value", "values", "default", "example", "data", "stringData", "plaintext"}
	not _known(path)
}

# Names that the author chooses, and fields of the schema.
_known(path) if array.slice(path, 0, 2) == ["spec", "extensions"]

_known(path) if {
	count(path) == 3
	array.slice(path, 0, 2) in [["spec", "environments"], ["metadata", "labels"], ["metadata", "annotations"]]
}

_known(["spec", "risk", "data"])

_within_another(path) if {
	some i in numbers.range(1, count(path) - 1)
	i < count(path)
	array.slice(path, 0, i) in _holders
}

_names(path) := [$"{part}" | some part in path]
