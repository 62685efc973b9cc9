# METADATA
# title: Identity may read every secret
# description: >-
#   Whoever takes over one workload with this permission has the secrets of all
#   others. Permissions to read or decrypt secrets can name those that are needed.
# related_resources:
#   - https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
# custom:
#   severity: high
#   fix: Name the secrets, parameters or keys in place of the wildcard.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.cloudformation.iam_wildcard_secret_access

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message, "targets": [lower(found.text)]} if {
	some statement in cloudformation.statements
	some found in iam.reads_secrets(statement.value)
	message := $"{statement.resource.id} allows {found.text} on every resource"
}

deny contains object.union(cloudformation.place(attached.resource, attached.path), {"message": message, "targets": [attached.policy]}) if {
	some attached in cloudformation.attached
	iam.reads_every_secret(attached.policy)
	message := $"{attached.resource.id} has the policy {regex.replace(attached.policy, `^.*/`, "")}, which reads every secret"
}
