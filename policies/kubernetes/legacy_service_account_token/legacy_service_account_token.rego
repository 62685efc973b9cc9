# METADATA
# title: Service account token never expires
# description: >-
#   A Secret of type kubernetes.io/service-account-token holds a token that is
#   valid until somebody deletes it, wherever it was copied to.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/service-accounts/
# custom:
#   severity: medium
#   fix: Remove the Secret, and use a projected serviceAccountToken volume or the TokenRequest API, whose tokens expire.
#   tags: [lifetime]
#   cwe: [613]
package policyctl.kubernetes.legacy_service_account_token

deny contains {"path": ["type"], "message": message} if {
	input.kind == "Secret"
	input.type == "kubernetes.io/service-account-token"
	message := "the Secret asks for a service account token that never expires"
}
