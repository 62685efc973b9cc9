# METADATA
# title: ConfigMap holds a credential
# description: >-
#   ConfigMaps are made for what everybody may read: roles grant them widely, they
#   are not encrypted at rest, and they stand in the repository in clear text.
# custom:
#   severity: high
#   fix: Revoke the value, and move the new one into a Secret that is not in the repository.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.kubernetes.secret_in_configmap

import data.policyctl.lib.kubernetes as k8s

deny contains object.union(found.place, {"path": ["data", key], "message": message}) if {
	input.kind == "ConfigMap"
	is_object(input.data)
	some key, value in input.data
	some found in k8s.credentials(key, value)
	message := $"key {key} of the ConfigMap holds {found.what}"
}

deny contains object.union(found.place, {"path": literal.path, "message": message}) if {
	some literal in k8s.generator_literals("configMapGenerator")
	some found in k8s.credentials(literal.key, literal.text)
	message := $"literal {literal.key} of the generated ConfigMap holds {found.what}"
}
