# METADATA
# title: Provider sends its credential to a server that nobody verified
# description: >-
#   Whoever is on the way can pose as the server, and gets the credential that the
#   provider logs in with, and what the server would have answered.
# custom:
#   severity: medium
#   fix: Use https, verify the certificate, and name the authority that issued it (ca_cert_file, cluster_ca_certificate).
#   cwe: [295, 319]
package policyctl.terraform.provider_without_tls_verification

import data.policyctl.lib.terraform

deny contains {"path": array.concat(["providers", i, "values"], path), "subject": $"provider.{provider.name}", "message": message} if {
	some i, provider in input.providers
	walk(provider.values, [path, value])
	name := path[count(path) - 1]
	is_string(name)
	_unverified(name, value)
	message := $"argument {terraform.dotted(path)} of provider.{provider.name} is {value}: nobody verifies the server"
}

_unverified(name, value) if {
	regex.match(`^(?:allow_unverified_ssl|allow_insecure|insecure|insecure_https|insecure_skip_verify|insecure_ssl_verification|skip_ssl_verify|skip_tls_verify|ssl_insecure|tls_insecure|tls_insecure_skip_verify|tls_skip_verify)$`, name)
	terraform.is_true(value)
}

_unverified(name, value) if {
	name in {"ssl_verify", "tls_verify", "verify_ssl", "verify_tls"}
	terraform.is_false(value)
}

_unverified("sslmode", "disable")

_unverified(name, value) if {
	name in {"address", "base_url", "endpoint", "host", "server_url", "url"}
	is_string(value)
	regex.match(`^http://`, value)
	not regex.match(`^http://(?:localhost|127\.|\[::1\]|host\.docker\.internal|[a-z0-9-]+(?::|/|$))`, value)
}
