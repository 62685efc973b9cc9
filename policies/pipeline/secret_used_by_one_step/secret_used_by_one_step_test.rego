package policyctl.pipeline.secret_used_by_one_step_test

import data.policyctl.pipeline.secret_used_by_one_step as rule

_doc(at, uses) := {
	"steps": [
		{"job": "build", "index": 0, "name": "Test", "kind": "shell"},
		{"job": "build", "index": 1, "name": "Deploy", "kind": "shell"},
		{"job": "build", "index": 2, "name": "Report", "kind": "component"},
	],
	"exposures": [{
		"address": "jobs.build.env.KEY",
		"secret": {"name": "TOKEN"},
		"platform_token": false,
		"at": at,
		"job": "build",
		"variable": "KEY",
		"readers": [{"job": "build", "step": i, "uses": use} | some i, use in uses],
	}],
}

test_one if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.KEY",
		"message": "3 steps get secret TOKEN as KEY, and only step \"Deploy\" of job \"build\" uses it",
		"related": [{"message": "it is used here", "path": ["exposures", 0, "readers", 1]}],
	}} with input as _doc("job_env", ["no", "yes", "unknown"])
}

test_not_one if {
	count(rule.deny) == 0 with input as _doc("job_env", ["yes"])
	count(rule.deny) == 0 with input as _doc("job_env", ["yes", "yes"])
	count(rule.deny) == 0 with input as _doc("job_env", ["no", "no"])
	count(rule.deny) == 0 with input as _doc("job_env", ["unknown", "yes"])
	count(rule.deny) == 0 with input as _doc("ambient", ["no", "yes"])
	count(rule.deny) == 0 with input as {}
}

test_jobs if {
	doc := object.union(_doc("pipeline_env", []), {"platform": "gitlab"})
	exposure := object.union(doc.exposures[0], {"readers": [
		{"job": "build", "step": 0, "uses": "yes"},
		{"job": "build", "step": 1, "uses": "yes"},
		{"job": "test", "step": 0, "uses": "no"},
	]})
	some finding in rule.deny with input as object.union(doc, {"exposures": [exposure]})
	finding.message == "2 jobs get secret TOKEN as KEY, and only job \"build\" uses it"
	count(rule.deny) == 0 with input as object.union(doc, {"exposures": [object.union(exposure, {"readers": array.slice(exposure.readers, 0, 2)})]})
}

_workflow(fields, uses) := object.union(object.union(_doc("job_env", uses), {"platform": "githubactions", "gaps": [], "components": []}), fields)

_foreign(name, scripts) := {"components": [{"ref": "x", "job": "build", "step": 2, "owner": "actions", "name": name, "pin": "version", "facts": {"scripts": scripts}}], "steps": array.concat(
	array.slice(_doc("job_env", []).steps, 0, 2),
	[{"job": "build", "index": 2, "name": "Report", "kind": "component", "component": "x"}],
)}

_inner := {"steps": [object.union(step, {"inner": true}) | some step in _doc("job_env", []).steps]}

_again := {"exposures": array.concat(_doc("job_env", ["no", "yes"]).exposures, [{"address": "x", "secret": {"name": "TOKEN"}, "platform_token": false, "at": "condition"}])}

_in_job(job) := {"exposures": array.concat(_doc("job_env", ["no", "yes"]).exposures, [{"address": "x", "secret": {"name": "TOKEN"}, "platform_token": false, "at": "argument", "job": job}])}

_fixes(document) := [found.fix | some found in all] if {
	all := rule.deny with input as document
}

test_move if {
	want := [{"op": "move", "path": ["exposures", 0, "variable", "KEY"], "to": ["exposures", 0, "readers", 1, "env", "KEY"]}]
	_fixes(_workflow({}, ["no", "yes"])) == want
	_fixes(_workflow(_foreign("checkout", []), ["no", "yes", "unknown"])) == want
	_fixes(_workflow(_in_job("deploy"), ["no", "yes"])) == want
}

test_no_move if {
	every document in [
		_workflow(_foreign("jekyll-build-pages", []), ["no", "yes", "unknown"]), _workflow(_foreign("github-script", ["script"]), ["no", "yes", "unknown"]), _workflow(_inner, ["no", "yes"]), _workflow(_again, ["no", "yes"]),
		_workflow(_in_job("build"), ["no", "yes"]), _workflow({"gaps": [{"job": "build"}]}, ["no", "yes"]), _workflow({"platform": "jenkins"}, ["no", "yes"]),
	] {
		_fixes(document) == []
	}
}
