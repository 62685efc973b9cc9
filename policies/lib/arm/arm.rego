# Package arm finds the parts of a template that rules judge.
package policyctl.lib.arm

import data.policyctl.lib.values

# holders are what is given values: resources, and modules with their parameters.
holders := array.concat(
	[{"address": entry.address, "type": entry.type, "values": entry.values, "path": ["resources", i], "entry": entry} |
		some i, entry in input.resources
		not entry.existing
	],
	[{"address": entry.address, "type": "module", "values": entry.values, "path": ["modules", i], "entry": entry} | some i, entry in input.modules],
)

# resources are the resources that a template makes, by their type in lower case.
resources[type] contains resource if {
	some resource in holders
	type := lower(resource.type)
}

# place is a result that points at a value. Where it is absent, that is the nearest
# part that exists.
place(resource, path) := {"path": array.concat(array.concat(resource.path, ["values"]), path), "subject": resource.address}

# derived are the names of the parameters of which the value at a path below an
# entry is made. One that does not say that it takes a credential is left out where
# the template is called: nobody reports what it is given.
derived(entry, path) := {name |
	some from in object.get(entry, "derived", [])
	from.path == path
	some reference in from.from
	name := trim_prefix(reference, "parameters.")
	not _given_unnamed(name)
}

_given_unnamed(name) if {
	some parameter in input.parameters
	lower(parameter.name) == lower(name)
	parameter.given
	not secret_value(name)
}

# secret_parameter holds for a parameter that takes a credential: it is declared so,
# or its name says it.
secret_parameter(parameter) if {
	parameter.secure == true
	not values.named_only(parameter.name)
}

secret_parameter(parameter) if {
	_text(parameter)
	values.secret_parameter(parameter.name)
}

secret_parameter(parameter) if {
	_text(parameter)
	parameter.name in {use.parameter | some use in uses}
}

_text(parameter) if not lower(object.get(parameter, "type", "string")) in {"int", "bool", "array"}

# uses are the values for credentials that are given a parameter.
uses contains {"parameter": name, "path": array.concat(resource.path, path), "resource": resource.address, "property": values.dotted(array.slice(path, 1, count(path)))} if {
	some resource in holders
	walk(resource.entry, [path, value])
	path[0] == "values"
	secret_value(values.name(path, ""))
	some name in _given(resource.entry, path, value)
}

_given(_, _, value) := {trim_prefix(reference, "parameters.") |
	some reference in value["$unknown"]
	startswith(reference, "parameters.")
} if {
	is_object(value)
	not _fetched(value)
}

_given(entry, path, value) := derived(entry, path) if is_string(value)

_fetched(value) if {
	some reference in value["$unknown"]
	not startswith(reference, "parameters.")
	reference != "condition"
}

# secret_value holds for names of values that are a credential.
secret_value(name) if {
	values.secret_property(name)
	not regex.match(`(?i)^(?:keyvaultsecret|secretid|certificatekey|kubeletidentity)$`, name)
}

# shown are the credentials that a value shows: what to call each.
shown(entry, path, value) := {name |
	some reference in value["$unknown"]
	name := _secret(reference)
} | {parameter |
	is_string(value)
	some name in derived(entry, path)
	_declared_secure(name)
	parameter := $"parameter {name}"
}

_secret(reference) := $"parameter {name}" if {
	["parameters", name] = split(reference, ".")
	_declared_secure(name)
}

_secret(reference) := $"the answer of {reference}" if regex.match(`^list(?:[A-Z][A-Za-z]*)?(?:Keys|Secrets|Credentials?|ConnectionStrings|Sas|Value|Accounts?Sas|AdminKeys|QueryKeys|PublishingCredentials)$`, reference)

_secret(reference) := $"the secret {trim_prefix(reference, "keyVault.")}" if startswith(reference, "keyVault.")

_declared_secure(name) if {
	some parameter in input.parameters
	lower(parameter.name) == lower(name)
	parameter.secure == true
	not values.named_only(parameter.name)
}

# environment are lists of a name and a value each, which containers and apps get.
environment contains {"resource": resource, "path": array.concat(path, ["value"]), "name": entry.name, "value": entry.value} if {
	some resource in holders
	walk(resource.entry, [path, entry])
	path[count(path) - 2] in {"appSettings", "connectionStrings", "env", "environmentVariables", "secrets"}
	is_string(entry.name)
	entry.value
}
