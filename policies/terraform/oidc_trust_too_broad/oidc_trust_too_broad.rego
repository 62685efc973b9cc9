# METADATA
# title: Trust covers more pipelines than need the role
# description: >-
#   Every repository of an organisation, every proposed change, or every workload of
#   a cluster or pool can log in. One of them that is taken over is enough.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name the repository and its branch or environment, or the namespace and service account.
#   tags: [oidc]
#   cwe: [284]
package policyctl.terraform.oidc_trust_too_broad

import data.policyctl.lib.iam
import data.policyctl.lib.oidc
import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, claim.path), "subject": statement.address, "message": message} if {
	some statement in terraform.web_identities
	some claim in iam.claims(statement.value, `:sub$`)
	not oidc.stranger(claim.text)
	what := _broad(claim)
	message := $"{statement.address} trusts {what}: {claim.text}"
}

_broad(claim) := what if {
	contains(lower(claim.operator), "like")
	some what, pattern in {
		"every repository of an owner": `^(?:repo:|project_path:)[^/*?]+/(?:\*|[^:]*\*$)`,
		"every service account of a namespace or cluster": `^system:serviceaccount:(?:[^:]*[*?][^:]*:|[^:]+:[*?]$|[*?]$)`,
		"every workspace of an organisation": `^organization:[^:*?]+:(?:[*?]|project:[*?]|project:[^:]+:workspace:[*?])`,
	}
	regex.match(pattern, claim.text)
}

_broad(claim) := "proposed changes" if regex.match(`^repo:[^:]+:pull_request$`, claim.text)

deny contains object.union(terraform.place(credential, ["subject"]), {"message": message}) if {
	some type in ["azuread_application_federated_identity_credential", "azurerm_federated_identity_credential"]
	some credential in terraform.resources[type]
	what := _broad({"operator": "", "text": terraform.word(credential.values.subject)})
	message := $"{credential.address} trusts {what}: {credential.values.subject}"
}

# A whole pool may become a service account.
deny contains object.union(terraform.place(grant, setting.path), {"message": message}) if {
	some type in ["google_service_account_iam_member", "google_service_account_iam_binding"]
	some grant in terraform.resources[type]
	some argument in ["member", "members"]
	some setting in terraform.settings(grant.values, [argument])
	is_string(setting.value)
	regex.match(`^principalSet://.*/workloadIdentityPools/[^/]+/\*$`, setting.value)
	message := $"{grant.address} lets every identity of a pool become the service account"
}
