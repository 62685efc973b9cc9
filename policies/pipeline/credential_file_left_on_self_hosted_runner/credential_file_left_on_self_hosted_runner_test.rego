package policyctl.pipeline.credential_file_left_on_self_hosted_runner_test

import data.policyctl.pipeline.credential_file_left_on_self_hosted_runner as rule

_doc(job, file) := {
	"jobs": [object.union({"id": "build", "runner": {"kind": "self_hosted"}}, job)],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"credential_files": [object.union({"address": "files", "path": "key.pem", "job": "build", "step": 0, "tool": "echo", "removed": "no", "secret": {"name": "KEY"}}, file)],
}

test_left if {
	rule.deny == {{
		"path": ["credential_files", 0],
		"subject": "files",
		"message": "step \"Deploy\" of job \"build\" leaves secret KEY in key.pem on a machine that others may share",
	}} with input as _doc({}, {})
}

test_not_left if {
	count(rule.deny) == 0 with input as _doc({"runner": {"kind": "hosted"}}, {})
	count(rule.deny) == 0 with input as _doc({"container": "alpine"}, {})
	count(rule.deny) == 0 with input as _doc({}, {"removed": "yes"})
	count(rule.deny) == 0 with input as _doc({}, {"removed": "unknown"})
	count(rule.deny) == 0 with input as _doc({}, {"path": "$RUNNER_TEMP/key.pem"})
	count(rule.deny) == 0 with input as _doc({}, {"tool": "docker login"})
	count(rule.deny) == 0 with input as _doc({}, {"secret": {"name": "DB_USER"}})
	count(rule.deny) == 0 with input as {}
}

test_uploaded if {
	flow := {"address": "flows", "secret": {"name": "KEY"}, "platform_token": false, "sink": "artifact", "path": "key.pem", "transformed": [], "masked": "no", "confidence": "exact", "job": "build"}
	count(rule.deny) == 0 with input as object.union(_doc({}, {}), {"flows": [flow]})
	every other in [{"path": "other.pem"}, {"job": "test"}, {"secret": {"name": "OTHER"}}, {"sink": "cache"}] {
		count(rule.deny) == 1 with input as object.union(_doc({}, {}), {"flows": [object.union(flow, other)]})
	}
}
