# METADATA
# title: Long-lived key is made for a service account
# description: >-
#   The private key never ends, works from anywhere, and stands in the state.
#   Workload identity gives the same access without a key.
# related_resources:
#   - https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys
# custom:
#   severity: high
#   fix: Use workload identity federation, or attach the service account to the workload, and remove the key.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.terraform.google_service_account_key

import data.policyctl.lib.terraform

# What opens buckets is a key as well.
deny contains object.union(terraform.header(key), {"message": message}) if {
	some key in terraform.resources.google_storage_hmac_key
	object.get(key.values, "state", "ACTIVE") == "ACTIVE"
	message := $"{key.address} is a long-lived key of a service account"
}

# With public_key_data the private half never leaves its owner.
deny contains object.union(terraform.header(key), {"message": message}) if {
	some key in terraform.resources.google_service_account_key
	terraform.absent(key.values, "public_key_data")
	message := $"{key.address} is a long-lived key of a service account"
}
