package policyctl.compose.secret_in_build_arg_test

import data.policyctl.compose.secret_in_build_arg as rule

test_an_argument_from_the_environment_is_found if {
	rule.deny == {{
		"path": ["services", "web", "build", "args", name],
		"at": "key",
		"message": $"build argument {name} of service web carries a credential, the history of the image records it",
	} |
		some name in ["NPM_TOKEN", "API_KEY"]
	} with input as {"services": {"web": {"build": {"args": {"NPM_TOKEN": "${NPM_TOKEN}", "API_KEY": null}}}}}
}

test_other_rules_report_values_of_the_file if {
	rule.deny == set() with input as {"services": {"web": {"build": {"args": {"NPM_TOKEN": "correct-horse", "API_KEY": "${API_KEY:-correct-horse}"}}}}}
}

test_harmless_arguments if {
	rule.deny == set() with input as {"services": {"web": {"build": {"args": {"VERSION": "${VERSION}", "TOKEN_URL": null}}, "environment": {"API_KEY": "${API_KEY}"}}}}
}
