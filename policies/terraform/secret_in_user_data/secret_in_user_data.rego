# METADATA
# title: Start script of a machine holds a literal credential
# description: >-
#   The script stands in the repository and in the state, and every process of the
#   machine can ask the metadata service for it.
# custom:
#   severity: critical
#   fix: Revoke the credential, and let the machine fetch it from a secret store with its own identity.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.terraform.secret_in_user_data

import data.policyctl.lib.secrets
import data.policyctl.lib.terraform

deny contains object.union(terraform.place(script.resource, script.path), {"match": match, "message": message}) if {
	some script in terraform.start_scripts
	is_string(script.value)
	some match in _credentials(script.value)
	not terraform.reported_elsewhere(script.resource.entry, script.path)
	message := $"start script {terraform.dotted(script.path)} of {script.resource.address} holds a literal credential"
}

deny contains object.union(terraform.place(script.resource, script.path), {"match": match, "message": message}) if {
	some script in terraform.start_scripts
	is_string(script.value)
	base64.is_valid(script.value)
	some match in _credentials(base64.decode(script.value))
	not terraform.reported_elsewhere(script.resource.entry, script.path)
	message := $"start script {terraform.dotted(script.path)} of {script.resource.address} holds a literal credential, encoded"
}

_credentials(text) := (secrets.settings(text) | secrets.userinfos(text)) | {key |
	some key in regex.find_n(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----`, text, -1)
}
