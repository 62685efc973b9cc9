package policyctl.arm.public_database_test

import data.policyctl.arm.public_database as rule

_found(type, properties) := count(all) if {
	all := rule.deny with input as {"resources": [{"address": "x", "type": type, "values": {"properties": properties}}]}
}

test_public if {
	_found("Microsoft.Sql/servers/firewallRules", {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}) == 1
	_found("Microsoft.Cache/redis/firewallRules", {"startIP": "0.0.0.0", "endIP": "255.255.255.255"}) == 1
}

test_silent if {
	every end in ["0.0.0.0", "10.0.0.9", {"$unknown": ["parameters.p"]}] {
		_found("Microsoft.Sql/servers/firewallRules", {"startIpAddress": "0.0.0.0", "endIpAddress": end}) == 0
	}
	_found("Microsoft.Other/firewallRules", {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}) == 0
}

test_a_managed_instance if {
	every properties, found in {{"publicDataEndpointEnabled": true}: 1, {}: 0} {
		count(rule.deny) == found with input as {"resources": [{"address": "x", "type": "Microsoft.Sql/managedInstances", "values": {"properties": properties}}]}
	}
}
