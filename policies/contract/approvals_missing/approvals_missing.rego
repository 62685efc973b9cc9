# METADATA
# title: Contract does not say who approves
# description: >-
#   Whoever may create, rotate or revoke a secret alone can also do it unseen.
# custom:
#   severity: medium
#   tier: strict
#   fix: Name the teams in spec.approvals.create, rotate and revoke, or once in the SecretDefaults of the folder.
#   tags: [review]
package policyctl.contract.approvals_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "approvals", missing[0]], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	missing := [act | some act, _ in _acts; contract.missing(["approvals", act, "teams"])]
	count(missing) > 0
	message := $"contract {contract.name} does not say who agrees when its secret is {concat(" or ", [_acts[act] | some act in missing])}"
}

_acts := {"create": "created", "revoke": "revoked", "rotate": "rotated"}
