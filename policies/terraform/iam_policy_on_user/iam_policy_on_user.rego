# METADATA
# title: Permissions are given to a single person
# description: >-
#   Who changes teams keeps them, and nobody sees at one place who may do what.
#   Groups and roles are reviewed as one.
# custom:
#   severity: low
#   tier: audit
#   fix: Give the permission to a group or a role, and people by your identity provider.
#   tags: [least-privilege]
#   cwe: [284]
package policyctl.terraform.iam_policy_on_user

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(attachment), {"message": message}) if {
	some type in ["aws_iam_user_policy", "aws_iam_user_policy_attachment"]
	some attachment in terraform.resources[type]
	message := $"{attachment.address} gives permissions to a single user"
}

deny contains {"path": fault.path, "subject": fault.subject, "message": $"{fault.subject} gives permissions to a single user"} if {
	some fault in terraform.faults(_table)
}

_table := object.union(
	{$"google_{scope}_iam_{kind}": {{"path": argument, "like": "^user:"}} |
		some scope in ["project", "folder", "organization"]
		some kind, argument in {"member": "member", "binding": "members"}
	},
	{"aws_iam_policy_attachment": {{"path": "users", "like": "."}}},
)
