package policyctl.pipeline.login_without_logout_test

import data.policyctl.pipeline.login_without_logout as rule

_doc(job, file) := {
	"jobs": [object.union({"id": "build", "runner": {"kind": "self_hosted"}}, job)],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"credential_files": [object.union({"address": "files", "path": "~/.docker/config.json", "job": "build", "step": 0, "tool": "docker login", "removed": "no"}, file)],
}

test_left if {
	rule.deny == {{
		"path": ["credential_files", 0],
		"subject": "files",
		"message": "docker login in step \"Deploy\" of job \"build\" leaves its login in ~/.docker/config.json on a machine that others may share",
	}} with input as _doc({}, {})
}

test_not_left if {
	count(rule.deny) == 0 with input as _doc({"runner": {"kind": "unknown"}}, {})
	count(rule.deny) == 0 with input as _doc({}, {"removed": "yes"})
	count(rule.deny) == 0 with input as _doc({}, {"tool": "echo"})
	count(rule.deny) == 0 with input as {}
}
