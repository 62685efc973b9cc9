package policyctl.pipeline.service_connection_in_untrusted_job_test

import data.policyctl.pipeline.service_connection_in_untrusted_job as rule

_doc(kind, events) := {
	"jobs": [{"id": "a", "open_to": events}],
	"identities": [{"kind": kind, "name": "shop", "job": "a", "address": "jobs.a.identities.shop"}],
}

test_open if {
	rule.deny == {{
		"path": ["identities", 0],
		"subject": "jobs.a.identities.shop",
		"message": "job \"a\", which outsiders can start by pull_request, acts through the service connection shop",
	}} with input as _doc("service_connection", ["pull_request"])
}

test_closed if {
	count(rule.deny) == 0 with input as _doc("service_connection", [])
	count(rule.deny) == 0 with input as _doc("oidc", ["pull_request"])
	kept := json.patch(_doc("service_connection", ["pull_request"]), [{"op": "add", "path": "identities/0/closed", "value": true}])
	count(rule.deny) == 0 with input as kept
}
