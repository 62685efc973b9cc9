# METADATA
# title: Time to live is longer than its maximum
# description: >-
#   A credential cannot be valid for longer than it may ever be renewed. One of the
#   two numbers is wrong.
# custom:
#   severity: medium
#   fix: Shorten spec.lifetime.ttl, or raise maxTtl if the store really allows that much.
#   tags: [lifetime]
package policyctl.contract.ttl_above_max

import data.policyctl.lib.contract

deny contains {"path": ["spec", "lifetime", "ttl"], "subject": contract.name, "message": message, "related": related} if {
	contract.in_force
	is_number(input.spec.lifetime.ttl_s)
	is_number(input.spec.lifetime.maxTtl_s)
	input.spec.lifetime.ttl_s > input.spec.lifetime.maxTtl_s
	not contract.static # which has neither
	message := $"contract {contract.name}: the ttl {input.spec.lifetime.ttl} is longer than the maxTtl {input.spec.lifetime.maxTtl}"
	related := [{"path": ["spec", "lifetime", "maxTtl"], "message": "the maximum"}]
}
