# METADATA
# title: Contract names no environments
# description: >-
#   A secret of production must not be the one that tests use. Which environments have
#   a value of their own can be told only if the contract names them.
# custom:
#   severity: medium
#   fix: Name each environment under spec.environments, with store and path; an empty mapping is enough where there is nothing to say.
#   tags: [environments]
package policyctl.contract.environments_missing

import data.policyctl.lib.contract

deny contains {"path": ["spec", "environments"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	contract.missing(["environments"])
	message := $"contract {contract.name} does not say in which environments its secret exists"
}
