package policyctl.arm.vault_without_audit_log_test

import data.policyctl.arm.vault_without_audit_log as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_the_older_way if {
	count(rule.deny) == 0 with input as {"resources": [
		{"address": "x", "type": "Microsoft.KeyVault/vaults", "values": {}},
		{"address": "y", "type": "Microsoft.KeyVault/vaults/providers/diagnosticSettings", "values": {}},
	]}
}

test_fires if {
	_in("Microsoft.KeyVault/vaults", {}) == {""}
}

test_silent if {
	_in("Microsoft.Insights/diagnosticSettings", {}) == set()
	_in("Microsoft.KeyVault/vaults/providers/diagnosticSettings", {}) == set()
}
