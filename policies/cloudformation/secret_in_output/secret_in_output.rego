# METADATA
# title: Output or metadata shows a credential
# description: >-
#   Outputs and metadata of a stack are shown to everyone who may describe it.
#   NoEcho hides a parameter, not what is made of it.
# custom:
#   severity: high
#   fix: Remove it, and let its reader fetch the secret from a store.
#   cwe: [532]
package policyctl.cloudformation.secret_in_output

import data.policyctl.lib.cloudformation

deny contains {"path": array.concat(["outputs", i], path), "subject": output.name, "message": message} if {
	some i, output in input.outputs
	some path, sources in _shown(output, "value")
	message := $"output {output.name} shows {concat(" and ", sources)}"
}

deny contains {"path": array.concat(resource.path, path), "subject": resource.id, "message": message} if {
	some resource in cloudformation.holders
	some path, sources in _shown(resource.entry, "metadata")
	message := $"the metadata of {resource.id} shows {concat(" and ", sources)}"
}

# _shown are the credentials that a part of an entry shows, by their path.
_shown(entry, part) := {path: sources |
	walk(object.get(entry, part, null), [below, value])
	path := array.concat([part], below)
	sources := _sources(entry, path, value)
	count(sources) > 0
}

_sources(entry, path, value) := {name |
	some reference in value["$unknown"]
	name := _secret(reference)
} | {parameter |
	is_string(value)
	some name in cloudformation.derived(entry, path)
	_hidden(name)
	parameter := $"parameter {name}"
}

_secret(reference) := $"parameter {name}" if {
	["Parameters", name] = split(reference, ".")
	_hidden(name)
}

_secret(reference) := "a secret of Secrets Manager" if startswith(reference, "resolve:secretsmanager:")

_secret(reference) := "a secure parameter" if startswith(reference, "resolve:ssm-secure:")

_secret(reference) := reference_name if {
	["Resources", id, attribute] = split(reference, ".")
	some resource in input.resources
	resource.id == id
	attribute in object.get(_attributes, resource.type, set())
	reference_name := $"{attribute} of {id}"
}

_attributes := {
	"AWS::IAM::AccessKey": {"SecretAccessKey"},
	"AWS::Cognito::UserPoolClient": {"ClientSecret"},
	"AWS::AppSync::ApiKey": {"ApiKey"},
}

_hidden(name) if name in cloudformation.secret_parameters
