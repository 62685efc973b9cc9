package policyctl.arm.data_not_encrypted_test

import data.policyctl.arm.data_not_encrypted as rule

_found(type, properties) := count(all) if {
	all := rule.deny with input as {"resources": [{"address": "x", "type": type, "values": {"properties": properties}}]}
}

test_off if {
	_found("Microsoft.Sql/servers/databases/transparentDataEncryption", {"state": "Disabled"}) == 1
	_found("Microsoft.Kusto/clusters", {"enableDiskEncryption": false}) == 1
	_found("Microsoft.Storage/storageAccounts", {"encryption": {"services": {"blob": {"enabled": true}, "file": {"enabled": false}}}}) == 1
	_found("Microsoft.Kusto/clusters", {"enableDiskEncryption": {"$unknown": ["condition"], "$candidates": [true, false]}}) == 1
}

test_silent if {
	_found("Microsoft.Sql/servers/databases/transparentDataEncryption", {"state": "Enabled"}) == 0
	_found("Microsoft.Storage/storageAccounts", {}) == 0
	_found("Microsoft.Kusto/clusters", {"enableDiskEncryption": {"$unknown": ["parameters.e"]}}) == 0
}
