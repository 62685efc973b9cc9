# METADATA
# title: Pipeline with secrets is untouched for half a year
# description: >-
#   A pipeline that nobody needs any more still gets its secrets, and runs the
#   components of the day on which it was written.
# custom:
#   severity: low
#   tier: strict
#   fix: Remove the pipeline if nobody needs it, and revoke the secrets that only it used.
#   tags: [clock, least-privilege]
package policyctl.graph.stale_pipeline

import data.policyctl.lib.graph

# One that runs on a schedule is in use. One finding for each file.
deny contains {"path": ["workloads", id], "subject": file, "message": message} if {
	some file, ids in _stale
	id := min(ids)
	message := $"{file} gets secrets and was last changed on {graph.day(input.workloads[id].changed_ns)}"
}

_stale[workload.file] contains id if {
	some id in {use.consumer | some use in input.uses}
	workload := input.workloads[id]
	workload.kind == "job"
	not workload.schedule_s
	workload.changed_ns + (_limit_days * 86400000000000) < data.run.now_ns
}

_limit_days := 180
