# METADATA
# title: Contract lets everybody have the secret
# description: >-
#   A consumer of nothing but wildcards allows every workload there is, those that
#   somebody adds tomorrow included. Then the list says nothing.
# custom:
#   severity: high
#   fix: Name the workloads and jobs that use the secret.
#   tags: [least-privilege]
package policyctl.contract.consumers_too_wide

import data.policyctl.lib.contract

deny contains {"path": ["spec", "consumers", i, "workload"], "subject": contract.name, "message": message} if {
	contract.in_force
	some i, consumer in input.spec.consumers
	is_string(consumer.workload)
	regex.match(_everybody, consumer.workload)
	message := $"contract {contract.name} allows every workload that {consumer.workload} means"
}

# A prefix, and behind it nothing that tells one workload from another.
_everybody := `^[a-z-]+:(?:\.github/workflows/)?[*?/#]*\*[*?/#]*(?:\.ya?ml)?(?:#\*+)?$`
