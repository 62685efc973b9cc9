package policyctl.pipeline.secret_without_environment_test

import data.policyctl.pipeline.secret_without_environment as rule

_doc(job, event) := {
	"platform": "githubactions",
	"triggers": [{"event": event}],
	"jobs": [object.union({"id": "a"}, job)],
	"exposures": [{"secret": {"name": name}, "platform_token": false, "at": "job_env", "job": "a", "transformed": []} | some name in ["B", "A", "B"]],
}

test_without if {
	rule.deny == {{
		"path": ["jobs", 0, "id"],
		"subject": "jobs.a",
		"message": "job \"a\" uses A, B without an environment",
	}} with input as _doc({}, "push")
}

test_with if {
	count(rule.deny) == 0 with input as _doc({"environment": {"name": "production"}}, "push")
	count(rule.deny) == 0 with input as _doc({"calls": "./x.yml"}, "push")
	count(rule.deny) == 0 with input as _doc({"id": "b"}, "push")
	count(rule.deny) == 0 with input as _doc({}, "call")
	count(rule.deny) == 0 with input as object.union(_doc({}, "push"), {"platform": "jenkins"})
}
