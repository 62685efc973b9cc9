# METADATA
# title: Change is approved or merged by the pipeline itself
# description: >-
#   Nobody looks at what comes in. An update of a dependency that somebody took over
#   is merged, and runs with the secrets of the default branch.
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Let the pipeline label the change, and somebody approve it; or limit it to
#     updates of patches that have been out for some days.
#   tags: [supply-chain]
#   cwe: [1357]
package policyctl.pipeline.automatic_approval

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	pipeline.says(pipeline.scripts, {"gh pr ", "glab mr "})
	some i, step in input.steps
	some [command] in regex.find_all_string_submatch_n(
		`\b(?:gh pr (?:review\b[^\n;&|]*?\s(?:--approve|-a)\b|merge\b[^\n;&|]*?\s(?:--auto|--admin)\b)|glab mr (?:approve|merge)\b)`,
		step.script, -1,
	)
	message := $"{pipeline.where(step)} approves or merges a change that nobody looked at"
}

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message} if {
	pipeline.says(pipeline.names_of_components, {"approve", "merge"})
	some i, component in input.components
	component.kind == "action"
	$"{component.owner}/{component.name}" in {
		"hmarr/auto-approve-action",
		"juliangruber/approve-pull-request-action",
		"ahmadnassri/action-dependabot-auto-merge",
		"fastify/github-action-merge-dependabot",
		"pascalgn/automerge-action",
		"peter-evans/enable-pull-request-automerge",
		"alexwilson/enable-github-automerge-action",
	}
	message := $"{pipeline.place(component)} approves or merges a change that nobody looked at"
}
