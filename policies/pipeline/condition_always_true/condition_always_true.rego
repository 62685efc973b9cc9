# METADATA
# title: Condition holds whatever it says
# description: >-
#   Text around the braces makes the whole condition a text, and a text that is not
#   empty is true. What the condition was to keep out runs.
# related_resources:
#   - https://github.com/actions/runner/issues/1173
# custom:
#   severity: high
#   fix: Put the whole condition between one pair of braces, or leave the braces out.
#   tags: [injection]
#   cwe: [571]
package policyctl.pipeline.condition_always_true

import data.policyctl.lib.pipeline

deny contains {"path": condition.path, "subject": condition.subject, "message": message} if {
	input.platform == "githubactions"
	some condition in pipeline.conditions
	contains(condition.text, "${{")
	not regex.match(`^\$\{\{(?:'[^']*'|[^'}]|\}[^'}])*\}\}$`, condition.text)
	message := $"the condition of {condition.place} has text around its braces, so it always holds"
}
