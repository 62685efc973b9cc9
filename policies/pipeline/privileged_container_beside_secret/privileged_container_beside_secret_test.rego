package policyctl.pipeline.privileged_container_beside_secret_test

import data.policyctl.pipeline.privileged_container_beside_secret as rule

_doc(component, script) := {
	"platform": "gitlab",
	"components": [object.union({"kind": "image", "name": "node", "version": "24", "ref": "x", "address": "y", "job": "a", "inputs": {}}, component)],
	"steps": [{"job": "a", "index": 0, "address": "jobs.a.steps.run", "script": script}],
	"exposures": [{"secret": {"name": "T"}, "platform_token": false, "at": "step_env", "job": "a", "step": 0}],
}

test_privileged if {
	rule.deny == {{
		"path": ["steps", 0, "script"],
		"match": "docker run --rm --privileged ",
		"subject": "jobs.a.steps.run",
		"message": "step 1 of job \"a\" hands the machine to a container beside secret T",
	}} with input as _doc({}, "docker run --rm --privileged x")
	count(rule.deny) == 1 with input as _doc({}, "podman run -v /var/run/docker.sock:/var/run/docker.sock x")
	every component in [{"name": "docker", "version": "27-dind"}, {"kind": "plugin", "inputs": {"privileged": "true"}}, {"privileged": true}] {
		count(rule.deny) == 1 with input as _doc(component, "make")
	}
}

test_not_privileged if {
	every script in ["docker run x; y --privileged", "docker build --privileged", "docker run --privileged=false x"] {
		count(rule.deny) == 0 with input as _doc({}, script)
	}
	every component in [{"name": "docker", "version": "27"}, {"name": "docker-compose", "version": "dind"}, {"name": "docker", "version": "27-dind-rootless"}, {"kind": "plugin"}] {
		count(rule.deny) == 0 with input as _doc(component, "make")
	}
	count(rule.deny) == 0 with input as object.union(_doc({"name": "docker", "version": "27-dind"}, "make"), {"platform": "githubactions"})
	count(rule.deny) == 0 with input as object.union(_doc({"name": "docker", "version": "dind"}, "docker run --privileged x"), {"exposures": []})
}
