# METADATA
# title: Session in the cloud outlives the job
# description: >-
#   The keys of the session work for as long as was asked for, also when the job has long
#   ended. What kept a copy of them can go on.
# related_resources:
#   - https://github.com/aws-actions/configure-aws-credentials
# custom:
#   severity: low
#   tier: strict
#   fix: Ask for no more seconds (role-duration-seconds) than the job's timeout-minutes give it; without them it is an hour.
#   tags: [short-lived]
#   cwe: [613]
package policyctl.githubactions.oidc_session_longer_than_job

import data.policyctl.lib.githubactions

deny contains {"path": array.concat(step.path, ["with", name]), "message": message} if {
	contains(githubactions.used, "aws-actions/configure-aws-credentials")
	some job in githubactions.jobs
	some i, value in job.value.steps
	step := {"path": array.concat(job.path, ["steps", i]), "value": value}
	githubactions.action(value) == "aws-actions/configure-aws-credentials"
	some name, duration in githubactions.inputs(value)
	lower(name) == "role-duration-seconds"
	regex.match(`^[0-9]{1,6}$`, $"{duration}")
	minutes := _minutes(job.value)
	to_number($"{duration}") > minutes * 60
	message := $"the session of job \"{job.id}\" lasts {duration} seconds, and the job no longer than {minutes} minutes"
}

# _minutes is when the job ends at the latest; the platform ends it after six hours.
_minutes(job) := job["timeout-minutes"] if {
	is_number(job["timeout-minutes"])
} else := 360 if {
	not job["timeout-minutes"]
	not _self_hosted(job)
}

_self_hosted(job) if contains(json.marshal(object.get(job, "runs-on", "")), "self-hosted")
