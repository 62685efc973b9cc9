# METADATA
# title: Job may ask for identity tokens and has no use for them
# description: >-
#   Whatever runs in the job can ask for a token that says who the job is, and get in where
#   that is trusted. Nothing that the job is known to run does so.
# custom:
#   severity: low
#   tier: strict
#   fix: Remove the permission id-token (GitHub), the id_tokens (GitLab) or oidc (Bitbucket) of the job.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.identity_token_unused

import data.policyctl.lib.pipeline

# Jobs that inherit the permission of their pipeline share one place.
deny contains {"path": ["identities", first], "subject": identity.address, "message": message} if {
	some found in _groups
	every i in found {
		_unused(input.identities[i])
	}
	first := min(found)
	identity := input.identities[first]
	jobs := concat(", ", sort({input.identities[i].job | some i in found}))
	message := $"nothing in {jobs} uses {_token(identity)}"
}

_groups[_declaration(i, identity)] contains i if {
	some i in pipeline.identities_of.oidc
	identity := input.identities[i]
	identity.explicit
}

_declaration(_, identity) := "pipeline" if {
	identity.declared_at == "pipeline"
} else := identity.address

_token(identity) := $"identity token {identity.name}" if {
	identity.name
} else := "the identity token that it may ask for"

# The runner of GitLab shows the token to the store that a secret comes from.
_fetches(identity) if {
	some exposure in input.exposures
	exposure.secret.store in {"vault", "aws_secrets_manager", "gcp_secret_manager", "azure_key_vault", "akeyless"}
	exposure.job == identity.job
}

# What nobody knows of may use it.
_unused(identity) if {
	not _fetches(identity)
	steps := pipeline.steps_of(identity)
	count(steps) > 0
	not pipeline.unread(identity)
	every step in steps {
		_does_not_ask(step)
		not contains(object.get(step, "script", ""), object.get(identity, "name", "OIDC"))
	}
}

# A token that is a variable of the job may be told to be read by no step.
_unused(identity) if {
	not _fetches(identity)
	some exposure in input.exposures
	exposure.address == identity.address
	not pipeline.unread(identity)
	count(exposure.readers) > 0
	every reader in exposure.readers {
		reader.uses == "no"
	}
}

_does_not_ask(step) if {
	step.kind == "shell"
	pipeline.trivial(step.script)
}

_does_not_ask(step) if {
	step.kind == "component"
	facts := pipeline.facts(step)
	facts.oidc != "used"
	count(facts.scripts) == 0
	count({"deploy", "publish"} & {what | some what in facts.does}) == 0
	not "id-token" in {scope.name | some scope in facts.permissions}
}
