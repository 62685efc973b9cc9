# METADATA
# title: Store or function answers without a login
# description: Whoever reaches it on the network has what it holds, or what it does.
# custom:
#   severity: medium
#   tier: strict
#   fix: Ask for a login (auth_token or user groups, auth_enabled, IAM), best by the platform's identity.
#   cwe: [306]
package policyctl.terraform.store_without_login

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"no login is asked for: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# The user that is there from the first is switched off by what it may do.
deny contains object.union(terraform.place(user, setting.path), {"message": $"no login is asked for: {user.address} needs no password"}) if {
	some user in terraform.resources.aws_elasticache_user
	not startswith(terraform.word(user.values.access_string), "off")
	some path in [["no_password_required"], ["authentication_mode", "type"]]
	some setting in terraform.settings(user.values, path)
	terraform.word(setting.value) in {"true", "no-password-required"}
}

_table := {
	"alicloud_kvstore_instance": {{"path": "vpc_auth_mode", "bad": {"close"}}},
	"aws_elasticache_replication_group": {{"path": "auth_token", "absent": "anywhere", "when": {"user_group_ids": {""}, "engine": {"", "redis", "valkey"}, "global_replication_group_id": {""}}}},
	"aws_elasticache_serverless_cache": {{"path": "user_group_id", "absent": "anywhere", "when": {"engine": {"redis", "valkey"}}}},
	"aws_lambda_function_url": {{"path": "authorization_type", "bad": {"none"}}},
	"aws_memorydb_cluster": {{"path": "acl_name", "bad": {"open-access"}}},
	"aws_msk_cluster": {{"path": "client_authentication.unauthenticated", "bad": {"true"}}},
	"azurerm_redis_cache": {{"path": "redis_configuration.authentication_enabled", "bad": {"false"}}, {"path": "redis_configuration.enable_authentication", "bad": {"false"}}},
	"google_memorystore_instance": {{"path": "authorization_mode", "bad": {"auth_disabled"}, "absent": "anywhere"}},
	"google_redis_cluster": {{"path": "authorization_mode", "bad": {"auth_mode_disabled"}, "absent": "anywhere"}},
	"google_redis_instance": {{"path": "auth_enabled", "good": {"true"}, "absent": "anywhere"}},
}
