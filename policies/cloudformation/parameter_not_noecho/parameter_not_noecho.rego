# METADATA
# title: Parameter for a credential is shown
# description: >-
#   Without NoEcho, the console, the command line and every description of the stack
#   show the value that it was given.
# custom:
#   severity: medium
#   fix: Set NoEcho to true; better, take no credential as a parameter, and let the stack fetch it with a dynamic reference.
#   cwe: [532]
package policyctl.cloudformation.parameter_not_noecho

import data.policyctl.lib.cloudformation

deny contains {"path": ["parameters", i, "name"], "subject": parameter.name, "message": message, "related": _related(parameter.name), "fix": fix} if {
	some i, parameter in input.parameters
	parameter.no_echo == false
	parameter.name in cloudformation.secret_parameters
	message := $"parameter {parameter.name} takes a credential and has no NoEcho"
	fix := {"op": "add", "path": ["parameters", i, parameter.name, "NoEcho"], "value": true}
}

_related(name) := [{"path": use.path, "message": message} |
	some use in cloudformation.uses
	use.parameter == name
	message := $"{use.property} of {use.resource} is given it"
]
