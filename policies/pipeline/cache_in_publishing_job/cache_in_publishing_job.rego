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
