# METADATA
# title: Outsiders can start a job that has a secret
# description: |
#   Whoever opens a pull request or writes a comment decides what this job runs or
#   reads while it holds the secret.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   severity: critical
#   tags: [injection]
#   cwe: [829]
#   fix: Take the secret out of the job, or start the job by events that only people with write access cause.
package policyctl.graph.secret_open_to_outsiders

import data.policyctl.lib.graph

# A job that gets a secret in several places is one finding.
deny contains {
	"path": ["uses", i],
	"subject": use.slot,
	"message": $"outsiders can start {use.consumer} by {concat(", ", use.open_to)}, and it gets {use.name} of contract {name}, rated {contract.rating}",
	"related": [graph.contract(name)],
} if {
	some [_, i] in graph.firsts(_open)
	use := input.uses[i]
	name := min(_rated(use))
	contract := input.contracts[name]
}

_open contains [[use.consumer, use.slot], i] if {
	some i, use in input.uses
	count(use.open_to) > 0
	graph.exact(use)
}

_rated(use) := {claim.contract |
	some claim in use.claims
	graph.in_force(claim)
	graph.rated(input.contracts[claim.contract], "medium")
}
