package policyctl.lib.cloudformation_test

import data.policyctl.lib.cloudformation

_template := {
	"parameters": [
		{"name": "Hidden", "type": "String", "no_echo": true}, {"name": "DbPassword", "type": "String", "no_echo": false},
		{"name": "Used", "no_echo": false}, {"name": "Env", "no_echo": false}, {"name": "Count", "type": "Number", "no_echo": true},
	],
	"globals": [{"id": "Globals.Function", "type": "F", "values": {}}],
	"resources": [{
		"id": "X", "type": "T",
		"values": {
			"Password": {"$unknown": ["Parameters.Used"]},
			"Policy$json": {"Statement": {"Effect": "Allow"}},
			"Policies": [{"Statement": [{"Effect": "Deny"}, {"$unknown": ["C"], "$candidates": [{"Effect": "Allow"}]}, "text", {"Sid": "a"}]}],
			"Environment": [{"Name": "A", "Value": "b"}, {"OptionName": "C", "Value": "d"}, {"name": "e", "value": "f"}, {"Name": "G", "Value": "h", "Type": "SECRETS_MANAGER"}],
		},
		"derived": [{"path": ["values", "Policy"], "from": ["Parameters.Env"]}],
		"inherited": [["values", "Layers"]],
	}],
}

test_holders if {
	[holder.path | some holder in cloudformation.holders] == [["resources", 0], ["globals", 0]] with input as _template
	{resource.id | some resource in cloudformation.resources.T} == {"X"} with input as _template
}

test_place if {
	cloudformation.place({"id": "X", "path": ["resources", 0]}, ["A"]) == {"path": ["resources", 0, "values", "A"], "subject": "X"}
}

test_inherited if {
	cloudformation.inherited(_template.resources[0], ["values", "Layers", 0])
	not cloudformation.inherited(_template.resources[0], ["values", "Password"])
}

test_derived if {
	cloudformation.derived(_template.resources[0], ["values", "Policy"]) == {"Env"}
	cloudformation.derived(_template.resources[0], ["values", "Policy$json", "Statement"]) == {"Env"}
	cloudformation.derived(_template.resources[0], ["values", "Password"]) == set()
}

test_secret_parameters if {
	cloudformation.secret_parameters == {"Hidden", "DbPassword", "Used"} with input as _template
}

test_statements if {
	{[statement.path, statement.value.Effect] | some statement in cloudformation.statements} == {
		[["resources", 0, "values", "Policy$json", "Statement"], "Allow"],
		[["resources", 0, "values", "Policies", 0, "Statement", 0], "Deny"],
		[["resources", 0, "values", "Policies", 0, "Statement", 1, "$candidates", 0], "Allow"],
	} with input as _template
}

test_environment if {
	{[variable.name, variable.value] | some variable in cloudformation.environment} == {["A", "b"], ["C", "d"], ["e", "f"]} with input as _template
}

test_derived_of_what_is_given if {
	entry := {"derived": [{"path": ["values", "A"], "from": ["Parameters.Seed"]}, {"path": ["values", "B"], "from": ["Parameters.Password"]}]}
	given := {"parameters": [{"name": "Seed", "given": true}, {"name": "Password", "given": true}]}
	cloudformation.derived(entry, ["values", "A"]) == set() with input as given
	cloudformation.derived(entry, ["values", "B"]) == {"Password"} with input as given
	cloudformation.derived(entry, ["values", "A"]) == {"Seed"} with input as {"parameters": [{"name": "Seed"}]}
}

_managed(id, more) := {"id": id, "type": "AWS::IAM::ManagedPolicy", "values": object.union({"PolicyDocument": {"Statement": {"Effect": "Allow"}}}, more)}

test_statements_of_limits if {
	{statement.resource.id | some statement in cloudformation.statements} == {"Given", "Held"} with input as {"globals": [], "resources": [
		_managed("Boundary", {}),
		_managed("Given", {}),
		_managed("Held", {"Roles": ["a"]}),
		{"id": "A", "type": "AWS::IAM::Role", "values": {"PermissionsBoundary": {"$unknown": ["Resources.Boundary"]}, "ManagedPolicyArns": [{"$unknown": ["Resources.Given"]}]}},
		{"id": "B", "type": "AWS::IAM::User", "values": {"PermissionsBoundary": {"$unknown": ["Resources.Given"]}}},
		{"id": "C", "type": "AWS::IAM::User", "values": {"PermissionsBoundary": {"$unknown": ["Resources.Held"]}}},
		{"id": "Guard", "type": "AWS::Organizations::Policy", "values": {"Content": {"Statement": {"Effect": "Allow"}}}},
	]}
}
