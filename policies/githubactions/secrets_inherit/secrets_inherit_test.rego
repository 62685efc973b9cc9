package policyctl.githubactions.secrets_inherit_test

import data.policyctl.githubactions.secrets_inherit as rule

_call(uses, secrets) := {"jobs": {"a": {"uses": uses, "secrets": secrets}}}

test_inherits if {
	every uses in ["./.github/workflows/x.yml", "a/b/x.yml@v1", "a/b/x.yml@v1.2.3-rc.1", "a/b/x.yml@0123456789abcdef0123456789abcdef01234567"] {
		rule.deny == {{
			"path": ["jobs", "a", "secrets"],
			"subject": "jobs.a",
			"message": $"job \"a\" lets {uses} inherit all secrets",
		}} with input as _call(uses, "inherit")
	}
}

test_another_rule if {
	every uses in ["a/b/x.yml@main", "a/b/x.yml@release/v1", "a/b/x.yml", "a/b/x.yml@abcdef0"] {
		count(rule.deny) == 0 with input as _call(uses, "inherit")
	}
}

test_nothing_inherited if {
	every secrets in [{}, {"A": "${{ secrets.A }}"}, 5, null] {
		count(rule.deny) == 0 with input as _call("./.github/workflows/x.yml", secrets)
	}
	count(rule.deny) == 0 with input as _call(5, "inherit")
	count(rule.deny) == 0 with input as {"jobs": [5]}
	count(rule.deny) == 0 with input as {"jobs": "x"}
}
