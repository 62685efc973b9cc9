package policyctl.pipeline.secret_set_before_third_party_test

import data.policyctl.pipeline.secret_set_before_third_party as rule

_steps := [
	{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"},
	{"job": "build", "index": 1, "kind": "component", "component": "a/b@v1"},
]

_component(fields) := object.union({"ref": "a/b@v1", "kind": "action", "owner": "a", "name": "b", "first_party": false, "pin": "version", "job": "build", "step": 1}, fields)

_doc(at, uses, component) := {
	"steps": _steps,
	"components": [_component(component)],
	"exposures": [{
		"address": "jobs.build.env.KEY",
		"secret": {"name": "TOKEN"},
		"platform_token": false,
		"at": at,
		"job": "build",
		"variable": "KEY",
		"readers": [{"job": "build", "step": 0, "uses": "yes"}, {"job": "build", "step": 1, "uses": uses}],
	}],
}

test_job if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.env.KEY",
		"message": "a/b@v1 gets secret TOKEN as KEY, which is set for job \"build\"",
		"related": [{"message": "it runs here", "path": ["components", 0, "ref"]}],
	}} with input as _doc("job_env", "unknown", {})
}

test_nobody_else if {
	count(rule.deny) == 0 with input as _doc("job_env", "yes", {})
	count(rule.deny) == 0 with input as _doc("step_env", "unknown", {})
	count(rule.deny) == 0 with input as _doc("job_env", "unknown", {"first_party": true})
	count(rule.deny) == 0 with input as _doc("job_env", "unknown", {"pin": "local"})
	count(rule.deny) == 0 with input as {}
}

_set(component) := {
	"steps": _steps,
	"components": [_component(component)],
	"flows": [{
		"address": "jobs.build.steps.Deploy.flows",
		"secret": {"name": "TOKEN"},
		"platform_token": false,
		"sink": "env_file",
		"transformed": [],
		"masked": "yes",
		"confidence": "exact",
		"job": "build",
		"step": 0,
		"variable": "KEY",
	}],
}

test_set_for_later_steps if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "a/b@v1 gets secret TOKEN as KEY, which step \"Deploy\" of job \"build\" sets for later steps",
		"related": [{"message": "it runs here", "path": ["components", 0, "ref"]}],
	}} with input as _set({})
	count(rule.deny) == 0 with input as _set({"step": 0})
	count(rule.deny) == 0 with input as _set({"first_party": true})
}
