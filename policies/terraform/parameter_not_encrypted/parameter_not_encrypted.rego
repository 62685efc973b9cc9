# METADATA
# title: Parameter for a secret is not encrypted
# description: >-
#   A parameter of type String is readable by everyone who may read parameters,
#   with no key to guard it, and shows in lists and histories.
# custom:
#   severity: high
#   fix: Set type = "SecureString" (AWS), or encrypted = true (Azure), and rotate the value.
#   cwe: [311]
package policyctl.terraform.parameter_not_encrypted

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(parameter, ["type"]), {"message": message}) if {
	some parameter in terraform.resources.aws_ssm_parameter
	parameter.values.type in {"String", "StringList"}
	_named_like_a_secret(parameter.values.name)
	message := $"parameter {parameter.address} holds a secret and is of type {parameter.values.type}"
}

deny contains object.union(terraform.place(parameter, ["type"]), {"message": message}) if {
	some parameter in terraform.resources.aws_ssm_parameter
	parameter.values.type in {"String", "StringList"}
	not _named_like_a_secret(parameter.values.name)
	sources := {reference |
		some argument in ["value", "insecure_value"]
		some reference in terraform.references({"": object.get(parameter.values, argument, null)})
		terraform.secret_reference(reference)
	}
	count(sources) > 0
	message := $"parameter {parameter.address} holds {concat(" and ", terraform.nearest(sources, parameter.entry))} and is of type {parameter.values.type}"
}

deny contains object.union(terraform.place(variable, ["encrypted"]), {"message": message}) if {
	some variable in terraform.resources.azurerm_automation_variable_string
	terraform.is_false(object.get(variable.values, "encrypted", false))
	_named_like_a_secret(variable.values.name)
	message := $"variable {variable.address} holds a secret and is not encrypted"
}

_named_like_a_secret(name) if {
	is_string(name)
	terraform.secret_argument(regex.replace(name, `^.*/`, ""))
}
