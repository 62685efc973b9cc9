# METADATA
# title: Outsider's code runs beside secrets
# description: >-
#   The job checks out what a pull request proposes and then runs from it, while
#   it has the repository's secrets and a token. Everybody can start it: no
#   condition on the author or the origin keeps outsiders out.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   severity: critical
#   fix: Build the change in a job of the plain pull request event, without secrets, and hand its results on as an artifact.
#   tags: [injection]
#   cwe: [829]
package policyctl.pipeline.privileged_checkout

import data.policyctl.lib.pipeline

deny contains {"path": pipeline.named(i), "subject": checkout.address, "message": message, "related": related} if {
	some i, checkout in input.checkouts
	checkout.source == "change"
	some j in [min(pipeline.run_after(checkout))]
	some event in input.steps[j].open_to
	event in pipeline.privileged_events
	message := $"{pipeline.place(checkout)} checks out what an outsider proposes, and a later step runs it beside {pipeline.held(checkout)}"
	related := [{"message": "what was checked out can run here", "path": ["steps", j]}]
}

# The copy and what runs of it stand in a pipeline that the job calls.
deny contains {"path": ["checkouts", i], "subject": checkout.address, "message": message, "related": related} if {
	some i, checkout in input.checkouts
	checkout.source == "change"
	some k in [min({k | some k, script in checkout.runs; not pipeline.trivial(script)})]
	some job in input.jobs
	job.id == checkout.job
	some event in job.open_to
	event in pipeline.privileged_events
	message := $"{pipeline.place(checkout)} has a called pipeline check out what an outsider proposes, and run it beside {pipeline.held(checkout)}"
	related := [{"message": "what was checked out can run here", "path": ["checkouts", i, "runs", k]}]
}
