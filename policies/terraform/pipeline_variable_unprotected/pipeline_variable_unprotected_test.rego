package policyctl.terraform.pipeline_variable_unprotected_test

import data.policyctl.terraform.pipeline_variable_unprotected as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_every_branch if {
	rule.deny == {{
		"path": ["resources", 0, "values", "protected"],
		"subject": "gitlab_group_variable.x",
		"message": "variable DEPLOY_TOKEN of gitlab_group_variable.x is given to every branch",
	}} with input as _module("gitlab_group_variable", {"key": "DEPLOY_TOKEN", "masked": true})
}

test_silent if {
	_reported("gitlab_group_variable", {"key": "DEPLOY_TOKEN", "protected": true}) == set()
	_reported("gitlab_group_variable", {"key": "DEPLOY_TOKEN", "protected": {"$unknown": ["var.p"]}}) == set()
	_reported("gitlab_group_variable", {"key": "REGION"}) == set()
}
