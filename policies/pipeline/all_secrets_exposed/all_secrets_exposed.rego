# METADATA
# title: Job gets all secrets at once
# description: >-
#   Where the whole set of secrets is read, or one by a computed name, the runner
#   gets every secret that the job may see, and so does whoever gets into the job.
# custom:
#   severity: high
#   fix: Name each secret that is needed. Where a name is computed, choose among written names with conditions or a matrix.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.all_secrets_exposed

import data.policyctl.lib.pipeline

# What is forwarded to another pipeline has rules of its own.
deny contains {"path": ["exposures", i, "secret"], "subject": exposure.address, "message": message} if {
	some i, exposure in input.exposures
	exposure.secret.all
	exposure.at != "forwarded"
	message := $"{_how(exposure.secret)} {pipeline.place(exposure)}"
}

_how(secret) := "a computed name may mean any secret, so all of them are sent to" if {
	secret.computed
} else := "all secrets are handed to"
