# METADATA
# title: Token of the job may write everything
# description: >-
#   Whatever runs in the job can change code, releases, packages and settings of
#   the repository by the job's token.
# custom:
#   severity: medium
#   fix: Give the pipeline no more than contents read, and each job the single rights that its steps need.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.write_all_token

import data.policyctl.lib.pipeline

# Jobs that inherit the permission of their pipeline share one place.
deny contains object.union({"path": ["identities", i, "all"], "subject": subject, "message": message}, pipeline.limit("replace", {i}, ["identities", i, "permissions"])) if {
	some i, identity in _writing
	identity.declared_at == "job"
	subject := identity.address
	message := $"the token of job \"{identity.job}\" may write everything"
}

deny contains object.union({"path": ["identities", first, "all"], "subject": "permissions", "message": message}, pipeline.limit("replace", inheriting, ["identities", first, "permissions"])) if {
	inheriting := {i | some i, identity in _writing; identity.declared_at == "pipeline"}
	first := min(inheriting)
	message := "the tokens of all jobs without permissions of their own may write everything"
}

_writing[i] := identity if {
	some i in pipeline.identities_of.platform_token
	identity := input.identities[i]
	identity.all == "write"
}
