# METADATA
# title: Kubeconfig with a credential is committed
# description: >-
#   The token, password or client key of a kubeconfig opens the cluster to
#   whoever can read the repository, or ever could.
# custom:
#   severity: high
#   fix: Revoke the credential, remove the file from the repository, and let kubectl log in through an exec plugin.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.kubernetes.kubeconfig_credential

import data.policyctl.lib.secrets

deny contains {"path": ["users", i, "user", field], "message": message} if {
	input.kind == "Config"
	is_array(input.users)
	some i, entry in input.users
	some field in ["token", "password", "client-key-data"]
	secrets.literal(entry.user[field])
	message := $"user {entry.name} of the kubeconfig has its {field} in clear text"
}
