# METADATA
# title: Pipeline holds a credential in clear text
# description: >-
#   Everybody who can read the repository can read the value, in every revision
#   since it was written, and no platform masks it in logs.
# custom:
#   severity: high
#   fix: Revoke the value, store the new one as a secret of the platform, and refer to that.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.pipeline.literal_secret

import data.policyctl.lib.pipeline
import data.policyctl.lib.secrets

deny contains {"path": ["literals", i, "value"], "subject": literal.address, "message": message} if {
	some i, literal in input.literals
	_secret(literal)
	literal.at != "container_env"
	secrets.literal(literal.value)
	not _throwaway(literal)
	not _asks(literal)
	message := $"{literal.variable} of {pipeline.place(literal)} is a literal credential"
}

_secret(literal) if literal.password

_secret(literal) if secrets.secret_name(literal.variable)

# _asks holds for an input that says which secrets a component is to fetch.
_asks(literal) if {
	literal.at == "input"
	lower(literal.variable) == "secrets"
	not contains(literal.value, "=")
}

# _throwaway holds for the password of a database that lives as long as the job:
# what a container beside it is started with opens nothing else.
_throwaway(literal) if literal.value in _container_values

# What vendors print in their documentation opens nothing at all.
_throwaway(literal) if contains(literal.value, "EXAMPLE")

_container_values contains literal.value if {
	some literal in input.literals
	literal.at == "container_env"
}
