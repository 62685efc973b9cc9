# METADATA
# title: Environment variable holds a credential in clear text
# description: >-
#   The value stands in the repository, in the API server, and in the output of
#   kubectl describe. It cannot be rotated without a deployment.
# custom:
#   severity: high
#   fix: Revoke the value, put the new one into a Secret that is not in the repository, and name it with valueFrom.secretKeyRef.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.kubernetes.literal_secret_env

import data.policyctl.lib.kubernetes as k8s

deny contains object.union(found.place, {"path": path, "message": message}) if {
	some entry in k8s.env
	some found in k8s.credentials(entry.value.name, entry.value.value)
	path := array.concat(entry.path, ["value"])
	message := $"variable {entry.value.name} of container {entry.container} holds {found.what}"
}
