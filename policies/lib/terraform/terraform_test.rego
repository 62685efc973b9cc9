package policyctl.lib.terraform_test

import data.policyctl.lib.terraform

test_references if {
	terraform.references({"a": {"$unknown": ["var.x", "aws_x.y.arn"]}, "b": [{"$unknown": ["var.z"]}], "c": "text"}) == {"var.x", "aws_x.y.arn", "var.z"}
	terraform.references("text") == set()
}

test_strings_have_no_text_of_which_parts_are_not_known if {
	terraform.strings({"arn": {"$unknown": ["var.x"], "$text": "arn:${var.x}:iam"}}, "") == []
}

test_strings_have_the_name_of_their_key if {
	{[leaf.name, leaf.text] | some leaf in terraform.strings({"a": {"b": "1"}, "c": ["2"], "d": {"$unknown": ["var.x"], "$candidates": ["3"]}}, "whole")} == {["b", "1"], ["", "2"], ["d", "3"]}
	{leaf.name | some leaf in terraform.strings("1", "whole")} == {"whole"}
	{leaf.name | some leaf in terraform.strings({"$candidates": ["1"]}, "whole")} == {"whole"}
}

test_words_for_truth if {
	terraform.is_true("true")
	terraform.is_false(false)
	every value in [{"$unknown": []}, null, "yes", 1] {
		not terraform.is_true(value)
		not terraform.is_false(value)
	}
}

test_lists_and_blocks if {
	terraform.list("a") == ["a"]
	terraform.list(["a"]) == ["a"]
	not terraform.list(null)
	terraform.blocks({"a": {"b": 1}}, "a") == [{"b": 1}]
	terraform.blocks({"a": [{"b": 1}, 5]}, "a") == [{"b": 1}]
	terraform.blocks({}, "a") == []
}

test_dotted if {
	terraform.dotted(["policy$json", "Statement", 0, "$candidates", 1]) == "policy.Statement"
}

test_unknown if {
	terraform.unknown({"$unknown": []})
	not terraform.unknown({"$unknown": "no list"})
	not terraform.unknown("text")
}

_table := {"a_b": {
	{"path": "tls", "good": {"1.2", "1.3"}, "absent": "anywhere", "says": "old"},
	{"path": "rest.inner.on", "bad": {"false"}, "absent": "anywhere"},
	{"path": "days", "above": 90, "when": {"kind": {"", "x"}}},
	{"path": "size", "below": 2048},
	{"path": "url", "like": "^http:"},
	{"path": "volume.mode", "absent": "inside"},
}}

_faults(values) := {[concat(".", [$"{part}" | some part in array.slice(fault.path, 3, 99)]), fault.message] |
	some fault in terraform.faults(_table) with input as {"resources": [{"address": "a_b.x", "type": "a_b", "name": "x", "mode": "managed", "values": values}]}
}

_quiet := {"tls": "1.2", "rest": [{"inner": [{"on": true}]}]}

test_faults_of_values if {
	_faults(_quiet) == set()
	_faults(object.union(_quiet, {"tls": "1.0"})) == {["tls", "tls of a_b.x is 1.0: old"]}
	_faults(object.union(_quiet, {"tls": ["1.3", "1.1"]})) == {["tls.1", "tls of a_b.x is 1.1: old"]}
	_faults(object.union(_quiet, {"days": 91})) == {["days", "days of a_b.x is 91"]}
	_faults(object.union(_quiet, {"days": "7776000s", "kind": "X"})) == {["days", "days of a_b.x is 7776000s"]}
	_faults(object.union(_quiet, {"days": 91, "kind": "y"})) == set()
	_faults(object.union(_quiet, {"size": "1024"})) == {["size", "size of a_b.x is 1024"]}
	_faults(object.union(_quiet, {"size": "large"})) == set()
}

test_faults_of_what_is_not_set if {
	every empty in [null, "", []] {
		_faults(object.union(_quiet, {"tls": empty})) == {["tls", "tls of a_b.x is not set: old"]}
	}
	_faults(object.remove(_quiet, ["tls"])) == {["tls", "tls of a_b.x is not set: old"]}
	_faults(object.remove(_quiet, ["rest"])) == {["rest.inner.on", "rest.inner.on of a_b.x is not set"]}
	_faults(object.union(_quiet, {"rest": [{}]})) == {["rest.0.inner.on", "rest.inner.on of a_b.x is not set"]}
	_faults(object.union(_quiet, {"rest": {"inner": {}}})) == {["rest.inner.on", "rest.inner.on of a_b.x is not set"]}
}

