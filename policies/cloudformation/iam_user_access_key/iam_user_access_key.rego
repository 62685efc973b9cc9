# METADATA
# title: Long-lived access key is made
# description: >-
#   The key does not expire and works from anywhere. Its secret half is an attribute
#   of the stack that every output and resource can refer to.
# custom:
#   severity: medium
#   fix: Let workloads take a role (instance profile, IRSA, OIDC) in place of a key.
#   cwe: [798]
package policyctl.cloudformation.iam_user_access_key

import data.policyctl.lib.cloudformation

deny contains object.union(cloudformation.place(key, []), {"at": "key", "message": message}) if {
	some key in cloudformation.resources["AWS::IAM::AccessKey"]
	not key.values.Status == "Inactive"
	message := $"{key.id} is a long-lived access key"
}
