# METADATA
# title: Service holds a literal credential
# description: >-
#   A value in a configuration of the Serverless Framework is readable by everyone who
#   can read the repository. As a variable of a function the cloud shows it, too.
# custom:
#   severity: critical
#   fix: "Revoke the value; refer to a store with ${ssm:…}, or let the function read the secret when it starts."
#   tags: [secret-value]
#   cwe: [798]
package policyctl.serverless.literal_secret

import data.policyctl.lib.secrets
import data.policyctl.lib.values

deny contains object.union(found.match, {"path": found.path, "subject": found.name, "message": message}) if {
	some found in _credentials
	message := $"{found.what} holds a literal credential"
}

_texts := array.concat(
	[object.union(leaf, {"path": array.concat(["environment", i, "value"], leaf.path), "what": what}) |
		some i, variable in input.environment
		not _reported_there(variable)
		some leaf in values.strings(variable.value, variable.name)
		what := $"variable {variable.name} of {variable.of}"
	],
	[object.union(leaf, {"path": array.concat(["settings"], leaf.path), "what": values.dotted(leaf.path)}) |
		some leaf in values.strings(object.get(input, "settings", {}), "")
		not _described(leaf.path)
	],
)

# A value that custom has under the name of a secret is reported there.
_reported_there(variable) if {
	regex.match(`^(?:custom|params|provider)\.`, variable.from)
	values.secret_property(regex.replace(variable.from, `^.*\.`, ""))
}

_described(path) if {
	some part in path
	part in {"tags", "stackTags", "iam", "iamRoleStatements", "vpc"}
}

_credentials contains object.union(found, {"match": {}}) if {
	some found in _texts
	_promised(found)
	values.secret_text(found.name, found.text)
}

_credentials contains object.union(found, {"match": {"match": match}}) if {
	some found in _texts
	some match in secrets.userinfos(found.text)
}

_promised(found) if {
	values.secret_property(found.name)
	not _names_of_keys(found.path)
}

_promised(found) if {
	found.name == "value"
	"apiKeys" in found.path
}

# The gateway makes the keys whose names are listed.
_names_of_keys(path) if {
	some n, part in path
	part == "apiKeys"
	array.slice(path, 0, n) in {["settings", "provider"], ["settings", "provider", "apiGateway"]}
}
