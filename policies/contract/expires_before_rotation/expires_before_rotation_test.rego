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

# 2026-12-15 less 30 days is 2026-11-15.
_renewed(before_s, rotated_ns) := object.union(_contract(_before), {
	"spec": {"rotation": {"interval_s": 864000}, "renewal": {"before": "30d", "before_s": before_s}},
	"status": {"lastRotated_ns": rotated_ns},
})

test_was_to_be_renewed if {
	rule.deny == {{
		"path": ["spec", "environments", "prod", "expires"],
		"subject": "tls",
		"message": "contract tls: the secret of environment prod expires on 2026-12-15 and was to be renewed on 2026-11-15",
		"related": [{"path": ["spec", "renewal", "before"], "message": "how long before"}],
	}} with input as _renewed(2592000, 1793577599000000000) with data.run.now_ns as _now
}

test_no_rotation_at_all if {
	count(rule.deny) == 1 with input as json.remove(_renewed(2592000, 0), ["status"]) with data.run.now_ns as _now
}

test_renewed_or_not_to_be_renewed_yet if {
	every document in [_renewed(864000, 1793577599000000000), _renewed(2592000, _now - 1), _renewed("x", 1793577599000000000)] {
		count(rule.deny) == 0 with input as document with data.run.now_ns as _now
	}
}

test_one_fact_one_finding if {
	document := object.union(_contract(_before), {"spec": {"renewal": {"before_s": 2592000}}})
	count(rule.deny) == 1 with input as document with data.run.now_ns as _now
}
