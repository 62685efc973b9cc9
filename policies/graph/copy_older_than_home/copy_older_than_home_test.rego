package policyctl.graph.copy_older_than_home_test

import data.policyctl.graph.copy_older_than_home as rule

# 2026-08-01, 2026-07-01, 2026-11-22
_new := 1785542400000000000

_old := 1782864000000000000

_export := 1795305600000000000

_use(more) := object.union({"name": "KEY", "slot": "github-secret:KEY", "confidence": "exact", "holds_value": true, "claims": [{"contract": "api", "environment": "prod"}]}, more)

_found(use, changed, as_of) := result if {
	result := rule.deny with input as {
		"contracts": {"api": {"spec": {"environments": {"prod": {"object": "vault:kv/api"}}}}},
		"uses": [use, use],
		"evidence": {"entries": {
			"vault:kv/api": {"changed_ns": _new, "as_of_ns": _export},
			"github-secret:KEY": {"changed_ns": changed, "as_of_ns": as_of},
		}},
	}
}

test_an_old_copy if {
	_found(_use({}), _old, _export) == {{
		"path": ["uses", 0],
		"subject": "github-secret:KEY",
		"message": "KEY was last written on 2026-07-01, but the store of contract api on 2026-08-01",
		"related": [{"message": "contract api", "path": ["contracts", "api"]}],
	}}
	count(_found(_use({"environment": "prod", "claims": [{"contract": "api"}]}), _old, _export)) == 1
}

test_up_to_date_or_not_known if {
	count(_found(_use({}), _new, _export)) == 0
	count(_found(_use({}), _old, _new - 1)) == 0
	count(_found(_use({"holds_value": false}), _old, _export)) == 0
	count(_found(_use({"confidence": "wildcard"}), _old, _export)) == 0
	count(_found(_use({"claims": [{"contract": "api", "environment": "dev"}]}), _old, _export)) == 0
	count(_found(_use({"claims": [{"contract": "api"}]}), _old, _export)) == 0
	count(rule.deny) == 0 with input as {"contracts": {"api": {}}, "uses": [_use({})]}
}
