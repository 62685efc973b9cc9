# METADATA
# title: Code of others finds the token of the checkout
# description: >-
#   The checkout leaves a token with which one can push, and later the job runs code that
#   neither the repository nor the platform wrote: packages that are installed, or a
#   component that was not given the token. One of them that was taken over has it.
# related_resources:
#   - https://github.com/actions/checkout#usage
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Set persist-credentials (GitHub) or persistCredentials (Azure) to false, and give the token to the step
#     that pushes only; or install first and without scripts.
#   tags: [supply-chain, least-privilege]
#   cwe: [522]
package policyctl.pipeline.persisted_credential_before_dependency_code

import data.policyctl.lib.pipeline

deny contains object.union({"path": ["checkouts", i], "subject": checkout.address, "message": message, "related": related}, pipeline.unpersist(i)) if {
	some i, checkout in pipeline.persisting
	[token, code] := pipeline.finders[i]
	message := $"{pipeline.place(checkout)} leaves on the machine {token}, and {code.what} in {pipeline.where(input.steps[code.step])} can read it"
	related := [{"message": "code of others runs here", "path": ["steps", code.step]}]
}
