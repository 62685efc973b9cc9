# METADATA
# title: Secret is committed in clear text
# description: >-
#   The values of a Secret are encoded, not encrypted. Whoever can read the
#   repository, or ever could, has them.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/secrets-good-practices/
# custom:
#   severity: high
#   fix: Revoke the value, keep the new one in a secret store, and commit an ExternalSecret, a SealedSecret or a file encrypted with SOPS.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.kubernetes.secret_in_manifest

import data.policyctl.lib.kubernetes as k8s
import data.policyctl.lib.secrets

deny contains object.union(found.place, {"path": [field, key], "message": message}) if {
	input.kind == "Secret"
	some field in ["data", "stringData"]
	is_object(input[field])
	some key, value in input[field]
	some found in k8s.secret_credentials(key, _text(field, value))
	message := $"key {key} of the Secret holds {found.what} in clear text"
}

_text("stringData", value) := value

# What is no base64 is refused by the API server, unless something else fills it
# in before: it is taken as it stands. So are words to be replaced that happen to
# be base64.
_text("data", value) := base64.decode(packed) if {
	is_string(value)
	packed := regex.replace(value, `\s+`, "")
	base64.is_valid(packed)
	not _placeholder(packed)
} else := value

_placeholder(packed) if {
	count(packed) < 40
	not secrets.literal(packed)
}
