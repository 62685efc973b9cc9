package policyctl.compose.host_path_credentials_test

import data.policyctl.compose.host_path_credentials as rule

test_folders_with_credentials if {
	{deny.message | some deny in rule.deny} == {
		"service a mounts / of the host",
		"service a mounts ~/.aws of the host",
		"service b mounts /etc of the host",
	} with input as {"services": {
		"a": {"volumes": [{"source": "/", "target": "/host", "mode": "ro"}, {"source": "data", "target": "/data"}, {"source": "~/.aws", "target": "/root/.aws"}]},
		"b": {"volumes": [{"type": "bind", "source": "/etc", "target": "/e"}]},
	}}
}

test_silent if {
	rule.deny == set() with input as {"services": {
		"a": {"volumes": [{"source": "/etc/localtime"}, {"source": "/var/run/docker.sock"}, {"source": "./etc"}, {"target": "/etc"}, {"source": "${DATA}"}, 5]},
		"b": {"volumes": 5},
	}}
}
