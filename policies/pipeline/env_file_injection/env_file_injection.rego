# METADATA
# title: Outsider's text can set variables of later steps
# description: >-
#   The file takes a variable a line, and the text has as many lines as its author
#   likes. One of them sets PATH, LD_PRELOAD or NODE_OPTIONS, and the next step runs
#   what it says.
# custom:
#   severity: high
#   fix: >-
#     Do not put the text there: give it to the step that needs it through env. If it
#     must be, remove the line breaks, or end it with a random delimiter.
#   tags: [injection]
#   cwe: [74]
package policyctl.pipeline.env_file_injection

import data.policyctl.lib.pipeline

deny contains {"path": ["injected", i], "subject": step.address, "message": message} if {
	some i, text in input.injected
	text.kind == "variables"
	step := pipeline.step(text)
	message := $"{pipeline.where(step)} writes {text.variable}, which an outsider writes, to {text.command}, which sets variables"
}
