# METADATA
# title: Secret is used past the end of its phase-out
# description: >-
#   The day has passed on which the secret was to be gone. As long as somebody uses
#   it, nobody dares to revoke it.
# custom:
#   severity: high
#   fix: Move the consumer to the successor of the secret, or agree on another day in spec.until of the contract.
#   tags: [clock, lifetime]
package policyctl.graph.phase_out_ended

import data.policyctl.lib.graph

deny contains {"path": ["uses", i], "subject": use.slot, "message": message, "related": [graph.contract(claim.contract)]} if {
	some i, use in input.uses
	graph.exact(use)
	some claim in {object.filter(claim, ["contract", "phase_out_ns"]) | some claim in use.claims; claim.state == "deprecated"; not _continued(use, claim)}
	claim.phase_out_ns < data.run.now_ns
	message := $"{use.consumer} uses {use.name}, but the phase-out of contract {claim.contract} ended on {graph.day(claim.phase_out_ns)}"
}

# Another contract may have taken over the name.
_continued(use, claim) if count(graph.states(use, claim) & {"active", "proposed"}) > 0
