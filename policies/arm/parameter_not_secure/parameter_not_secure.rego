# METADATA
# title: Parameter for a credential is not secure
# description: >-
#   The value of a parameter that is not secure is kept in the history of
#   deployments, where every reader of the resource group finds it.
# custom:
#   severity: high
#   fix: Give it the type securestring, or the decorator @secure().
#   cwe: [532]
package policyctl.arm.parameter_not_secure

import data.policyctl.lib.arm

deny contains {"path": ["parameters", i, "name"], "subject": parameter.name, "message": message, "related": _related(parameter.name)} if {
	some i, parameter in input.parameters
	parameter.secure == false
	arm.secret_parameter(parameter)
	message := $"parameter {parameter.name} takes a credential and is not secure"
}

_related(name) := [{"path": use.path, "message": message} |
	some use in arm.uses
	use.parameter == name
	message := $"{use.property} of {use.resource} is given it"
]
