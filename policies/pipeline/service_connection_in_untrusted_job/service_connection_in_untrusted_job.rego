# METADATA
# title: Job that outsiders can start acts through a service connection
# description: >-
#   What a change proposes runs as the account behind the connection. Whether builds of
#   forks get connections is decided by a switch in the settings of the platform.
# custom:
#   severity: medium
#   tier: strict
#   fix: Test proposed changes in a job without the connection, or require an approval for it.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.service_connection_in_untrusted_job

import data.policyctl.lib.pipeline

deny contains {"path": ["identities", i], "subject": identity.address, "message": message} if {
	some i, identity in input.identities
	identity.kind == "service_connection"
	not identity.closed
	some job in input.jobs
	job.id == identity.job
	count(job.open_to) > 0
	message := $"{pipeline.place(identity)}, which outsiders can start by {concat(", ", job.open_to)}, acts through the service connection {identity.name}"
}
