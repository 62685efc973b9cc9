package policyctl.terraform.generated_secret_in_state_test

import data.policyctl.terraform.generated_secret_in_state as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_it_is_made if {
	rule.deny == {{
		"path": ["resources", 0, "values"], "at": "key",
		"subject": "random_password.x",
		"message": "random_password.x keeps what it generates in the state",
	}} with input as _resource("random_password", {"length": 24})
}

test_silent if {
	rule.deny == set() with input as _resource("random_password", {"pgp_key": "orders"})
	rule.deny == set() with input as _resource("aws_iam_user", {})
	ephemeral := object.union(_resource("random_password", {"length": 24}).resources[0], {"mode": "ephemeral"})
	rule.deny == set() with input as {"resources": [ephemeral]}
}
