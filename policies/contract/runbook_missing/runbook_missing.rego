# METADATA
# title: Secret of high risk has no runbook
# description: >-
#   In an incident nobody has the time to find out how the secret is revoked and
#   what breaks then.
# custom:
#   severity: medium
#   fix: Write down how to rotate and revoke the secret, and name the file or page in spec.runbook.
#   tags: [response]
package policyctl.contract.runbook_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "runbook"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	input.spec.risk.rating in {"high", "critical"}
	contract.missing(["runbook"])
	message := $"contract {contract.name} has no runbook, although the risk is {input.spec.risk.rating}"
}
