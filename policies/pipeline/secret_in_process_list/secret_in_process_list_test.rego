package policyctl.pipeline.secret_in_process_list_test

import data.policyctl.pipeline.secret_in_process_list as rule

_doc(fields) := {
	"platform": "githubactions",
	"jobs": [{"id": "build", "runner": {"kind": "self_hosted"}}],
	"steps": [{"job": "build", "index": 0, "name": "Deploy", "kind": "shell"}],
	"flows": [object.union(
		{
			"address": "jobs.build.steps.Deploy.flows",
			"secret": {"name": "KEY"},
			"platform_token": false,
			"sink": "argv",
			"transformed": [],
			"masked": "yes",
			"confidence": "exact",
			"job": "build",
			"step": 0,
		},
		fields,
	)],
}

test_shared_machine if {
	rule.deny == {{
		"path": ["flows", 0],
		"subject": "jobs.build.steps.Deploy.flows",
		"message": "step \"Deploy\" of job \"build\" passes secret KEY to mysql as an argument, on a machine that others may share",
	}} with input as _doc({"command": "mysql"})
}

test_own_machine if {
	count(rule.deny) == 0 with input as _doc({"command": "ssh"})
	count(rule.deny) == 0 with input as object.union(_doc({"command": "mysql"}), {"jobs": [{"id": "build", "runner": {"kind": "hosted"}}]})
	count(rule.deny) == 0 with input as object.union(_doc({"command": "mysql"}), {"jobs": [{"id": "build", "runner": {"kind": "self_hosted"}, "container": "alpine"}]})
	count(rule.deny) == 0 with input as {}
}

test_any_agent if {
	any := object.union(_doc({"command": "mysql"}), {"platform": "jenkins", "jobs": [{"id": "build", "runner": {"kind": "self_hosted", "labels": []}}]})
	count(rule.deny) == 0 with input as any
	count(rule.deny) == 1 with input as object.union(any, {"jobs": [{"id": "build", "runner": {"kind": "self_hosted", "labels": ["linux"]}}]})
}

test_pasted if {
	pasted := {"at": "inline", "secret": {"name": "KEY"}, "platform_token": false, "job": "build", "step": 0}
	count(rule.deny) == 0 with input as object.union(_doc({"command": "mysql"}), {"exposures": [pasted]})
	every other in [{"at": "step_env"}, {"step": 1}, {"secret": {"name": "OTHER"}}] {
		count(rule.deny) == 1 with input as object.union(_doc({"command": "mysql"}), {"exposures": [object.union(pasted, other)]})
	}
}
