# METADATA
# title: Credentials of a machine can be asked for without a token
# description: >-
#   A server that can be made to fetch an address gives away the credentials of its
#   machine. The second version of the metadata service asks for a token first, which
#   such requests do not have.
# custom:
#   severity: medium
#   tier: strict
#   fix: "Set HttpTokens: required in MetadataOptions."
#   cwe: [918]
package policyctl.cloudformation.instance_metadata_without_token

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(machine, path), {"message": message}) if {
	some type, options in _options
	some machine in cloudformation.resources[type]
	not _off(object.get(machine.values, array.concat(options, ["HttpEndpoint"]), ""))
	some alternative in values.alternatives(object.get(machine.values, array.concat(options, ["HttpTokens"]), null))
	alternative.value == "optional"
	path := array.concat(array.concat(options, ["HttpTokens"]), alternative.path)
	message := $"{machine.id} gives credentials without a token: HttpTokens is optional"
}

# What a machine is made from is the place to say it.
deny contains object.union(cloudformation.place(machine, path), {"message": message}) if {
	some type in ["AWS::AutoScaling::LaunchConfiguration", "AWS::EC2::LaunchTemplate"]
	some machine in cloudformation.resources[type]
	path := array.concat(_options[type], ["HttpTokens"])
	values.may_be_absent(machine.values, path)
	not _off(object.get(machine.values, array.concat(_options[type], ["HttpEndpoint"]), ""))
	message := $"{machine.id} gives credentials without a token: HttpTokens is not set"
}

_off(endpoint) if endpoint == "disabled"

_off(endpoint) if values.unknown(endpoint)

_options := {
	"AWS::AutoScaling::LaunchConfiguration": ["MetadataOptions"],
	"AWS::EC2::Instance": ["MetadataOptions"],
	"AWS::EC2::LaunchTemplate": ["LaunchTemplateData", "MetadataOptions"],
}
