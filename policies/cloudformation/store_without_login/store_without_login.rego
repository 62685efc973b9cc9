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

_open := {
	"AWS::Lambda::Url": [["AuthType"], "none"],
	"AWS::MSK::Cluster": [["ClientAuthentication", "Unauthenticated", "Enabled"], "true"],
	"AWS::MemoryDB::Cluster": [["ACLName"], "open-access"],
	"AWS::Serverless::Function": [["FunctionUrlConfig", "AuthType"], "none"],
}
