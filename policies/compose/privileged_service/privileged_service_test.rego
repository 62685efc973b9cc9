package policyctl.compose.privileged_service_test

import data.policyctl.compose.privileged_service as rule

test_privileged if {
	rule.deny == {{
		"path": ["services", "a", "privileged"],
		"message": "service a runs privileged",
		"fix": {"op": "replace", "path": ["services", "a", "privileged"], "value": false},
	}} with input as {"services": {"a": {"privileged": true}}}
}

test_words_for_true if {
	every word in ["true", "True", "yes", "on", "y"] {
		count(rule.deny) == 1 with input as {"services": {"a": {"privileged": word}}}
	}
}

test_all_capabilities if {
	rule.deny == {{"path": ["services", "a", "cap_add", 1], "message": "service a has all capabilities, as if it were privileged"}} with input as {"services": {"a": {"cap_add": ["NET_ADMIN", "ALL"]}}}
}

test_others if {
	rule.deny == set() with input as {"services": {"a": {"privileged": false}, "b": {"privileged": "true?"}, "c": {"cap_add": [5, "NET_ADMIN"]}, "d": {"cap_add": 5}, "e": {"privileged": "no"}, "f": {"privileged": 1}}}
}

test_no_fix if {
	every service in [
		{"image": "docker:27-dind"}, {"command": "sh -c 'mount -t nfs x:/ /mnt && serve'"}, {"entrypoint": ["dockerd-entrypoint.sh"]},
		{"pid": "host"}, {"devices": ["/dev/fuse"]}, {"volumes": ["/dev:/dev"]}, {"volumes": [{"type": "bind", "source": "/lib/modules"}]},
	] {
		findings := rule.deny with input as {"services": {"a": object.union({"privileged": true}, service)}}
		{object.get(finding, "fix", "none") | some finding in findings} == {"none"}
	}
	some finding in rule.deny with input as {"services": {"a": {"privileged": true, "volumes": ["./data:/data", "/srv/app:/app"], "command": "serve"}}}
	finding.fix
}
