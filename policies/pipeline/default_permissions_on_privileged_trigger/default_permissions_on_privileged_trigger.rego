# METADATA
# title: Outsiders start a job with the default token
# description: >-
#   Everybody can fire the event, and the job has what the settings give to every
#   token: in many repositories that may write everything. One injection, and the
#   token is an outsider's.
# custom:
#   severity: medium
#   fix: 'Write permissions: with the rights that the job needs, or {} for none.'
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.pipeline.default_permissions_on_privileged_trigger

import data.policyctl.lib.pipeline

deny contains object.union({"path": ["identities", i], "subject": identity.address, "message": message}, pipeline.limit("add", {i}, ["identities", i, job.id, "permissions"])) if {
	some job in input.jobs
	some event in job.open_to
	event in pipeline.privileged_events
	event != "upstream"
	some i, identity in input.identities
	identity.job == job.id
	identity.kind == "platform_token"
	not identity.explicit
	message := $"outsiders can start job \"{identity.job}\", and no permissions limit its token"
}
