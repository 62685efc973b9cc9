# METADATA
# title: Identity may fetch credentials of any other
# description: >-
#   With one of these actions on every resource it logs in as whoever it likes: to
#   roles, databases or machines.
# custom:
#   severity: high
#   tier: strict
#   fix: Name the roles, databases or machines that it may log in to.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.terraform.iam_fetches_foreign_credentials

import data.policyctl.lib.terraform

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.address, "message": message, "targets": [lower(found.pattern)]} if {
	some statement in terraform.grants
	terraform.every_resource(statement.value)
	some found in terraform.granted(statement.value, _actions)
	not terraform.everything(found.pattern)
	message := $"{statement.address} {terraform.grant(statement, found.path)} {found.pattern} on every resource: its holder can be anybody"
}

_actions := {
	"chime:createapikey", "codeartifact:getauthorizationtoken", "codebuild:updateproject", "cognito-identity:getcredentialsforidentity",
	"ec2-instance-connect:sendserialconsolesshpublickey", "ec2-instance-connect:sendsshpublickey", "ec2:getpassworddata", "ecs:executecommand",
	"gamelift:requestuploadcredentials", "glue:updatedevendpoint", "iam:createservicespecificcredential", "iam:resetservicespecificcredential",
	"lambda:updatefunctioncode", "lightsail:getinstanceaccessdetails", "rds-db:connect", "redshift-serverless:getcredentials",
	"redshift:getclustercredentials", "redshift:getclustercredentialswithiam", "sagemaker:createpresignednotebookinstanceurl",
	"ssm:sendcommand", "ssm:startsession", "sts:assumerole", "sts:getfederationtoken",
}
