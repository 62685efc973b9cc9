package policyctl.githubactions.oidc_session_longer_than_job_test

import data.policyctl.githubactions.oidc_session_longer_than_job as rule

_doc(seconds, fields) := {"jobs": {"a": object.union({"runs-on": "ubuntu-latest", "steps": [{"uses": "aws-actions/configure-aws-credentials@v5", "with": {"Role-Duration-Seconds": seconds}}]}, fields)}}

test_longer if {
	rule.deny == {{
		"path": ["jobs", "a", "steps", 0, "with", "Role-Duration-Seconds"],
		"message": "the session of job \"a\" lasts 7200 seconds, and the job no longer than 30 minutes",
	}} with input as _doc(7200, {"timeout-minutes": 30})
	count(rule.deny) == 1 with input as _doc("43200", {})
}

test_shorter_or_unknown if {
	count(rule.deny) == 0 with input as _doc(1800, {"timeout-minutes": 30})
	count(rule.deny) == 0 with input as _doc(7200, {})
	count(rule.deny) == 0 with input as _doc(43200, {"runs-on": ["self-hosted"]})
	count(rule.deny) == 0 with input as _doc(7200, {"timeout-minutes": "${{ inputs.t }}"})
	count(rule.deny) == 0 with input as _doc("${{ inputs.s }}", {"timeout-minutes": 30})
	count(rule.deny) == 0 with input as {"jobs": {"a": {"steps": [{"uses": "x/y@v1", "with": {"role-duration-seconds": 7200}}]}}}
}
