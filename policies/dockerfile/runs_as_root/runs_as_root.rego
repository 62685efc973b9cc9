# METADATA
# title: Container runs as root
# description: >-
#   A process that runs as root reads every secret that is mounted into its container, whatever the mode of the file, and
#   needs one flaw less to read those of the host.
# related_resources:
#   - https://docs.docker.com/build/building/best-practices/#user
# custom:
#   severity: medium
#   tier: strict
#   fix: End the final stage with USER and a numeric ID other than 0.
#   tags: [hardening]
#   cwe: [250]
package policyctl.dockerfile.runs_as_root

import data.policyctl.lib.dockerfile

deny contains {"path": array.concat(user.path, ["user"]), "message": message} if {
	user := _user
	regex.match(`^(?:root|0+)(?::|$)`, user.value.user)
	message := $"the final stage runs as {user.value.user}"
}

deny contains {"path": ["stages", stage.index, "image"], "message": message} if {
	some stage in input.stages
	stage.final
	not _user
	not regex.match(`(?i)nonroot|non-root|unprivileged|rootless`, _base.image)
	message := "the final stage names no USER, so it runs as the user of its base image, mostly root"
}

# _user is the last USER of the final stage, or else of the stage it begins with.
_user := users[count(users) - 1] if {
	nearest := max([instruction.stage.index | some instruction in _users])
	users := [instruction | some instruction in _users; instruction.stage.index == nearest]
}

_users := [instruction |
	some instruction in dockerfile.instructions
	instruction.stage.index in _chain
	instruction.value.name == "USER"
	not instruction.value.onbuild
]

# _base is the stage in which the chain leaves the file.
_base := input.stages[min(_chain)]

# _chain are the final stage and those it begins with, by index.
_chain := graph.reachable(_parents, {count(input.stages) - 1})

# A stage can only begin with an earlier one.
_parents := {stage.index: parents |
	some stage in input.stages
	parents := {index | some index in _all_named[lower(stage.image)]; index < stage.index}
}

_all_named := _named

_named[lower(stage.name)] contains stage.index if some stage in input.stages
