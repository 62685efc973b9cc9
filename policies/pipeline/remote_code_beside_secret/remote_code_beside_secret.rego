# METADATA
# title: Download is run unseen beside a secret
# description: >-
#   What a server sends is run as it comes, with secrets among its variables. Whoever
#   controls the server, its name or its storage gets them.
# custom:
#   severity: high
#   fix: Download to a file, compare its checksum (sha256sum -c), then run it, in a step without secrets. In addresses of repositories, name a commit.
#   tags: [supply-chain]
#   cwe: [494]
package policyctl.pipeline.remote_code_beside_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["injected", i], "subject": step.address, "message": message, "targets": ({pipeline.called(one.secret) | some one in beside.secrets} | {object.get(text, "from", pipeline.unknown_host)})} if {
	some i, text in input.injected
	text.kind == "download"
	step := pipeline.step(text)
	beside := _beside(step, text)
	message := $"{pipeline.where(step)} runs a download as it comes, {beside.how}"
}

_beside(step, text) := {"secrets": found, "how": $"with {pipeline.names(found)} in its environment"} if {
	found := ((pipeline.environment(step) | pipeline.groups_beside(text)) | _named(text)) | _files(text)
	count(found) > 0
} else := {"secrets": found, "how": $"and hands {pipeline.names(found)} to it"} if {
	found := _arguments[[_job(text), text.step, text.command]]
}

# Where the platform gives a secret to every job, the step that names it chose that.
_named(text) := object.get(_ambient, [[_job(text), text.step]], set())

_ambient[[_job(exposure.value), exposure.value.step]] contains {"path": exposure.path, "secret": exposure.value.secret} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "ambient"
	pipeline.confidential(exposure.value.secret)
}

_files(text) := {found |
	some exposure in _filed[_job(text)]
	first := object.get(exposure.value, "step", text.step)
	first <= text.step
	text.step <= object.get(exposure.value, "until", first)
	found := {"path": exposure.path, "secret": exposure.value.secret}
}

_filed[_job(exposure.value)] contains exposure if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "file"
	pipeline.confidential(exposure.value.secret)
}

_arguments[[_job(flow.value), flow.value.step, flow.value.command]] contains {"path": flow.path, "secret": flow.value.secret} if {
	some flow in pipeline.flows_to.argv
}

_job(element) := object.get(element, "job", "")
