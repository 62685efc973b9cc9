# METADATA
# title: SealedSecret can be opened elsewhere
# description: >-
#   With a wider scope the ciphertext is not bound to its name and namespace. Whoever
#   may create objects in another namespace copies it there and reads the value.
# custom:
#   severity: medium
#   tier: strict
#   fix: Remove the annotation, and seal the secret again with the strict scope.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.kubernetes.sealed_secret_scope

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message} if {
	input.kind == "SealedSecret"
	some scope, reach in {"cluster-wide": "every namespace of the cluster", "namespace-wide": "its namespace under any name"}
	key := $"sealedsecrets.bitnami.com/{scope}"
	k8s.true_like(input.metadata.annotations[key])
	path := ["metadata", "annotations", key]
	message := $"SealedSecret {input.metadata.name} can be opened in {reach}"
}
