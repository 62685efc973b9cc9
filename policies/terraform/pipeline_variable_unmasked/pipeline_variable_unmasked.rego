# METADATA
# title: Variable of a pipeline holds a credential and is not treated as one
# description: >-
#   It is shown to whoever may see the settings, and printed to logs as it is.
# custom:
#   severity: medium
#   fix: Set masked, secured, sensitive or is_secret, or make it a secret where the platform has those; then replace the credential.
#   cwe: [532]
package policyctl.terraform.pipeline_variable_unmasked

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(variable, array.concat(at, [switch])), {"message": message}) if {
	some type, row in _table
	some variable in terraform.resources[type]
	some found in terraform.settings(variable.values, split(row.name, "."))
	is_string(found.value)
	terraform.secret_argument(found.value)
	at := array.slice(found.path, 0, count(found.path) - 1)
	switch := row.switch
	word := terraform.word(object.get(variable.values, array.concat(at, [switch]), object.get(row, "unless_set", "false")))
	word == "false"
	message := $"variable {found.value} of {variable.address} is named like a credential and {switch} is not true"
}

# Some platforms take secrets by another resource.
deny contains object.union(terraform.place(variable, ["variable_name"]), {"message": message}) if {
	some type in ["github_actions_environment_variable", "github_actions_organization_variable", "github_actions_variable"]
	some variable in terraform.resources[type]
	name := variable.values.variable_name
	is_string(name)
	terraform.secret_argument(name)
	message := $"variable {name} of {variable.address} is named like a credential and everybody who may read the repository sees it"
}

_table := {
	"azuredevops_variable_group": {"name": "variable.name", "switch": "is_secret", "unless_set": "true"},
	"bitbucket_deployment_variable": {"name": "key", "switch": "secured"},
	"bitbucket_repository_variable": {"name": "key", "switch": "secured"},
	"bitbucket_workspace_variable": {"name": "key", "switch": "secured"},
	"env0_configuration_variable": {"name": "name", "switch": "is_sensitive"},
	"gitlab_group_variable": {"name": "key", "switch": "masked"},
	"gitlab_instance_variable": {"name": "key", "switch": "masked"},
	"gitlab_project_variable": {"name": "key", "switch": "masked"},
	"octopusdeploy_variable": {"name": "name", "switch": "is_sensitive"},
	"spacelift_environment_variable": {"name": "name", "switch": "write_only", "unless_set": "true"},
	"tfe_variable": {"name": "key", "switch": "sensitive"},
	"vercel_project_environment_variable": {"name": "key", "switch": "sensitive"},
}
