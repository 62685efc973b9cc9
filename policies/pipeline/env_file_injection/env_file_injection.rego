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

# On GitHub, out of a variable that holds the text.
deny contains {"path": ["untrusted", i, "expression"], "subject": step.address, "message": message, "related": related} if {
	some i, use in input.untrusted
	use.at in {"step_env", "job_env", "pipeline_env"}
	regex.match(`\.(?:body|message|from)$`, use.expression)
	some j in _setting
	step := input.steps[j]
	object.get(use, "job", "") in {"", object.get(step, "job", "")}
	object.get(use, "step", step.index) == step.index
	_writes(step.script, use.variable)
	message := $"{pipeline.where(step)} writes {use.expression}, which an outsider writes, to a file that sets variables"
	related := [{"message": "it is written here", "path": ["steps", j, "script"]}]
}

# On GitHub, out of a file of an outsider's run.
deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message, "related": related} if {
	some download in pipeline.outsider_downloads
	some i, step in input.steps
	step.job == download.job
	step.index >= download.step
	some [command] in regex.find_all_string_submatch_n(`(?:\bcat\b|\$\(<)[^|\n]*>>\s*"?\$\{?GITHUB_(?:ENV|PATH)\b`, step.script, -1)
	message := $"{pipeline.where(step)} sets variables from a file that an outsider's run made"
	related := [{"message": "it is fetched here", "path": download.path}]
}

# On GitLab, through a report that gives variables to later jobs.
deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	some artifact in input.artifacts
	artifact.variables
	some file in artifact.paths
	some i, step in input.steps
	step.job == artifact.job
	some [command] in regex.find_all_string_submatch_n(`\$\{?CI_(?:COMMIT_(?:MESSAGE|DESCRIPTION|TAG_MESSAGE)|MERGE_REQUEST_DESCRIPTION)\b[^|\n]*>>?\s*"?[\w./-]+`, step.script, -1)
	endswith(command, file)
	message := $"{pipeline.where(step)} writes text of many lines to {file}, which sets variables of later jobs"
}

# Few steps set variables, and many may hold texts.
_setting contains j if {
	some j, step in input.steps
	regex.match(`GITHUB_(?:ENV|PATH)\b`, step.script)
}

_writes(script, variable) if {
	regex.match(`^\w+$`, variable)
	not regex.match(`openssl rand|uuidgen|/dev/u?random|\$RANDOM|randomUUID`, script)
	some pattern in _patterns
	regex.match(replace(pattern, "NAME", variable), script)
}

# A program in a pipe may take the line breaks out.
_patterns := [
	`\$\{?(?:env:)?NAME\b[^|\n]*>>\s*"?\$\{?(?:env:)?GITHUB_(?:ENV|PATH)\b`,
	`(?m)^\s*\{\s[^|]*\$\{?NAME\b[^|]*\s\}\s*>>\s*"?\$\{?GITHUB_(?:ENV|PATH)\b`,
]
