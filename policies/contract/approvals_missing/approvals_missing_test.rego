package policyctl.contract.approvals_missing_test

import data.policyctl.contract.approvals_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

_platform := {"teams": ["platform"], "count": 1}

test_nobody_approves if {
	rule.deny == {{
		"path": ["spec", "approvals", "create"],
		"subject": "db",
		"message": "contract db does not say who agrees when its secret is created or revoked or rotated",
	}} with input as _contract({})
	rule.deny == {{
		"path": ["spec", "approvals", "revoke"],
		"subject": "db",
		"message": "contract db does not say who agrees when its secret is revoked",
	}} with input as _contract({"approvals": {"create": _platform, "rotate": _platform, "revoke": {"teams": []}}})
}

test_said_or_no_need_for_it if {
	every spec in [{"approvals": {"create": _platform, "rotate": _platform, "revoke": _platform}}, {"approvals": 5}, {"state": "retired"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
