package policyctl.githubactions.insecure_commands_test

import data.policyctl.githubactions.insecure_commands as rule

_finding(path) := {"path": path, "message": "log output may set environment variables and the path of later steps"}

test_on_every_level if {
	rule.deny == {
		_finding(["env", "ACTIONS_ALLOW_UNSECURE_COMMANDS"]),
		_finding(["jobs", "a", "env", "actions_allow_unsecure_commands"]),
		_finding(["jobs", "a", "steps", 1, "env", "ACTIONS_ALLOW_UNSECURE_COMMANDS"]),
	} with input as {
		"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": true},
		"jobs": {"a": {"env": {"actions_allow_unsecure_commands": "TRUE"}, "steps": [5, {"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": "true"}}]}},
	}
}

test_in_an_action if {
	rule.deny == {_finding(["runs", "steps", 0, "env", "ACTIONS_ALLOW_UNSECURE_COMMANDS"])} with input as {"runs": {"steps": [{"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": true}}]}}
}

test_not_allowed if {
	every value in [false, "false", "", 1, null, ["true"]] {
		count(rule.deny) == 0 with input as {"env": {"ACTIONS_ALLOW_UNSECURE_COMMANDS": value}}
	}
	count(rule.deny) == 0 with input as {"env": {"OTHER": true}}
	count(rule.deny) == 0 with input as {"env": 5, "jobs": {"a": {"steps": 5}}, "runs": 5}
	count(rule.deny) == 0 with input as 5
}
