# METADATA
# title: Script gets the key of a service connection
# description: >-
#   With addSpnToEnvironment the script and all that it starts get the connection's own
#   credentials, which work from anywhere. Without it the script is logged in, and sees
#   none of them. A connection with workload identity federation has a token for an hour
#   in place of a key.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/devops/pipelines/tasks/reference/azure-cli-v2
# custom:
#   severity: medium
#   tier: strict
#   fix: Remove addSpnToEnvironment and use the login of the task; a program that logs in by itself gets idToken of a federated connection (ARM_USE_OIDC for Terraform).
#   tags: [least-privilege, short-lived]
#   cwe: [522]
package policyctl.pipeline.service_connection_exposed_to_script

import data.policyctl.lib.pipeline

deny contains {"path": ["components", i, "inputs", "addspntoenvironment"], "subject": component.address, "message": message} if {
	some i, component in input.components
	inputs := pipeline.texts(component)
	lower(inputs.addspntoenvironment) == "true"
	use := _use(object.get(inputs, "inlinescript", ""))
	message := $"the script of {pipeline.place(component)} gets the credentials of {_connection(inputs)}{use}"
}

_connection(inputs) := $"service connection \"{inputs.azuresubscription}\"" if {
	inputs.azuresubscription
} else := "its service connection"

# _use says what the script does with them. It has no answer where the script takes what
# is short-lived only, or stands elsewhere.
_use(script) := ", and takes its key" if {
	regex.match(`(?i)servicePrincipalKey`, script)
} else := ", and uses none of them" if {
	script != ""
	not regex.match(`(?i)servicePrincipalId|tenantId|idToken`, script)
	not regex.match(_opaque, script)
}

# What a program that the script starts reads of its environment is not known.
_opaque := `(?m)(?:^|[\s;&|(])(?:\./|\.\\|bash |sh |pwsh |python3? |node |npm |npx |make|terraform |tofu |terragrunt |pulumi |ansible|packer |go |dotnet |source |\. |env\b|printenv)`
