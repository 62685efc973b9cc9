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

import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, ["Condition"]), "subject": statement.address, "message": message} if {
	some statement in _trusts
	not terraform.unknown(object.get(statement.value, "Condition", null))
	count(_restrictions(statement.value)) == 0
	message := $"{statement.address} trusts every identity of its provider: no condition names the subject"
}

deny contains {"path": array.concat(statement.path, claim.path), "subject": statement.address, "message": message} if {
	some statement in _trusts
	some claim in _restrictions(statement.value)
	contains(lower(claim.operator), "like")
	regex.match(_open, claim.text)
	message := $"{statement.address} trusts subjects that match {claim.text}: a stranger can have one"
}

# In Google Cloud the pool's provider decides which tokens count.
deny contains object.union(terraform.place(provider, ["attribute_condition"]), {"message": message}) if {
	some provider in terraform.resources.google_iam_workload_identity_pool_provider
	some oidc in terraform.blocks(provider.values, "oidc")
	is_string(oidc.issuer_uri)
	regex.match(_shared_issuers, oidc.issuer_uri)
	terraform.absent(provider.values, "attribute_condition")
	message := $"{provider.address} trusts every identity of its provider: attribute_condition is not set"
}

_shared_issuers := `^https://(?:token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io|agent\.buildkite\.com|oidc\.circleci\.com|api\.bitbucket\.org)`

# _trusts are the statements by which tokens of an identity provider open a role.
_trusts contains statement if {
	some statement in terraform.statements
	terraform.allows(statement.value)
	some action in terraform.list(statement.value.Action)
	action in {"sts:AssumeRoleWithWebIdentity", "sts:*", "*"}
	some provider in terraform.list(statement.value.Principal.Federated)
	not _names_no_subject(provider)
}

# Logins of people to an application are told apart by other claims.
_names_no_subject(provider) if provider in {
	"cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com",
}

# A provider that SAML describes has no sub claim in this form.
_names_no_subject(provider) if {
	is_string(provider)
	contains(provider, ":saml-provider/")
}

_names_no_subject(provider) if {
	some reference in provider["$unknown"]
	regex.match(`^(?:data\.)?aws_iam_saml_provider\.`, reference)
}

# _restrictions are the claims by which a condition tells identities apart. One
# that is not known is taken for one.
_restrictions(statement) := {restriction |
	some operator, claims in object.get(statement, "Condition", {})
	is_object(claims)
	some claim, values in claims
	_identifies(claim)
	some restriction in _values(operator, claim, values)
}

_identifies("$unknown")

_identifies(claim) if regex.match(`:(?:sub|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref|project_path|project_id|namespace_id)$`, claim)

_values(operator, claim, values) := {{"operator": operator, "path": path, "text": text} |
	some i, value in terraform.list(values)
	path := _value_path(operator, claim, values, i)
	text := _text(value)
}

_value_path(operator, claim, values, i) := ["Condition", operator, claim, i] if is_array(values)

_value_path(operator, claim, values, _) := ["Condition", operator, claim] if not is_array(values)

_text(value) := value if is_string(value)

_text(value) := "" if not is_string(value)

# _open are patterns that a name of a stranger's choice fits.
_open := `^[*?]|^[a-z_]+:[*?]|^(?:repo|project_path|organization|org|workspace)[:/][^/:*?]*[*?]`
