package policyctl.pipeline.chosen_text_in_script_test

import data.policyctl.pipeline.chosen_text_in_script as rule

_doc(platform, script) := {
	"platform": platform,
	"steps": [{"job": "a", "index": 0, "script": script, "address": "jobs.a.steps.run"}],
	"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "step_env", "job": "a", "step": 0}],
}

test_pasted if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "${{ inputs.v }}",
		"subject": "jobs.a.steps.run",
		"message": "${{ inputs.v }} is pasted into the script of step 1 of job \"a\", whose job has secret T",
	}} with input as _doc("githubactions", "x ${{ inputs.v }}")
}

test_pasted_by_groovy if {
	count(rule.deny) == 1 with input as _doc("jenkins", "x ${params.V.trim()}")
	count(rule.deny) == 0 with input as object.union(_doc("jenkins", "x ${params.V}"), {"closed_inputs": ["v"]})
	count(rule.deny) == 0 with input as _doc("jenkins", "x ${params}")
}

test_not_pasted if {
	count(rule.deny) == 0 with input as _doc("githubactions", "x ${{ matrix.v }} $inputs")
	count(rule.deny) == 0 with input as _doc("bitbucket", "x ${{ inputs.v }}")
	count(rule.deny) == 0 with input as object.union(_doc("githubactions", "x ${{ inputs.v }}"), {"exposures": []})
}

test_closed if {
	closed := {"closed_inputs": ["v"]}
	count(rule.deny) == 0 with input as object.union(_doc("githubactions", "x ${{ inputs.V }}"), closed)
	count(rule.deny) == 0 with input as object.union(_doc("azure", "x ${{ parameters.v }}"), closed)
	count(rule.deny) == 1 with input as object.union(_doc("githubactions", "x ${{ inputs.w || inputs.v }}"), closed)
}
