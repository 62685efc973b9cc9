# METADATA
# title: Policy of a resource lets everybody in
# description: >-
#   The policy names everybody, and no condition says who is meant: strangers can
#   use the resource, or read what is in it.
# custom:
#   severity: high
#   fix: Name the accounts, roles or services, or add a condition on aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID.
#   cwe: [284]
package policyctl.cloudformation.public_resource_policy

import data.policyctl.lib.cloudformation
import data.policyctl.lib.iam
import data.policyctl.lib.values

deny contains {"path": array.concat(statement.path, found.path), "subject": statement.resource.id, "message": message, "targets": iam.reach(statement.value, iam.left(statement.value) | {action.text | some action in iam.texts(statement.value, "Action")})} if {
	some statement in cloudformation.statements
	not startswith(statement.resource.type, "AWS::IAM::")
	not _website(statement)
	not iam.limited(statement.value)
	some found in iam.public(statement.value)
	message := $"{statement.resource.id} lets everybody in"
}

# Files of a web site are for everybody.
_website(statement) if {
	statement.resource.type == "AWS::S3::BucketPolicy"
	every action in iam.texts(statement.value, "Action") {
		lower(action.text) in {"s3:getobject", "s3:getobjectversion"}
	}
}

# Images of a public registry are as well.
_website(statement) if {
	statement.resource.type == "AWS::ECR::PublicRepository"
	every action in iam.texts(statement.value, "Action") {
		regex.match(`^(?i:ecr-public:(?:Batch(?:Get|Check)|Describe|Get|List).*)$`, action.text)
	}
}

# A policy of a file system or an API says what its network does not.
_website(statement) if statement.resource.type in {"AWS::ApiGateway::RestApi", "AWS::EC2::VPCEndpoint", "AWS::EFS::FileSystem", "AWS::Serverless::Api"}

deny contains object.union(cloudformation.place(bucket, path), {"message": $"{bucket.id} lets everybody write"}) if {
	some bucket in cloudformation.resources["AWS::S3::Bucket"]
	some alternative in values.alternatives(object.get(bucket.values, "AccessControl", null))
	alternative.value == "PublicReadWrite"
	path := array.concat(["AccessControl"], alternative.path)
}

deny contains object.union(cloudformation.place(permission, ["Principal"]), {"message": message}) if {
	some permission in cloudformation.resources["AWS::Lambda::Permission"]
	permission.values.Principal == "*"
	every limit in ["SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType"] {
		values.absent(permission.values, [limit])
	}
	message := $"{permission.id} lets everybody call the function"
}
