# METADATA
# title: Called workflow is given a secret that it does not declare
# description: >-
#   GitHub refuses the call, and the job never runs. Often a name was changed on one
#   side.
# custom:
#   severity: medium
#   fix: Declare the secret under on.workflow_call.secrets of the called workflow, or do not hand it on.
#   tags: [least-privilege]
#   cwe: [1068]
package policyctl.pipeline.undeclared_called_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "called", "secrets", j, "name"], "subject": component.address, "message": message} if {
	some i, component in pipeline.calls
	called := component.called
	some j, secret in called.secrets
	not called.inherit
	secret.given
	not secret.declared
	message := $"job \"{component.job}\" gives secret {secret.name} to {called.path}, which does not declare it"
}
