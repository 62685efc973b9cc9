package policyctl.contract.expired_test

import data.policyctl.contract.expired as rule

# 2026-11-22
_now := 1795305600000000000

_contract(state, environment) := {"metadata": {"name": "tls"}, "spec": {"state": state, "environments": {"prod": environment}}}

# 2026-11-21, valid through its last second
_yesterday := {"expires": "2026-11-21", "expires_ns": 1795305599000000000}

test_in_the_past if {
	rule.deny == {{
		"path": ["spec", "environments", "prod", "expires"],
		"subject": "tls",
		"message": "contract tls: the secret of environment prod expired on 2026-11-21",
	}} with input as _contract("active", _yesterday) with data.run.now_ns as _now
}

test_not_expired if {
	count(rule.deny) == 0 with input as _contract("active", {"expires_ns": _now}) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as _contract("retired", _yesterday) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as _contract("active", {"expires": "soon"}) with data.run.now_ns as _now
	count(rule.deny) == 0 with input as _contract("active", 5) with data.run.now_ns as _now
}
