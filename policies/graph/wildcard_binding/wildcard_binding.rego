# METADATA
# title: Every secret in reach is handed over
# description: |
#   The consumer gets all secrets that its platform shows it, also those whose
#   contracts do not list it. Nobody can say which of them it needs.
# custom:
#   severity: medium
#   tags: [least-privilege]
#   cwe: [250]
#   fix: Name the secrets that are needed one by one.
package policyctl.graph.wildcard_binding

import data.policyctl.lib.graph

deny contains {
	"path": ["uses", i],
	"subject": use.consumer,
	"message": $"{use.consumer} gets every secret in reach, also of {graph.some_of(names)}, which do not list it",
	"related": [graph.contract(name) | some name in array.slice(sort(names), 0, 5)],
} if {
	some i, use in input.uses
	use.confidence == "wildcard"
	names := {claim.contract | some claim in use.claims; not claim.listed; graph.in_force(claim)}
	count(names) > 0
}
