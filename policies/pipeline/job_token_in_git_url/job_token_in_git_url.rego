# METADATA
# title: Token of the job is part of a git URL
# description: >-
#   git writes the URL into its settings, where later steps, caches and artifacts find
#   the token as long as the job runs.
# custom:
#   severity: low
#   tier: strict
#   fix: Let the checkout of the platform keep the token, or give it to git by a credential helper.
#   tags: [secret-exposure]
#   cwe: [522]
package policyctl.pipeline.job_token_in_git_url

import data.policyctl.lib.pipeline

deny contains {"path": ["flows", i], "subject": flow.address, "message": message} if {
	some i, flow in input.flows
	flow.platform_token
	flow.sink == "git_remote"
	message := $"{pipeline.place(flow)} puts {flow.secret.name}, the token of the job, into the URL of {flow.command}"
}
