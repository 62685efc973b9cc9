# METADATA
# title: Outsider's text is run by a second shell
# description: >-
#   The shell puts the text into the command, and then another program reads the
#   command as code. Whoever writes the title of a change or the message of a commit
#   writes a command.
# custom:
#   severity: high
#   fix: >-
#     Pass the text as an argument of its own: sh -c 'use "$1"' sh "$TEXT", or as a
#     variable of the program's environment.
#   tags: [injection]
#   cwe: [78]
package policyctl.pipeline.outsider_text_evaluated

import data.policyctl.lib.pipeline

deny contains {"path": ["injected", i], "subject": step.address, "message": message} if {
	some i, text in input.injected
	text.kind == "outsider"
	step := pipeline.step(text)
	message := $"{text.variable}, which an outsider writes, is run as code by {pipeline.where(step)}"
}
