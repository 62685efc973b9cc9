# METADATA
# title: Text that somebody chooses is pasted into a script
# description: >-
#   Who starts the run by hand writes a command, and gets the secrets of the step.
#   That takes the right to push, which on a well-kept repository does not open its
#   secrets.
# custom:
#   severity: low
#   tier: audit
#   fix: Give the text to the script through a variable of its environment, and quote the variable.
#   tags: [injection]
#   cwe: [94]
package policyctl.pipeline.chosen_text_in_script

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	pattern := _chosen[input.platform]
	pipeline.has_secrets
	pipeline.says(pipeline.scripts, {"inputs.", "params.", "parameters."})
	some i, step in input.steps
	some [command] in regex.find_all_string_submatch_n(pattern, step.script, -1)
	not _closed(command)
	secrets := pipeline.secrets_of(object.get(step, "job", ""))
	count(secrets) > 0
	message := $"{command} is pasted into the script of {pipeline.where(step)}, whose job has {concat(", ", sort(secrets))}"
}

# A list of choices, a number, a yes or no are no text.
_closed(command) if {
	names := {lower(found[1]) | some found in regex.find_all_string_submatch_n(`\b(?:inputs|params|parameters)\.([\w-]+)`, command, -1)}
	every name in names {
		name in input.closed_inputs
	}
}

_chosen := {
	"githubactions": `\$\{\{[^}]*\binputs\.[\w-]+[^}]*\}\}`,
	"azure": `\$\{\{\s*parameters\.[\w-]+\s*\}\}`,
	"jenkins": `\$\{\s*params\.[\w-]+[^{}]*\}`,
	"gitlab": `\$\[\[\s*inputs\.[\w-]+[^\]]*\]\]`,
	"circleci": `<<\s*pipeline\.parameters\.[\w-]+\s*>>`,
	"tekton": `\$\(params\.[\w.-]+\)`,
	"argo": `\{\{\s*(?:inputs|workflow)\.parameters\.[\w.-]+\s*\}\}`,
}
