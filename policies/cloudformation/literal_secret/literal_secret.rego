# METADATA
# title: Property holds a literal credential
# description: >-
#   A credential in a template is readable by everyone who can read the repository
#   or the stack, and stays in the history of both.
# custom:
#   severity: critical
#   fix: Revoke the value; let the service make it (ManageMasterUserPassword, GenerateSecretString), or refer to a store with a dynamic reference.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.cloudformation.literal_secret

import data.policyctl.lib.cloudformation
import data.policyctl.lib.secrets
import data.policyctl.lib.values

deny contains object.union(found.match, {"path": array.concat(found.resource.path, found.path), "subject": found.resource.id, "message": message}) if {
	some found in _credentials
	message := $"{_what(found)} of {found.resource.id} holds a literal credential"
}

_what(found) := $"variable {found.variable}" if {
	found.variable
} else := values.dotted(array.slice(found.path, 1, 99))

_texts := [{"resource": resource, "path": leaf.path, "name": leaf.name, "text": leaf.text} |
	some resource in cloudformation.holders
	some part in ["values", "metadata"]
	some found in values.strings(object.get(resource.entry, part, null), "")
	leaf := object.union(found, {"path": array.concat([part], found.path)})
	not _described(leaf.path)
	not cloudformation.inherited(resource.entry, leaf.path)
	not values.structured(resource.entry, leaf.path)
]

# What describes a resource is no credential of it, and policies have words of
# their own.
_described(path) if {
	some part in path
	part in {"Tags", "Statement", "Description", "AWS::CloudFormation::Interface", "AWS::CloudFormation::Designer", "cfn_nag", "checkov"}
}

_secret_names := {name | some name in {found.name | some found in _texts}; values.secret_property(name)}

_credentials contains object.union(found, {"match": {}}) if {
	some found in _texts
	_promised(found)
	count(cloudformation.derived(found.resource.entry, found.path)) == 0
}

_credentials contains object.union(found, {"match": {"match": match}}) if {
	some found in _texts
	some match in _connections(found)
	not _of_parameter(found, match)
}

_credentials contains {"resource": variable.resource, "path": path, "variable": variable.name, "match": match} if {
	some variable in cloudformation.environment
	some leaf in values.strings(variable.value, variable.name)
	path := array.concat(variable.path, leaf.path)
	count(cloudformation.derived(variable.resource.entry, path)) == 0
	values.secret_property(variable.name)
	values.secret_text(variable.name, leaf.text)
	match := {}
}

_promised(found) if {
	found.name in _secret_names
	values.secret_text(found.name, found.text)
}

_promised(found) if {
	found.name in _properties[found.resource.type]
	secrets.literal(found.text)
}

# A parameter of a store is a secret if its name says so.
_promised(found) if {
	found.resource.type == "AWS::SSM::Parameter"
	found.path[1] == "Value"
	name := found.resource.values.Name
	is_string(name)
	values.secret_property(regex.replace(name, `^.*/`, ""))
	values.secret_text("value", found.text)
}

# An access key for a download has two halves; the one without the other opens
# nothing.
_promised(found) if {
	found.name == "accessKeyId"
	found.path[1] == "AWS::CloudFormation::Authentication"
	secrets.literal(found.text)
	not found.resource.entry.metadata["AWS::CloudFormation::Authentication"][found.path[2]].secretKey
}

# _properties are credentials whose name does not say so.
_properties := {
	"AWS::ApiGateway::ApiKey": {"Value"},
	"AWS::AmazonMQ::Broker": {"Password"},
	"AWS::Cassandra::Table": set(),
}

# _connections are the credentials within addresses, scripts and connection strings.
_connections(found) := secrets.userinfos(found.text) | _settings(found)

_settings(found) := secrets.settings(found.text) if {
	_script(found.path)
} else := {setting |
	contains(found.text, ";")
	some setting in regex.find_n(`(?i)\b(?:password|pwd|accountkey|sharedaccesskey)=[^;\s"']+`, found.text, -1)
	secrets.literal(regex.replace(setting, `^[^=]*=`, ""))
}

_script(path) if "UserData" in path

_script(path) if "AWS::CloudFormation::Init" in path

_script(path) if path[count(path) - 1] in {"BuildSpec", "Command", "DefinitionBody", "InlineCode", "ZipFile"}

# The default of a parameter is reported where it stands.
_of_parameter(found, match) if {
	some name in cloudformation.derived(found.resource.entry, found.path)
	some parameter in input.parameters
	parameter.name == name
	contains(match, parameter.default)
}
