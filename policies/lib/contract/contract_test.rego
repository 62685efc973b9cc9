package policyctl.lib.contract_test

import data.policyctl.lib.contract

_spec(spec) := {"metadata": {"name": "db"}, "spec": spec, "inherits": []}

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
	contract.static with input as _spec({"lifetime": {"kind": "static"}, "class": "dynamic-credential"})
	contract.static with input as _spec({"class": "api-key"})
	contract.static with input as _spec({})
	not contract.static with input as _spec({"lifetime": {"kind": "dynamic"}})
	not contract.static with input as _spec({"lifetime": {"ttl": "1h", "ttl_s": 3600}})
	not contract.static with input as _spec({"class": "workload-identity"})
	not contract.static with input as _spec({"class": "identifier"})
	not contract.static with input as object.union(_spec({}), {"inherits": ["lifetime.kind"]})
}

test_missing if {
	every spec in [{}, {"owner": {}}, {"owner": {"team": " "}}, {"owner": {"team": []}}] {
		contract.missing(["owner", "team"]) with input as _spec(spec)
	}
}

test_not_missing if {
	every spec in [{"owner": {"team": "a"}}, {"owner": {"team": null}}, {"owner": {"team": 5}}, {"owner": "a"}, {"owner": ["team"]}, "owner"] {
		not contract.missing(["owner", "team"]) with input as _spec(spec)
	}
	not contract.missing(["owner", "team"]) with input as object.union(_spec({}), {"inherits": ["owner", "owner.team"]})
}

test_overdue if {
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

test_rotation_interval if {
	spec := {
		"rotation": {"interval_s": 20},
		"environments": {"a": {"rotation": {"interval_s": 10}}, "b": {}},
	}
	contract.rotation_interval("a") == {"seconds": 10, "path": ["spec", "environments", "a", "rotation", "interval"]} with input as _spec(spec)
	contract.rotation_interval("b") == {"seconds": 20, "path": ["spec", "rotation", "interval"]} with input as _spec(spec)
	not contract.rotation_interval("b") with input as _spec({"environments": {"b": {}}})
	not contract.rotation_interval("b") with input as _spec({"rotation": {"interval_s": "x"}, "environments": {"b": {"rotation": {"interval_s": []}}}})
}
