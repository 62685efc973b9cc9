# METADATA
# title: Outsider fills a cache that trusted jobs read
# description: >-
#   The job runs what an outsider proposes and may write the caches of the default
#   branch. What stands in them comes back in later jobs, those with secrets and
#   those that publish among them.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache
# custom:
#   severity: high
#   fix: >-
#     Run the change in a job of the plain pull request event, whose caches others do
#     not read, or restore only (actions/cache/restore).
#   tags: [injection]
#   cwe: [349]
package policyctl.pipeline.cache_filled_by_outsider

import data.policyctl.lib.pipeline

deny contains {"path": ["caches", i], "subject": cache.address, "message": message, "related": related} if {
	input.platform == "githubactions"
	some i, cache in input.caches
	some j, checkout in input.checkouts
	checkout.source == "change"
	checkout.job == cache.job
	some k in [min(pipeline.run_after(checkout))]
	some event in input.steps[k].open_to
	event in pipeline.privileged_events
	message := $"{pipeline.place(cache)} keeps a cache of the default branch, which the code of an outsider can fill"
	related := [{"message": "the change of an outsider is checked out here", "path": ["checkouts", j]}]
}
