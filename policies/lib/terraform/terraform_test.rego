package policyctl.lib.terraform_test

import data.policyctl.lib.terraform

test_references if {
	terraform.references({"a": {"$unknown": ["var.x", "aws_x.y.arn"]}, "b": [{"$unknown": ["var.z"]}], "c": "text"}) == {"var.x", "aws_x.y.arn", "var.z"}
	terraform.references("text") == set()
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
