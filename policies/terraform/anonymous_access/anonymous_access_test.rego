package policyctl.terraform.anonymous_access_test

import data.policyctl.terraform.anonymous_access as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_messages(type, values) := {found.message | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

_policy(statement) := {"policy$json": {"Statement": [object.union({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}, statement)]}}

test_settings if {
	_messages("aws_s3_bucket", {"acl": "public-read"}) == {"for everyone: acl of aws_s3_bucket.x is public-read"}
	every type, values in {
		"aws_api_gateway_method": {"authorization": "NONE", "http_method": "POST"},
		"aws_apigatewayv2_route": {"authorization_type": "NONE"},
		"aws_appsync_graphql_api": {"authentication_type": "API_KEY"},
		"aws_lambda_layer_version_permission": {"principal": "*"},
		"azurerm_container_registry": {"anonymous_pull_enabled": true},
		"azurerm_storage_account": {"allow_nested_items_to_be_public": true},
		"azurerm_storage_container": {"container_access_type": "blob"},
		"digitalocean_spaces_bucket": {"acl": "public-read"},
		"google_storage_bucket_acl": {"role_entity": ["OWNER:group-ops@orders.example", "READER:allUsers"]},
		"oci_objectstorage_bucket": {"access_type": "ObjectRead"},
	} {
		count(_messages(type, values)) == 1
	}
}

test_policies if {
	_messages("aws_s3_bucket_policy", _policy({})) == {"for everyone: aws_s3_bucket_policy.x allows s3:GetObject"}
	_messages("aws_efs_file_system_policy", _policy({"Action": ["elasticfilesystem:ClientMount"]})) == {"for everyone: aws_efs_file_system_policy.x allows elasticfilesystem:ClientMount"}
	_messages("google_storage_bucket_iam_member", {"role": "roles/storage.objectViewer", "member": "allAuthenticatedUsers"}) == {"for everyone: google_storage_bucket_iam_member.x grants roles/storage.objectViewer to allAuthenticatedUsers"}
	count(_messages("google_cloud_run_v2_service_iam_binding", {"role": "roles/run.invoker", "members": ["allUsers"]})) == 1
}

test_grants if {
	everyone := "http:\/\/acs.amazonaws.com/groups/global/AllUsers"
	_messages("aws_s3_bucket", {"grant": [{"uri": everyone, "permissions": ["READ"]}]}) == {"for everyone: aws_s3_bucket.x grants READ to AllUsers"}
	_messages("aws_s3_bucket_acl", {"access_control_policy": [{"grant": [{"permission": "READ", "grantee": [{"type": "Group", "uri": everyone}]}]}]}) == {"for everyone: aws_s3_bucket_acl.x grants READ to AllUsers"}
	_messages("aws_s3_bucket", {"grant": [{"uri": "http:\/\/acs.amazonaws.com/groups/s3/LogDelivery", "permissions": ["READ_ACP"]}]}) == set()
}

test_silent if {
	every type, values in {
		"aws_api_gateway_method": {"authorization": "NONE", "http_method": "OPTIONS"},
		"aws_lambda_layer_version_permission": {"principal": "*", "organization_id": "o-1"},
		"aws_s3_bucket": {"acl": "private"},
		"azurerm_storage_account": {},
		"azurerm_storage_container": {"container_access_type": {"$unknown": ["var.access"]}},
		"google_storage_bucket_iam_member": {"role": "roles/storage.objectViewer", "member": "group:ops@orders.example"},
		"google_storage_bucket_iam_binding": {"role": "roles/storage.admin", "members": ["allUsers"]}, # of another rule
	} {
		_messages(type, values) == set()
	}
	every statement in [
		{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, {"Effect": "Deny"}, {"Principal": {"AWS": "arn:aws:iam::1:root"}},
		{"Action": "elasticfilesystem:ClientMount", "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}},
	] {
		_messages("aws_s3_bucket_policy", _policy(statement)) == set()
	}
}
