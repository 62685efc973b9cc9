# METADATA
# title: Parameter for a credential has a literal value
# description: >-
#   A default, or a value in a file of parameters, stands in the repository, and is
#   used wherever nobody sets another one.
# custom:
#   severity: critical
#   fix: Revoke the value and remove it; refer to a key vault in the file of parameters.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.arm.parameter_secret_default

import data.policyctl.lib.arm
import data.policyctl.lib.values

deny contains {"path": array.concat(["parameters", i, "default"], leaf.path), "subject": parameter.name, "message": message} if {
	some i, parameter in input.parameters
	some leaf in values.strings(object.get(parameter, "default", null), parameter.name)
	_credential(parameter, leaf)
	message := $"the default of parameter {parameter.name} is a literal credential"
}

deny contains {"path": array.concat(["parameter_values", i, "value"], leaf.path), "subject": parameter.name, "message": message} if {
	some i, parameter in input.parameter_values
	some leaf in values.strings(parameter.value, parameter.name)
	arm.secret_value(leaf.name)
	values.secret_text(leaf.name, leaf.text)
	message := $"the value of parameter {parameter.name} is a literal credential"
}

_credential(parameter, leaf) if {
	leaf.path in {[], ["$text"]}
	arm.secret_parameter(parameter)
	values.secret_text(parameter.name, leaf.text)
}

_credential(_, leaf) if {
	count(leaf.path) > 0
	arm.secret_value(leaf.name)
	values.secret_text(leaf.name, leaf.text)
}
