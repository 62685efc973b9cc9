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
