package policyctl.compose.docker_socket_mounted_test

import data.policyctl.compose.docker_socket_mounted as rule

test_a_mounted_socket_is_found if {
	rule.deny == {
		{"path": ["services", "a", "volumes", 1, "source"], "message": "service a mounts the socket of the container engine"},
		{"path": ["services", "d", "use_api_socket"], "message": "service d gets the socket of the container engine"},
		{"path": ["services", "b", "volumes", 0, "source"], "message": "service b mounts the socket of the container engine"},
	} with input as {"services": {
		"a": {"image": "traefik", "volumes": [{"source": "data", "target": "/data"}, {"source": "/var/run/docker.sock", "target": "/var/run/docker.sock", "mode": "ro"}]},
		"b": {"volumes": [{"source": "${XDG_RUNTIME_DIR}/podman/podman.sock", "target": "/s"}]},
		"d": {"use_api_socket": true},
	}}
}

test_others if {
	rule.deny == set() with input as {"services": {
		"a": {"image": "example/docker-socket-proxy", "volumes": [{"source": "/var/run/docker.sock", "target": "/s"}]},
		"b": {"volumes": [{"source": "/run/mysqld/mysqld.sock"}, {"target": "/var/run/docker.sock"}, {"source": 5}, 5]},
		"c": {"volumes": 5},
		"d": {"use_api_socket": false},
	}}
}
