# METADATA
# title: Login stays on a shared machine
# description: >-
#   The runner is a machine of one's own that lives on. The tool keeps the login in the
#   home folder, and the next job there is logged in.
# custom:
#   severity: medium
#   fix: Log out when the job ends, however it ends (a trap, an always() step), or let the tool keep its settings in a folder of the job (DOCKER_CONFIG, KUBECONFIG, CLOUDSDK_CONFIG).
#   tags: [lifetime]
#   cwe: [613]
package policyctl.pipeline.login_without_logout

import data.policyctl.lib.pipeline

deny contains {"path": ["credential_files", i], "subject": file.address, "message": message} if {
	some i, file in input.credential_files
	file.removed == "no"
	pipeline.own_machine(file)
	pipeline.login(file)
	message := $"{file.tool} in {pipeline.place(file)} leaves its login in {file.path} on a machine that others may share"
}
