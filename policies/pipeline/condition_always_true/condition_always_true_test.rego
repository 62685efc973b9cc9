package policyctl.pipeline.condition_always_true_test

import data.policyctl.pipeline.condition_always_true as rule

_job(condition) := {"platform": "githubactions", "jobs": [{"id": "a", "condition": condition}]}

_step(condition) := {"platform": "githubactions", "steps": [{"job": "a", "index": 0, "address": "jobs.a.steps.run", "condition": condition}]}

test_always if {
	rule.deny == {{
		"path": ["jobs", 0, "condition"],
		"subject": "jobs.a",
		"message": "the condition of job \"a\" has text around its braces, so it always holds",
	}} with input as _job("${{ github.ref }} == 'x'")
	every condition in [" ${{ a }}", "${{ a }}\n", "${{ a }} && ${{ b }}", "!${{ a }}"] {
		count(rule.deny) == 1 with input as _step(condition)
	}
}

test_not_always if {
	every condition in ["${{ a }}", "${{ a\n&& b }}", "${{ contains(fromJSON('{\"a\":{}}'), b) }}", "github.ref == 'x'", "a\n"] {
		count(rule.deny) == 0 with input as _step(condition)
	}
	count(rule.deny) == 0 with input as object.union(_job("${{ a }} x"), {"platform": "azure"})
}
