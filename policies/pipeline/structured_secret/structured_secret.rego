# METADATA
# title: Part of a secret is not masked
# description: >-
#   Logs are searched for the whole value of a secret. A field that is taken out of
#   structured data is another text: it is printed as it is.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   severity: medium
#   fix: Store each value as a secret of its own.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.structured_secret

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	"json" in exposure.value.transformed
	message := $"{pipeline.place(exposure.value)} takes a value out of {pipeline.called(exposure.value.secret)}; logs do not mask it"
}
