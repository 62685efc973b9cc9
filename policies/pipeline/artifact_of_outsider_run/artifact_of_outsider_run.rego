# METADATA
# title: Artifact of an outsider's run is executed
# description: >-
#   Whoever proposes a change decides what the artifacts of its run hold. This job
#   fetches them and runs something from where they lie, with the repository's
#   secrets and a token.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   severity: critical
#   fix: >-
#     Unpack the artifact into a folder of its own, outside of the work tree, read
#     only data from it, and check what is read: a number has only digits.
#   tags: [injection]
#   cwe: [829]
package policyctl.pipeline.artifact_of_outsider_run

import data.policyctl.lib.pipeline

deny contains {"path": ["steps", i, "script"], "match": command, "subject": step.address, "message": message, "related": related} if {
	some download in pipeline.outsider_downloads
	some i, step in input.steps
	step.job == download.job
	step.index >= download.step
	some [_, command] in regex.find_all_string_submatch_n(_runs(download.folder), step.script, 1)
	message := $"{pipeline.where(step)} runs {command} beside an artifact that an outsider's run made"
	related := [{"message": "it is fetched here", "path": download.path}]
}

# What is unpacked into the work tree replaces files there.
_runs(".") := `(?m)(?:^|[;&|(]|\bsudo)\s*((?:\./|(?:bash|sh|source|\.|node|python3?|ruby|perl)\s+)[\w./-]+|make\b|(?:npm|yarn|pnpm|bun)\s+(?:ci|i|install|run|test|start)\b|pip3?\s+install\s+(?:-r|-e|\.)|(?:mvn|gradle|cargo|rake|tox|pytest|go\s+run|docker\s+build)\b)`

_runs(folder) := replace(_within, "FOLDER", folder) if folder != "."

_within := `(?m)(?:^|[;&|(]|\bsudo)\s*((?:(?:bash|sh|source|\.|node|python3?|ruby|perl|chmod\s+\S*x\S*|make\s+-C|pip3?\s+install|docker\s+load\s+(?:-i|--input))\s+)?["']?(?:\./)?FOLDER/[\w./-]+)`
