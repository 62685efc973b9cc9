package policyctl.pipeline.static_cloud_key_test

import data.policyctl.pipeline.static_cloud_key as rule

_component(fields) := object.union(
	{"ref": "x", "kind": "action", "owner": "azure", "name": "login", "first_party": false, "pin": "digest", "job": "build", "step": 0, "inputs": {}},
	fields,
)

_login(component, variable) := {
	"steps": [{"job": "build", "index": 0, "name": "Log in", "kind": "component", "component": "x"}],
	"components": [_component(component)],
	"exposures": [{
		"address": "jobs.build.steps.Log in.with.key",
		"secret": {"name": "KEY"},
		"platform_token": false,
		"at": "input",
		"job": "build",
		"step": 0,
		"variable": variable,
		"component": "x",
		"transformed": [],
	}],
}

_facts(provider, oidc, inputs) := {"facts": {"provider": provider, "oidc": oidc, "credentials": [{"input": name, "kind": "cloud_key"} | some name in inputs]}}

test_a_long_lived_key if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.steps.Log in.with.key",
		"message": "step \"Log in\" of job \"build\" logs in to a cloud by secret KEY; azure/login can use the identity of the job",
	}} with input as _login(_facts("azure", "possible", ["creds"]), "Creds")
}

test_logins_that_can_do_without if {
	every login in [
		[_facts("aws", "possible", ["aws-access-key-id", "aws-secret-access-key"]), "aws-secret-access-key"],
		[_facts("aws", "no", ["aws_access_key", "aws_secret_key"]), "aws_secret_key"],
		[{"name": "login-action", "inputs": {"registry": "1.dkr.ecr.eu-west-1.amazonaws.com"}}, "password"],
		[{"name": "login-action", "inputs": {"registry": "eu.gcr.io", "username": "_json_key"}}, "password"],
	] {
		count(rule.deny) == 1 with input as _login(login[0], login[1])
	}
}

test_no_key if {
	every login in [
		[_facts("aws", "possible", ["aws-access-key-id", "aws-secret-access-key"]), "aws-access-key-id"],
		[_facts("aws", "possible", ["aws-secret-access-key", "aws-session-token"]), "aws-secret-access-key"],
		[_facts("azure", "possible", ["creds"]), "client-id"],
		[_facts("", "no", ["secretkey"]), "secretkey"],
		[{"name": "login-action", "inputs": {"registry": "ghcr.io", "username": "x"}}, "password"],
		[{"name": "login-action"}, "password"],
		[{}, "creds"],
	] {
		count(rule.deny) == 0 with input as _login(login[0], login[1])
	}
	count(rule.deny) == 0 with input as {}
}

_variable(fields) := object.union(
	{"address": "jobs.a.env", "secret": {"name": "PROD_KEY"}, "platform_token": false, "at": "job_env", "job": "a", "variable": "AWS_SECRET_ACCESS_KEY"},
	fields,
)

_doc(exposures) := {"platform": "gitlab", "exposures": exposures}

test_variables_once_a_job if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.a.env",
		"message": "job \"a\" gets a long-lived key of a cloud as AWS_SECRET_ACCESS_KEY; the job can have an identity in its place",
	}} with input as _doc([_variable({}), _variable({}), _variable({"variable": "AWS_ACCESS_KEY_ID"})])
	count(rule.deny) == 2 with input as _doc([_variable({}), _variable({"job": "b"})])
}

test_variables_that_are_no_such_keys if {
	count(rule.deny) == 0 with input as object.union(_doc([_variable({})]), {"platform": "jenkins"})
	count(rule.deny) == 0 with input as _doc([_variable({"secret": {"name": "R2_SECRET"}})])
	count(rule.deny) == 0 with input as _doc([_variable({"secret": {"name": "keys/prod", "store": "vault"}})])
	count(rule.deny) == 0 with input as _doc([_variable({}), _variable({"variable": "AWS_SESSION_TOKEN", "platform_token": true})])
	count(rule.deny) == 0 with input as object.union(_doc([_variable({})]), {"literals": [{"job": "a", "variable": "AWS_ENDPOINT_URL", "value": "x"}]})
	count(rule.deny) == 0 with input as object.union(_doc([_variable({})]), {"steps": [{"job": "a", "index": 0, "script": "aws --endpoint-url https://x s3 ls"}]})
}

test_said_of_the_repository if {
	federated := {"components": [{"ref": "y", "job": "b", "step": 0, "facts": {"provider": "aws", "oidc": "used"}}]}
	asking := {"identities": [{"kind": "oidc", "job": "a"}]}
	count(rule.deny) == 1 with input as object.union(_doc([_variable({})]), federated)
	count(rule.deny) == 1 with input as object.union(_doc([_variable({})]), asking)
	count(rule.deny) == 0 with input as object.union(object.union(_doc([_variable({})]), federated), asking)
}

_argument(command, script, fields) := {
	"platform": "githubactions",
	"steps": [{"job": "build", "index": 0, "kind": "shell", "script": script}],
	"flows": [object.union(
		{
			"address": "flow",
			"secret": {"name": "DEPLOYER"},
			"platform_token": false,
			"sink": "argv",
			"confidence": "exact",
			"transformed": [],
			"command": command,
			"job": "build",
			"step": 0,
			"variable": "KEY",
		},
		fields,
	)],
}

test_a_script_that_logs_in if {
	script := "az login --service-principal -u x -p $KEY --tenant y"
	rule.deny == {{"path": ["flows", 0], "subject": "flow", "message": "step 1 of job \"build\" logs in to a cloud by secret DEPLOYER; the job can have an identity in its place"}} with input as _argument("az", script, {})
	count(rule.deny) == 1 with input as _argument("aws", "aws configure set aws_secret_access_key $KEY", {})
	count(rule.deny) == 0 with input as _argument("az", script, {"variable": "AZURE_CLIENT_SECRET"})
	count(rule.deny) == 0 with input as _argument("az", script, {"secret": {"name": "KEY", "store": "vault"}})
	count(rule.deny) == 0 with input as _argument("az", "az login --service-principal --federated-token $KEY", {})
	count(rule.deny) == 0 with input as _argument("aws", "aws configure set aws_secret_access_key $KEY", {"secret": {"name": "R2_KEY"}})
}
