# METADATA
# title: Secret or key in a key vault never expires, or in years
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

deny contains {"path": fault.path, "subject": fault.subject, "message": $"it expires in years: {fault.message}"} if {
	some fault in terraform.faults({
		"azurerm_key_vault_key": {{"path": "expiration_date", "years": 2}},
		"azurerm_key_vault_secret": {{"path": "expiration_date", "years": 2}},
	})
}

# A rotation policy can end versions of a key as well.
deny contains object.union(terraform.place(key, ["expiration_date"]), {"message": message}) if {
	some key in terraform.resources.azurerm_key_vault_key
	terraform.absent(key.values, "expiration_date")
	not _ends(key.values)
	message := $"key {key.address} has no expiration_date and no rotation_policy with expire_after"
}

_ends(values) if {
	some setting in terraform.settings(values, ["rotation_policy", "expire_after"])
	setting.value
}

_ends(values) if terraform.unknown(values.rotation_policy)
