package policyctl.pipeline.outsider_text_evaluated_test

import data.policyctl.pipeline.outsider_text_evaluated as rule

_doc(platform, script) := {
	"platform": platform,
	"untrusted": [{"at": "step_env", "variable": "TEXT", "job": "a", "step": 0}],
	"steps": [{"job": "a", "index": 0, "script": script, "address": "jobs.a.steps.run"}],
}

test_evaluated if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "bash -c \"notify ${CI_COMMIT_TITLE",
		"subject": "jobs.a.steps.run",
		"message": "CI_COMMIT_TITLE, which an outsider writes, is run as code by step 1 of job \"a\"",
	}} with input as _doc("gitlab", `bash -c "notify ${CI_COMMIT_TITLE}"`)
	every script in [`ssh a@b "x $TEXT"`, `eval x $TEXT`, `python3 -c "print('$TEXT')"`] {
		count(rule.deny) == 1 with input as _doc("tekton", script)
	}
}

# Steps of an action have no job.
test_evaluated_in_an_action if {
	count(rule.deny) == 1 with input as json.remove(_doc("githubactions", "eval x $TEXT"), ["untrusted/0/job", "steps/0/job"])
}

test_not_evaluated if {
	every script in [`bash -c 'x "$TEXT"'`, `x "$TEXT"`, `eval x; y "$TEXT"`, `ssh a@b "x"; y "$TEXT"`, `eval $TEXTS`] {
		count(rule.deny) == 0 with input as _doc("tekton", script)
	}
	count(rule.deny) == 0 with input as _doc("tekton", "eval $CI_COMMIT_TITLE")
	count(rule.deny) == 0 with input as object.union(_doc("tekton", "eval $A+B"), {"untrusted": [{"at": "step_env", "variable": "A+B"}]})
}
