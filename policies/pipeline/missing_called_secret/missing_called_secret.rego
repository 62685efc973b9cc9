# METADATA
# title: Called workflow does not get a secret that it needs
# description: >-
#   GitHub refuses the call where a secret is required, and otherwise the workflow
#   goes on with empty text, which fails late or publishes without a signature.
# custom:
#   severity: medium
#   fix: >-
#     Hand the secret on under jobs.<job>.secrets, and declare it under
#     on.workflow_call.secrets of the called workflow.
#   tags: [least-privilege]
#   cwe: [1068]
package policyctl.pipeline.missing_called_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "called", "secrets", j, "name"], "subject": component.address, "message": message} if {
	some i, component in pipeline.calls
	called := component.called
	not called.inherit
	some j, secret in called.secrets
	not secret.given
	lacks := _lacks(secret)
	message := $"job \"{component.job}\" does not give secret {secret.name} to {called.path}, which {lacks}"
}

_lacks(secret) := "requires it" if {
	secret.required
} else := "reads it and does not declare it" if {
	secret.read == "yes"
	not secret.declared
}
