package policyctl.cloudformation.store_without_login_test

import data.policyctl.cloudformation.store_without_login as rule

_in(type, properties) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}
}

test_open if {
	_in("AWS::Lambda::Url", {"AuthType": "NONE"}) == {"AuthType"}
	_in("AWS::Serverless::Function", {"FunctionUrlConfig": {"AuthType": "NONE"}}) == {"FunctionUrlConfig.AuthType"}
	_in("AWS::Lambda::Url", {"AuthType": {"$unknown": ["Conditions.Dev"], "$candidates": ["AWS_IAM", "NONE"]}}) == {"AuthType.$candidates.1"}
	_in("AWS::MSK::Cluster", {"ClientAuthentication": {"Unauthenticated": {"Enabled": true}}}) == {"ClientAuthentication.Unauthenticated.Enabled"}
}

test_caches if {
	_in("AWS::ElastiCache::ReplicationGroup", {"TransitEncryptionEnabled": true}) == {"AuthToken"}
	_in("AWS::ElastiCache::ReplicationGroup", {"UserGroupIds": ["app"]}) == set()
	_in("AWS::ElastiCache::ReplicationGroup", {"AuthToken": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::ElastiCache::User", {"AccessString": "on ~* +@all", "NoPasswordRequired": true}) == {"NoPasswordRequired"}
	_in("AWS::ElastiCache::User", {"AccessString": "off ~* -@all", "NoPasswordRequired": true}) == set()
}

test_silent if {
	every value in ["AWS_IAM", {"$unknown": ["Parameters.P"]}, null] {
		_in("AWS::Lambda::Url", {"AuthType": value}) == set()
	}
	_in("AWS::Lambda::Url", {}) == set()
	_in("AWS::Serverless::Function", {"FunctionUrlConfig": {"AuthType": "AWS_IAM"}}) == set()
	_in("AWS::MemoryDB::Cluster", {"ACLName": "app"}) == set()
}

test_set_for_all if {
	count(rule.deny) == 0 with input as {"parameters": [], "resources": [{
		"id": "X", "type": "AWS::Serverless::Function", "values": {"FunctionUrlConfig": {"AuthType": "NONE"}},
		"inherited": [["values", "FunctionUrlConfig"]],
	}]}
}
