package policyctl.terraform.token_without_expiry_test

import data.policyctl.terraform.token_without_expiry as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_no_end if {
	rule.deny == {{
		"path": ["resources", 0, "values", "lifetime_seconds"],
		"subject": "databricks_token.x",
		"message": "it has no end, or a late one: lifetime_seconds of databricks_token.x is not set",
	}} with input as _module("databricks_token", {"comment": "orders"})
	_reported("azuread_application_password", {"display_name": "x"}) == {"end_date"}
	_reported("azuread_application_password", {"end_date_relative": "17520h"}) == {"end_date_relative"}
	_reported("azurerm_container_registry_token_password", {"password1": [{}]}) == {"password1.0.expiry"}
}

test_silent if {
	_reported("databricks_token", {"lifetime_seconds": 3600}) == set()
	_reported("consul_acl_token", {"expiration_time": "2026-12-31T00:00:00Z"}) == set()
	_reported("azuread_application_password", {"end_date_relative": "2160h"}) == set()
	_reported("azuread_application_password", {"end_date": {"$unknown": ["time_rotating.x.rotation_rfc3339"]}}) == set()
	_reported("azuread_application_password", {"end_date_relative": {"$unknown": ["var.end"]}}) == set()
	_reported("gitlab_project_access_token", {"rotation_configuration": {"expiration_days": 30}}) == set()
}

test_in_years if {
	signature := {"resources": [{"address": "data.azurerm_storage_account_sas.x", "type": "azurerm_storage_account_sas", "name": "x", "mode": "data", "values": {"expiry": "2034-01-01"}}]}
	now := time.parse_rfc3339_ns("2026-06-01T00:00:00Z")
	count(rule.deny) == 1 with input as signature with data.run.now_ns as now
	count(rule.deny) == 1 with input as _module("cloudflare_api_token", {"expires_on": "2034-01-01T00:00:00Z"}) with data.run.now_ns as now
	rule.deny == set() with input as _module("cloudflare_api_token", {"expires_on": "2026-08-01T00:00:00Z"}) with data.run.now_ns as now
}
