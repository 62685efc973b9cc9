package policyctl.contract.revocation_missing_test

import data.policyctl.contract.revocation_missing as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "api-key"}}

test_no_revocation if {
	every spec in [{}, {"revocation": {"within": "1h", "within_s": 3600}}] {
		rule.deny == {{
			"path": ["spec", "revocation", "method"],
			"subject": "db",
			"message": "contract db does not say how the secret is revoked",
		}} with input as _contract(spec)
	}
}

test_no_limit if {
	rule.deny == {{
		"path": ["spec", "revocation", "within"],
		"subject": "db",
		"message": "contract db does not say within which time the secret is revoked",
	}} with input as _contract({"revocation": {"method": "api"}})
}

test_a_revocation_or_no_need_for_one if {
	every spec in [{"revocation": {"method": "api", "within": "1h", "within_s": 3600}}, {"revocation": "api"}, {"state": "proposed"}, {"class": "identifier"}] {
		count(rule.deny) == 0 with input as _contract(spec)
	}
	count(rule.deny) == 0 with input as {"spec": {"class": "apikey"}}
}
