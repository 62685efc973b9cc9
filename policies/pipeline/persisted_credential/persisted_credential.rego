# METADATA
# title: Checkout leaves its token on the machine
# description: >-
#   Every later step finds the token beside the copy, what the project builds and tests with
#   included. No later step pushes or fetches.
# related_resources:
#   - https://github.com/actions/checkout#usage
# custom:
#   severity: low
#   tier: strict
#   fix: Set persist-credentials (GitHub) or persistCredentials (Azure) to false.
#   tags: [least-privilege]
#   cwe: [522]
package policyctl.pipeline.persisted_credential

import data.policyctl.lib.pipeline

deny contains object.union({"path": ["checkouts", i], "subject": checkout.address, "message": message, "related": related}, pipeline.unpersist(i)) if {
	some i, checkout in pipeline.persisting
	i in pipeline.unneeded
	not pipeline.finders[i]
	first := min({j | some j in pipeline.later(checkout); _runs(input.steps[j])})
	message := $"{pipeline.place(checkout)} leaves its token on the machine, where {pipeline.where(input.steps[first])} finds it without a need"
	related := [{"message": "code runs beside the token", "path": ["steps", first]}]
}

_runs(step) if {
	step.kind == "shell"
	not pipeline.trivial(step.script)
}
