# METADATA
# title: Secret is written into a setting that many can read
# description: >-
#   A parameter with NoEcho, or a secret that CloudFormation fetches, is put into
#   the configuration of a function, a container or a machine in clear text when the
#   stack is made. Everyone who may describe that has the secret, and it does not
#   follow rotation.
# custom:
#   severity: medium
#   tier: strict
#   fix: Give the workload the name of the secret and the right to read it (secrets with ValueFrom, a call at start).
#   cwe: [522]
package policyctl.cloudformation.secret_in_plain_setting

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains {"path": array.concat(resource.path, path), "subject": resource.id, "message": message} if {
	some resource in cloudformation.holders
	walk(resource.entry, [path, value])
	path[0] == "values"
	_readable(resource.type, path)
	not cloudformation.inherited(resource.entry, path)
	some reference in value["$unknown"]
	source := _secret(reference)
	message := $"{values.dotted(array.slice(path, 1, 99))} of {resource.id} has {source} in clear text"
}

_readable(_, path) if "UserData" in path

_readable(type, path) if {
	type in {"AWS::Lambda::Function", "AWS::Serverless::Function"}
	path[1] == "Environment"
}

_readable(type, path) if {
	type in {"AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition", "AWS::CodeBuild::Project", "AWS::AppRunner::Service"}
	some part in path
	part in {"Environment", "EnvironmentVariables", "RuntimeEnvironmentVariables", "Command"}
}

_secret(reference) := "a secret of Secrets Manager" if startswith(reference, "resolve:secretsmanager:")

_secret(reference) := $"parameter {name}" if {
	["Parameters", name] = split(reference, ".")
	some parameter in input.parameters
	parameter.name == name
	parameter.no_echo == true
	not values.named_only(name)
}
