# METADATA
# title: Secret of a store is copied into the cluster
# description: >-
#   The CSI driver puts values into pods without a Secret. With secretObjects it makes
#   one all the same, which everybody with the right to read Secrets sees.
# custom:
#   severity: low
#   tier: audit
#   fix: Read the mounted file, and remove secretObjects.
#   tags: [secret-exposure]
#   cwe: [200]
package policyctl.kubernetes.secret_provider_class_sync

deny contains {"path": ["spec", "secretObjects", i], "message": message} if {
	input.kind == "SecretProviderClass"
	is_array(input.spec.secretObjects)
	some i, copied in input.spec.secretObjects
	message := $"SecretProviderClass {input.metadata.name} copies what it mounts into Secret {copied.secretName}"
}
