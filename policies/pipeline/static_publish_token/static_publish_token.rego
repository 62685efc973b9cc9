# METADATA
# title: Package is published by a stored token
# description: >-
#   The token can publish from anywhere until somebody revokes it. The registry can trust the
#   identity of the job in its place (trusted publishing), and then nothing is stored.
# related_resources:
#   - https://repos.openssf.org/trusted-publishers-for-all-package-repositories
# custom:
#   severity: low
#   tier: strict
#   fix: >-
#     Make the pipeline a trusted publisher of the package at the registry, give the job its identity token
#     (id-token write on GitHub, id_tokens on GitLab, a context on CircleCI) and remove the stored token.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.pipeline.static_publish_token

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(min(found), ["secret"]), "subject": exposure.address, "message": message} if {
	some [i, registry, secret], found in _tokens
	exposure := input.exposures[min(found)[1]]
	message := $"{pipeline.where(input.steps[i])} publishes to {registry} by {pipeline.called(secret)}; the registry can trust the job in its place"
}

# _tokens are the places of the token by which a step publishes.
_tokens[[i, tool.registry, exposure.value.secret]] contains exposure.path if {
	some i, step in input.steps
	some tool in _tools
	input.platform in tool.platforms
	_publishes(step, tool)
	some exposure in _given([object.get(step, "job", ""), step.index])
	regex.match(tool.tokens, upper($"{exposure.value.variable} {exposure.value.secret.name}"))
}

_tokens[[i, tool.registry, exposure.value.secret]] contains exposure.path if {
	some component in {input.components[j] | some j in pipeline.does.publish}
	i := pipeline.positions[[object.get(component, "job", ""), component.step]]
	input.steps[i].component == component.ref
	facts := component.facts
	some tool in _tools
	input.platform in tool.platforms
	facts.provider == tool.provider
	not _private(tool, concat(" ", [value | some name, value in pipeline.texts(component); regex.match(`registry|repository`, name); contains(value, "://")]))
	some exposure in _inputs[[object.get(component, "job", ""), component.step]]
	lower(exposure.value.variable) in {credential.input | some credential in facts.credentials}
}

_tools := [
	{
		"registry": "npm",
		"provider": "npm",
		"command": `\b(?:npm|pnpm|bun|lerna|yarn(?: npm)?)(?: -\S+)* publish\b[^\n;&|]*`,
		"tokens": `\b(?:NPM|NODE_AUTH|YARN_NPM)`,
		"host": `registry\.(?:npmjs\.org|yarnpkg\.com)`,
		"platforms": {"circleci", "githubactions", "gitlab"},
	},
	{
		"registry": "PyPI",
		"provider": "pypi",
		"command": `\b(?:twine upload|(?:uv|poetry|flit|hatch|pdm) publish|maturin (?:publish|upload))\b[^\n;&|]*`,
		"tokens": `PYPI|\b(?:TWINE|UV_PUBLISH|FLIT|HATCH|PDM_PUBLISH)`,
		"host": `(?:upload|test)\.pypi\.org`,
		"platforms": {"githubactions", "gitlab"},
	},
	{
		"registry": "crates.io",
		"provider": "crates",
		"command": `\bcargo(?: \+\S+)? (?:publish|release)\b[^\n;&|]*`,
		"tokens": `\b(?:CARGO|CRATES)`,
		"host": `crates\.io`,
		"platforms": {"githubactions", "gitlab"},
	},
	{
		"registry": "RubyGems",
		"provider": "rubygems",
		"command": `\b(?:gem push|rake release)\b[^\n;&|]*`,
		"tokens": `GEM`,
		"host": `rubygems\.org`,
		"platforms": {"githubactions"},
	},
	{
		"registry": "NuGet",
		"provider": "nuget",
		"command": `\b(?:dotnet )?nuget push\b[^\n;&|]*`,
		"tokens": `NUGET`,
		"host": `nuget\.org`,
		"platforms": {"githubactions"},
	},
]

_publishes(step, tool) if {
	pipeline.says(step.script, {"push", "publish", "release", "upload"})
	some command in regex.find_n(tool.command, regex.replace(step.script, `\\\n`, " "), -1)
	not regex.match(`--dry-run|\s-n\b`, command)
	not _private(tool, command)
	not _private(tool, object.get(_registries, object.get(step, "job", ""), ""))
}

# _private holds for words that name another registry than the public one.
_private(tool, words) if {
	regex.match(`://|--registry\s+[a-z]|--repository\s+[a-z]|\s-r\s`, words)
	not regex.match(tool.host, words)
}

# _registries are what jobs set up to publish to.
_registries := {job: concat(" ", words) | some job, words in _addresses}

_addresses[object.get(component, "job", "")] contains pipeline.texts(component)["registry-url"] if some component in input.components

_addresses[object.get(literal, "job", "")] contains literal.value if {
	some literal in input.literals
	regex.match(`(?i)^(?:npm_config_registry|yarn_npm_publish_registry|twine_repository_url|uv_publish_url)$`, literal.variable)
}

# _given are the user's secrets that a script finds.
_given(key) := {exposure |
	some exposure in _confidential
	exposure.value.at in {"ambient", "inline", "step_env"}
	[object.get(exposure.value, "job", ""), exposure.value.step] == key
} | {exposure |
	some exposure in _confidential
	key in pipeline.shared_readers[exposure.path[1]]
}

_inputs := _inputs_of

_inputs_of[[object.get(exposure.value, "job", ""), exposure.value.step]] contains exposure if {
	some exposure in _confidential
	exposure.value.at == "input"
}

_confidential contains exposure if {
	some exposure in pipeline.user_exposures
	pipeline.confidential(exposure.value.secret)
	pipeline.confidential({"name": object.get(exposure.value, "variable", "")})
}
