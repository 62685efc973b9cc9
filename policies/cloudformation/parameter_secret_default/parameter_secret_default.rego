# METADATA
# title: Parameter for a credential has a literal value
# description: >-
#   A default, or a value in a file of parameters, stands in the repository, and is
#   used wherever nobody sets another one. NoEcho does not hide it.
# custom:
#   severity: critical
#   fix: Revoke the value, remove it from the file, and let the stack fetch the secret with a dynamic reference.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.cloudformation.parameter_secret_default

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains {"path": ["parameters", i, "default"], "subject": parameter.name, "message": message} if {
	some i, parameter in input.parameters
	is_string(parameter.default)
	parameter.name in cloudformation.secret_parameters
	values.secret_text(parameter.name, parameter.default)
	message := $"the default of parameter {parameter.name} is a literal credential"
}

deny contains {"path": ["parameter_values", i, "value"], "subject": parameter.name, "message": message} if {
	some i, parameter in input.parameter_values
	is_string(parameter.value)
	values.secret_property(parameter.name)
	values.secret_text(parameter.name, parameter.value)
	message := $"the value of parameter {parameter.name} is a literal credential"
}
