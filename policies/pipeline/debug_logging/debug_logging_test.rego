package policyctl.pipeline.debug_logging_test

import data.policyctl.pipeline.debug_logging as rule

_doc(platform, name, value) := {"platform": platform, "literals": [{"address": "variables", "variable": name, "value": value}]}

test_on if {
	rule.deny == {{
		"path": ["literals", 0, "value"],
		"subject": "variables",
		"message": "CI_DEBUG_TRACE makes the whole pipeline print what it is given",
	}} with input as _doc("gitlab", "CI_DEBUG_TRACE", "true")
	count(rule.deny) == 1 with input as _doc("azure", "system.debug", "True")
}

test_off if {
	count(rule.deny) == 0 with input as _doc("gitlab", "CI_DEBUG_TRACE", "false")
	count(rule.deny) == 0 with input as _doc("githubactions", "CI_DEBUG_TRACE", "true")
	count(rule.deny) == 0 with input as _doc("gitlab", "DEBUG", "true")
	count(rule.deny) == 0 with input as {}
}
