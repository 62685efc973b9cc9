# METADATA
# title: Build is given a credential as an argument
# description: >-
#   The value of a build argument is recorded in the history of the image, in the build cache and in provenance
#   attestations. A build secret is recorded nowhere.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: medium
#   fix: Declare the credential under secrets, list it in build.secrets, and read it with RUN --mount=type=secret.
#   tags: [build]
#   cwe: [538]
package policyctl.compose.secret_in_build_arg

import data.policyctl.lib.compose
import data.policyctl.lib.secrets

# Arguments whose value is in the file break literal-secret and default-password.
deny contains {"path": variable.path, "at": "key", "message": message} if {
	some variable in compose.variables
	variable.kind == "build argument"
	secrets.secret_name(variable.key)
	_from_environment(variable.value)
	message := $"build argument {variable.key} of service {variable.service} carries a credential, the history of the image records it"
}

_from_environment(null)

_from_environment(value) if {
	is_string(value)
	not compose.literal(value)
	not compose.fallback(value)
}
