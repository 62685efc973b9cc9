# METADATA
# title: Secret is sent to a server that is not verified
# description: >-
#   The command was told to accept any certificate. Whoever is on the way can answer
#   in place of the server, and gets the secret.
# custom:
#   severity: high
#   fix: Remove the switch (-k, --insecure, --no-check-certificate, GIT_SSL_NO_VERIFY), and give the program the certificate of your own authority (--cacert).
#   tags: [secret-exposure]
#   cwe: [295]
package policyctl.pipeline.secret_without_tls_verification

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message, "targets": [pipeline.host(flow.value)]} if {
	some flow in pipeline.sent
	flow.value.unverified
	message := $"{flow.value.command} in {pipeline.place(flow.value)} sends {pipeline.called(flow.value.secret)} to a server that it does not verify"
}

# Variables that switch verification off for all that a step does.
deny contains {"path": ["literals", i, "value"], "subject": literal.address, "message": message, "targets": {pipeline.called(one.secret) | some one in secrets}} if {
	pipeline.says(pipeline.variables, object.keys(_switches))
	some i, literal in input.literals
	lower(literal.value) in _switches[literal.variable]
	secrets := _beside(literal)
	count(secrets) > 0
	message := $"{literal.variable} makes {pipeline.place(literal)} accept any server, beside {pipeline.names(secrets)}"
}

_switches := {
	"GIT_SSL_NO_VERIFY": {"1", "true", "yes", "on"},
	"NODE_TLS_REJECT_UNAUTHORIZED": {"0"},
	"NPM_CONFIG_STRICT_SSL": {"false"},
	"PYTHONHTTPSVERIFY": {"0"},
	"VAULT_SKIP_VERIFY": {"1", "true"},
}

# _beside are the secrets of the steps that get the variable.
_beside(literal) := {found |
	some step in input.steps
	_reaches(literal, step)
	some found in pipeline.environment(step)
}

_reaches(literal, step) if {
	object.get(literal, "job", object.get(step, "job", "")) == object.get(step, "job", "")
	object.get(literal, "step", step.index) == step.index
}
