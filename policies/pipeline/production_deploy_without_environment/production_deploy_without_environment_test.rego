package policyctl.pipeline.production_deploy_without_environment_test

import data.policyctl.pipeline.production_deploy_without_environment as rule

_doc(platform, job, does) := {
	"platform": platform,
	"jobs": [object.union({"id": "a"}, job)],
	"components": [{"job": "a", "facts": {"does": does}}],
	"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "step_env", "job": "a", "step": 0}],
}

test_deploys if {
	rule.deny == {{
		"path": ["jobs", 0, "id"],
		"subject": "jobs.a",
		"message": "job \"a\" deploys to production with secret T, outside of an environment",
	}} with input as _doc("gitlab", {"name": "Deploy (prod)"}, [])
	count(rule.deny) == 1 with input as _doc("azure", {"stage": "production"}, ["deploy"])
}

test_does_not_deploy if {
	every job in [{"environment": {"name": "x"}}, {"calls": "b.yml"}, {"name": "deploy product"}, {"name": "test production"}] {
		count(rule.deny) == 0 with input as _doc("gitlab", object.union({"name": "deploy prod"}, job), [])
	}
	count(rule.deny) == 0 with input as _doc("jenkins", {"name": "deploy prod"}, [])
	count(rule.deny) == 0 with input as object.union(_doc("gitlab", {"name": "deploy prod"}, []), {"exposures": []})
}

test_written_as_one_word if {
	count(rule.deny) == 1 with input as _doc("azure", {"name": "DeployProduction"}, [])
	count(rule.deny) == 0 with input as _doc("azure", {"name": "DeployProduct"}, [])
	count(rule.deny) == 0 with input as _doc("gitlab", {"name": "deploy prod", "condition": "$CI_COMMIT_REF_PROTECTED == \"true\""}, [])
}
