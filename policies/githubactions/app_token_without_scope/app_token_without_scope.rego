# METADATA
# title: App token is wider or lives longer than needed
# description: >-
#   Without permissions of its own the token has every right that the app was
#   installed with, and without its revocation it outlives the job by up to an
#   hour.
# related_resources:
#   - https://github.com/actions/create-github-app-token
# custom:
#   severity: medium
#   fix: Set the permission inputs that the job needs, and leave skip-token-revoke out.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.githubactions.app_token_without_scope

import data.policyctl.lib.githubactions

deny contains {"path": array.concat(step.path, ["uses"]), "message": "the app token has every right of the app; limit it by permission inputs"} if {
	some step in githubactions.steps
	prefix := _permission_inputs[githubactions.action(step.value)]
	inputs := githubactions.inputs(step.value)
	not _limited(inputs, prefix)
}

deny contains {"path": array.concat(step.path, ["with", name]), "message": "the app token stays valid after the job"} if {
	some step in githubactions.steps
	githubactions.action(step.value) == "actions/create-github-app-token"
	some name, value in githubactions.inputs(step.value)
	lower(name) == "skip-token-revoke"
	lower($"{value}") == "true"
}

_permission_inputs := {
	"actions/create-github-app-token": "permission-",
	"tibdex/github-app-token": "permissions",
}

_limited(inputs, prefix) if {
	some name, _ in inputs
	startswith(lower(name), prefix)
}
