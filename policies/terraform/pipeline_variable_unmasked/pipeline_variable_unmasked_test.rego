package policyctl.terraform.pipeline_variable_unmasked_test

import data.policyctl.terraform.pipeline_variable_unmasked as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_switches if {
	rule.deny == {{
		"path": ["resources", 0, "values", "masked"],
		"subject": "gitlab_project_variable.x",
		"message": "variable DEPLOY_TOKEN of gitlab_project_variable.x is named like a credential and masked is not true",
	}} with input as _module("gitlab_project_variable", {"key": "DEPLOY_TOKEN", "value": {"$unknown": ["var.t"]}})
	_reported("bitbucket_repository_variable", {"key": "API_KEY", "secured": false}) == {"secured"}
	_reported("azuredevops_variable_group", {"variable": [{"name": "REGION"}, {"name": "API_KEY", "is_secret": false}]}) == {"variable.1.is_secret"}
	_reported("github_actions_variable", {"variable_name": "NPM_TOKEN"}) == {"variable_name"}
}

test_silent if {
	_reported("gitlab_project_variable", {"key": "DEPLOY_TOKEN", "masked": true}) == set()
	_reported("gitlab_project_variable", {"key": "DEPLOY_TOKEN", "masked": {"$unknown": ["var.masked"]}}) == set()
	_reported("gitlab_project_variable", {"key": {"$unknown": ["each.key"]}, "masked": false}) == set()
	_reported("gitlab_project_variable", {"key": "REGION"}) == set()
	_reported("github_actions_variable", {"variable_name": "SECRET_NAME"}) == set()
	_reported("azuredevops_variable_group", {"variable": [{"name": "API_KEY", "secret_value": {"$unknown": []}}]}) == set()
}
