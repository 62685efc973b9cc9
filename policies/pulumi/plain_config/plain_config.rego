# METADATA
# title: Configuration of a stack holds a secret that is not encrypted
# description: >-
#   Pulumi encrypts what is set with --secret (secure:) and leaves everything else as it
#   is, in a file that is made to be committed.
# related_resources:
#   - https://www.pulumi.com/docs/iac/concepts/secrets/
# custom:
#   severity: critical
#   fix: Revoke the value, and set the new one with pulumi config set --secret.
#   tags: [secret-value]
#   cwe: [798, 312]
package policyctl.pulumi.plain_config

import data.policyctl.lib.secrets
import data.policyctl.lib.values

deny contains object.union(match, {"path": path, "subject": entry.name, "message": message}) if {
	some i, entry in input.config
	some leaf in values.strings(entry.value, regex.replace(entry.name, `^.*:`, ""))
	some match in _credentials(leaf)
	path := array.concat(["config", i, "value"], leaf.path)
	message := $"{concat(".", array.concat([entry.name], [part | some part in leaf.path; is_string(part)]))} is a literal credential"
}

_credentials(leaf) := {{} |
	values.secret_property(leaf.name)
	values.secret_text(leaf.name, leaf.text)
} | {{"match": match} | some match in secrets.userinfos(leaf.text)}
