# METADATA
# title: Owner of a secret does not own its files
# description: >-
#   The contract says who answers for the secret, CODEOWNERS says who is asked about
#   its files. Where the two drift apart, a change of the secret passes the team that
#   would have to know.
# custom:
#   severity: medium
#   fix: Correct spec.owner.team, or give the team the files in CODEOWNERS; handles of teams are listed in the SecretCatalog.
#   tags: [ownership]
package policyctl.graph.owner_differs_from_codeowners

import data.policyctl.lib.codeowners
import data.policyctl.lib.graph

# Files may belong to those whose approval the contract asks for.
deny contains {"path": ["contracts", name, "spec", "owner", "team"], "subject": name, "message": message} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	count(contract.handles) > 0 # else nobody knows by which name CODEOWNERS calls the team
	handles := _handles(name, contract)
	not codeowners.owns(contract.owner, handles)
	others := [handle | some handle in handles; not _approves(contract, handle)]
	count(others) > 0
	message := $"contract {name} belongs to {contract.owner}, but CODEOWNERS gives its files to {concat(", ", others)}"
}

# _handles own the file of a contract, or one that makes its objects.
_handles(name, contract) := {handle | some handle in object.get(contract, "codeowners", [])} | {handle |
	some object_ in graph.objects(name)
	some handle in object_.value.codeowners
}

_approves(contract, handle) if {
	some approval in contract.spec.approvals
	some team in approval.teams
	codeowners.owns(team, [handle])
}
