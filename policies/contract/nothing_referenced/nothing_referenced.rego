# METADATA
# title: Contract does not say which secret it is about
# description: >-
#   Without a name in a pipeline, an entry of a store or an identity a contract speaks
#   of nothing that exists, and none of its promises can be checked.
# custom:
#   severity: medium
#   fix: Name the secret in spec.references, or set store and path of an environment, or the identity of a consumer.
#   tags: [inventory]
package policyctl.contract.nothing_referenced

import data.policyctl.lib.contract

deny contains {"path": ["spec", "references"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["references"])
	count({label | some label, _ in contract.environments; _found(label)}) == 0
	count({i | some i, _ in input.spec.consumers; input.spec.consumers[i].identity}) == 0
	message := $"contract {contract.name} names no reference, no entry of a store and no identity"
}

_found(label) if not contract.missing(["environments", label, "path"])

_found(label) if not contract.missing(["environments", label, "references"])
