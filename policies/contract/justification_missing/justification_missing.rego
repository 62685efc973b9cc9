# METADATA
# title: Static secret where the class knows something better
# description: >-
#   The class of the secret names a credential that ends by itself. Whoever keeps a
#   static one has a reason, and whoever reviews it next year wants to know whether it
#   still holds.
# custom:
#   severity: medium
#   fix: Say in spec.lifetime.justification in at least 15 characters why the alternative cannot be used, or move to the alternative.
#   tags: [lifetime, review]
package policyctl.contract.justification_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "lifetime", "justification"], "subject": contract.name, "message": message} if {
	contract.established
	contract.static
	wrong := _wrong
	preference := _preference
	message := $"contract {contract.name} {wrong} why its secret is static: class {input.class.name} prefers {preference}"
}

_wrong := "does not say" if {
	contract.missing(["lifetime", "justification"])
} else := "says in fewer than 15 characters" if {
	is_string(input.spec.lifetime.justification)
	count(trim_space(input.spec.lifetime.justification)) < 15
}

_preference := $"{alternative.class} where {alternative.when}" if {
	alternative := object.union({"class": "something else"}, input.class.alternative)
	alternative.when
} else := input.class.alternative.class
