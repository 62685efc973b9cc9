# METADATA
# title: Secret has no runbook
# description: >-
#   In an incident nobody has the time to find out how the secret is revoked and
#   what breaks then.
# custom:
#   severity: medium
#   fix: Write down how to rotate and revoke the secret, and name the file or page in spec.runbook.
#   tags: [response]
package policyctl.contract.runbook_missing

import data.policyctl.lib.contract

# Whoever has a secret of low risk may leave it out, unless the class asks for one.
deny contains {"path": ["spec", "runbook"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["runbook"])
	because := _because
	message := $"contract {contract.name} has no runbook, although {because}"
}

_because := $"the risk is {input.spec.risk.rating}" if {
	input.spec.risk.rating in {"high", "critical"}
} else := $"its class {input.class.name} asks for one" if contract.asks("runbook")
