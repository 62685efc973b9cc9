# METADATA
# title: Secret is sent over the network
# description: >-
#   A list to read: which step sends which secret to which host. Compare it with the
#   hosts that the secret is meant for.
# custom:
#   severity: low
#   tier: audit
#   fix: Where the host is none that the secret is meant for, remove the request and rotate the secret.
#   tags: [secret-exposure]
#   cwe: [201]
package policyctl.pipeline.secret_to_network_host

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message, "targets": [pipeline.host(flow.value)]} if {
	some flow in pipeline.flows_to.network
	message := $"{pipeline.place(flow.value)} sends {pipeline.called(flow.value.secret)} to {pipeline.host(flow.value)} by {flow.value.command}"
}
