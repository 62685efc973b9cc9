# METADATA
# title: Job that publishes takes files from a cache
# description: >-
#   What stands in the cache was put there by an earlier run, of whatever job and
#   change. It becomes a part of what is published, and runs beside the credential
#   that publishes it.
# custom:
#   severity: low
#   tier: strict
#   fix: Build what is published without a cache, or in a job of its own that has no credentials.
#   tags: [supply-chain]
#   cwe: [349]
package policyctl.pipeline.cache_in_publishing_job

import data.policyctl.lib.pipeline

# A script publishes.
deny contains {"path": ["caches", i], "subject": cache.address, "message": message, "related": related} if {
	pipeline.says(pipeline.scripts, {"publish", "push", "upload"})
	some i, cache in input.caches
	found := [j |
		some j, step in input.steps
		step.job == cache.job
		_publishes(step)
	]
	count(found) > 0
	not cache.job in _published
	message := $"{pipeline.place(cache)} takes files from a cache, and the job publishes"
	related := [{"message": "it publishes here", "path": ["steps", found[0], "script"]}]
}

_published contains input.components[j].job if some j in pipeline.does.publish

_publishes(step) if {
	some command in regex.find_n(`\b(?:(?:npm|pnpm|bun|lerna|yarn(?: npm)?)(?: -\S+)* publish|twine upload|(?:uv|poetry|flit|hatch|pdm|cargo) publish|gem push|nuget push)\b[^\n;&|]*`, step.script, -1)
	not regex.match(`--dry-run|\s-n\b`, command)
}

deny contains {"path": ["caches", i], "subject": cache.address, "message": message, "related": related} if {
	some i, cache in input.caches
	found := [j |
		some j in pipeline.does.publish
		input.components[j].job == cache.job
	]
	count(found) > 0
	message := $"{pipeline.place(cache)} takes files from a cache, and the job publishes"
	related := [{"message": "it publishes here", "path": ["components", found[0], "ref"]}]
}
