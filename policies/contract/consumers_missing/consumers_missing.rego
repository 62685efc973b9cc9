# METADATA
# title: Contract lists no consumers
# description: >-
#   Without a list of who may use the secret nobody can tell a use from an abuse,
#   and nobody knows what breaks when the secret is revoked.
# custom:
#   severity: medium
#   fix: List the workloads and jobs that use the secret in spec.consumers.
#   tags: [least-privilege, inventory]
package policyctl.contract.consumers_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "consumers"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["consumers"])
	message := $"contract {contract.name} lists nobody who may use the secret"
}
