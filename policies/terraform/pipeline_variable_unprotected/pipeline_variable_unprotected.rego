# METADATA
# title: Credential of a pipeline is given to every branch
# description: Whoever may push a branch can write a pipeline that takes it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set protected = true, so that protected branches and tags get it only.
#   cwe: [732]
package policyctl.terraform.pipeline_variable_unprotected

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(variable, ["protected"]), {"message": message}) if {
	some type in ["gitlab_group_variable", "gitlab_instance_variable", "gitlab_project_variable"]
	some variable in terraform.resources[type]
	key := variable.values.key
	is_string(key)
	terraform.secret_argument(key)
	terraform.is_false(object.get(variable.values, "protected", false))
	message := $"variable {key} of {variable.address} is given to every branch"
}
