# METADATA
# title: Credential is sent to a host whose certificate is not checked
# description: >-
#   Whoever is on the way between the two can take the place of the host and is then
#   given the credential.
# custom:
#   severity: medium
#   tier: audit
#   fix: Remove the argument, and give hosts the certificate of the authority that signed it (ca_path).
#   cwe: [295]
package policyctl.ansible.certificate_not_checked

import data.policyctl.lib.ansible
import data.policyctl.lib.values

deny contains {"path": ["tasks", i, "args", key], "subject": task.name, "message": message} if {
	some i, task in input.tasks
	some key in ["validate_certs", "verify_ssl", "ssl_verify", "tls_verify"]
	_off(task.args[key])
	some found in ansible.arguments
	found.path[1] == i
	found.text != ""
	_credential(found.name)
	message := $"{ansible.called(task)} sends {found.name} and does not check the certificate"
}

_off(value) if values.is_false(value)

_off(value) if lower(sprintf("%v", [value])) in {"no", "off"}

_credential(name) if ansible.secret_name(name)

_credential(name) if lower(name) == "authorization"
