package policyctl.terraform.iam_user_access_key_test

import data.policyctl.terraform.iam_user_access_key as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_it_is_made if {
	rule.deny == {{
		"path": ["resources", 0, "values"], "at": "key",
		"subject": "aws_iam_access_key.x",
		"message": "aws_iam_access_key.x is a long-lived access key",
	}} with input as _resource("aws_iam_access_key", {"user": "ci"})
}

test_other_clouds if {
	{found.message | some found in rule.deny} == {"alicloud_ram_access_key.x is a long-lived access key"} with input as _resource("alicloud_ram_access_key", {"user_name": "ci"})
	rule.deny == set() with input as _resource("aws_iam_service_specific_credential", {"status": "Inactive"})
}

test_silent if {
	rule.deny == set() with input as _resource("aws_iam_access_key", {"status": "Inactive"})
	rule.deny == set() with input as _resource("aws_iam_user", {})
	ephemeral := object.union(_resource("aws_iam_access_key", {"user": "ci"}).resources[0], {"mode": "ephemeral"})
	rule.deny == set() with input as {"resources": [ephemeral]}
}
