package policyctl.lib.graph_test

import data.policyctl.lib.graph

_web := "kubernetes:shop/Deployment/web"

_input := {
	"contracts": {"db": {
		"uses": [0, 2], "objects": [1], "supplies": [0], "rotations": [0], "ttls": [0], "grants": [0],
		"spec": {
			"lifetime": {"maxTtl": "1h", "maxTtl_s": 3600, "kind": "dynamic"},
			"rotation": {"interval": "90d", "interval_s": 7776000, "method": "store"},
			"environments": {"prod": {"rotation": {"interval": "30d", "interval_s": 2592000}}, "dev": {}},
		},
	}},
	"uses": [
		{"consumer": _web, "confidence": "exact", "chain": [{"id": "slot", "message": "the slot"}, {"id": "home", "message": "the home"}]},
		{"consumer": "b"},
		{"consumer": "c", "confidence": "wildcard"},
	],
	"objects": [{"slot": "a"}, {"slot": "b"}],
	"supplies": [{"slot": "s"}],
	"rotations": [{"id": "r"}],
	"ttls": [{"id": "t"}],
	"grants": [{"id": "g"}],
}

test_what_belongs_to_a_contract if {
	[use.path | some use in graph.uses("db")] == [["uses", 0], ["uses", 2]] with input as _input
	graph.objects("db") == [{"path": ["objects", 1], "value": {"slot": "b"}}] with input as _input
	graph.supplies("db")[0].value.slot == "s" with input as _input
	graph.rotations("db")[0].value.id == "r" with input as _input
	graph.ttls("db")[0].value.id == "t" with input as _input
	graph.grants("db")[0].value.id == "g" with input as _input
	graph.consumers("db") == {_web} with input as _input
}

test_what_nobody_knows_is_empty if {
	graph.uses("api") == [] with input as _input
	graph.uses("api") == [] with input as {"contracts": {"api": {}}}
	graph.consumers("api") == set() with input as {}
}

test_uses if {
	graph.exact({"confidence": "exact"})
	not graph.exact({"confidence": "derived"})
	not graph.exact({})
	graph.listed({"claims": [{"listed": false}, {"listed": true}]})
	not graph.listed({"claims": [{"listed": false}]})
	not graph.listed({})
}

test_states_of_each_key if {
	use := {"claims": [{"state": "retired", "part": "old"}, {"state": "active", "part": "new"}, {"state": "deprecated", "part": "new"}]}
	graph.states(use, {"part": "old"}) == {"retired"}
	graph.states(use, {"part": "new"}) == {"active", "deprecated"}
	graph.states({"claims": [{"state": "active"}]}, {}) == {"active"}
}

test_contracts if {
	every state in ["proposed", "active", "deprecated"] {
		graph.in_force({"state": state})
	}
	graph.in_force({})
	not graph.in_force({"state": "retired"})
	graph.rated({"rating": "high"}, "medium")
	graph.rated({"rating": "medium"}, "medium")
	not graph.rated({"rating": "low"}, "medium")
	not graph.rated({}, "low")
}

test_the_path_from_contract_to_consumer if {
	graph.path(_web, "db") == [
		{"message": "contract db", "path": ["contracts", "db"]},
		{"message": "the home", "path": ["uses", 0, "chain", 1]},
		{"message": "the slot", "path": ["uses", 0, "chain", 0]},
		{"message": $"{_web} uses it", "path": ["uses", 0]},
	] with input as _input
	count(graph.path("c", "db")) == 2 with input as _input
	not graph.path("b", "db") with input as _input
}

test_fields_with_their_places if {
	prod := {"value": "30d", "seconds": 2592000, "path": ["contracts", "db", "spec", "environments", "prod", "rotation", "interval"]}
	graph.rotation("db", "prod", "interval") == prod with input as _input
	whole := {"value": "90d", "seconds": 7776000, "path": ["contracts", "db", "spec", "rotation", "interval"]}
	every environment in ["dev", "staging", null] {
		graph.rotation("db", environment, "interval") == whole with input as _input
	}
	graph.rotation("db", "prod", "method") == {"value": "store", "seconds": null, "path": ["contracts", "db", "spec", "rotation", "method"]} with input as _input
	graph.setting("db", ["lifetime", "maxTtl"]) == {"value": "1h", "seconds": 3600, "path": ["contracts", "db", "spec", "lifetime", "maxTtl"]} with input as _input
	not graph.rotation("db", "prod", "overlap") with input as _input
	not graph.setting("api", ["lifetime", "ttl"]) with input as _input
}

