# METADATA
# title: Person logs in with a password of the account
# description: >-
#   The password is one more that somebody keeps; who leaves the company keeps the
#   user until somebody thinks of it.
# custom:
#   severity: low
#   tier: strict
#   fix: Let people log in by your identity provider (IAM Identity Center), and remove the login profile.
#   tags: [short-lived]
#   cwe: [287]
package policyctl.terraform.user_with_console_password

import data.policyctl.lib.terraform

deny contains object.union(terraform.header(profile), {"message": message}) if {
	some profile in terraform.resources.aws_iam_user_login_profile
	message := $"{profile.address} gives a user a password for the console"
}
