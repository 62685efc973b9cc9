package policyctl.cloudformation.literal_secret_test

import data.policyctl.cloudformation.literal_secret as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_names_of_credentials if {
	every name in ["MasterUserPassword", "AuthToken", "ClientSecret", "SecretString", "PrivateKey", "OAuthToken", "AccessToken"] {
		_in("AWS::Any::Thing", {name: "correct-horse"}) == {name}
	}
}

test_places_below if {
	_in("AWS::AmazonMQ::Broker", {"Users": [{"Username": "a", "Password": {"$unknown": ["Parameters.P"]}}, {"Password": "correct-horse"}]}) == {"Users.1.Password"}
	_in("AWS::IAM::User", {"LoginProfile": {"Password": "correct-horse"}}) == {"LoginProfile.Password"}
	_in("AWS::ElastiCache::User", {"Passwords": ["correct-horse"]}) == {"Passwords.0"}
	_in("AWS::Lambda::Function", {"Environment": {"Variables": {"API_TOKEN": "correct-horse", "TOKEN_URL": "https://example.com"}}}) == {"Environment.Variables.API_TOKEN"}
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["Conditions.C"], "$candidates": ["correct-horse"]}}) == {"MasterUserPassword.$candidates.0"}
}

test_properties_whose_name_does_not_say_it if {
	_in("AWS::ApiGateway::ApiKey", {"Value": "correct-horse-battery"}) == {"Value"}
	_in("AWS::SSM::Parameter", {"Name": "/app/db/password", "Value": "correct-horse"}) == {"Value"}
	_in("AWS::SSM::Parameter", {"Name": "/app/region", "Value": "correct-horse"}) == set()
	_in("AWS::SSM::Parameter", {"Name": {"$unknown": ["AWS::StackName"]}, "Value": "correct-horse"}) == set()
}

test_environments if {
	_in("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Environment": [{"Name": "REGION", "Value": "eu"}, {"Name": "DB_PASSWORD", "Value": "correct-horse"}]}]}) == {"ContainerDefinitions.0.Environment.1.Value"}
	_in("AWS::CodeBuild::Project", {"Environment": {"EnvironmentVariables": [{"Name": "TOKEN", "Value": "a-name", "Type": "SECRETS_MANAGER"}, {"Name": "TOKEN", "Value": "correct-horse", "Type": "PLAINTEXT"}]}}) == {"Environment.EnvironmentVariables.1.Value"}
	_in("AWS::ElasticBeanstalk::Environment", {"OptionSettings": [{"OptionName": "DB_PASSWORD", "Value": "correct-horse"}]}) == {"OptionSettings.0.Value"}
	_in("AWS::CodePipeline::Pipeline", {"Configuration": {"EnvironmentVariables$json": [{"name": "TOKEN", "value": "correct-horse"}]}}) == {"Configuration.EnvironmentVariables$json.0.value"}
}

test_parts_of_texts if {
	rule.deny == {{
		"path": ["resources", 0, "values", "UserData", "$text"],
		"subject": "X",
		"match": "export DB_PASSWORD=correct-horse",
		"message": "UserData of X holds a literal credential",
	}} with input as _template("AWS::EC2::Instance", {"UserData": {"$unknown": ["AWS::Region"], "$text": "#!/bin/sh\nexport DB_PASSWORD=correct-horse\necho ${AWS::Region}\n"}})
	_in("AWS::Glue::Connection", {"Url": "postgres:\/\/a:correct-horse@b"}) == {"Url"}
	_in("AWS::Glue::Connection", {"Url": "Server=a;Password=correct-horse;"}) == {"Url"}
	_in("AWS::Glue::Connection", {"Url": "Password=correct-horse"}) == set()
	_in("AWS::CodeBuild::Project", {"Source": {"BuildSpec": "env:\n  API_TOKEN: correct-horse\n"}}) == {"Source.BuildSpec"}
}

_init := {"resources": [{"id": "X", "type": "AWS::EC2::Instance", "values": {}, "metadata": {
	"AWS::CloudFormation::Init": {"config": {"files": {"/a": {"content": "password=correct-horse\n"}}}},
	"AWS::CloudFormation::Authentication": {"s3": {"type": "S3", "accessKeyId": "correct-horse", "secretKey": "battery-staple"}, "half": {"accessKeyId": "correct-horse"}},
}}]}

test_metadata if {
	_found(_init) == {
		"AWS::CloudFormation::Authentication.s3.secretKey", "AWS::CloudFormation::Authentication.half.accessKeyId",
		"AWS::CloudFormation::Init.config.files./a.content",
	}
}

test_globals if {
	template := {
		"globals": [{"id": "Globals.Function", "type": "F", "values": {"Environment": {"Variables": {"TOKEN": "correct-horse"}}}}],
		"resources": [{"id": "X", "type": "F", "values": {"Environment": {"Variables": {"TOKEN": "correct-horse"}}}, "inherited": [["values", "Environment"]]}],
	}
	{found.subject | some found in rule.deny} == {"Globals.Function"} with input as template
}

test_defaults_of_parameters_are_reported_there if {
	template := {
		"resources": [{
			"id": "X", "type": "T",
			"values": {"Password": "correct-horse", "Url": "https:\/\/a:correct-horse@b", "Other": "https:\/\/a:battery-staple@b"},
			"derived": [{"path": ["values", "Password"], "from": ["Parameters.P"]}, {"path": ["values", "Url"], "from": ["Parameters.P"]}, {"path": ["values", "Other"], "from": ["Parameters.P"]}],
		}],
		"parameters": [{"name": "P", "default": "correct-horse", "no_echo": true}],
	}
	_found(template) == {"Other"}
}

test_silent if {
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["resolve:secretsmanager:db"]}, "ManageMasterUserPassword": "true"}) == set()
	_in("AWS::RDS::DBInstance", {"MasterUserPassword": {"$unknown": ["Resources.S", "resolve:secretsmanager:x"], "$text": "{{resolve:secretsmanager:${Resources.S}::password}}"}}) == set()
	_in("AWS::S3::Bucket", {"Tags": [{"Key": "password", "Value": "correct-horse"}], "BucketName": "passwords"}) == set()
	_in("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Condition": {"StringEquals": {"aws:RequestTag/password": "correct-horse"}}}]}}) == set()
	_in("AWS::SecretsManager::Secret", {"SecretString": "{}", "SecretString$json": {"username": "admin-user"}}) == set()
}
