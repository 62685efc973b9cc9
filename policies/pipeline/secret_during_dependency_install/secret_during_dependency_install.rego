# METADATA
# title: Dependencies run their code beside a secret
# description: >-
#   Package managers run code of the packages that they install or build: scripts,
#   build files, plugins. It sees the variables of the step, and one package that was
#   taken over sends them away.
# custom:
#   severity: medium
#   tier: strict
#   fix: Install in a step that has no secrets, or without scripts (npm ci --ignore-scripts); give the secret to the step behind that needs it.
#   tags: [supply-chain, least-privilege]
#   cwe: [829]
package policyctl.pipeline.secret_during_dependency_install

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message} if {
	some i, found in pipeline.secrets_at
	step := input.steps[i]
	command := pipeline.install(step.script)
	message := $"\"{command}\" in {pipeline.where(step)} runs code of dependencies with {pipeline.names(found)} in its environment"
}
