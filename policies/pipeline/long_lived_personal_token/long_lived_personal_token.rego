# METADATA
# title: Token of a person
# description: >-
#   A personal access token has the rights of a person, in every project that the person
#   sees, for months. It ends when the person leaves, and the log of the platform says that
#   the person did what the pipeline does.
# custom:
#   severity: low
#   tier: audit
#   fix: >-
#     Use the token of the job, with the rights that it needs; where that is not enough, the token of an app
#     (actions/create-github-app-token), or a token of the project or group (GitLab) or repository (Bitbucket).
#   tags: [short-lived, least-privilege]
#   cwe: [324]
package policyctl.pipeline.long_lived_personal_token

import data.policyctl.lib.pipeline

# A token is one finding, where it is handed on first.
deny contains {"path": ["exposures", first, "secret"], "subject": exposure.address, "message": message} if {
	some found in _tokens
	first := min(found)
	exposure := input.exposures[first]
	message := $"{pipeline.place(exposure)} acts by {pipeline.called(exposure.secret)}, which is a person's by its name"
}

_tokens[exposure.value.secret] contains exposure.path[1] if {
	some exposure in pipeline.user_exposures
	regex.match(`(?i)(?:^|[_-])(?:pat|personal[_-](?:access[_-])?token)[0-9]*(?:[_-]|$)`, exposure.value.secret.name)
}
