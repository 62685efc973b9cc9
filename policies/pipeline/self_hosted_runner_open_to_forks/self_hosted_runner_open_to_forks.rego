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

deny contains {"path": ["jobs", i, "runner"], "subject": $"jobs.{job.id}", "message": message} if {
	some i, job in input.jobs
	job.runner.kind == "self_hosted"
	events := {event | some event in job.open_to; event in {"pull_request", "pull_request_privileged"}}
	count(events) > 0
	message := $"job \"{job.id}\" runs what outsiders propose on a runner of one's own"
}
