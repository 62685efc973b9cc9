package policyctl.graph.sync_slower_than_overlap_test

import data.policyctl.graph.sync_slower_than_overlap as rule

_contracts := {
	"db": {"spec": {"rotation": {"method": "store", "overlap": "30m", "overlap_s": 1800}}},
	"api": {"spec": {"rotation": {"method": "store"}}},
	"token": {"spec": {"rotation": {"method": "manual", "overlap": "1m", "overlap_s": 60}}},
}

_found(seconds, claims) := result if {
	supply := {"slot": "shop/db#password", "name": "kv/db", "refresh_s": seconds, "claims": claims}
	result := rule.deny with input as {"supplies": [supply], "contracts": _contracts}
}

test_a_sync_that_is_too_slow if {
	_found(3600, [{"contract": "db", "environment": "prod"}, {"contract": "api"}]) == {{
		"path": ["supplies", 0, "refresh_s"],
		"subject": "shop/db#password",
		"message": "shop/db#password is read from the store every 1h, but contract db keeps the old value valid for 30m only",
		"related": [{"message": "the overlap of contract db", "path": ["contracts", "db", "spec", "rotation", "overlap"]}],
	}}
}

test_silent if {
	count(_found(1800, [{"contract": "db"}])) == 0
	count(_found(0, [{"contract": "db"}])) == 0
	every claims in [[], [{"contract": "api"}], [{"contract": "token"}], [{"contract": "db", "state": "retired"}]] {
		count(_found(3600, claims)) == 0
	}
}
