# Package cloudformation finds the parts of a template that rules judge.
package policyctl.lib.cloudformation

import data.policyctl.lib.values

# holders are what is given properties: resources, and what Globals give to all of a
# type.
holders := array.concat(
	[{"id": entry.id, "type": entry.type, "values": entry.values, "path": ["resources", i], "entry": entry} | some i, entry in input.resources],
	[{"id": entry.id, "type": entry.type, "values": entry.values, "path": ["globals", i], "entry": entry} | some i, entry in input.globals],
)

# resources are the resources by their type.
resources[resource.type] contains resource if {
	some resource in holders
	resource.path[0] == "resources"
}

# place is a result that points at a property. Where it is absent, that is the
# nearest part that exists.
place(resource, path) := {"path": array.concat(array.concat(resource.path, ["values"]), path), "subject": resource.id}

# inherited holds for a path below an entry that Globals set: it is judged there.
inherited(entry, path) if values.within(path, object.get(entry, "inherited", []))

# derived are the names of the parameters of which the value at a path below an
# entry is made. One that does not say that it takes a credential is left out where
# the template is nested: nobody reports what it is given.
derived(entry, path) := {name |
	some from in object.get(entry, "derived", [])
	from.path in {path, _text(path)}
	some reference in from.from
	name := trim_prefix(reference, "Parameters.")
	not _given_unnamed(name)
}

_given_unnamed(name) if {
	some parameter in input.parameters
	parameter.name == name
	parameter.given
	not values.secret_property(name)
}

# _text is the text from which a value was read.
_text(path) := found[0] if {
	found := [text |
		some n, part in path
		is_string(part)
		endswith(part, "$json")
		text := array.concat(array.slice(path, 0, n), [trim_suffix(part, "$json")])
	]
	count(found) > 0
} else := path

# secret_parameters are the parameters that take a credential: by their name, by
# NoEcho, or by the property that they are used for.
secret_parameters contains parameter.name if {
	some parameter in input.parameters
	secret_parameter(parameter)
}

secret_parameter(parameter) if {
	may_hold_text(parameter)
	parameter.no_echo == true
	not values.named_only(parameter.name)
}

secret_parameter(parameter) if {
	may_hold_text(parameter)
	values.secret_parameter(parameter.name)
}

secret_parameter(parameter) if {
	may_hold_text(parameter)
	parameter.name in {use.parameter | some use in uses}
}

# may_hold_text holds for parameters that are no number, and whose value is not
# fetched from a store.
may_hold_text(parameter) if not regex.match(`^(?:Number|List<Number>|AWS::.*|List<AWS::.*)$`, object.get(parameter, "type", "String"))

# uses are the properties for credentials that are given a parameter.
uses contains {"parameter": name, "path": array.concat(resource.path, path), "resource": resource.id, "property": values.dotted(array.slice(path, 1, count(path)))} if {
	some resource in holders
	walk(resource.entry, [path, value])
	path[0] == "values"
	values.secret_property(values.name(path, ""))
	some name in _given(resource.entry, path, value)
}

_given(_, _, value) := {trim_prefix(reference, "Parameters.") |
	some reference in value["$unknown"]
	startswith(reference, "Parameters.")
} if {
	is_object(value)
	not contains(object.get(value, "$text", ""), "{{resolve:")
}

_given(entry, path, value) := derived(entry, path) if is_string(value)

# statements are the statements of policies, with the resource that they belong to. What
# is the most that anybody may do, grants nothing.
statements contains {"path": array.concat(resource.path, array.concat(path, array.concat(["Statement"], member.path))), "value": member.value, "resource": resource} if {
	some resource in holders
	walk(resource.entry, [path, value])
	path[0] == "values"
	some member in values.members(value.Statement)
	is_object(member.value)
	member.value.Effect
	not inherited(resource.entry, path)
	not _limits(resource)
}

_limits(resource) if resource.type == "AWS::Organizations::Policy"

# A permissions boundary that is given to nobody besides.
_limits(resource) if {
	resource.type == "AWS::IAM::ManagedPolicy"
	resource.id in (_boundaries - _given_policies)
	not _has_holders(resource.values)
}

_has_holders(policy) if {
	some property in ["Groups", "Roles", "Users"]
	policy[property]
}

_boundaries := {_resource(reference) |
	some resource in holders
	some reference in object.get(resource.values, ["PermissionsBoundary", "$unknown"], [])
}

_given_policies := {_resource(reference) |
	some resource in holders
	some property in ["ManagedPolicyArns", "Policies", "ManagedPolicies"]
	walk(object.get(resource.values, property, []), [path, reference])
	path[count(path) - 2] == "$unknown"
}

# _resource is the resource that a reference leads to.
_resource(reference) := split(reference, ".")[1]

# attached are the policies that identities are given by name or ARN.
attached contains {"resource": resource, "path": path, "policy": member.value} if {
	some resource in holders
	some property in ["ManagedPolicies", "ManagedPolicyArns", "PermissionSet", "Policies"]
	some member in values.members(object.get(resource.values, property, []))
	is_string(member.value)
	path := array.concat([property], member.path)
	not inherited(resource.entry, array.concat(["values"], path))
}

# environment are the variables that containers and builds get, as lists of a name
# and a value each. Maps of variables are properties like any other.
environment contains {"resource": resource, "path": array.concat(path, [key]), "name": name, "value": entry[key]} if {
	some resource in holders
	walk(resource.entry, [path, entry])
	is_object(entry)
	some part in path
	is_string(part)
	regex.match(`(?i)^(?:.*environment(?:variables)?|env|optionsettings)(?:\$json)?$`, part)
	some key in ["Value", "value"]
	entry[key]
	name := _called(entry)
	not object.get(entry, "Type", "PLAINTEXT") in {"PARAMETER_STORE", "SECRETS_MANAGER"}
}

_called(entry) := entry.Name if is_string(entry.Name)

_called(entry) := entry.OptionName if is_string(entry.OptionName)

_called(entry) := entry.name if is_string(entry.name)
