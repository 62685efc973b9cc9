# METADATA
# title: Identity token is valid for many services
# description: >-
#   A service that is shown an identity token can show it to every other service of its
#   audience and be taken for the job. The audience is what keeps it for one of them.
# custom:
#   severity: medium
#   fix: Ask for one token for each service, with the name of that service as its only audience.
#   tags: [least-privilege]
#   cwe: [1259]
package policyctl.pipeline.broad_identity_token_audience

import data.policyctl.lib.pipeline

deny contains {"path": ["identities", i, "audiences", j], "subject": identity.address, "message": message} if {
	some i in pipeline.identities_of.oidc
	identity := input.identities[i]
	some j, audience in identity.audiences
	contains(audience, "*")
	message := $"{_token(identity)} has the audience \"{audience}\", which is no single service"
}

deny contains {"path": ["identities", i, "audiences", 1], "subject": identity.address, "message": message} if {
	some i in pipeline.identities_of.oidc
	identity := input.identities[i]
	count(identity.audiences) > 1
	not _wildcard(identity)
	message := $"{_token(identity)} has {count(identity.audiences)} audiences; each of them can use it at the others"
}

_wildcard(identity) if {
	some audience in identity.audiences
	contains(audience, "*")
}

_token(identity) := $"identity token {identity.name} of job \"{identity.job}\"" if {
	identity.name
} else := $"the identity token of job \"{identity.job}\""
