# METADATA
# title: Owner of a secret does not own what makes it
# description: >-
#   The contract says who answers for the secret, CODEOWNERS says who is asked about
#   the infrastructure code that makes it. Where the two drift apart, a change of the secret
#   passes the team that would have to know.
# custom:
#   severity: medium
#   fix: Correct spec.owner.team, or give the team the files in CODEOWNERS; handles of teams are listed in the SecretCatalog.
#   tags: [ownership]
package policyctl.graph.owner_differs_from_codeowners

import data.policyctl.lib.codeowners
import data.policyctl.lib.graph

# The file of the contract itself often belongs to those who watch over all of
# them, so it can only speak for the owner. Whose jobs and workloads use a secret
# says nothing: they may be anybody's.
deny contains {"path": ["contracts", name, "spec", "owner", "team"], "subject": name, "message": message, "related": related} if {
	some name, contract in input.contracts
	graph.in_force(contract)
	count(contract.handles) > 0 # else nobody knows by which name CODEOWNERS calls the team
	not codeowners.owns(contract.owner, object.get(contract, "codeowners", []))
	handles := _handles(name)
	not codeowners.owns(contract.owner, handles)
	others := [handle | some handle in handles; not _approves(contract, handle)]
	count(others) > 0
	message := $"contract {name} belongs to {contract.owner}, but CODEOWNERS gives what makes the secret to {concat(", ", others)}"
	related := [{"message": "an entry for it is made here", "path": entry.path} | some entry in array.slice(graph.objects(name), 0, 5)]
}

_handles(name) := {handle |
	some entry in graph.objects(name)
	some handle in entry.value.codeowners
}

# Entries may be made by those whose approval the contract asks for.
_approves(contract, handle) if {
	some approval in contract.spec.approvals
	some team in approval.teams
	codeowners.owns(team, [handle])
}
