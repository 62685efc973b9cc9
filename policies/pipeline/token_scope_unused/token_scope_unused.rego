# METADATA
# title: Token of the job may write what the job does not
# description: >-
#   Whatever runs in the job can use the right. None of its steps needs it, as far as
#   is known of the components that they run; where anything else could have the token,
#   nothing is said.
# custom:
#   severity: low
#   tier: strict
#   fix: Remove the permission, or write none or read.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.token_scope_unused

import data.policyctl.lib.pipeline

# Jobs that inherit the permission of their pipeline share one place.
deny contains {"path": array.concat(first, ["level"]), "subject": subject, "message": message, "fix": fix} if {
	some [subject, name], found in _groups
	every path in found {
		_unused(input.identities[path[1]], name)
	}
	first := min(found)
	jobs := concat(", ", sort({input.identities[path[1]].job | some path in found}))
	message := $"nothing in {jobs} needs to write {name}"
	fix := {"op": "replace", "path": array.concat(first, [name]), "value": "read"}
}

_groups[[_declaration(identity), scope.name]] contains ["identities", i, "scopes", j] if {
	some i in pipeline.identities_of.platform_token
	identity := input.identities[i]
	some j, scope in identity.scopes
	scope.level == "write"
	scope.name != "id-token"
}

_declaration(identity) := "permissions" if {
	identity.declared_at == "pipeline"
} else := identity.address

_unused(identity, name) if {
	steps := pipeline.steps_of(identity)
	count(steps) > 0
	not pipeline.unread(identity)
	not identity.job in pipeline.token_holders
	every step in steps {
		_needs_not(step, name)
	}
}

# A script that was not given the token finds it where a checkout left it, for git.
_needs_not(step, name) if {
	step.kind == "shell"
	name != "contents"
}

_needs_not(step, _) if {
	step.kind == "shell"
	pipeline.trivial(step.script)
}

_needs_not(step, name) if {
	step.kind == "component"
	facts := pipeline.facts(step)
	count(facts.scripts) == 0
	not _anything(facts)
	not _writes(facts, name)
}

_writes(facts, name) if {
	some scope in facts.permissions
	scope.name == name
	scope.level == "write"
}

# _anything holds for what publishes or deploys, and by what right is not told.
_anything(facts) if {
	count(facts.permissions) == 0
	some what in facts.does
	what in {"deploy", "publish"}
}