test_dates_and_durations if {
	graph.day(86399000000000) == "1970-01-01"
	graph.duration(7776000) == "90d"
	graph.duration(90061) == "1d1h1m1s"
	graph.duration(5400) == "1h30m"
	graph.duration(59) == "59s"
	graph.duration(0) == "0s"
}

test_environments if {
	other := {"environment": "staging", "claims": [{"environment": "prod"}]}
	graph.foreign(other) == 0
	not graph.foreign({"environment": "staging", "claims": [{"environment": "prod", "via_store": true}]})
	not graph.foreign(object.union(other, {"environment": "prod"}))
	not graph.foreign({"environment": "staging", "claims": [{"environment": "prod"}, {}]})
	not graph.foreign({"claims": [{"environment": "prod"}]})
	not graph.foreign({"environment": "staging", "claims": []})
}

test_production if {
	graph.production({"tier": "nonprod", "claims": [{"tier": "prod"}]}) == 0
	graph.production({"tier": "nonprod", "claims": [{}, {"tier": "prod", "via_store": true}]}) == 1
	not graph.production({"tier": "nonprod", "claims": [{"tier": "prod"}, {}]})
	not graph.production({"tier": "nonprod", "claims": [{"tier": "prod", "via_store": true}, {"tier": "nonprod", "via_store": true}]})
	not graph.production({"tier": "prod", "claims": [{"tier": "prod"}]})
	not graph.production({"claims": [{"tier": "prod"}]})
	not graph.production({"tier": "nonprod", "claims": []})
}

test_automated if {
	graph.automated("db", "prod") == ["contracts", "db", "spec", "rotation", "method"] with input as _input
	graph.automated("db", "prod") == ["rotations", 0] with input as {"contracts": {"db": {"rotations": [0]}}, "rotations": [{}]}
	not graph.automated("db", "prod") with input as {"contracts": {"db": {"spec": {"rotation": {"method": "manual"}}}}}
	prod := {"contracts": {"db": {"rotations": [0]}}, "rotations": [{"claims": [{"contract": "db", "environment": "prod"}, {"contract": "api"}]}]}
	graph.automated("db", "prod") == ["rotations", 0] with input as prod
	graph.automated("db", null) == ["rotations", 0] with input as prod
	not graph.automated("db", "dev") with input as prod
}

test_some_of if {
	graph.some_of({"b", "a", "c"}) == "a, b, c"
	graph.some_of(["e", "d", "c", "b", "a"]) == "a, b, c and 2 more"
}

_beyond(spec, grant) := result if {
	contracts := {"db": {"state": "active", "spec": spec}, "old": {"state": "retired", "spec": spec}, "none": {"spec": {"consumers": []}}}
	all := object.union({"identity": "aws-iam:arn:aws:iam::1:role/x", "contracts": ["db", "old", "none", "gone"], "consumers": []}, grant)
	result := graph.beyond(all) with input as {"contracts": contracts}
}

test_grants_beyond_a_contract if {
	web := {"consumers": [{"workload": _web}]}
	_beyond(web, {"consumers": ["kubernetes:shop/Deployment/api"]}) == {"db"}
	_beyond({"consumers": [{"workload": _web, "identity": "aws-iam:other"}]}, {}) == {"db"}
	every grant in [
		{}, # nothing is known to run as it
		{"consumers": [_web]},
	] {
		_beyond(web, grant) == set()
	}
	_beyond({"consumers": [{"workload": _web, "identity": "aws-iam:arn:aws:iam::1:role/x"}]}, {}) == set()
	_beyond({"consumers": [{"workload": "github:x.yml"}]}, {"consumers": ["github:x.yml#job"]}) == set()
	_beyond({"consumers": [{"workload": "kubernetes:shop/*/web"}]}, {"consumers": [_web]}) == set()
	_beyond({"consumers": [{"workload": "a"}], "rotation": {"automation": _web}}, {"consumers": [_web]}) == set()
}

test_supplied if {
	graph.secret("k8s-secret:shop/db#password") == "shop/db"
	graph.secret("github-secret:TOKEN") == "github-secret:TOKEN"
	graph.supplied == {"shop/db"} with input as {"supplies": [{"slot": "shop/db#user"}, {"slot": "k8s-secret:shop/db#password"}, {"slot": "shop/api#key", "mechanism": "sealed"}]}
}

test_firsts if {
	graph.firsts({["b", 3], ["a", 2], ["a", 1], ["b", 4]}) == [["a", 1], ["b", 3]]
	graph.firsts(set()) == []
}
