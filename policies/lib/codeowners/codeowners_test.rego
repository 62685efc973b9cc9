package policyctl.lib.codeowners_test

import data.policyctl.lib.codeowners

_teams := {"teams": {"payments": {"handles": ["@acme/Pay", "@bob"]}, "web": {}}}

test_handles_of_the_catalogue if {
	codeowners.owns("payments", ["@acme/ops", "@acme/pay"]) with input as _teams
	codeowners.owns("payments", ["@Bob"]) with input as _teams
	not codeowners.owns("payments", ["@acme/payments"]) with input as _teams
	not codeowners.owns("payments", []) with input as _teams
}

test_the_name_of_a_team_without_handles if {
	every handle in ["@acme/Web", "@web", "@acme/group/web"] {
		codeowners.owns("web", [handle]) with input as _teams
	}
	codeowners.owns("ops", ["@acme/ops"]) with input as {}
	not codeowners.owns("web", ["@acme/myweb"]) with input as _teams
}