test_faults_inside_a_block if {
	_faults(object.union(_quiet, {"volume": [{"mode": "x"}, {}]})) == {["volume.1.mode", "volume.mode of a_b.x is not set"]}
	_faults(object.union(_quiet, {"volume": []})) == set()
	_faults(object.union(_quiet, {"url": "HTTP:\/\/x"})) == {["url", "url of a_b.x is HTTP:\/\/x"]}
	_faults(object.union(_quiet, {"url": "https:\/\/x"})) == set()
}

test_faults_in_each_block if {
	_faults(object.union(_quiet, {"rest": [{"inner": [{"on": true}, {"on": false}]}, {"inner": [{}]}]})) == {
		["rest.0.inner.1.on", "rest.inner.on of a_b.x is false"],
		["rest.1.inner.0.on", "rest.inner.on of a_b.x is not set"],
	}
}

test_no_faults_of_what_is_unknown if {
	nobody_knows := {"$unknown": ["var.x"]}
	_faults(object.union(_quiet, {"tls": nobody_knows})) == set()
	_faults(object.union(_quiet, {"tls": [nobody_knows]})) == set()
	_faults(object.union(_quiet, {"rest": nobody_knows})) == set()
	_faults(object.union(_quiet, {"rest": [nobody_knows]})) == set()
	_faults(object.union(_quiet, {"rest": [{"inner": [{"on": nobody_knows}]}]})) == set()
	_faults(object.union(_quiet, {"days": 91, "kind": nobody_knows})) == set()
}

test_faults_of_what_a_condition_decides if {
	either := {"$unknown": ["var.x"], "$candidates": ["1.0", "1.2", null, ""]}
	_faults(object.union(_quiet, {"tls": either})) == {["tls.$candidates.0", "tls of a_b.x may be 1.0: old"]}
	_faults(object.union(_quiet, {"tls": ["1.2", either]})) == {["tls.1.$candidates.0", "tls of a_b.x may be 1.0: old"]}
	_faults(object.union(_quiet, {"rest": [{"inner": [{"on": {"$unknown": ["var.x"], "$candidates": [true, false]}}]}]})) == {["rest.0.inner.0.on.$candidates.1", "rest.inner.on of a_b.x may be false"]}
	_faults(object.union(_quiet, {"days": 91, "kind": {"$unknown": ["var.x"], "$candidates": ["x"]}})) == set()
	_faults(object.union(_quiet, {"rest": [{"$unknown": ["var.x"], "other": 1}]})) == set()
}

