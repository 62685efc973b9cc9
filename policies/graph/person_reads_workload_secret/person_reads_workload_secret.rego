# METADATA
# title: Person has the secret of a workload
# description: >-
#   What a person does with the secret of a workload looks as if the workload did it,
#   and when the person leaves, the secret goes along.
# custom:
#   severity: medium
#   fix: Remove the identity, and give people access of their own.
#   tags: [least-privilege]
package policyctl.graph.person_reads_workload_secret

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "consumers", i, "identity"], "subject": name, "message": message} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	some i, consumer in contract.spec.consumers
	startswith(consumer.identity, "human:")
	message := $"contract {name} gives the secret of {consumer.workload} to a person"
}
