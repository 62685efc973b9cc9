package policyctl.contract.expires_before_rotation_test

import data.policyctl.contract.expires_before_rotation as rule

# 2026-11-22
_now := 1795305600000000000

# Rotated on 2026-11-01, for 60 days: the next rotation is due on 2026-12-31.
_contract(expires_ns) := {
	"metadata": {"name": "tls"},
	"spec": {
		"rotation": {"interval": "60d", "interval_s": 5184000},
		"environments": {"prod": {"expires": "x", "expires_ns": expires_ns}},
	},
	"status": {"lastRotated": "2026-11-01", "lastRotated_ns": 1793577599000000000},
	"inherits": [],
}

# 2026-12-15
_before := 1797379199000000000

test_before_the_rotation if {
	rule.deny == {{
		"path": ["spec", "environments", "prod", "expires"],
		"subject": "tls",
		"message": "contract tls: the secret of environment prod expires on 2026-12-15, before its next rotation",
		"related": [{"path": ["spec", "rotation", "interval"], "message": "the interval"}],
	}} with input as _contract(_before) with data.run.now_ns as _now
}

test_after_the_rotation_or_unknown if {
	every document in [
		_contract(1798847999000000000), # 2027-01-01
		_contract(_now - 1), # has expired already
		_contract("soon"),
		object.union(_contract(_before), {"spec": {"state": "retired"}}),
		json.patch(_contract(_before), [{"op": "remove", "path": "/status"}]),
		json.patch(_contract(_before), [{"op": "remove", "path": "/spec/rotation"}]),
	] {
		count(rule.deny) == 0 with input as document with data.run.now_ns as _now
	}
}
