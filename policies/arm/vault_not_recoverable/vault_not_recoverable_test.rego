package policyctl.arm.vault_not_recoverable_test

import data.policyctl.arm.vault_not_recoverable as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.KeyVault/vaults", {"properties": {}}) == {"properties.enablePurgeProtection"}
	_in("Microsoft.KeyVault/vaults", {"properties": {"enablePurgeProtection": false, "enableSoftDelete": false}}) == {"properties.enablePurgeProtection", "properties.enableSoftDelete"}
}

test_silent if {
	_in("Microsoft.KeyVault/vaults", {"properties": {"enablePurgeProtection": true}}) == set()
	_in("Microsoft.KeyVault/vaults", {"properties": {"enablePurgeProtection": {"$unknown": ["parameters.plain"]}}}) == set()
	_in("Microsoft.KeyVault/vaults", {"properties": {"$unknown": ["condition"]}}) == set()
}
