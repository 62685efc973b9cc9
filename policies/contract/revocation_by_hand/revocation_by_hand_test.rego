package policyctl.contract.revocation_by_hand_test

import data.policyctl.contract.revocation_by_hand as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "ours", "builtin": false}}

_within(text, seconds) := {"revocation": {"method": "console", "within": text, "within_s": seconds}}

test_no_automation if {
	rule.deny == {{
		"path": ["spec", "revocation", "automation"],
		"subject": "db",
		"message": "contract db has its secret revoked within 15m but names no automation that does it",
		"related": [{"path": ["spec", "revocation", "within"], "message": "the time"}],
	}} with input as _contract(_within("15m", 900))
}

test_automated_or_in_time if {
	every spec in [
		_within("1h", 3600),
		_within("soon", "soon"),
		{"revocation": {"within": "15m", "within_s": 900, "automation": "github:x.yml#revoke"}},
		object.union(_within("15m", 900), {"state": "proposed"}),
		object.union(_within("15m", 900), {"class": "identifier"}),
	] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
}
