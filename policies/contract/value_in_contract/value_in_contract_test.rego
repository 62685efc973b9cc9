package policyctl.contract.value_in_contract_test

import data.policyctl.contract.value_in_contract as rule

_contract(spec) := {"metadata": {"name": "db"}, "spec": spec}

test_fields_that_can_hold_a_value if {
	every field in ["value", "values", "default", "example", "data", "stringData", "plaintext"] {
		rule.deny == {{
			"path": ["spec", field],
			"subject": "db",
			"message": $"contract db: the field spec.{field} can hold a value, and a contract never does",
		}} with input as _contract({field: "correct-horse"})
	}
}

test_at_the_top if {
	{found.path | some found in rule.deny} == {["value"], ["spec", "owner", "value"]} with input as {"value": "x", "spec": {"owner": {"value": "y"}}}
}

test_at_any_depth if {
	{found.path | some found in rule.deny} == {
		["spec", "environments", "default", "value"],
		["spec", "consumers", 0, "example"],
		["status", "data"],
	} with input as {
		"spec": {"environments": {"default": {"value": {"data": "x"}}}, "consumers": [{"example": ""}]},
		"status": {"data": ["x"]},
	}
}

test_names_that_the_author_chooses if {
	every document in [
		_contract({"environments": {"default": {"path": "p"}, "data": {}}}),
		_contract({"extensions": {"value": "x", "a": {"data": "y"}}}),
		_contract({"risk": {"data": ["pci"]}}),
		object.union(_contract({}), {"origin": {"value": {}}, "class": {"data": "x"}}),
		{"metadata": {"name": "db", "labels": {"value": "x"}, "annotations": {"example": "y"}}, "spec": {}},
	] {
		count(rule.deny) == 0 with input as document
	}
}
