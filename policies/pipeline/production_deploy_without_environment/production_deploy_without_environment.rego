# METADATA
# title: Job deploys to production without an environment
# description: >-
#   An environment says who may deploy, from which branches, and after whose
#   approval, and keeps the secrets of production from all other jobs. Without one
#   every branch can run this job.
# custom:
#   severity: medium
#   tier: strict
#   fix: Store the secrets in an environment, protect it, and name it in the job.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.production_deploy_without_environment

import data.policyctl.lib.pipeline

deny contains {"path": ["jobs", i, "id"], "subject": $"jobs.{job.id}", "message": message} if {
	pipeline.has_environments
	pipeline.has_secrets
	some i, job in input.jobs
	not job.environment
	not job.calls
	some word in ["id", "name", "stage"]
	regex.match(_production, job[word])
	_deploys(job)
	not contains(object.get(job, "condition", ""), "CI_COMMIT_REF_PROTECTED")
	secrets := pipeline.secrets_of(job.id)
	count(secrets) > 0
	message := $"job \"{job.id}\" deploys to production with {concat(", ", sort(secrets))}, outside of an environment"
}

_production := `(?i:(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$))|[a-z]Prod(?:uction)?(?:[^a-z]|$)`

_deploys(job) if {
	some word in ["id", "name", "stage"]
	regex.match(`(?i)deploy|rollout|apply|promote`, job[word])
}

_deploys(job) if {
	some i in pipeline.does.deploy
	input.components[i].job == job.id
}
