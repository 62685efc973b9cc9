# METADATA
# title: Anybody may read or call it
# description: >-
#   Files, images and services for the public are meant so; others became it by one word.
#   Whoever knows or guesses the name gets what is in there, the credentials in it included.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name who may read or call it. What is for the public belongs in a place of its own, with nothing else in it.
#   tags: [least-privilege]
#   cwe: [732, 306]
package policyctl.terraform.anonymous_access

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"for everyone: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# What public_resource_policy leaves out.
deny contains {"path": array.concat(statement.path, [part]), "subject": statement.address, "message": message} if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	part := terraform.open(statement.value)
	not iam.limited(statement.value)
	not terraform.limits(statement.address)
	actions := [action | some action in terraform.list(statement.value.Action); is_string(action); regex.match(_reading, action)]
	count(actions) > 0
	message := $"for everyone: {statement.address} allows {actions[0]}"
}

_reading := `^(?i:s3:GetObject(?:Version)?|elasticfilesystem:.*|execute-api:Invoke)$`

deny contains object.union(terraform.place(grant.resource, grant.path), {"message": message}) if {
	some grant in terraform.acl_grants
	grant.permission in {"read", "read_acp"}
	message := $"for everyone: {grant.resource.address} grants {upper(grant.permission)} to {grant.group}"
}

deny contains object.union(terraform.place(grant, setting.path), {"message": message}) if {
	some type, grants in terraform.resources
	regex.match(`^google_.*_iam_(?:member|binding)$`, type)
	some grant in grants
	terraform.google_public_role(object.get(grant.values, "role", null))
	some argument in ["member", "members"]
	some setting in terraform.settings(grant.values, [argument])
	setting.value in {"allUsers", "allAuthenticatedUsers"}
	message := $"for everyone: {grant.address} grants {grant.values.role} to {setting.value}"
}

_public_acl := {{"path": "acl", "bad": {"public-read", "authenticated-read"}}}

_all := {"allusers", "allauthenticatedusers"}

_table := {
	"alicloud_oss_bucket": _public_acl,
	"alicloud_oss_bucket_acl": _public_acl,
	"aws_api_gateway_method": {{
		"path": "authorization", "bad": {"none"},
		# What a browser asks before it calls carries no login.
		"when": {"http_method": {"any", "delete", "get", "head", "patch", "post", "put"}, "api_key_required": {"", "false"}},
		"says": "the method asks for no login",
	}},
	"aws_apigatewayv2_route": {{"path": "authorization_type", "bad": {"none"}, "when": {"api_key_required": {"", "false"}}, "says": "the route asks for no login"}},
	"aws_appsync_graphql_api": {{"path": "authentication_type", "bad": {"api_key"}, "says": "the key is in every client"}},
	"aws_lambda_layer_version_permission": {{"path": "principal", "bad": {"*"}, "when": {"organization_id": {""}}}},
	"aws_s3_bucket": _public_acl,
	"aws_s3_bucket_acl": _public_acl,
	"azurerm_container_registry": {{"path": "anonymous_pull_enabled", "bad": {"true"}}},
	"azurerm_storage_account": {{"path": "allow_nested_items_to_be_public", "bad": {"true"}}, {"path": "allow_blob_public_access", "bad": {"true"}}},
	"azurerm_storage_container": {{"path": "container_access_type", "bad": {"blob", "container"}}},
	"digitalocean_spaces_bucket": _public_acl,
	"google_storage_bucket_access_control": {{"path": "entity", "bad": _all, "when": {"role": {"", "reader"}}}},
	"google_storage_bucket_acl": {{"path": "role_entity", "like": "^reader:all(?:authenticated)?users$"}, {"path": "predefined_acl", "bad": {"publicread", "authenticatedread"}}},
	"google_storage_default_object_access_control": {{"path": "entity", "bad": _all}},
	"oci_objectstorage_bucket": {{"path": "access_type", "bad": {"objectread", "objectreadwithoutlist"}}},
	"scaleway_object_bucket_acl": _public_acl,
}
