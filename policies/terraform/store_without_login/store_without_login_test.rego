package policyctl.terraform.store_without_login_test

import data.policyctl.terraform.store_without_login as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_open if {
	rule.deny == {{
		"path": ["resources", 0, "values", "auth_token"],
		"subject": "aws_elasticache_replication_group.x",
		"message": "no login is asked for: auth_token of aws_elasticache_replication_group.x is not set",
	}} with input as _module("aws_elasticache_replication_group", {"engine": "redis"})
	_reported("google_redis_instance", {"auth_enabled": false}) == {"auth_enabled"}
}

test_silent if {
	_reported("aws_elasticache_replication_group", {"user_group_ids": ["orders"]}) == set()
	_reported("aws_elasticache_replication_group", {"auth_token": {"$unknown": ["var.token"]}}) == set()
	_reported("aws_elasticache_replication_group", {"user_group_ids": {"$unknown": ["var.groups"]}}) == set()
}

test_users_of_caches if {
	_reported("aws_elasticache_user", {"access_string": "on ~* +@all", "no_password_required": true}) == {"no_password_required"}
	_reported("aws_elasticache_user", {"access_string": "on ~* +@all", "authentication_mode": [{"type": "no-password-required"}]}) == {"authentication_mode.0.type"}
	_reported("aws_elasticache_user", {"access_string": "off ~* -@all", "no_password_required": true}) == set()
	_reported("aws_elasticache_user", {"access_string": "on ~* +@all", "authentication_mode": [{"type": "iam"}]}) == set()
}
