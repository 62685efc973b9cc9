# METADATA
# title: Secret is phased out without an end
# description: >-
#   A deprecated secret goes on for ever unless somebody says until when it may still
#   be used.
# custom:
#   severity: medium
#   fix: Set spec.until to the day of the end, and spec.successor to the contract that takes its place if there is one.
#   tags: [inventory]
package policyctl.contract.phase_out_without_end

import data.policyctl.lib.contract

deny contains {"path": ["spec", "until"], "subject": contract.name, "message": message} if {
	input.spec.state == "deprecated"
	not input.spec.until
	message := $"contract {contract.name} is deprecated, and says no day by which its use ends"
}
