# METADATA
# title: App token has every right of the app
# description: >-
#   Without permissions of its own the token has every right that the app was
#   installed with, in every repository where it is.
# related_resources:
#   - https://github.com/actions/create-github-app-token
# custom:
#   severity: medium
#   fix: Set the permission inputs that the job needs.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.githubactions.app_token_without_scope

import data.policyctl.lib.githubactions

deny contains {"path": array.concat(step.path, ["uses"]), "message": "the app token has every right of the app; limit it by permission inputs"} if {
	contains(githubactions.used, "github-app-token")
	some step in githubactions.steps
	prefix := _permission_inputs[githubactions.action(step.value)]
	inputs := githubactions.inputs(step.value)
	not _limited(inputs, prefix)
}

_permission_inputs := {
	"actions/create-github-app-token": "permission-",
	"tibdex/github-app-token": "permissions",
}

_limited(inputs, prefix) if {
	some name, _ in inputs
	startswith(lower(name), prefix)
}
