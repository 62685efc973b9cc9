# METADATA
# title: Declared approval is not asked for
# description: >-
#   An approval that stands only in the contract stops nobody. CODEOWNERS has to give
#   the file that does it to those who approve.
# custom:
#   severity: high
#   fix: Give the file to one of the approving teams in CODEOWNERS, or correct spec.approvals; handles of teams are listed in the SecretCatalog.
#   tags: [ownership, review]
package policyctl.graph.approvals_not_enforced

import data.policyctl.lib.codeowners
import data.policyctl.lib.graph

deny contains {"path": ["contracts", name, "spec", "approvals", act, "teams"], "subject": name, "message": message, "related": related} if {
	input.codeowners
	some name, contract in input.contracts
	graph.in_force(contract)
	some act, done in {"create": "changed", "rotate": "rotated", "revoke": "revoked"}
	teams := contract.spec.approvals[act].teams
	count(teams) > 0
	not _unknown(teams)
	place := _place(name, contract, act)
	handles := object.get(place.value, "codeowners", [])
	not _covered(teams, handles)
	message := $"contract {name} is to be {done} with the approval of {concat(" or ", teams)}, but CODEOWNERS gives {place.value.file} to {_listed(handles)}"
	related := [{"message": "the file", "path": place.path}]
}

# _place is what is changed by whoever acts: the contract itself, or what rotates
# or revokes the secret. What people do by hand no file can keep them from.
_place(name, contract, "create") := {"path": ["contracts", name], "value": contract} if contract.file

_place(_, contract, "rotate") := _automation(contract.spec.rotation.automation)

_place(_, contract, "revoke") := _automation(contract.spec.revocation.automation)

_automation(locator) := {"path": ["automations", locator], "value": input.automations[locator]} if input.automations[locator].file

# A team that the catalogue does not have is contract/unknown-team.
_unknown(teams) if {
	some team in teams
	count(input.teams) > 0
	not input.teams[team]
}

_covered(teams, handles) if {
	some team in teams
	codeowners.owns(team, handles)
}

_listed([]) := "nobody"

_listed(handles) := concat(", ", handles) if count(handles) > 0
