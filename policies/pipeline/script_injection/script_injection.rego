# METADATA
# title: Outsider's text runs as code
# description: >-
#   The text is pasted into the script before the script runs, so whoever writes
#   it writes a command. Here the job gets no secrets by itself, or somebody of the
#   repository has to start or merge it; the script runs on the runner all the same.
# custom:
#   severity: high
#   fix: Set an environment variable of the step to the expression, and use the variable, quoted, in the script.
#   tags: [injection]
#   cwe: [94]
package policyctl.pipeline.script_injection

import data.policyctl.lib.pipeline

deny contains {"path": ["untrusted", i, "expression"], "subject": use.address, "message": message, "targets": [use.expression]} if {
	some i, use in input.untrusted
	use.at == "inline"
	use.privileged != "yes"
	message := $"{use.expression}, which an outsider writes, is pasted into the script of {pipeline.place(use)}"
}
