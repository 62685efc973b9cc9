package policyctl.terraform.secret_without_expiry_test

import data.policyctl.terraform.secret_without_expiry as rule

_resource(values) := {"resources": [{"address": "azurerm_key_vault_secret.x", "type": "azurerm_key_vault_secret", "name": "x", "mode": "managed", "values": values}]}

test_no_date if {
	rule.deny == {{
		"path": ["resources", 0, "values", "expiration_date"],
		"subject": "azurerm_key_vault_secret.x",
		"message": "secret azurerm_key_vault_secret.x has no expiration_date",
	}} with input as _resource({"name": "db"})
}

test_silent if {
	every date in ["2027-01-01T00:00:00Z", {"$unknown": ["time_rotating.x.rotation_rfc3339"]}] {
		rule.deny == set() with input as _resource({"expiration_date": date})
	}
}

_key(values) := {"resources": [{"address": "azurerm_key_vault_key.x", "type": "azurerm_key_vault_key", "name": "x", "mode": "managed", "values": values}]}

test_keys if {
	{found.message | some found in rule.deny} == {"key azurerm_key_vault_key.x has no expiration_date and no rotation_policy with expire_after"} with input as _key({"name": "orders"})
	every values in [
		{"expiration_date": "2027-01-01T00:00:00Z"},
		{"expiration_date": {"$unknown": []}},
		{"rotation_policy": [{"expire_after": "P90D"}]},
		{"rotation_policy": {"$unknown": ["var.policy"]}},
	] {
		rule.deny == set() with input as _key(values)
	}
}

test_in_years if {
	now := time.parse_rfc3339_ns("2026-06-01T00:00:00Z")
	count(rule.deny) == 1 with input as _resource({"expiration_date": "2099-12-31T00:00:00Z"}) with data.run.now_ns as now
	count(rule.deny) == 1 with input as _key({"expiration_date": "2029-01-01T00:00:00Z"}) with data.run.now_ns as now
	rule.deny == set() with input as _key({"expiration_date": "2028-05-31T00:00:00Z"}) with data.run.now_ns as now
}