test_statements_that_every_other_document_replaces if {
	all := {"Sid": "All", "Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
	document := {"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "values": {"$document": {"Statement": [all]}}}
	output := {"name": "o", "value": {"$unknown": ["data.aws_iam_policy_document.d.json"]}}
	denied := object.union(all, {"Effect": "Deny"})
	{found.address | some found in terraform.grants} == set() with input as {"resources": [document, _made(denied)]}
	{found.address | some found in terraform.grants} == {"data.aws_iam_policy_document.d"} with input as {"resources": [document, _made(denied)], "outputs": [output]}
	{found.address | some found in terraform.grants} == {"data.aws_iam_policy_document.d", "data.aws_iam_policy_document.m"} with input as {"resources": [document, _made(all)]}
}

_made(statement) := {"address": "data.aws_iam_policy_document.m", "type": "aws_iam_policy_document", "name": "m", "mode": "data", "values": {
	"source_policy_documents": [{"$unknown": ["data.aws_iam_policy_document.d.json"]}],
	"$document": {"Statement": [statement]},
}}

test_refers if {
	bucket := {"address": "a_b.x"}
	terraform.refers({"values": {"id": {"$unknown": ["a_b.x.id"]}}}, "id", bucket)
	terraform.refers({"values": {"id": "x"}, "derived": [{"path": ["id"], "from": ["a_b.x.name"]}]}, "id", bucket)
	not terraform.refers({"values": {"id": {"$unknown": ["a_b.xy.id"]}}}, "id", bucket)
	not terraform.refers({"values": {"id": "x"}, "derived": [{"path": ["other"], "from": ["a_b.x.name"]}]}, "id", bucket)
}

test_local_references if {
	terraform.local_reference("module.a.module.b.aws_x.y.arn") == "aws_x.y.arn"
	terraform.local_reference("module.a.out") == "out"
	terraform.local_reference("var.module") == "var.module"
}

test_nearest if {
	all := {"module.a.var.x", "var.y"}
	terraform.nearest(all, {"module": "module.a"}) == {"var.x"}
	terraform.nearest(all, {"module": "module.b"}) == all
	terraform.nearest(all, {}) == all
}

test_secrets_across_modules if {
	every reference in {"module.a.var.db", "module.a.random_password.p.result", "module.a.db_password", "module.a.data.vault_generic_secret.s.data"} {
		terraform.secret_reference(reference) with input as _module
	}
	every reference in {"var.db", "module.b.var.db", "module.a.random_password.p.length", "module.a.out", "password"} {
		not terraform.secret_reference(reference) with input as _module
	}
}

test_what_a_module_is_given_is_reported_where_it_is_given if {
	derived := {"derived": [{"path": ["value"], "from": ["module.a.var.password"]}, {"path": ["other"], "from": ["module.a.var.name"]}, {"path": ["set"], "from": ["module.a.var.db"]}]}
	terraform.reported_elsewhere(derived, ["value"]) with input as _module
	terraform.reported_elsewhere(derived, ["set"]) with input as _module
	not terraform.reported_elsewhere(derived, ["other"]) with input as _module
}

_module := {
	"variables": [{"name": "db", "reference": "module.a.var.db", "sensitive": true, "default": "correct-horse-battery"}],
	"tfvars": [],
}

test_names_of_secrets_are_none if {
	terraform.secret_text("session_secret", "keyboard-cat")
	not terraform.secret_text("db_secret", "shop-db")
}

test_parameters_that_hold_secrets if {
	module := {"resources": [
		{"address": "data.aws_ssm_parameter.password", "type": "aws_ssm_parameter", "mode": "data", "values": {"name": "/orders/db-password"}},
		{"address": "data.aws_ssm_parameter.ami", "type": "aws_ssm_parameter", "mode": "data", "values": {"name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"}},
		{"address": "module.m[0].aws_ssm_parameter.x[\"a\"]", "type": "aws_ssm_parameter", "mode": "managed", "values": {"name": {"$unknown": ["var.name"]}, "type": "SecureString"}},
	]}
	{reference |
		some reference in ["data.aws_ssm_parameter.password.value", "data.aws_ssm_parameter.password.arn", "data.aws_ssm_parameter.ami.value", "module.m.aws_ssm_parameter.x.value"]
		terraform.secret_reference(reference) with input as module
	} == {"data.aws_ssm_parameter.password.value", "module.m.aws_ssm_parameter.x.value"}
}

test_boundaries_are_limits if {
	module := {
		"resources": [
			{"address": "aws_iam_policy.b[0]", "type": "aws_iam_policy", "name": "b", "mode": "managed", "values": {"policy": {"$unknown": ["data.aws_iam_policy_document.d.json"]}}},
			{"address": "aws_iam_policy.g", "type": "aws_iam_policy", "name": "g", "mode": "managed", "values": {"policy": {"$unknown": ["data.aws_iam_policy_document.g.json"]}}},
			{"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r", "mode": "managed", "values": {"permissions_boundary": {"$unknown": ["aws_iam_policy.b.arn"]}, "managed_policy_arns": [{"$unknown": ["aws_iam_policy.g.arn"]}]}},
		],
		"modules": [{"name": "m", "values": {"policies": {"$unknown": ["aws_iam_policy.g.arn"]}}, "source": "x"}],
	}
	terraform.limits("aws_iam_policy.b[0]") with input as module
	terraform.limits("data.aws_iam_policy_document.d") with input as module
	not terraform.limits("aws_iam_policy.g") with input as module
}

test_ciphertext_is_no_secret if {
	not terraform.secret_reference("aws_iam_access_key.x.encrypted_secret")
	terraform.secret_reference("aws_iam_access_key.x.secret")
}
