# METADATA
# title: Condition is met by a part of a name
# description: >-
#   contains and startsWith compare text with text. Outsiders choose the names of
#   their accounts and branches: one that is a part of the list, or that has the
#   word in it, passes. So does a branch of one's own repository that is named after a
#   part of the list.
# custom:
#   severity: high
#   fix: >-
#     Compare whole names: github.event.pull_request.user.login == 'name', or
#     contains(fromJSON('["a", "b"]'), …) for a list.
#   tags: [injection]
#   cwe: [697]
package policyctl.pipeline.condition_matches_part_of_name

import data.policyctl.lib.pipeline

deny contains {"path": condition.path, "match": found.call, "subject": condition.subject, "message": message} if {
	input.platform == "githubactions"
	pipeline.privileged
	some condition in pipeline.conditions
	not regex.match(_other_guards, condition.text)
	some found in _partly(condition.text)
	message := $"the condition of {condition.place} is met by {found.how} of {found.name}, which outsiders choose"
}

# Whoever may push makes a branch of a name that is a part of the text.
deny contains {"path": condition.path, "match": call, "subject": condition.subject, "message": message} if {
	input.platform == "githubactions"
	pipeline.has_secrets
	some condition in pipeline.conditions
	some [_, before, call, name] in regex.find_all_string_submatch_n(_in_text, condition.text, -1)
	before == ""
	message := $"the condition of {condition.place} is met by any part of its text as {name}: a branch of such a name passes"
}

_in_text := `(?i)(!?)\s*(contains\(\s*'[^']*'\s*,\s*(github\.(?:ref|ref_name|base_ref|event\.pull_request\.base\.ref))\s*\))`

# _other_guards keep outsiders out, whatever stands beside them.
_other_guards := `head\.repo\.|head_repository\.|author_association|\.merged\b|\.outputs\.|\.label(?:s|\.name)\b`

# What must not be met keeps more out, not less.
_partly(condition) := {found |
	some pattern, how in _patterns
	some [_, before, call, name] in regex.find_all_string_submatch_n(pattern, condition, -1)
	before == ""
	found := {"how": how, "call": call, "name": name}
}

_patterns := {
	concat("", [`(?i)(!?)\s*(contains\(\s*'[^']*'\s*,\s*(`, _names, `)\s*\))`]): "any part",
	concat("", [`(?i)(!?)\s*((?:contains|startsWith|endsWith)\(\s*(`, _names, `)\s*,\s*'[^'\[]*'\s*\))`]): "many values",
}

_names := `github\.(?:actor|triggering_actor|head_ref|event\.(?:\w+\.)*(?:user|sender|author)\.login|event\.pull_request\.head\.(?:ref|label)|event\.workflow_run\.head_branch)`
