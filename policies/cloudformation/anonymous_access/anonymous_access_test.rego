package policyctl.cloudformation.anonymous_access_test

import data.policyctl.cloudformation.anonymous_access as rule

_messages(type, properties) := {found.message | some found in found_in} if {
	found_in := rule.deny with input as {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}
}

_policy(statement) := {"PolicyDocument": {"Statement": [object.union({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "x"}, statement)]}}

test_settings if {
	_messages("AWS::S3::Bucket", {"AccessControl": "PublicRead"}) == {"for everyone: AccessControl of X is PublicRead"}
	count(_messages("AWS::S3::Bucket", {"AccessControl": {"$unknown": ["Conditions.P"], "$candidates": ["Private", "PublicRead"]}})) == 1
	count(_messages("AWS::ApiGateway::Method", {"HttpMethod": "GET", "AuthorizationType": "NONE"})) == 1
	count(_messages("AWS::AppSync::GraphQLApi", {"AuthenticationType": "API_KEY"})) == 1
	_messages("AWS::Serverless::Api", {"StageName": "prod"}) == {"for everyone: X names no authorizer"}
}

test_policies if {
	_messages("AWS::S3::BucketPolicy", _policy({})) == {"for everyone: X allows s3:GetObject"}
	_messages("AWS::EFS::FileSystem", {"FileSystemPolicy": {"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}}}) == {"for everyone: X allows elasticfilesystem:ClientMount"}
}

test_silent if {
	_messages("AWS::S3::Bucket", {"AccessControl": "Private"}) == set()
	_messages("AWS::ApiGateway::Method", {"HttpMethod": "OPTIONS", "AuthorizationType": "NONE"}) == set()
	_messages("AWS::ApiGateway::Method", {"HttpMethod": "GET", "AuthorizationType": "NONE", "ApiKeyRequired": true}) == set()
	_messages("AWS::Serverless::Api", {"Auth": {"DefaultAuthorizer": "AWS_IAM"}}) == set()
	_messages("AWS::Serverless::Api", {"DefinitionUri": "api.yaml"}) == set()
	_messages("AWS::S3::BucketPolicy", _policy({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}})) == set()
	_messages("AWS::S3::BucketPolicy", _policy({"Principal": {"Service": "cloudfront.amazonaws.com"}})) == set()
}
