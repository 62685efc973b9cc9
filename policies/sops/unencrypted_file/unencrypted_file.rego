# METADATA
# title: File that SOPS should encrypt is not encrypted
# description: >-
#   A rule of .sops.yaml or its name says that the file is encrypted. It was committed before
#   somebody encrypted it, or after it was edited in another way than with sops.
# related_resources:
#   - https://getsops.io/docs/#using-sops-yaml-conf-to-select-kms-pgp-and-age-for-new-files
# custom:
#   severity: high
#   fix: Revoke what the file holds, encrypt it with sops --encrypt --in-place, and check it in a hook.
#   tags: [encryption]
#   cwe: [312]
package policyctl.sops.unencrypted_file

import data.policyctl.lib.secrets

deny contains {"path": [], "message": message} if {
	input.encrypted == false
	some why in _reasons[input.claimed]
	_meant
	message := $"{why}, and it is not encrypted"
}

_reasons := {"rule": {"a rule of .sops.yaml claims the file"}, "name": {"the name of the file says that it is encrypted"}}

# A rule for files of any name is meant for those that hold a credential.
_meant if {
	input.broad == false
	some value in input.left
	value.option == ""
}

_meant if {
	some value in input.left
	value.option == ""
	secrets.secret_name(value.name)
	secrets.literal(value.value)
}
