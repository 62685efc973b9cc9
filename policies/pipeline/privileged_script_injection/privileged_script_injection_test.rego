package policyctl.pipeline.privileged_script_injection_test

import data.policyctl.pipeline.privileged_script_injection as rule

_use(at, privileged) := {
	"steps": [{"job": "build", "index": 0, "name": "Greet", "kind": "shell"}],
	"untrusted": [{"address": "jobs.build.steps.Greet", "expression": "github.event.issue.title", "at": at, "job": "build", "step": 0, "privileged": privileged}],
}

test_pasted_into_a_script if {
	every privileged in ["yes"] {
		rule.deny == {{
			"path": ["untrusted", 0, "expression"],
			"subject": "jobs.build.steps.Greet",
			"message": "github.event.issue.title, which an outsider writes, is pasted into the script of step \"Greet\" of job \"build\", which has the token of the job",
			"targets": ["github.event.issue.title"],
		}} with input as _use("inline", privileged)
	}
}

test_another_rule_or_none if {
	every privileged in ["no", "unknown"] {
		count(rule.deny) == 0 with input as _use("inline", privileged)
	}
	count(rule.deny) == 0 with input as _use("step_env", "yes")
	count(rule.deny) == 0 with input as {}
}
