# METADATA
# title: Pipeline logs all that it does
# description: >-
#   The platform then prints every variable of the job or each command with its
#   values. What is masked elsewhere is printed with it, or reaches the log in
#   pieces.
# related_resources:
#   - https://docs.gitlab.com/ci/variables/variables_troubleshooting/#enable-debug-logging
# custom:
#   severity: high
#   fix: Remove the switch; set it for a single run where you need it, and delete that log.
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.debug_logging

import data.policyctl.lib.pipeline

deny contains {"path": ["literals", i, "value"], "subject": literal.address, "message": message} if {
	switches := _switches[input.platform]
	some i, literal in input.literals
	lower(literal.variable) in switches
	lower(literal.value) in {"true", "1", "yes", "on"}
	message := $"{literal.variable} makes {pipeline.place(literal)} print what it is given"
}

_switches := {
	"azure": {"system.debug"},
	"gitlab": {"ci_debug_trace", "ci_debug_services"},
}
