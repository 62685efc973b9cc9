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

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	some name in _written
	contains(pipeline.scripts, name)
	regex.match(`^\w+$`, name)
	some i, step in input.steps
	contains(step.script, name)
	_runs_code(step.script)
	name in _names(step)
	some pattern in _patterns
	some [command] in regex.find_all_string_submatch_n(replace(pattern, "NAME", name), step.script, -1)
	message := $"{name}, which an outsider writes, is run as code by {pipeline.where(step)}"
}

# _runs_code holds for the few scripts that are worth a closer look.
_runs_code(script) if {
	some word in ["eval ", "sh -", "ssh ", "python", "node -e", "perl -e", "ruby -e"]
	contains(script, word)
}

_written contains name if some name in _variables[input.platform]

_written contains use.variable if some use in input.untrusted

_names(step) := object.get(_variables, input.platform, set()) | {use.variable |
	some use in input.untrusted
	use.at in {"step_env", "job_env", "pipeline_env"}
	object.get(use, "job", "") in {"", object.get(step, "job", "")}
	object.get(use, "step", step.index) == step.index
}

# Names of branches are not among them where only those have one who may push.
_variables := {
	"githubactions": {"GITHUB_HEAD_REF"},
	"gitlab": {
		"CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_DESCRIPTION", "CI_COMMIT_AUTHOR",
		"CI_MERGE_REQUEST_TITLE", "CI_MERGE_REQUEST_DESCRIPTION", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
	},
	"azure": {"BUILD_SOURCEVERSIONMESSAGE", "BUILD_SOURCEVERSIONAUTHOR", "SYSTEM_PULLREQUEST_SOURCEBRANCH"},
	"buildkite": {"BUILDKITE_MESSAGE", "BUILDKITE_BUILD_AUTHOR", "BUILDKITE_BRANCH"},
	"jenkins": {"CHANGE_TITLE", "CHANGE_BRANCH", "CHANGE_AUTHOR_DISPLAY_NAME", "ghprbPullTitle", "ghprbCommentBody", "gitlabMergeRequestTitle"},
}

_patterns := [
	`\b(?:(?:eval|(?:ba|da|z|k)?sh\s+-l?e?c|python3?\s+-c|(?:node|perl|ruby)\s+-e|pwsh\s+-c(?:ommand)?)\s+|ssh\s[^"'\n;|&]*)"[^"\n]*\$\{?NAME\b`,
	`\beval\s+[^"'\n;|&]*\$\{?NAME\b`,
]
