# METADATA
# title: Secret is generated into the state
# description: >-
#   Terraform makes the secret, and keeps it in the state in clear text for whoever
#   may read that. Ephemeral resources and passwords that the provider manages are
#   kept nowhere.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral
# custom:
#   severity: low
#   tier: audit
#   fix: Use an ephemeral resource with a write-only argument, or let the provider manage the password (manage_master_user_password).
#   cwe: [312]
package policyctl.terraform.generated_secret_in_state

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(generator), {"message": message}) if {
	some generator in terraform.managed
	generator.type in _generators
	terraform.absent(generator.values, "pgp_key")
	message := $"{generator.address} keeps what it generates in the state"
}

_generators := {
	"aws_iam_user_login_profile", "azuread_application_password", "azuread_service_principal_password",
	"random_password", "tls_private_key",
}
