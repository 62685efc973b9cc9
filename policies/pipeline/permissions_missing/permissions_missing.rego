# METADATA
# title: Nothing limits the token of the job
# description: >-
#   Without permissions the settings of the repository decide, which no file shows
#   and a click changes. The token reaches every component that the job runs.
# custom:
#   severity: low
#   tier: strict
#   fix: 'Write permissions: contents: read for the whole pipeline, and more only for the jobs that need it.'
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.permissions_missing

import data.policyctl.lib.pipeline

deny contains object.union({"path": ["identities", first], "subject": "permissions", "message": message}, pipeline.limit("add", unlimited, ["permissions"])) if {
	input.platform == "githubactions" # elsewhere only settings can limit it
	not _called_only
	unlimited := {i |
		some i in pipeline.identities_of.platform_token
		not input.identities[i].explicit
	}
	first := min(unlimited)
	jobs := concat(", ", sort({input.identities[i].job | some i in unlimited}))
	message := $"the tokens of {jobs} have whatever rights the settings give them"
}

# What others call has no more rights than they give it; they are asked for them.
_called_only if {
	count(input.triggers) > 0
	every trigger in input.triggers {
		trigger.event == "call"
	}
}
