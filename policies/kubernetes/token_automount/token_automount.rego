# METADATA
# title: Pod gets the token of the default service account
# description: >-
#   Unless it is switched off, every pod gets a token for the API server. A pod
#   that names no service account of its own hardly needs one.
# custom:
#   severity: low
#   tier: strict
#   fix: Set automountServiceAccountToken to false, or name a service account made for the pod.
#   tags: [least-privilege]
#   cwe: [668]
package policyctl.kubernetes.token_automount

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message, "fix": fix} if {
	some spec in k8s.pod_specs
	every container in spec.value.containers {
		container.image # others are patches of a pod that stands elsewhere
	}
	k8s.true_like(object.get(spec.value, "automountServiceAccountToken", true))
	_account(spec.value) in {"", "default"}
	path := array.concat(spec.path, ["automountServiceAccountToken"])
	message := "the pod gets the token of the default service account"
	fix := {"op": "add", "path": path, "value": false}
}

# Pods that name no account get this one.
deny contains {"path": ["automountServiceAccountToken"], "message": message, "fix": fix} if {
	input.kind == "ServiceAccount"
	input.metadata.name == "default"
	k8s.true_like(object.get(input, "automountServiceAccountToken", true))
	message := "the default service account gives its token to every pod that names no other"
	fix := {"op": "add", "path": ["automountServiceAccountToken"], "value": false}
}

# serviceAccount is the former name of the field.
_account(spec) := object.get(spec, "serviceAccountName", object.get(spec, "serviceAccount", ""))
