# METADATA
# title: Everything in a store is fetched
# description: >-
#   The job gets every secret of the vault, those that are added next year included,
#   though it needs some of them.
# custom:
#   severity: medium
#   fix: Name the secrets that the job needs (SecretsFilter of AzureKeyVault, one path and key for each of a vault).
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.whole_store_fetched

import data.policyctl.lib.pipeline

# Variable groups and contexts can only be had as a whole.
deny contains {"path": ["exposures", i, "secret"], "subject": exposure.address, "message": message} if {
	some i, exposure in input.exposures
	exposure.secret.store in {"vault", "aws_secrets_manager", "gcp_secret_manager", "azure_key_vault"}
	not exposure.secret.name
	exposure.at != "fetched" # one entry of it, by its path
	not _entry(exposure.secret)
	message := $"{pipeline.place(exposure)} fetches {pipeline.called(exposure.secret)}"
}

# All fields of one path of Vault are one entry.
_entry(secret) if {
	secret.store == "vault"
	regex.match(`[^*/]$`, secret.group)
}
