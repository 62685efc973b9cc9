package policyctl.graph.deprecated_contract_in_use_test

import data.policyctl.graph.deprecated_contract_in_use as rule

_found(confidence, claims) := result if {
	use := {"name": "TOKEN", "slot": "github-secret:TOKEN", "consumer": "github:x.yml#build", "confidence": confidence, "claims": claims}
	result := rule.deny with input as {"uses": [use]} with data.run.now_ns as _now
}

# 2026-11-22
_now := 1795305600000000000

# 2026-12-01 and 2026-11-01, through their last seconds
_later := 1796169599000000000

_earlier := 1793577599000000000

_claim(more) := object.union({"contract": "token", "state": "deprecated"}, more)

test_deprecated if {
	_found("exact", [_claim({"phase_out_ns": _later, "successor": "next"}), _claim({"phase_out_ns": _later, "successor": "next", "environment": "prod"})]) == {{
		"path": ["uses", 0],
		"subject": "github-secret:TOKEN",
		"message": "github:x.yml#build uses TOKEN, but contract token is deprecated and ends on 2026-12-01; next takes its place",
		"related": [{"message": "contract token", "path": ["contracts", "token"]}],
	}}
	{found.message | some found in _found("exact", [_claim({})])} == {"github:x.yml#build uses TOKEN, but contract token is deprecated"}
}

test_ended_continued_or_not_certain if {
	count(_found("exact", [_claim({"phase_out_ns": _earlier})])) == 0
	count(_found("exact", [_claim({}), {"contract": "next", "state": "active"}])) == 0
	count(_found("exact", [{"contract": "next", "state": "retired"}])) == 0
	count(_found("derived", [_claim({})])) == 0
}

test_a_key_of_a_secret_that_is_used_whole if {
	count(_found("exact", [_claim({"part": "old"}), {"contract": "next", "state": "active", "part": "new"}])) == 1
}
