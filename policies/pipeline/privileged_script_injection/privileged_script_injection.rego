# METADATA
# title: Outsider's text runs as code beside secrets
# description: >-
#   The text is pasted into the script before the script runs. Whoever writes the
#   title of an issue or the name of a branch writes a command, and here everybody
#   can start the job, with secrets and a token.
# custom:
#   severity: critical
#   fix: Set an environment variable of the step to the expression, and use the variable, quoted, in the script.
#   tags: [injection]
#   cwe: [94]
package policyctl.pipeline.privileged_script_injection

import data.policyctl.lib.pipeline

deny contains {"path": ["untrusted", i, "expression"], "subject": use.address, "message": message, "targets": [use.expression]} if {
	some i, use in input.untrusted
	use.at == "inline"
	use.privileged == "yes"
	message := $"{use.expression}, which an outsider writes, is pasted into the script of {pipeline.place(use)}, which has {pipeline.held(use)}"
}
