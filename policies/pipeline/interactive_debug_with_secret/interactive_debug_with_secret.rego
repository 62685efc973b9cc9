# METADATA
# title: Session for debugging runs beside secrets
# description: >-
#   The step opens a shell on the runner to whoever knows its address, which the log
#   prints. All that the job was given can be read there, and nothing is masked.
# custom:
#   severity: high
#   fix: Remove the step, or move it to a job of its own that gets no secrets and runs by hand only.
#   tags: [secret-exposure]
#   cwe: [489]
package policyctl.pipeline.interactive_debug_with_secret

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "ref"], "subject": component.address, "message": message, "related": related} if {
	some i, component in input.components
	$"{component.owner}/{component.name}" in _sessions
	given := {j: exposure |
		some exposure in pipeline.user_exposures
		exposure.value.job == component.job
		j := exposure.path[1]
	}
	count(given) > 0
	names := {exposure.value.secret.name | some exposure in given}
	message := $"{pipeline.place(component)} opens a shell on the runner, in a job that gets {concat(", ", sort(names))}"
	related := [{"message": "a secret that the session can read", "path": ["exposures", min(object.keys(given)), "secret"]}]
}

_sessions := {
	"csexton/debugger-action",
	"fawazahmed0/action-debug",
	"lhotari/action-upterm",
	"luchihoratiu/debug-via-ssh",
	"mxschmitt/action-tmate",
	"namespacelabs/breakpoint-action",
	"owenthereal/action-upterm",
	"p3terx/ssh2actions",
	"tailscale/ssh-action",
	"valeriangalliat/action-sshd-cloudflared",
	"warpdotdev/action-warpify",
}
