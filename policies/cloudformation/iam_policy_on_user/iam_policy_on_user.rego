# METADATA
# title: Policy belongs to a user
# description: >-
#   Rights of single users are hard to survey, and stay when people change their
#   work.
# custom:
#   severity: low
#   tier: audit
#   fix: Attach policies to groups or roles.
#   cwe: [732]
package policyctl.cloudformation.iam_policy_on_user

import data.policyctl.lib.cloudformation

deny contains object.union(cloudformation.place(user, [property]), {"message": message}) if {
	some user in cloudformation.resources["AWS::IAM::User"]
	some property in ["Policies", "ManagedPolicyArns"]
	count(user.values[property]) > 0
	message := $"{user.id} has policies of its own"
}

deny contains object.union(cloudformation.place(policy, ["Users"]), {"message": message}) if {
	some type in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy"]
	some policy in cloudformation.resources[type]
	count(object.get(policy.values, "Users", object.get(policy.values, "UserName", []))) > 0
	message := $"{policy.id} belongs to users"
}
