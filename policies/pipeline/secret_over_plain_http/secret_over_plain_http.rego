# METADATA
# title: Secret is sent without encryption
# description: >-
#   The address is one of plain HTTP (or names no scheme, which means that). Whoever
#   is on the way reads the secret and may answer in place of the server.
# custom:
#   severity: high
#   fix: Write https:// and let the server refuse everything else.
#   tags: [secret-exposure]
#   cwe: [319]
package policyctl.pipeline.secret_over_plain_http

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message, "targets": [flow.value.host]} if {
	some flow in pipeline.sent
	flow.value.scheme in {"http", "ftp", "ws", "telnet", "ldap"}
	flow.value.host
	not _near(flow.value.host)
	message := $"{pipeline.place(flow.value)} sends {pipeline.called(flow.value.secret)} to {flow.value.host} over plain {flow.value.scheme}"
}

# What does not leave the machine or the network of the job is not read on the way:
# names without a dot are containers beside it.
_near(host) if not contains(host, ".")

_near(host) if regex.match(`^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|169\.254\.|0\.0\.0\.0$)|\.(?:local|localhost|internal|svc|test|cluster\.local)$`, host)
