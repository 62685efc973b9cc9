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

deny contains {"path": ["components", i, "called", "secrets", min(object.keys(lacking)), "name"], "subject": component.address, "message": message} if {
	some i, component in pipeline.calls
	called := component.called
	not called.inherit
	some why in ["requires", "reads and does not declare"]
	lacking := {j: secret.name |
		some j, secret in called.secrets
		not secret.given
		_lacks(secret) == why
	}
	count(lacking) > 0
	names := concat(", ", sort([name | some name in lacking]))
	message := $"job \"{component.job}\" does not give {_words[count(lacking) > 1][0]} {names} to {called.path}, which {why} {_words[count(lacking) > 1][1]}"
}

_words := {true: ["secrets", "them"], false: ["secret", "it"]}

_lacks(secret) := "requires" if {
	secret.required
} else := "reads and does not declare" if {
	secret.read == "yes"
	not secret.declared
}
