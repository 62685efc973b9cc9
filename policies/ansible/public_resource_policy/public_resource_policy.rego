# METADATA
# title: Policy lets everybody in
# description: >-
#   It names no account in particular, and no condition says who it is for. Whoever
#   knows the name of the resource can use it, or take over the role.
# custom:
#   severity: high
#   fix: Name the accounts, roles or services that need it, or add a condition such as aws:PrincipalOrgID or aws:SourceArn.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.ansible.public_resource_policy

import data.policyctl.lib.ansible
import data.policyctl.lib.iam

deny contains {"path": statement.path, "subject": statement.task.name, "message": message} if {
	some statement in ansible.statements
	statement.task.module != "ec2_vpc_endpoint" # its policy is the most that anybody may do there
	count(iam.public(statement.value)) > 0
	not iam.limited(statement.value)
	actions := [action.text | some action in iam.texts(statement.value, "Action"); not _meant_for_everyone(action.text)]
	count(actions) > 0
	message := $"{ansible.called(statement.task)} allows {actions[0]} to everybody"
}

# Web sites.
_meant_for_everyone(action) if lower(action) in {"s3:getobject", "s3:getobjectversion"}
