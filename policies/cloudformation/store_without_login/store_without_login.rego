# METADATA
# title: Store or function answers without a login
# description: Whoever reaches it on the network has what it holds, or what it does.
# custom:
#   severity: medium
#   tier: strict
#   fix: Ask for a login (AuthType AWS_IAM, an access list, client authentication), best by the platform's identity.
#   cwe: [306]
package policyctl.cloudformation.store_without_login

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, [property, open] in _open
	some resource in cloudformation.resources[type]
	some alternative in values.alternatives(object.get(resource.values, property, null))
	lower(sprintf("%v", [alternative.value])) == open
	path := array.concat(property, alternative.path)
	message := $"no login is asked for: {values.dotted(property)} of {resource.id} is {alternative.value}"
	not cloudformation.inherited(resource.entry, array.concat(["values"], path))
}

# A cluster of Redis or Valkey in which anybody on the network is its only user.
deny contains object.union(cloudformation.place(group, ["AuthToken"]), {"message": $"no login is asked for: neither AuthToken nor UserGroupIds of {group.id} is set"}) if {
	some group in cloudformation.resources["AWS::ElastiCache::ReplicationGroup"]
	lower(object.get(group.values, "Engine", "redis")) in {"redis", "valkey"}
	every property in ["AuthToken", "UserGroupIds", "GlobalReplicationGroupId"] {
		object.get(group.values, property, []) in {"", []}
	}
}

# The user that is there from the first is switched off by what it may do.
deny contains object.union(cloudformation.place(user, path), {"message": $"no login is asked for: {user.id} needs no password"}) if {
	some user in cloudformation.resources["AWS::ElastiCache::User"]
	not startswith(lower(object.get(user.values, "AccessString", "")), "off")
	some path in [["NoPasswordRequired"], ["AuthenticationMode", "Type"]]
	lower(sprintf("%v", [object.get(user.values, path, "")])) in {"true", "no-password-required"}
}

_open := {
	"AWS::Lambda::Url": [["AuthType"], "none"],
	"AWS::MSK::Cluster": [["ClientAuthentication", "Unauthenticated", "Enabled"], "true"],
	"AWS::MemoryDB::Cluster": [["ACLName"], "open-access"],
	"AWS::Serverless::Function": [["FunctionUrlConfig", "AuthType"], "none"],
}
