# METADATA
# title: File with a secret stays on a shared machine
# description: >-
#   The runner is a machine of one's own that lives on. The next job there, of whatever
#   branch or repository, can read the file.
# custom:
#   severity: high
#   fix: Remove the file when the job ends, however it ends (a trap, an always() step), or write it to the folder that the runner empties ($RUNNER_TEMP).
#   tags: [lifetime]
#   cwe: [459]
package policyctl.pipeline.credential_file_left_on_self_hosted_runner

import data.policyctl.lib.pipeline

deny contains {"path": ["credential_files", i], "subject": file.address, "message": message} if {
	some i, file in input.credential_files
	file.removed == "no"
	pipeline.own_machine(file)
	pipeline.confidential(file.secret)
	not pipeline.login(file)
	not _uploaded(file)
	not regex.match(`^[$]\{?(?:RUNNER_TEMP|AGENT_TEMPDIRECTORY|Agent\.TempDirectory)|^\.git/config$`, file.path)
	message := $"{pipeline.place(file)} leaves {pipeline.called(file.secret)} in {file.path} on a machine that others may share"
}

# What everybody can download is told there.
_uploaded(file) if {
	some flow in pipeline.flows_to.artifact
	object.get(flow.value, "job", "") == object.get(file, "job", "")
	flow.value.path == file.path
	flow.value.secret == file.secret
}
