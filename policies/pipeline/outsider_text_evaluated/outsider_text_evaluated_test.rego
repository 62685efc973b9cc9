package policyctl.pipeline.outsider_text_evaluated_test

import data.policyctl.pipeline.outsider_text_evaluated as rule

_doc := {
	"steps": [{"job": "a", "index": 0, "address": "jobs.a.steps.run"}],
	"injected": [{"kind": "outsider", "variable": "CI_COMMIT_TITLE", "command": "bash -c", "job": "a", "step": 0}],
}

test_evaluated if {
	rule.deny == {{
		"path": ["injected", 0],
		"subject": "jobs.a.steps.run",
		"message": "CI_COMMIT_TITLE, which an outsider writes, is run as code by step 1 of job \"a\"",
	}} with input as _doc
}

# Steps of an action have no job.
test_evaluated_in_an_action if {
	count(rule.deny) == 1 with input as json.remove(_doc, ["injected/0/job", "steps/0/job"])
}

test_not_evaluated if {
	count(rule.deny) == 0 with input as object.union(_doc, {"injected": [{"kind": "download", "command": "bash", "job": "a", "step": 0}]})
}
