package policyctl.pipeline.static_cloud_key_test

import data.policyctl.pipeline.static_cloud_key as rule

_login(owner, name, inputs, variable) := {
	"steps": [{"job": "build", "index": 0, "name": "Log in", "kind": "component", "component": "x"}],
	"components": [{"ref": "x", "kind": "action", "owner": owner, "name": name, "first_party": false, "pin": "digest", "job": "build", "step": 0, "inputs": inputs}],
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

test_a_long_lived_key if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.build.steps.Log in.with.key",
		"message": "step \"Log in\" of job \"build\" logs in to a cloud by secret KEY; azure/login can use the identity of the job",
	}} with input as _login("azure", "login", {}, "Creds")
}

test_logins_that_can_do_without if {
	every login in [
		["aws-actions", "configure-aws-credentials", {}, "aws-secret-access-key"],
		["google-github-actions", "auth", {}, "credentials_json"],
		["docker", "login-action", {"registry": "1.dkr.ecr.eu-west-1.amazonaws.com"}, "password"],
		["docker", "login-action", {"registry": "eu.gcr.io", "username": "_json_key"}, "password"],
	] {
		count(rule.deny) == 1 with input as _login(login[0], login[1], login[2], login[3])
	}
}

test_no_key if {
	every login in [
		["aws-actions", "configure-aws-credentials", {}, "aws-access-key-id"],
		["azure", "login", {}, "client-id"],
		["docker", "login-action", {"registry": "ghcr.io", "username": "x"}, "password"],
		["docker", "login-action", {}, "password"],
		["other", "login", {}, "creds"],
	] {
		count(rule.deny) == 0 with input as _login(login[0], login[1], login[2], login[3])
	}
	count(rule.deny) == 0 with input as {}
}
