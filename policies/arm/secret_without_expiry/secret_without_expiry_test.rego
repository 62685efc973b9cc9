package policyctl.arm.secret_without_expiry_test

import data.policyctl.arm.secret_without_expiry as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.KeyVault/vaults/secrets", {"properties": {"value": "x"}}) == {"properties.attributes.exp"}
}

test_silent if {
	_in("Microsoft.KeyVault/vaults/secrets", {"properties": {"attributes": {"exp": {"$unknown": ["parameters.plain"]}}}}) == set()
	_in("Microsoft.KeyVault/vaults/keys", {"properties": {"rotationPolicy": {}}}) == set()
	_in("Microsoft.KeyVault/vaults/secrets", {"properties": {"attributes": {"$unknown": ["parameters.plain"]}}}) == set()
}

test_in_years if {
	every expires, places in {4070908800: {"properties.attributes.exp"}, 1811808000: set()} {
		_in("Microsoft.KeyVault/vaults/secrets", {"properties": {"attributes": {"exp": expires}}}) == places with data.run.now_ns as time.parse_rfc3339_ns("2026-06-01T00:00:00Z")
	}
}
