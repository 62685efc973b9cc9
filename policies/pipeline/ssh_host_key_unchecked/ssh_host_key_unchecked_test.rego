package policyctl.pipeline.ssh_host_key_unchecked_test

import data.policyctl.pipeline.ssh_host_key_unchecked as rule

_exposure(fields) := object.union({"job": "a", "at": "job_env", "platform_token": false, "variable": "KEY", "secret": {"name": "DEPLOY_KEY"}}, fields)

_script(script, fields) := object.union(
	{
		"steps": [{"job": "a", "index": 0, "address": "jobs.a.script", "script": script}],
		"exposures": [_exposure({})],
	},
	fields,
)

_found(option, key) := {{
	"path": ["steps", 0, "script"],
	"match": option,
	"subject": "jobs.a.script",
	"message": $"\"{option}\" in step 1 of job \"a\" takes any machine for the right one, in a job that has {key}",
}}

test_scripts if {
	every option in [
		"StrictHostKeyChecking=no",
		"StrictHostKeyChecking accept-new",
		"UserKnownHostsFile=/dev/null",
		"ssh-keyscan example.com >> ~/.ssh/known_hosts",
		"ssh-keyscan -H example.com | tee -a ~/.ssh/known_hosts",
		"ANSIBLE_HOST_KEY_CHECKING=False",
	] {
		rule.deny == _found(option, "secret DEPLOY_KEY") with input as _script($"x; {option}", {})
	}
}

_agent := {"exposures": [], "components": [{
	"job": "a",
	"ref": "webfactory/ssh-agent@v0.9",
	"facts": {"credentials": [{"input": "ssh-private-key", "kind": "private_key"}], "exports": [{"variable": "SSH_AUTH_SOCK"}]},
}]}

test_agents if {
	rule.deny == _found("StrictHostKeyChecking=no", "the key of webfactory/ssh-agent") with input as _script("ssh -o StrictHostKeyChecking=no x", _agent)
}

test_checked_or_without_a_key if {
	every script in ["ssh -o StrictHostKeyChecking=yes x", "echo \"$KNOWN_HOSTS\" > ~/.ssh/known_hosts", "ssh-keyscan example.com | diff - keys"] {
		count(rule.deny) == 0 with input as _script(script, {})
	}
	every exposure in [{"job": "b"}, {"secret": {"name": "SSH_HOST"}}, {"secret": {"name": "SSH_KNOWN_HOSTS"}}, {"secret": {"name": "API_TOKEN"}, "variable": "TOKEN"}] {
		count(rule.deny) == 0 with input as _script("ssh -o StrictHostKeyChecking=no x", {"exposures": [_exposure(exposure)]})
	}
}

_literal(variable, value) := {"literals": [{"job": "a", "address": "jobs.a.env", "variable": variable, "value": value}], "exposures": [_exposure({})]}

test_variables if {
	rule.deny == {{
		"path": ["literals", 0, "value"],
		"subject": "jobs.a.env",
		"message": "GIT_SSH_COMMAND of job \"a\" takes any machine for the right one, in a job that has secret DEPLOY_KEY",
	}} with input as _literal("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=no")
	count(rule.deny) == 1 with input as _literal("ANSIBLE_HOST_KEY_CHECKING", "false")
	count(rule.deny) == 0 with input as _literal("GIT_SSH_COMMAND", "ssh -i key")
}

test_agent_of_jenkins if {
	count(rule.deny) == 1 with input as {
		"steps": [{"job": "a", "index": 0, "address": "jobs.a.sh", "script": "ssh -o StrictHostKeyChecking=no a@b ls"}],
		"exposures": [{"secret": {"name": "prod", "store": "credentials"}, "platform_token": false, "at": "setting", "job": "a", "component": "sshagent"}],
	}
}

_component(inputs) := {"components": [{
	"job": "a",
	"owner": "appleboy",
	"name": "ssh-action",
	"ref": "appleboy/ssh-action@v1",
	"address": "jobs.a.uses",
	"inputs": inputs,
	"facts": {"credentials": [{"input": "key", "kind": "private_key"}]},
}]}

test_components if {
	rule.deny == {{
		"path": ["components", 0, "ref"],
		"subject": "jobs.a.uses",
		"message": "job \"a\" logs in to a machine and has no fingerprint to know it by",
	}} with input as _component({"key": "x"})
	count(rule.deny) == 0 with input as _component({"key": "x", "fingerprint": "SHA256:x"})
}
