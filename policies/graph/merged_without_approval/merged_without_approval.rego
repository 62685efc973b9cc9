# METADATA
# title: Contract was changed without the approval it asks for
# description: >-
#   The contract says whose approval a change of it needs. This one was merged
#   without.
# custom:
#   severity: high
#   fix: Have the change reviewed now by those who approve, and revert it if they do not; protect the branch so that owners of code must approve.
#   tags: [review]
package policyctl.graph.merged_without_approval

import data.policyctl.lib.codeowners
import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "approvals", "create", "teams"], "subject": name, "message": message} if {
	some merge in input.evidence.merges
	some name in _contracts[merge.file]
	approval := input.contracts[name].spec.approvals.create
	count(approval.teams) > 0
	wanted := object.get(approval, "count", 1)
	given := count({vote.by | some vote in merge.approvals; _counts(approval.teams, vote.handles)})
	given < wanted
	message := $"{merge.change} changed contract {name} on {graph.day(merge.merged_ns)} with {given} of {wanted} approvals of {concat(" or ", approval.teams)}"
}

_contracts[contract.file] contains name if some name, contract in input.contracts

_counts(teams, handles) if {
	some team in teams
	codeowners.owns(team, handles)
}
