# METADATA
# title: Secret of a store is written into the environment of a function
# description: >-
#   The Serverless Framework fetches the value when it deploys, and writes it into the
#   template and the configuration of the function in clear text. Everyone who may
#   describe these has the secret, and it does not follow rotation.
# custom:
#   severity: medium
#   tier: strict
#   fix: Give the function the name of the secret and the right to read it.
#   cwe: [522]
package policyctl.serverless.secret_in_plain_environment

import data.policyctl.lib.values

deny contains {"path": ["environment", i, "value"], "subject": variable.name, "message": message} if {
	some i, variable in input.environment
	some reference in values.references(variable.value)
	_secret(variable.name, reference)
	message := $"variable {variable.name} of {variable.of} has a secret of the store in clear text"
}

_secret(_, reference) if regex.match(`^(?:ssm|aws:ssm)[^:]*:/aws/reference/secretsmanager/|^ssm[^:]*:.*~true$`, reference)

_secret(name, reference) if {
	regex.match(`^(?:ssm|aws:ssm)[^:]*:`, reference)
	values.secret_property(name)
}
