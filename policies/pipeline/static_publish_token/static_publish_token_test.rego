package policyctl.pipeline.static_publish_token_test

import data.policyctl.pipeline.static_publish_token as rule

_exposure(fields) := object.union({"address": "jobs.a.env", "job": "a", "step": 0, "at": "step_env", "platform_token": false, "variable": "T", "secret": {"name": "NPM_TOKEN"}}, fields)

_script(script, fields) := object.union(
	{
		"platform": "githubactions",
		"steps": [{"job": "a", "index": 0, "kind": "shell", "script": script}],
		"exposures": [_exposure({})],
	},
	fields,
)

_named(name) := {"exposures": [_exposure({"secret": {"name": name}})]}

test_npm if {
	rule.deny == {{
		"path": ["exposures", 0, "secret"],
		"subject": "jobs.a.env",
		"message": "step 1 of job \"a\" publishes to npm by secret NPM_TOKEN; the registry can trust the job in its place",
	}} with input as _script("npm ci\nnpm publish --provenance", {})
	count(rule.deny) == 1 with input as _script("npm publish", {"exposures": [_exposure({"at": "job_env", "readers": [{"job": "a", "step": 0}]})]})
	count(rule.deny) == 1 with input as _script("npm publish --registry https://registry.npmjs.org", {})
}

test_other_registries if {
	every script, name in {
		"twine upload dist/*": "PYPI_TOKEN",
		"cargo publish": "CARGO_REGISTRY_TOKEN",
		"gem push x.gem": "RUBYGEMS_API_KEY",
		"dotnet nuget push x.nupkg \\\n --api-key $K --source https://api.nuget.org/v3/index.json": "NUGET_API_KEY",
	} {
		count(rule.deny) == 1 with input as _script(script, _named(name))
	}
}

test_not_published_or_no_other_way if {
	every script in ["npm ci", "npm publish --dry-run", "npm publish --registry https://npm.example.com"] {
		count(rule.deny) == 0 with input as _script(script, {})
	}
	count(rule.deny) == 0 with input as _script("npm publish", {"platform": "jenkins"})
	count(rule.deny) == 0 with input as _script("npm publish", _named("DEPLOY_TOKEN"))
	count(rule.deny) == 0 with input as _script("twine upload dist/*", _named("TWINE_USERNAME"))
	count(rule.deny) == 0 with input as _script("npm publish", {"components": [{"job": "a", "ref": "x", "inputs": {"registry-url": "https://npm.example.com"}}]})
	count(rule.deny) == 0 with input as _script("npm publish", {"literals": [{"job": "a", "variable": "NPM_CONFIG_REGISTRY", "value": "https://npm.example.com"}]})
}

_component(inputs) := {
	"platform": "githubactions",
	"steps": [{"job": "a", "index": 0, "kind": "component", "component": "x"}],
	"components": [{"job": "a", "step": 0, "ref": "x", "inputs": inputs, "facts": {"provider": "pypi", "does": ["publish"], "credentials": [{"input": "password", "kind": "token"}]}}],
	"exposures": [_exposure({"at": "input", "component": "x", "variable": "Password"})],
}

test_components if {
	count(rule.deny) == 1 with input as _component({"password": "x"})
	count(rule.deny) == 1 with input as _component({"password": "x", "repository-url": ["x"]})
	count(rule.deny) == 0 with input as _component({"password": "x", "repository-url": "https://pypi.example.com"})
}
