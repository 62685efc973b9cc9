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

# What is made of nothing but words for tests, defaults of services and words of its own
# name keeps nobody out, and nobody means it to.
_throwaway(literal) if regex.match($`(?i)^(?:(?:{_test_words}|{_own_words(literal.variable)})[-_. ]?)+$`, literal.value)

# Nor does the name of the user whose password it is.
_throwaway(literal) if {
	regex.match(`(?i)^[a-z]{3,10}$`, literal.value)
	literal.value in _users
}

_test_words := concat("|", [
	"tests?|testing|dummy|fake|example|sample|insecure|unsafe|changeme|change|me|not|no|an?|so|very|my|the|for|only|some|any|default|local|dev|development|ci|foo|bar|baz",
	"secrets?|password|passwd|pass|passphrase|token|key|api|jwt|session|sk|pk",
	"admin|administrator|root|toor|user|guest|runner|ubuntu|circleci|vagrant",
	"postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|rabbit|minio|elastic|ldap|oracle|localstack|django|rails|laravel|symfony",
])

_own_words(name) := concat("|", regex.find_n(`[a-z]{3,10}`, lower(regex.replace(name, `([a-z])([A-Z])`, "${1}_${2}")), -1))

_users contains literal.value if {
	some literal in input.literals
	regex.match(`(?i)user(?:[-_]?name)?$`, literal.variable)
}

_container_values contains literal.value if {
	some literal in input.literals
	literal.at == "container_env"
}
