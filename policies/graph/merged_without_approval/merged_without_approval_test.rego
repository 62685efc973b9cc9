package policyctl.graph.merged_without_approval_test

import data.policyctl.graph.merged_without_approval as rule

# 2026-08-01
_merge(file, approvals) := {"change": "#12", "file": file, "merged_ns": 1785542400000000000, "approvals": approvals}

_found(approval, merge) := result if {
	result := rule.deny with input as {
		"contracts": {"db": {"file": "db.secret.yaml", "spec": {"approvals": {"create": approval}}}},
		"evidence": {"merges": [merge]},
	}
}

_security := {"teams": ["security", "ops"], "count": 2}

_alice := {"by": "alice", "handles": ["@acme/web", "@acme/security"]}

test_too_few if {
	_found(_security, _merge("db.secret.yaml", [_alice, _alice, {"by": "bob", "handles": ["@acme/web"]}])) == {{
		"path": ["contracts", "db", "spec", "approvals", "create", "teams"],
		"subject": "db",
		"message": "#12 changed contract db on 2026-08-01 with 1 of 2 approvals of security or ops",
	}}
	count(_found({"teams": ["security"]}, _merge("db.secret.yaml", []))) == 1
}

test_approved_or_not_asked_for if {
	count(_found(_security, _merge("db.secret.yaml", [_alice, {"by": "bob", "handles": ["@acme/ops"]}]))) == 0
	count(_found({"teams": []}, _merge("db.secret.yaml", []))) == 0
	count(_found(_security, _merge("other.yaml", []))) == 0
	count(rule.deny) == 0 with input as {"contracts": {"db": {"file": "db.secret.yaml", "spec": {"approvals": {"create": _security}}}}}
}
