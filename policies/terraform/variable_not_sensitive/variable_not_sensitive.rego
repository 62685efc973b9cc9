# METADATA
# title: Variable for a credential is not declared sensitive
# description: >-
#   Terraform shows the values of variables in plans and logs unless they are
#   declared sensitive. Ephemeral variables are kept out of plan and state as well.
# custom:
#   severity: medium
#   tier: strict
#   fix: Add sensitive = true to the variable, or ephemeral = true where only write-only arguments use it.
#   cwe: [532]
package policyctl.terraform.variable_not_sensitive

import data.policyctl.lib.secrets
import data.policyctl.lib.terraform

deny contains {"path": ["variables", i, "name"], "subject": $"var.{variable.name}", "message": message, "fix": fix} if {
	some i, variable in input.variables
	terraform.secret_variable(variable)
	variable.sensitive == false
	variable.ephemeral == false
	not _refers(object.get(variable, "default", null))
	message := $"variable {variable.name} takes a credential and is not declared sensitive"
	fix := {"op": "add", "path": ["variables", i, "sensitive"], "value": true}
}

# A default that says where a secret stands shows that the variable takes no value.
_refers(text) if {
	is_string(text)
	text != ""
	not secrets.literal(text)
}
