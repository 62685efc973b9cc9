package policyctl.graph.status_newer_than_store_test

import data.policyctl.graph.status_newer_than_store as rule

# 2026-08-01 through its last second, 2026-07-01, 2026-11-22
_rotated := 1785628799000000000

_before := 1782864000000000000

_export := 1795305600000000000

_contract := {
	"spec": {"environments": {"dev": {"object": "vault:kv/dev"}, "prod": {"object": "vault:kv/prod#key"}}},
	"status": {"lastRotated": "2026-08-01", "lastRotated_ns": _rotated},
}

_found(contract, changed, as_of) := result if {
	entries := {"vault:kv/dev": {"changed_ns": _before - 1, "as_of_ns": as_of}, "vault:kv/prod": {"changed_ns": changed, "as_of_ns": as_of}}
	result := rule.deny with input as {"contracts": {"db": contract}, "evidence": {"entries": entries}}
}

test_rotated_on_paper if {
	_found(_contract, _before, _export) == {{
		"path": ["contracts", "db", "status", "lastRotated"],
		"subject": "db",
		"message": "contract db says that the secret was rotated on 2026-08-01, but its store was last written on 2026-07-01",
	}}
}

test_rotated_or_not_known if {
	count(_found(_contract, _rotated - 86399000000000, _export)) == 0
	count(_found(_contract, _before, _rotated - 1)) == 0
	count(_found(object.union(_contract, {"state": "retired"}), _before, _export)) == 0
	count(_found(object.remove(_contract, ["status"]), _before, _export)) == 0
	count(rule.deny) == 0 with input as {"contracts": {"db": _contract}}
	count(rule.deny) == 0 with input as {"contracts": {"db": _contract}, "evidence": {"entries": {}}}
}
