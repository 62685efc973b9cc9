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

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message} if {
	some statement in terraform.web_identities
	some found in iam.broad_subjects(statement.value)
	message := $"{statement.address} trusts {found.what}"
}

deny contains object.union(terraform.place(credential, ["subject"]), {"message": message}) if {
	some type in ["azuread_application_federated_identity_credential", "azurerm_federated_identity_credential"]
	some credential in terraform.resources[type]
	some what in oidc.broad(terraform.word(credential.values.subject), false)
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
