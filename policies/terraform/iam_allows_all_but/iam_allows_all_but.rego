# METADATA
# title: Policy allows whatever it does not name
# description: >-
#   NotAction with Allow grants every action but those, on every service that there
#   is and that will be.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name what is allowed in Action; to forbid something, deny it in a statement of its own.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.iam_allows_all_but

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, ["NotAction"]), "subject": statement.address, "message": message, "targets": iam.left(statement.value)} if {
	some statement in terraform.grants
	statement.value.NotAction
	terraform.every_resource(statement.value)
	message := $"{statement.address} {terraform.grant(statement, [])} every action but those that it names"
}
