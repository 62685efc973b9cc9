# METADATA
# title: Variable for a credential has a literal value
# description: >-
#   A default, or a value in a tfvars file, stands in the repository, and is used
#   wherever nobody sets another one.
# custom:
#   severity: critical
#   fix: Revoke the value, remove it from the file, and set the variable from outside (TF_VAR_ in the environment, or a secret store).
#   tags: [secret-value]
#   cwe: [798]
package policyctl.terraform.variable_secret_default

import data.policyctl.lib.terraform

deny contains {"path": found.path, "subject": $"var.{found.variable}", "message": message} if {
	some found in terraform.variable_secrets
	message := $"{found.what} is a literal credential"
}
