package policyctl.terraform.instance_metadata_without_token_test

import data.policyctl.terraform.instance_metadata_without_token as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_tokens if {
	rule.deny == {{
		"path": ["resources", 0, "values", "metadata_options", 0, "http_tokens"],
		"subject": "aws_launch_template.x",
		"message": "credentials are given without a token: metadata_options.http_tokens of aws_launch_template.x is optional",
	}} with input as _module("aws_launch_template", {"metadata_options": [{"http_tokens": "optional"}]})
	_reported("aws_instance", {"ami": "x"}) == {"metadata_options.http_tokens"}
	_reported("google_container_node_pool", {"node_config": [{"metadata": {"disable-legacy-endpoints": "false"}}]}) == {"node_config.0.metadata.disable-legacy-endpoints"}
}

test_oracle if {
	_reported("oci_core_instance", {"instance_options": [{"are_legacy_imds_endpoints_disabled": false}]}) == {"instance_options.0.are_legacy_imds_endpoints_disabled"}
	_reported("oci_core_instance", {"instance_options": [{"are_legacy_imds_endpoints_disabled": true}]}) == set()
}

test_silent if {
	_reported("aws_instance", {"metadata_options": [{"http_tokens": "required"}]}) == set()
	_reported("aws_instance", {"metadata_options": [{"http_endpoint": "disabled"}]}) == set()
	_reported("aws_instance", {"metadata_options": {"$unknown": ["var.options"]}}) == set()
	_reported("aws_instance", {"launch_template": [{"id": {"$unknown": ["aws_launch_template.x.id"]}}]}) == set()
}

test_what_the_account_asks_for if {
	machine := {"address": "aws_instance.x", "type": "aws_instance", "name": "x", "mode": "managed", "values": {"ami": "x"}}
	setting := {"address": "aws_ec2_instance_metadata_defaults.x", "type": "aws_ec2_instance_metadata_defaults", "name": "x", "mode": "managed", "values": {"http_tokens": "required"}}
	count(rule.deny) == 1 with input as {"resources": [machine]}
	count(rule.deny) == 0 with input as {"resources": [machine, setting]}
	count(rule.deny) == 1 with input as {"resources": [object.union(machine, {"values": {"metadata_options": [{"http_tokens": "optional"}]}}), setting]}
}
