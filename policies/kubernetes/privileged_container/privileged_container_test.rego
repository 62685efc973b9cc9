package policyctl.kubernetes.privileged_container_test

import data.policyctl.kubernetes.privileged_container as rule

_pod(context) := {"kind": "Pod", "spec": {"containers": [{"name": "web", "securityContext": context}]}}

test_privileged if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "securityContext", "privileged"],
		"message": "container web runs privileged",
		"fix": {"op": "replace", "path": ["spec", "containers", 0, "securityContext", "privileged"], "value": false},
	}} with input as _pod({"privileged": true})
}

test_words_of_yaml_1_1 if {
	every word in ["yes", "on", "Yes", "ON", "y", "True"] {
		count(rule.deny) == 1 with input as _pod({"privileged": word})
	}
}

test_not_privileged if {
	every context in [{"privileged": false}, {"privileged": "no"}, {"privileged": "off"}, {}, 5, null] {
		count(rule.deny) == 0 with input as _pod(context)
	}
}

test_no_fix if {
	every pod in [
		{"initContainers": [_container({})], "containers": []},
		{"containers": [_container({"image": "docker:27-dind"})]},
		{"containers": [_container({"command": ["sh", "-c", "sysctl -w net.core.somaxconn=1024"]})]},
		{"containers": [_container({})], "hostNetwork": true},
		{"containers": [_container({})], "volumes": [{"name": "dev", "hostPath": {"path": "/dev"}}]},
	] {
		findings := rule.deny with input as {"kind": "Pod", "spec": pod}
		{object.get(finding, "fix", "none") | some finding in findings} == {"none"}
	}
}

_container(fields) := object.union({"name": "x", "image": "acme/x", "securityContext": {"privileged": true}}, fields)
