# METADATA
# title: Secret is kept in a parameter that is not encrypted
# description: >-
#   CloudFormation makes parameters of the types String and StringList only, which
#   are stored and shown in clear text. A reference with resolve:ssm reads such a
#   one.
# custom:
#   severity: high
#   fix: Keep the secret in Secrets Manager, or in a SecureString that is made elsewhere, and refer to it with resolve:secretsmanager or resolve:ssm-secure.
#   cwe: [312]
package policyctl.cloudformation.parameter_not_encrypted

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(parameter, ["Value"]), {"message": message}) if {
	some parameter in cloudformation.resources["AWS::SSM::Parameter"]
	is_string(parameter.values.Name)
	values.secret_property(regex.replace(parameter.values.Name, `^.*/`, ""))
	_secret(parameter.values.Value)
	message := $"{parameter.id} keeps {parameter.values.Name} in clear text"
}

_secret(value) if {
	some reference in value["$unknown"]
	startswith(reference, "resolve:secretsmanager:")
}

_secret(value) if {
	some reference in value["$unknown"]
	trim_prefix(reference, "Parameters.") in cloudformation.secret_parameters
}

deny contains {"path": array.concat(resource.path, path), "subject": resource.id, "message": message} if {
	some resource in cloudformation.holders
	walk(resource.entry, [path, value])
	path[0] == "values"
	values.secret_property(values.name(path, ""))
	not cloudformation.inherited(resource.entry, path)
	some reference in value["$unknown"]
	startswith(reference, "resolve:ssm:")
	message := $"{values.dotted(array.slice(path, 1, 99))} of {resource.id} is a parameter that is not encrypted"
}
