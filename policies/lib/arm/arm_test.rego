package policyctl.lib.arm_test

import data.policyctl.lib.arm

_template := {
	"parameters": [{"name": "pw", "type": "securestring", "secure": true}, {"name": "used", "type": "string", "secure": false}, {"name": "adminPassword", "secure": false}, {"name": "env", "secure": false}, {"name": "tokens", "type": "array", "secure": false}],
	"modules": [{"address": "m", "values": {"a": "b"}}],
	"resources": [
		{"address": "old", "type": "T/t", "existing": true, "values": {}},
		{
			"address": "x", "type": "T/t",
			"values": {
				"adminPassword": {"$unknown": ["parameters.used"]}, "password": "default-of-it", "token": {"$unknown": ["parameters.env", "uniqueString"]},
				"appSettings": [{"name": "A", "value": "b"}, {"name": "C"}],
			},
			"derived": [{"path": ["values", "password"], "from": ["parameters.pw"]}],
		},
	],
}

test_holders if {
	[holder.address | some holder in arm.holders] == ["x", "m"] with input as _template
	{resource.address | some resource in arm.resources["t/t"]} == {"x"} with input as _template
}

test_place if {
	arm.place({"address": "x", "path": ["resources", 0]}, ["a"]) == {"path": ["resources", 0, "values", "a"], "subject": "x"}
}

test_derived if {
	arm.derived(_template.resources[1], ["values", "password"]) == {"pw"}
	arm.derived(_template.resources[1], ["values", "other"]) == set()
}

test_secret_parameters if {
	{parameter.name | some parameter in _template.parameters; arm.secret_parameter(parameter)} == {"pw", "used", "adminPassword"} with input as _template
}

test_secret_values if {
	arm.secret_value("administratorLoginPassword")
	not arm.secret_value("secretId")
}

test_shown if {
	arm.shown(_template.resources[1], ["values", "password"], "default-of-it") == {"parameter pw"} with input as _template
	arm.shown({}, [], {"$unknown": ["parameters.PW", "listKeys", "keyVault.db", "listCallbackUrl", "parameters.env"]}) == {"parameter PW", "the answer of listKeys", "the secret db"} with input as _template
}

test_environment if {
	{[variable.name, variable.value] | some variable in arm.environment} == {["A", "b"]} with input as _template
}

test_derived_of_what_is_given if {
	entry := {"derived": [{"path": ["values", "a"], "from": ["parameters.seed"]}, {"path": ["values", "b"], "from": ["parameters.password"]}]}
	given := {"parameters": [{"name": "seed", "given": true}, {"name": "password", "given": true}]}
	arm.derived(entry, ["values", "a"]) == set() with input as given
	arm.derived(entry, ["values", "b"]) == {"password"} with input as given
	arm.derived(entry, ["values", "a"]) == {"seed"} with input as {"parameters": [{"name": "seed"}]}
}
