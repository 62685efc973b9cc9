# METADATA
# title: Deprecated secret is still used
# description: >-
#   The secret is being phased out. Whoever still uses it then will stop working.
# custom:
#   severity: medium
#   fix: Move the consumer to the successor of the secret.
#   tags: [lifetime]
package policyctl.graph.deprecated_contract_in_use

import data.policyctl.lib.graph

deny contains {"path": ["uses", i], "subject": use.slot, "message": message, "related": [graph.contract(name)]} if {
	some i, use in input.uses
	graph.exact(use)
	some name, ways in {claim.contract: _ways(claim) | some claim in use.claims; _deprecated(claim); not _continued(use, claim)}
	message := $"{use.consumer} uses {use.name}, but contract {name} is deprecated{ways}"
}

# Another contract may have taken over the name.
_continued(use, claim) if count(graph.states(use, claim) & {"active", "proposed"}) > 0

# Past its day, the rule graph/phase-out-ended speaks.
_deprecated(claim) if {
	claim.state == "deprecated"
	object.get(claim, "phase_out_ns", data.run.now_ns) >= data.run.now_ns
}

_ways(claim) := concat("", array.concat(
	[$" and ends on {graph.day(claim.phase_out_ns)}" | claim.phase_out_ns],
	[$"; {claim.successor} takes its place" | claim.successor],
))
