# METADATA
# title: Purpose of a secret is not told
# description: >-
#   What a secret is for is the one fact that no tool can find out. Without it
#   nobody dares to revoke the secret, and nobody notices that it is used for
#   something else.
# custom:
#   severity: medium
#   fix: Say in one sentence in spec.purpose who uses the secret, and for what.
#   tags: [inventory]
package policyctl.contract.purpose_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "purpose"], "subject": contract.name, "message": message} if {
	contract.in_force
	wrong := _wrong
	message := $"contract {contract.name} {wrong}"
}

_wrong := "does not say what the secret is for" if {
	contract.missing(["purpose"])
} else := "still says TODO where it should say what the secret is for" if {
	_said
	regex.match(`(?i)^\W*(?:todo|tbd|fixme|xxx)\b`, input.spec.purpose)
} else := "says in fewer than 15 characters what the secret is for" if {
	_said
	count(trim_space(input.spec.purpose)) < 15
} else := "only repeats the name where it should say what the secret is for" if {
	_said
	count(_words(input.spec.purpose) - (_words(contract.name) | _filler)) == 0
}

# A stub has its purpose still to be written.
_said if {
	contract.established
	is_string(input.spec.purpose)
}

_words(text) := {word | some word in regex.split(`[^\pL\pN]+`, lower(text))}

_filler := {"", "a", "an", "the", "this", "that", "is", "of", "for", "our", "secret", "credential"}
