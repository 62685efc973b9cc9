# METADATA
# title: State is stored or sent without encryption
# description: >-
#   The state holds every secret of every resource in clear text. The S3 backend
#   asks for encryption only if encrypt is true, and an http address sends the
#   state over the network as it is.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/backend/s3
# custom:
#   severity: medium
#   fix: Set encrypt = true, best with a kms_key_id of your own; use an address that begins with https.
#   cwe: [311]
package policyctl.terraform.backend_unencrypted

import data.policyctl.lib.terraform

# A backend without a bucket gets its arguments on the command line.
deny contains {"path": ["backend", "values", "encrypt"], "subject": "backend.s3", "message": message, "fix": fix} if {
	input.backend.type == "s3"
	values := input.backend.values
	values.bucket
	not terraform.unknown(object.get(values, "encrypt", null))
	not terraform.is_true(object.get(values, "encrypt", false))
	message := "the backend s3 stores the state without asking for encryption"
	fix := {"op": "add", "path": ["backend", "values", "encrypt"], "value": true}
}

deny contains {"path": ["backend", "values", name], "subject": "backend.http", "message": message} if {
	input.backend.type == "http"
	some name in ["address", "lock_address", "unlock_address"]
	address := input.backend.values[name]
	is_string(address)
	startswith(address, "http://")
	not regex.match(`^http://(?:localhost|127[.]|\[::1\])`, address)
	message := $"argument {name} of the backend http sends the state without encryption"
}
