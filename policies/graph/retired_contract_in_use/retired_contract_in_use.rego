# METADATA
# title: Retired secret is still used
# description: >-
#   Either the secret was revoked and this consumer does not work, or it was not
#   revoked, and everybody who ever had it still has access.
# custom:
#   severity: high
#   fix: Stop using the secret and remove it here, or set spec.state of the contract to active if it lives on.
#   tags: [inventory, lifetime]
package policyctl.graph.retired_contract_in_use

import data.policyctl.lib.graph

deny contains {"path": ["uses", i], "subject": use.slot, "message": message, "related": [graph.contract(name)]} if {
	some i, use in input.uses
	graph.exact(use)
	some name in {claim.contract |
		some claim in use.claims
		graph.states(use, claim) == {"retired"} # another contract may have taken over the name
	}
	message := $"{use.consumer} uses {use.name}, but contract {name} is retired"
}
