# METADATA
# title: Token of an app outlives the job
# description: >-
#   The token stays valid for up to an hour after the job has ended. What kept a copy
#   (a log, an artifact, a process on the machine, a component) can go on using it.
# related_resources:
#   - https://github.com/actions/create-github-app-token
# custom:
#   severity: low
#   fix: Leave skip-token-revoke out (or set revoke to true); replace an action that never revokes by actions/create-github-app-token.
#   tags: [short-lived]
#   cwe: [613]
package policyctl.pipeline.app_token_not_revoked

import data.policyctl.lib.pipeline

deny contains {"path": _at(i, component), "subject": component.address, "message": message} if {
	some i, component in input.components
	component.facts.provider == "github"
	some issued in component.facts.issued
	issued.revoked == "no"
	message := $"the app token of {pipeline.place(component)} stays valid after the job"
}

# _at is the input that keeps the token, or else the component, which always does.
_at(i, component) := ["components", i, "inputs", name] if {
	some name in ["skip-token-revoke", "skip_token_revoke", "revoke"]
	component.inputs[name]
} else := ["components", i, "ref"]
