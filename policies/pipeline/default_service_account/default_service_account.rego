# METADATA
# title: Pods of the pipeline run as the default account
# description: >-
#   Every pod of the namespace that names no account has the same one. A right that one
#   of them needs reaches all of them, and the token of the account is mounted into each.
# custom:
#   severity: low
#   tier: strict
#   fix: >-
#     Make a service account with the rights that the pipeline needs and name it: spec.serviceAccountName of an Argo
#     workflow, spec.taskRunTemplate.serviceAccountName of a Tekton run. Where it needs none, set automountServiceAccountToken to false.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.default_service_account

import data.policyctl.lib.pipeline

deny contains {"path": ["identities", i, "name"], "subject": identity.address, "message": message} if {
	some i, identity in _default
	identity.explicit
	message := $"{_who(identity)} runs as the account that all pods of the namespace have"
}

# Who starts a template or a task by itself may name an account.
deny contains {"path": ["identities", first], "subject": "identities.service_account", "message": message} if {
	not input.kind in {"reusable", "component"}
	jobs := {i: _who(identity) | some i, identity in _default; not identity.explicit}
	first := min(object.keys(jobs))
	message := $"no account is named for {concat(", ", sort({who | some who in jobs}))}, which makes it the one that all pods of the namespace have"
}

_default[i] := identity if {
	some i in pipeline.identities_of.service_account
	identity := input.identities[i]
	identity.name == "default"
}

_who(identity) := $"job \"{identity.job}\"" if {
	identity.job
} else := "the whole pipeline"
