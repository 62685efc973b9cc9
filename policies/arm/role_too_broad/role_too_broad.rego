# METADATA
# title: Role lets its holder do everything
# description: >-
#   Whoever takes over the identity owns the subscription, its secrets and its logs.
# custom:
#   severity: high
#   fix: Name the actions that are needed, and the resource group or resource.
#   cwe: [732]
package policyctl.arm.role_too_broad

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains object.union(arm.place(role, array.concat(["properties", "permissions", i, "actions"], action.path)), {"message": message}) if {
	some role in arm.resources["microsoft.authorization/roledefinitions"]
	permissions := object.get(role.values, ["properties", "permissions"], [])
	is_array(permissions)
	some i, permission in permissions
	some action in values.members(object.get(permission, "actions", []))
	action.value in {"*", "*/*", "*/write", "Microsoft.Authorization/*"}
	message := $"{role.address} allows {_what(action.value)}"
}

_what(action) := "every action" if {
	action == "*"
} else := action

# Owner, and who may make owners.
deny contains object.union(arm.place(assignment, array.concat(["properties", "roleDefinitionId"], member.path)), {"message": message}) if {
	some assignment in arm.resources["microsoft.authorization/roleassignments"]
	some member in values.members(object.get(assignment.values, ["properties", "roleDefinitionId"], []))
	is_string(member.value)
	some id, name in _roles
	contains(lower(member.value), id)
	message := $"{assignment.address} grants the role {name}"
}

_roles := {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator"}
