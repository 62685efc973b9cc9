package policyctl.terraform.secrets_manager_rotation_missing_test

import data.policyctl.terraform.secrets_manager_rotation_missing as rule

_secret := {"address": "aws_secretsmanager_secret.db", "type": "aws_secretsmanager_secret", "name": "db", "mode": "managed", "values": {"name": "orders/db"}}

_rotation(id) := {"address": "aws_secretsmanager_secret_rotation.db", "type": "aws_secretsmanager_secret_rotation", "name": "db", "mode": "managed", "values": {"secret_id": id}}

test_nothing_rotates_it if {
	rule.deny == {{
		"path": ["resources", 0, "values"], "at": "key",
		"subject": "aws_secretsmanager_secret.db",
		"message": "secret aws_secretsmanager_secret.db has no rotation",
	}} with input as {"resources": [_secret]}
}

test_another_one_is_rotated if {
	every id in [{"$unknown": ["aws_secretsmanager_secret.api.id"]}, "orders/api", 5] {
		count(rule.deny) == 1 with input as {"resources": [_secret, _rotation(id)]}
	}
}

test_silent if {
	every id in ["orders/db", {"$unknown": ["aws_secretsmanager_secret.db.id"]}, {"$unknown": ["each.value"]}, {"$unknown": []}] {
		rule.deny == set() with input as {"resources": [_secret, _rotation(id)]}
	}
	rule.deny == set() with input as {"resources": [_secret], "modules": [{"name": "rotation", "values": {"secret": {"$unknown": ["aws_secretsmanager_secret.db.arn"]}}}]}
	rule.deny == set() with input as {"resources": [object.union(_secret, {"values": {"rotation_lambda_arn": {"$unknown": []}}})]}
}

_google(values) := {"resources": [{"address": "google_secret_manager_secret.x", "type": "google_secret_manager_secret", "name": "x", "mode": "managed", "values": values}]}

test_google if {
	{found.message | some found in rule.deny} == {"secret google_secret_manager_secret.x has no rotation and no end"} with input as _google({"secret_id": "orders"})
	every values in [{"rotation": [{"rotation_period": "7776000s"}]}, {"ttl": "3600s"}, {"expire_time": {"$unknown": ["var.end"]}}] {
		rule.deny == set() with input as _google(values)
	}
}
