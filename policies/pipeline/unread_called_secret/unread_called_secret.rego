# METADATA
# title: Called workflow is given a secret that it never reads
# description: >-
#   The secret reaches every step of the called workflow that asks for it, and none
#   does. It is one more place that a leak or a rotation concerns.
# custom:
#   severity: low
#   fix: Do not hand the secret on, and remove it from on.workflow_call.secrets of the called workflow.
#   tags: [least-privilege]
#   cwe: [272]
package policyctl.pipeline.unread_called_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "called", "secrets", j, "name"], "subject": component.address, "message": message} if {
	some i, component in pipeline.calls
	called := component.called
	some j, secret in called.secrets
	secret.given
	secret.declared
	secret.read == "no"
	message := $"job \"{component.job}\" gives secret {secret.name} to {called.path}, which never reads it"
}
