# METADATA
# title: Request of Terraform shows a secret to the network or to logs
# description: >-
#   Addresses of requests are kept in logs of proxies and servers, and what goes over
#   http can be read on the way.
# custom:
#   severity: high
#   fix: Send the secret in a header, over https, to a host that is meant to have it.
#   cwe: [319, 598]
package policyctl.terraform.secret_in_http_request

import data.policyctl.lib.terraform

deny contains {"path": array.concat(["resources", i, "values"], [argument]), "subject": entry.address, "message": message, "targets": (terraform.nearest(sources, entry) | terraform.hosts(entry.values.url))} if {
	some i, entry in input.resources
	entry.type == "http"
	some argument in ["url", "request_headers", "request_body"]
	sources := {reference |
		some reference in (terraform.references({"": entry.values[argument]}) | _derived(entry, argument))
		terraform.secret_reference(reference)
	}
	count(sources) > 0
	how := _shown(argument, entry.values)
	message := $"{entry.address} sends {concat(" and ", terraform.nearest(sources, entry))} {how}"
}

_derived(entry, argument) := {reference |
	some derived in object.get(entry, "derived", [])
	derived.path[0] == argument
	some reference in derived.from
}

_shown("url", _) := "as part of its address"

_shown(argument, values) := "without encryption" if {
	argument != "url"
	is_string(values.url)
	startswith(values.url, "http://")
}
