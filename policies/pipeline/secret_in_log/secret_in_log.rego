# METADATA
# title: Secret is printed where nothing hides it
# description: >-
#   Platforms hide a secret in the log only as it was stored, some in a few encodings
#   of it too. What was cut out of it, decoded or turned is another text, and some
#   platforms hide nothing: whoever can read the log has the secret.
# related_resources:
#   - https://docs.github.com/en/actions/reference/security/secure-use
# custom:
#   severity: high
#   fix: 'Do not print the value. Where a derived value must exist, register it first (::add-mask:: on GitHub, issecret=true on Azure), or keep it as a secret of its own.'
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.secret_in_log

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.kept_in.log
	flow.value.masked == "no"
	pipeline.printed(flow.value) in {"print", "dump"}
	message := $"{pipeline.place(flow.value)} prints {pipeline.called(flow.value.secret)}{pipeline.changed(flow.value)} by {flow.value.command}, and the log does not hide it"
}
