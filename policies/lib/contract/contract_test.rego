package policyctl.lib.contract_test

import data.policyctl.lib.contract

_spec(spec) := {"metadata": {"name": "db"}, "spec": spec, "class": {"name": "api-key"}}

test_name if {
	contract.name == "db" with input as _spec({})
	contract.name == "without a name" with input as {"metadata": {"name": 5}}
	contract.name == "without a name" with input as {}
}

test_states if {
	every state in ["active", "deprecated", "proposed"] {
		contract.in_force with input as _spec({"state": state})
	}
	contract.established with input as _spec({})
	not contract.in_force with input as _spec({"state": "retired"})
	not contract.established with input as _spec({"state": "retired"})
	not contract.established with input as _spec({"state": "proposed"})
}

test_static if {
	contract.static with input as _spec({"lifetime": {"kind": "static"}})
	not contract.static with input as _spec({"lifetime": {"kind": "dynamic"}})
	not contract.static with input as _spec({})
	not contract.static with input as _spec({"class": "identifier", "lifetime": {"kind": "static"}})
}

test_missing if {
	every spec in [{}, {"owner": {}}, {"owner": {"team": " "}}, {"owner": {"team": []}}, {"owner": {"team": {}}}] {
		contract.missing(["owner", "team"]) with input as _spec(spec)
	}
}

test_not_missing if {
	every spec in [{"owner": {"team": "a"}}, {"owner": {"team": null}}, {"owner": {"team": 5}}, {"owner": "a"}, {"owner": ["team"]}, "owner"] {
		not contract.missing(["owner", "team"]) with input as _spec(spec)
	}
}

test_an_unknown_class if {
	contract.missing(["owner", "team"]) with input as {"spec": {"class": "apikey"}}
	not contract.missing(["renewal", "method"]) with input as {"spec": {"class": "apikey"}}
	contract.missing(["renewal", "method"]) with input as _spec({"class": "api-key"})
}

test_looked if {
	contract.looked == "; looked in db.secret.yaml, class api-key" with input as {"looked": ["db.secret.yaml", "class api-key"]}
	contract.looked == "" with input as {"looked": []}
	contract.looked == "" with input as {}
}

test_overdue if {
	contract.due(1, 2) == 2000000001
	contract.overdue(86399000000000, 86400) == "1970-01-02" with data.run.now_ns as 172800000000000
	not contract.overdue(86399000000000, 86401) with data.run.now_ns as 172800000000000
	not contract.overdue("x", 1) with data.run.now_ns as 172800000000000
	not contract.overdue(1, "x") with data.run.now_ns as 172800000000000
}

test_day if contract.day(86399000000000) == "1970-01-01"

test_environments if {
	contract.environments == {"a": {"path": "p"}} with input as _spec({"environments": {"a": {"path": "p"}, "b": 5}})
	count(contract.environments) == 0 with input as _spec({"environments": ["a"]})
}

test_rotations if {
	spec := {"rotation": {"method": "job"}, "environments": {"a": {"rotation": {"method": "store"}}, "b": {}, "c": {"rotation": "x"}}}
	contract.rotations == {"": {"method": "job"}, "a": {"method": "store"}} with input as _spec(spec)
	contract.rotations == {} with input as _spec({"rotation": "x"})
}

test_rotation_seconds if {
	spec := {
		"rotation": {"interval_s": 20},
		"environments": {"a": {"rotation": {"interval_s": 10}}, "b": {}},
	}
	contract.rotation_seconds("a", "interval") == {"seconds": 10, "path": ["spec", "environments", "a", "rotation", "interval"]} with input as _spec(spec)
	contract.rotation_seconds("b", "interval") == {"seconds": 20, "path": ["spec", "rotation", "interval"]} with input as _spec(spec)
	not contract.rotation_seconds("a", "overlap") with input as _spec(spec)
	not contract.rotation_seconds("b", "interval") with input as _spec({"rotation": {"interval_s": "x"}, "environments": {"b": {"rotation": {"interval_s": []}}}})
}

test_shortest_rotation if {
	spec := {
		"rotation": {"interval_s": 90},
		"environments": {"dev": {}, "prod": {"rotation": {"interval_s": 30}}, "staging": {"rotation": {"interval_s": 60}}},
	}
	contract.shortest_rotation == {"seconds": 30, "path": ["spec", "environments", "prod", "rotation", "interval"]} with input as _spec(spec)
	contract.shortest_rotation == {"seconds": 90, "path": ["spec", "rotation", "interval"]} with input as _spec({"rotation": {"interval_s": 90}})
	not contract.shortest_rotation with input as _spec({})
}

# An interval that no environment has does not count.
test_an_interval_that_every_environment_replaces if {
	spec := {"rotation": {"interval_s": 30}, "environments": {"prod": {"rotation": {"interval_s": 90}}}}
	contract.shortest_rotation.seconds == 90 with input as _spec(spec)
}
