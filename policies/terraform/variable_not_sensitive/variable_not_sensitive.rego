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

# What a password is set to is one, whatever its variable is called.
deny contains {"path": ["variables", i, "name"], "subject": $"var.{variable.name}", "message": message, "fix": fix, "related": related} if {
	some i, variable in input.variables
	variable.sensitive == false
	variable.ephemeral == false
	not terraform.secret_variable(variable)
	not object.get(variable, "type", "any") in {"bool", "number"}
	not secrets.describing(variable.name)
	some use in _all_uses[terraform.variable_reference(variable)]
	message := $"variable {variable.name} takes a credential, {use.argument} of {use.address}, and is not declared sensitive"
	fix := {"op": "add", "path": ["variables", i, "sensitive"], "value": true}
	related := [{"path": use.path, "message": "used here"}]
}

# Asked for as a whole, they are made once.
_all_uses := {reference: {min(uses)} | some reference, uses in _uses}

_uses[reference] contains {"address": resource.address, "argument": name, "path": array.concat(resource.path, [name])} if {
	some resource in terraform.holders
	some name, value in resource.values
	regex.match(`(?:^|_)(?:password|passwd|passphrase|token|secret|api_key|secret_key|private_key)$`, name)
	terraform.secret_argument(name)
	references := value["$unknown"]
	every reference in references {
		regex.match(`(?:^|\.)var\.[^.]+$`, reference)
	}
	some reference in references
}

# A default that says where a secret stands shows that the variable takes no value.
_refers(text) if {
	is_string(text)
	text != ""
	not secrets.literal(text)
}
