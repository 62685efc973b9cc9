package policyctl.cloudformation.instance_metadata_without_token_test

import data.policyctl.cloudformation.instance_metadata_without_token as rule

_in(type, properties) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}
}

test_without_token if {
	_in("AWS::EC2::Instance", {"MetadataOptions": {"HttpTokens": "optional"}}) == {"MetadataOptions.HttpTokens"}
	_in("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"ImageId": "a"}}) == {"LaunchTemplateData.MetadataOptions.HttpTokens"}
	_in("AWS::AutoScaling::LaunchConfiguration", {"MetadataOptions": {"HttpEndpoint": "enabled"}}) == {"MetadataOptions.HttpTokens"}
}

test_silent if {
	_in("AWS::EC2::Instance", {}) == set()
	_in("AWS::EC2::Instance", {"MetadataOptions": {"HttpTokens": "optional", "HttpEndpoint": "disabled"}}) == set()
	_in("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"$unknown": ["Conditions.C"]}}) == set()
	_in("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"MetadataOptions": {"HttpEndpoint": {"$unknown": ["Parameters.E"]}}}}) == set()
	every value in ["required", {"$unknown": ["Parameters.T"]}] {
		_in("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": value}}}) == set()
	}
}
