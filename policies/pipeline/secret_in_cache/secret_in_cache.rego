# METADATA
# title: Cache holds a file with a secret
# description: >-
#   Later runs get the cache, those of other branches and often of proposed changes
#   among them. The file in it was written from a secret.
# custom:
#   severity: high
#   fix: Write the file outside of the cached folders, or remove it before the job ends.
#   tags: [secret-exposure]
#   cwe: [538]
package policyctl.pipeline.secret_in_cache

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.cache
	message := $"the cache of {pipeline.place(flow.value)} keeps {flow.value.path}, which holds {pipeline.called(flow.value.secret)}"
}
