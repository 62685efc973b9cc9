# METADATA
# title: Secret is part of an address that is requested
# description: >-
#   Addresses are kept where headers are not: in the logs of servers and proxies, in
#   messages of errors, in what a page links to.
# custom:
#   severity: medium
#   tier: strict
#   fix: Send the secret in a header or in the body of the request.
#   tags: [secret-exposure]
#   cwe: [598]
package policyctl.pipeline.secret_in_url

import data.policyctl.lib.pipeline

# An address that is the secret as a whole, as those of webhooks are, cannot be sent
# in another way: then the host is not known.
deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in pipeline.flows_to.network
	flow.value.in_url
	flow.value.host
	message := $"{flow.value.command} in {pipeline.place(flow.value)} sends {pipeline.called(flow.value.secret)} to {flow.value.host} as part of the address"
}
