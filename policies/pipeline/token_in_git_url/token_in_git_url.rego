# METADATA
# title: Secret is part of a git URL
# description: >-
#   git writes the URL of a remote into its settings and into messages, where later
#   steps, caches and artifacts find it.
# custom:
#   severity: medium
#   fix: Give git the secret by a credential helper, by GIT_ASKPASS, or by the checkout of the platform.
#   tags: [secret-exposure]
#   cwe: [522]
package policyctl.pipeline.token_in_git_url

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.git_remote
	message := $"{pipeline.place(flow.value)} puts {pipeline.called(flow.value.secret)} into the URL of {flow.value.command}"
}
