package policyctl.terraform.google_service_account_key_test

import data.policyctl.terraform.google_service_account_key as rule

_resource(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

test_it_is_made if {
	rule.deny == {{
		"path": ["resources", 0, "values"], "at": "key",
		"subject": "google_service_account_key.x",
		"message": "google_service_account_key.x is a long-lived key of a service account",
	}} with input as _resource("google_service_account_key", {"service_account_id": {"$unknown": []}})
}

test_keys_of_buckets if {
	{found.message | some found in rule.deny} == {"google_storage_hmac_key.x is a long-lived key of a service account"} with input as _resource("google_storage_hmac_key", {"service_account_email": {"$unknown": []}})
	rule.deny == set() with input as _resource("google_storage_hmac_key", {"state": "INACTIVE"})
}

test_silent if {
	rule.deny == set() with input as _resource("google_service_account_key", {"public_key_data": {"$unknown": []}})
	rule.deny == set() with input as _resource("aws_iam_user", {})
	ephemeral := object.union(_resource("google_service_account_key", {"service_account_id": {"$unknown": []}}).resources[0], {"mode": "ephemeral"})
	rule.deny == set() with input as {"resources": [ephemeral]}
}
