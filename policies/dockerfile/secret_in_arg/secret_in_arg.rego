# METADATA
# title: Build argument carries a credential
# description: >-
#   The value of a build argument is recorded with every RUN behind its ARG: in the history of the image, in the build
#   cache and in provenance attestations. A secret mount is recorded nowhere.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
#   - https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
# custom:
#   severity: medium
#   fix: Remove the ARG, and give the RUN that needs the credential --mount=type=secret,id=NAME.
#   tags: [build]
#   cwe: [538]
package policyctl.dockerfile.secret_in_arg

import data.policyctl.lib.dockerfile

# An argument with a literal default breaks literal-secret-in-arg, one that ENV
# keeps breaks secret-in-env: one fact, one finding.
deny contains {"path": array.concat(pair.path, ["key"]), "message": message, "related": related} if {
	some pair in dockerfile.pairs("ARG")
	pair.value.key in dockerfile.secret_arguments[pair.stage.index]
	not dockerfile.holds_credential(pair.value)
	name := [pair.stage.index, pair.value.key]
	not name in _kept_by_env
	message := $"build argument {pair.value.key} of {dockerfile.stage_name(pair.stage)} carries a credential, the history of the image records it"
	related := [{"path": path, "message": "used here"} | some path in _all_uses[name]]
}

_kept_by_env contains [pair.stage.index, name] if {
	some pair in dockerfile.pairs("ENV")
	some name in pair.value.references
}

_all_uses := _uses

_uses[[instruction.stage.index, name]] contains array.concat(instruction.path, ["variables", i]) if {
	some instruction in dockerfile.instructions
	some i, name in instruction.value.variables
}
