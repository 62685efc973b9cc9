# METADATA
# title: Outsider's code runs on a machine of one's own
# description: >-
#   Everybody who can propose a change can run code on the runner. What stands on
#   the machine, and in what it can reach, is theirs: credentials of later jobs too,
#   if it is not thrown away after each.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners
# custom:
#   severity: high
#   fix: Run jobs for proposed changes on machines of the platform, or let somebody of the repository approve each run.
#   tags: [injection]
#   cwe: [829]
package policyctl.pipeline.self_hosted_runner_open_to_forks

import data.policyctl.lib.pipeline

deny contains {"path": ["jobs", i, "runner"], "subject": $"jobs.{job.id}", "message": message} if {
	some i, job in input.jobs
	job.runner.kind == "self_hosted"
	_proposed(job)
	message := $"job \"{job.id}\" runs what outsiders propose on a runner of one's own"
}

# The runner stands in a pipeline that the job calls.
deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message, "related": related} if {
	some i, component in pipeline.calls
	some k, job in component.called.self_hosted
	_proposed(job)
	message := $"job \"{component.job}\" has job \"{job.job}\" of a called pipeline run what outsiders propose on a runner of one's own"
	related := [{"message": "it runs here", "path": ["components", i, "called", "self_hosted", k]}]
}

_proposed(job) if {
	some event in job.open_to
	event in {"pull_request", "pull_request_privileged"}
}
