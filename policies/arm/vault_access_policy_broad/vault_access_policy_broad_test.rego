package policyctl.arm.vault_access_policy_broad_test

import data.policyctl.arm.vault_access_policy_broad as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.KeyVault/vaults", {"properties": {"accessPolicies": [{"permissions": {"keys": ["get"]}}, {"permissions": {"secrets": ["Get", "Purge"]}}]}}) == {"properties.accessPolicies.1.permissions.secrets.1"}
}

test_silent if {
	_in("Microsoft.KeyVault/vaults", {"properties": {"accessPolicies": [{"permissions": {"secrets": ["get", {"$unknown": ["parameters.plain"]}]}}]}}) == set()
	_in("Microsoft.KeyVault/vaults", {"properties": {"accessPolicies": {"$unknown": ["parameters.plain"]}}}) == set()
	_in("Microsoft.KeyVault/vaults", {"properties": {"enableRbacAuthorization": true, "accessPolicies": [{"permissions": {"keys": "all"}}]}}) == set()
}
