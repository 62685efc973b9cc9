package policyctl.cloudformation.public_resource_policy_test

import data.policyctl.cloudformation.public_resource_policy as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

_policy(type, statement) := _in(type, {"PolicyDocument": {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*"}, object.union({"Effect": "Allow", "Action": "*"}, statement)]}})

test_everybody if {
	every type in ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::SecretsManager::ResourcePolicy", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::S3::BucketPolicy"] {
		_policy(type, {"Principal": {"AWS": ["1", "*"]}}) == {"PolicyDocument.Statement.1.Principal.AWS.1"}
	}
	_policy("AWS::SQS::QueuePolicy", {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}) == {"PolicyDocument.Statement.1.Principal"}
}

test_functions if {
	_in("AWS::Lambda::Permission", {"Principal": "*", "Action": "lambda:InvokeFunction"}) == {"Principal"}
	_in("AWS::Lambda::Permission", {"Principal": "*", "FunctionUrlAuthType": "NONE"}) == set()
	_in("AWS::Lambda::Permission", {"Principal": "s3.amazonaws.com"}) == set()
}

test_buckets if {
	_in("AWS::S3::Bucket", {"AccessControl": "PublicReadWrite"}) == {"AccessControl"}
	_in("AWS::S3::Bucket", {"AccessControl": "Private"}) == set()
	_policy("AWS::S3::BucketPolicy", {"NotPrincipal": {"AWS": "1"}}) == {"PolicyDocument.Statement.1.NotPrincipal"}
}

test_silent if {
	_policy("AWS::SQS::QueuePolicy", {"Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "x"}}}) == set()
	_policy("AWS::S3::BucketPolicy", {"Principal": "*", "Action": ["s3:GetObject"]}) == set()
	_policy("AWS::KMS::Key", {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}) == set()
	_policy("AWS::EFS::FileSystem", {"Principal": "*"}) == set()
	_policy("AWS::IAM::Role", {"Principal": "*"}) == set()
}

test_a_public_registry if {
	every action, found in {"ecr-public:BatchGetImage": 0, "ecr-public:PutImage": 1} {
		count(rule.deny) == found with input as {"resources": [{"id": "x", "type": "AWS::ECR::PublicRepository", "values": {"RepositoryPolicyText": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": action}]}}}]}
	}
}

test_targets if {
	statement := {"Effect": "Allow", "Principal": "*", "Action": ["sqs:SendMessage"], "Resource": [{"$unknown": ["Resources.Q.Arn"]}]}
	{target | some found in rule.deny; some target in found.targets} == {"action sqs:sendmessage", "resource Resources.Q.Arn"} with input as _template("AWS::SQS::QueuePolicy", {"PolicyDocument": {"Statement": [statement]}})
}
