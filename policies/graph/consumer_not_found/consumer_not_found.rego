# METADATA
# title: Contract lists a consumer that does not exist
# description: >-
#   A permission that nobody needs stays, and whoever makes something of that name has
#   the secret.
# custom:
#   severity: medium
#   fix: Remove the consumer from spec.consumers, or correct its name if it was renamed.
#   tags: [least-privilege]
package policyctl.graph.consumer_not_found

import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "consumers", i, "workload"], "subject": name, "message": message} if {
	input.complete
	some name, contract in input.contracts
	graph.in_force(contract)
	not _orphaned(contract)
	some i, consumer in contract.spec.consumers
	_read(consumer.workload)
	not _exists(consumer.workload)
	message := $"contract {name} lists {consumer.workload} as a consumer, which does not exist"
}

# Where the last use is gone, the rule graph/orphaned-contract speaks.
_orphaned(contract) if {
	contract.state == "active"
	contract.claims > 0
	not contract.used
}

# _read holds for locators of which the repository has all that there is.
_read(locator) if strings.any_prefix_match(locator, ["github:", "compose:", "docker:", "terraform:", "cloudformation:", "arm:"])

# Other repositories deploy to the same cluster, but hardly to the same namespace.
_read(locator) if {
	startswith(locator, "kubernetes:")
	split(locator, "/")[0] in _namespaces
}

_namespaces := {split(id, "/")[0] |
	some id, workload in input.workloads
	workload.platform == "kubernetes"
}

_ids := object.keys(input.workloads) | {use.consumer | some use in input.uses}

_files := {split(id, "#")[0] | some id in _ids}

_addresses := {split(id, "//")[1] | some id, workload in input.workloads; workload.platform == "terraform"}

_exists(locator) if locator in _ids

_exists(locator) if locator in _files

# A manifest that names no namespace gets one when it is deployed.
_exists(locator) if regex.replace(locator, `^kubernetes:[^/]*/`, "kubernetes:default/") in _ids

_exists(locator) if {
	startswith(locator, "terraform:")
	trim_prefix(locator, "terraform:") in _addresses
}

# What a pattern means is decided where it is resolved.
_exists(locator) if regex.match(`[*?\[]`, locator)
