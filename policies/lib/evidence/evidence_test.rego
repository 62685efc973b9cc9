package policyctl.lib.evidence_test

import data.policyctl.lib.evidence

_input := {
	"evidence": {"entries": {"vault:kv/db": {"changed_ns": 1}, "vault:kv/api#key": {"changed_ns": 2}}},
	"contracts": {"db": {"spec": {"environments": {"dev": {}, "prod": {"object": "vault:kv/db#password"}, "test": {"object": "vault:kv/other"}}}}},
}

test_entry if {
	evidence.entry("vault:kv/db") == {"changed_ns": 1} with input as _input
	evidence.entry("vault:kv/db#password") == {"changed_ns": 1} with input as _input
	evidence.entry("vault:kv/api#key") == {"changed_ns": 2} with input as _input
	not evidence.entry("vault:kv/api") with input as _input
	not evidence.entry("vault:kv/db") with input as {}
}

test_homes if {
	evidence.homes("db") == {"prod": {"changed_ns": 1}} with input as _input
	evidence.homes("db") == {} with input as object.remove(_input, ["evidence"])
	evidence.homes("api") == {} with input as _input
}
