package policyctl.graph.ttl_exceeds_contract_test

import data.policyctl.graph.ttl_exceeds_contract as rule

_contracts := {
	"db": {"state": "active", "spec": {"lifetime": {"kind": "dynamic", "ttl": "1h", "ttl_s": 3600, "maxTtl": "4h", "maxTtl_s": 14400}}},
	"api": {"state": "active", "spec": {"lifetime": {"kind": "short-lived", "ttl": "6h", "ttl_s": 21600}}},
	"old": {"state": "retired", "spec": {"lifetime": {"ttl": "1m", "ttl_s": 60}}},
	"key": {"state": "active", "spec": {"lifetime": {"kind": "static"}}},
}

_found(contracts, seconds) := result if {
	ttl := {"id": "tf:infra//vault_database_secret_backend_role.app", "name": "app", "kind": "lease", "seconds": seconds, "contracts": contracts}
	result := rule.deny with input as {"contracts": _contracts, "ttls": [ttl]}
}

test_longer_than_the_longest_lifetime if {
	_found(["api", "db"], 86400) == {{
		"path": ["ttls", 0, "seconds"],
		"subject": "tf:infra//vault_database_secret_backend_role.app",
		"message": "the lease app lives 1d, but contract db allows 4h at most",
		"related": [{"message": "the lifetime of contract db", "path": ["contracts", "db", "spec", "lifetime", "maxTtl"]}],
	}}
}

test_longer_than_the_lifetime_where_no_other_is_said if {
	{f.message | some f in _found(["api"], 21601)} == {"the lease app lives 6h1s, but contract api allows 6h at most"}
}

test_silent if {
	count(_found(["db"], 14400)) == 0
	count(_found(["old", "key", "other"], 86400)) == 0
	count(_found([], 86400)) == 0
}
