# METADATA
# title: Long-lived access key is made for a user
# description: >-
#   The key never ends, works from anywhere, and stands in the state. Roles give
#   workloads and people credentials that end by themselves.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
# custom:
#   severity: medium
#   fix: Let the workload assume a role, by its platform or by an identity provider, and remove the key.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.terraform.iam_user_access_key

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(key), {"message": message}) if {
	some key in terraform.resources.aws_iam_access_key
	object.get(key.values, "status", "Active") != "Inactive"
	message := $"{key.address} is a long-lived access key"
}
