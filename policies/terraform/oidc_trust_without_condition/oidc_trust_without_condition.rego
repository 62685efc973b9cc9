# METADATA
# title: Any pipeline of the provider may take over the role
# description: >-
#   The role trusts the identity tokens of a provider without saying whose. Every
#   repository, project or service account of that provider, strangers' included,
#   can log in.
# related_resources:
#   - https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
# custom:
#   severity: critical
#   fix: Add a condition on the sub claim that names owner, repository and branch or environment, with no wildcard before the repository.
#   tags: [oidc]
#   cwe: [284]
package policyctl.terraform.oidc_trust_without_condition

import data.policyctl.lib.iam
import data.policyctl.lib.oidc
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message} if {
	some statement in terraform.web_identities
	some found in iam.open_trusts(statement.value)
	message := $"{statement.address} trusts {found.what}"
}

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message} if {
	some statement in terraform.web_identities
	some found in iam.open_subjects(statement.value)
	message := $"{statement.address} trusts subjects that match {found.text}: a stranger can have one"
}

# What modules that are elsewhere make roles of. They write repo: before a name without it.
deny contains {"path": array.concat(["modules", i, "values"], setting.path), "subject": address, "message": message} if {
	some i, module in input.modules
	some argument in ["oidc_subjects", "oidc_subjects_with_wildcards", "oidc_wildcard_subjects", "subjects"]
	some setting in terraform.settings(module.values, [argument])
	is_string(setting.value)
	oidc.stranger(setting.value)
	address := object.get(module, "reference", $"module.{module.name}")
	not address in {object.get(entry, "module", "") | some entry in input.resources}
	message := $"{address} trusts subjects that match {setting.value}: a stranger can have one"
}

# In Google Cloud the pool's provider decides which tokens count.
deny contains object.union(terraform.place(provider, ["attribute_condition"]), {"message": message}) if {
	some provider in terraform.resources.google_iam_workload_identity_pool_provider
	some block in terraform.blocks(provider.values, "oidc")
	oidc.shared(terraform.word(block.issuer_uri))
	_always(object.get(provider.values, "attribute_condition", ""))
	message := $"{provider.address} trusts every identity of its provider: attribute_condition sets no condition"
}

_always(condition) if {
	is_string(condition)
	trim_space(condition) in {"", "true"}
}

deny contains object.union(terraform.place(provider, ["attribute_condition"]), {"message": message}) if {
	some provider in terraform.resources.google_iam_workload_identity_pool_provider
	some block in terraform.blocks(provider.values, "oidc")
	oidc.shared(terraform.word(block.issuer_uri))
	is_string(provider.values.attribute_condition)
	some part in oidc.loose(provider.values.attribute_condition)
	message := $"{provider.address} trusts names of which a stranger can have one: {part}"
}

deny contains object.union(terraform.place(provider, ["attribute_condition"]), {"message": message}) if {
	some provider in terraform.resources.google_iam_workload_identity_pool_provider
	some block in terraform.blocks(provider.values, "oidc")
	oidc.shared(terraform.word(block.issuer_uri))
	is_string(provider.values.attribute_condition)
	not _always(provider.values.attribute_condition)
	some part in oidc.unnamed(provider.values.attribute_condition)
	message := $"{provider.address} trusts every identity of its provider: {part} does not say whose a token is"
}

# In Azure a credential names the subject, or an expression that it matches.
deny contains object.union(terraform.place(credential, found.path), {"message": message}) if {
	some type in _azure_credentials
	some credential in terraform.resources[type]
	oidc.shared(terraform.word(credential.values.issuer))
	some found in _azure_subjects(credential.values)
	message := $"{credential.address} trusts subjects that match {found.text}: a stranger can have one"
}

_azure_credentials := {"azuread_application_federated_identity_credential", "azuread_application_flexible_federated_identity_credential", "azurerm_federated_identity_credential"}

_azure_subjects(values) := {{"path": ["subject"], "text": values.subject} | oidc.chosen(terraform.word(values.subject))} | {{"path": ["claims_matching_expression"], "text": text} |
	is_string(values.claims_matching_expression)
	some [_, text] in regex.find_all_string_submatch_n(`matches\s+'([^']*)'`, values.claims_matching_expression, -1)
	oidc.stranger(text)
}

# In Vault a role says what a token must claim. Roles of type oidc are for people.
deny contains object.union(terraform.place(role, ["bound_claims"]), {"message": message}) if {
	some role in terraform.resources.vault_jwt_auth_backend_role
	role.values.role_type == "jwt"
	every argument in ["bound_claims", "bound_subject", "bound_claims_json"] {
		object.get(role.values, argument, "") in {"", {}}
	}
	message := $"{role.address} trusts every identity of its provider: neither bound_claims nor bound_subject is set"
}

deny contains object.union(terraform.place(role, ["bound_claims", name]), {"message": message}) if {
	some role in terraform.resources.vault_jwt_auth_backend_role
	role.values.bound_claims_type == "glob"
	some name, value in role.values.bound_claims
	name in {"sub", "repository", "repository_owner", "project_path", "namespace_path"}
	is_string(value)
	some text in split(value, ",")
	oidc.stranger(trim_space(text))
	message := $"{role.address} trusts subjects that match {trim_space(text)}: a stranger can have one"
}
