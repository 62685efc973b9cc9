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
