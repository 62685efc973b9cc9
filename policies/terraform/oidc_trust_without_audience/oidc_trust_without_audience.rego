# METADATA
# title: Role takes identity tokens that were made for others
# description: >-
#   Without a condition on the aud claim, a token that a pipeline gave to another
#   service opens the role as well: that service can use it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Ask for the audience that pipelines use for this role, such as sts.amazonaws.com.
#   tags: [oidc]
#   cwe: [346]
package policyctl.terraform.oidc_trust_without_audience

import data.policyctl.lib.iam
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, ["Condition"]), "subject": statement.address, "message": message} if {
	some statement in terraform.web_identities
	condition := object.get(statement.value, "Condition", {})
	not terraform.unknown(condition)
	count(iam.claims(statement.value, `:(?:sub|repository)$`)) > 0
	count(iam.claims(statement.value, `:aud$`)) == 0
	message := $"{statement.address} takes tokens for any audience: no condition names aud"
}

deny contains object.union(terraform.place(role, ["bound_audiences"]), {"message": message}) if {
	some role in terraform.resources.vault_jwt_auth_backend_role
	role.values.role_type == "jwt"
	object.get(role.values, "bound_audiences", []) == []
	message := $"{role.address} takes tokens for any audience: bound_audiences is not set"
}
