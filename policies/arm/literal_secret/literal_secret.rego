# METADATA
# title: Resource is given a literal credential
# description: >-
#   A credential in a template is readable by everyone who can read the repository,
#   and in the history of deployments.
# custom:
#   severity: critical
#   fix: Revoke the value; take it from a key vault (getSecret, a reference in the file of parameters), or let a managed identity log in.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.arm.literal_secret

import data.policyctl.lib.arm
import data.policyctl.lib.commands
import data.policyctl.lib.secrets
import data.policyctl.lib.values

deny contains object.union(found.match, {"path": array.concat(found.resource.path, found.path), "subject": found.resource.address, "message": message}) if {
	some found in _credentials
	message := $"{_what(found)} of {found.resource.address} {object.get(found, "verb", "is")} a literal credential"
}

_what(found) := $"setting {found.setting}" if {
	found.setting
} else := "value" if {
	found.path == ["value"]
} else := values.dotted(array.slice(found.path, 1, 99))

_texts := array.concat(
	[{"resource": resource, "path": path, "name": leaf.name, "text": leaf.text} |
		some resource in arm.holders
		some leaf in values.strings(resource.values, "")
		path := array.concat(["values"], leaf.path)
		not _described(path)
		not values.structured(resource.entry, path)
	],
	[{"resource": {"address": concat(" ", ["output", output.name]), "type": "", "values": {}, "path": ["outputs", i], "entry": output}, "path": path, "name": leaf.name, "text": leaf.text} |
		some i, output in input.outputs
		some leaf in values.strings(object.get(output, "value", null), output.name)
		path := array.concat(["value"], leaf.path)
	],
)

_described(path) if {
	some part in path
	part in {"tags", "metadata", "description", "parametersSchema", "policyRule"}
}

_secret_names := {name | some name in {found.name | some found in _texts}; arm.secret_value(name)}

_credentials contains object.union(found, {"match": {}}) if {
	some found in _texts
	_promised(found)
	count(arm.derived(found.resource.entry, found.path)) == 0
}

_credentials contains object.union(found, {"match": {"match": match}}) if {
	some found in _texts
	some match in _connections(found.text)
	not _of_parameter(found, match)
}

_credentials contains {"resource": variable.resource, "path": path, "setting": variable.name, "match": {}} if {
	some variable in arm.environment
	some leaf in values.strings(variable.value, variable.name)
	path := array.concat(variable.path, leaf.path)
	count(arm.derived(variable.resource.entry, path)) == 0
	arm.secret_value(variable.name)
	values.secret_text(variable.name, leaf.text)
}

# Scripts that machines start with.
_credentials contains object.union(found, {"match": {"match": match}, "verb": "holds"}) if {
	some found in _texts
	lower(found.name) in {"commandtoexecute", "customdata", "scriptcontent", "userdata"}
	some match in secrets.settings(found.text)
}

# Commands that machines and deployments run.
_credentials contains object.union(found, {"match": {"match": tokens[at.index]}, "verb": "holds"}) if {
	some found in _texts
	lower(found.name) in {"commandtoexecute", "scriptcontent"}
	some line in regex.split(`&&|\|\||[;|\n]`, found.text)
	tokens := regex.find_n(`(?:"[^"]*"|'[^']*'|[^\s"'])+`, line, -1)
	some at in commands.credentials([trim(token, `"'`) | some token in tokens])
}

_promised(found) if {
	found.name in _secret_names
	values.secret_text(found.name, found.text)
}

# The value of an entry of a store is a secret.
_promised(found) if {
	found.path[2] == "value"
	lower(found.resource.type) in {"microsoft.keyvault/vaults/secrets", "microsoft.apimanagement/service/namedvalues"}
	not values.is_false(object.get(found.resource.values, ["properties", "secret"], true))
	secrets.literal(found.text)
}

# So is that of a secret of an app.
_promised(found) if {
	found.name == "value"
	array.slice(found.path, 0, 4) == ["values", "properties", "configuration", "secrets"]
	lower(found.resource.type) in {"microsoft.app/containerapps", "microsoft.app/jobs"}
	secrets.literal(found.text)
}

_connections(text) := secrets.url_credentials(text) | {setting |
	contains(text, "=")
	some setting in regex.find_n(`(?i)(?:^|[;\s"'])(?:password|pwd|accountkey|sharedaccesskey|sharedsecret|clientsecret)=[^;\s"']+`, text, -1)
	secrets.literal(regex.replace(setting, `^[^=]*=`, ""))
}

# The default of a parameter is reported where it stands.
_of_parameter(found, match) if {
	some name in arm.derived(found.resource.entry, found.path)
	some parameter in input.parameters
	parameter.name == name
	is_string(parameter.default)
	contains(match, parameter.default)
}
