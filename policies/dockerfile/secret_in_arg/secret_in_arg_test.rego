package policyctl.dockerfile.secret_in_arg_test

import data.policyctl.dockerfile.secret_in_arg as rule

_file(instructions) := {"args": [], "stages": [{"index": 0, "final": true, "image": "a", "instructions": instructions}]}

_arg(pair) := {"name": "ARG", "pairs": [pair]}

test_an_argument_is_found_with_its_uses if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "pairs", 0, "key"],
		"message": "build argument NPM_TOKEN of the final stage carries a credential, the history of the image records it",
		"related": [{"path": ["stages", 0, "instructions", 1, "variables", 1], "message": "used here"}],
	}} with input as _file([_arg({"key": "NPM_TOKEN"}), {"name": "RUN", "variables": ["HOME", "NPM_TOKEN"]}])
}

test_an_empty_default_is_none if {
	count(rule.deny) == 1 with input as _file([_arg({"key": "NPM_TOKEN", "value": ""})])
}

test_other_rules_report_it if {
	rule.deny == set() with input as _file([_arg({"key": "NPM_TOKEN", "value": "correct-horse"})])
	rule.deny == set() with input as _file([_arg({"key": "NPM_TOKEN"}), {"name": "ENV", "pairs": [{"key": "A", "value": "$NPM_TOKEN", "references": ["NPM_TOKEN"]}]}])
}

test_harmless_arguments if {
	rule.deny == set() with input as _file([_arg({"key": "VERSION"}), _arg({"key": "NPM_TOKEN_FILE"}), _arg({"key": "KMS_KEY_ALIAS"})])
}
