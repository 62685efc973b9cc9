# METADATA
# title: Secret in a key vault never expires
# description: An expiry date is what makes somebody renew the secret, and what stops a copy from working for ever.
# custom:
#   severity: low
#   tier: strict
#   fix: Set expiration_date to the day by which the secret is rotated.
#   tags: [rotation]
#   cwe: [324]
package policyctl.terraform.secret_without_expiry

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(secret, ["expiration_date"]), {"message": message}) if {
	some secret in terraform.resources.azurerm_key_vault_secret
	terraform.absent(secret.values, "expiration_date")
	message := $"secret {secret.address} has no expiration_date"
}
