package policyctl.arm.role_too_broad_test

import data.policyctl.arm.role_too_broad as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_fires if {
	_in("Microsoft.Authorization/roleDefinitions", {"properties": {"permissions": [{"actions": ["a/read"]}, {"actions": ["a/read", "*"]}]}}) == {"properties.permissions.1.actions.1"}
	_in("Microsoft.Authorization/roleAssignments", {"properties": {"roleDefinitionId": {"$unknown": ["subscription()"], "$text": "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}}) == {"properties.roleDefinitionId.$text"}
}

test_silent if {
	_in("Microsoft.Authorization/roleDefinitions", {"properties": {"permissions": [{"actions": ["*/read"]}]}}) == set()
	_in("Microsoft.Authorization/roleDefinitions", {"properties": {"permissions": {"$unknown": ["parameters.plain"]}}}) == set()
	_in("Microsoft.Authorization/roleAssignments", {"properties": {"roleDefinitionId": {"$unknown": ["parameters.plain"]}}}) == set()
}

test_who_grants_roles if {
	_in("Microsoft.Authorization/roleDefinitions", {"properties": {"permissions": [{"actions": ["*/read", "Microsoft.Authorization/*"]}]}}) == {"properties.permissions.0.actions.1"}
}
