# METADATA
# title: Log output may set environment variables
# description: >-
#   With ACTIONS_ALLOW_UNSECURE_COMMANDS a line in the log sets variables and the
#   path of later steps. Whoever gets text into a log takes over the job and its
#   secrets.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
# custom:
#   severity: high
#   fix: Remove the variable, and write to GITHUB_ENV and GITHUB_PATH instead.
#   tags: [injection]
#   cwe: [77]
package policyctl.githubactions.insecure_commands

import data.policyctl.lib.githubactions

deny contains {"path": array.concat(env.path, [name]), "message": "log output may set environment variables and the path of later steps"} if {
	some env in githubactions.env
	some name, value in env.value
	upper(name) == "ACTIONS_ALLOW_UNSECURE_COMMANDS"
	lower($"{value}") == "true"
}
