# METADATA
# title: Role trusts a whole account without a condition
# description: >-
#   Every identity of that account that may assume roles can take this one. If the
#   account is a service provider's, its other customers can make it act on this
#   role for them: an external ID tells them apart.
# related_resources:
#   - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   severity: medium
#   tier: audit
#   fix: Name the roles of the account that may assume this one, or ask for an external ID.
#   tags: [least-privilege]
#   cwe: [441]
package policyctl.terraform.trust_account_without_external_id

import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, ["Principal"]), "subject": statement.address, "message": message} if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	count(terraform.granted(statement.value, {"sts:assumerole"})) > 0
	some account in terraform.list(statement.value.Principal.AWS)
	is_string(account)
	regex.match(`^(?:[0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:root)$`, account)
	object.get(statement.value, "Condition", null) == null
	message := $"{statement.address} trusts every identity of the account of {account}"
}
