package policyctl.lib.kubernetes_test

import data.policyctl.lib.kubernetes as k8s

_pod := {"containers": [{"name": "web"}], "volumes": [{"name": "data"}]}

test_pods_in_whatever_creates_them if {
	every object_, path in {
		{"kind": "Pod", "spec": _pod}: ["spec"],
		{"kind": "PodTemplate", "template": {"spec": _pod}}: ["template", "spec"],
		{"kind": "Deployment", "spec": {"template": {"spec": _pod}}}: ["spec", "template", "spec"],
		{"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": _pod}}}}}: ["spec", "jobTemplate", "spec", "template", "spec"],
	} {
		k8s.pod_specs == {{"path": path, "value": _pod}} with input as object_
	}
}

test_what_is_no_pod if {
	every object_ in [
		{"kind": "Service", "spec": _pod}, {"kind": "Pod"}, {"kind": "Pod", "spec": 5}, {"kind": "Pod", "spec": {"containers": 5}},
		{"kind": "Deployment", "spec": {"template": "x"}}, {"kind": "SealedSecret", "spec": {"template": {"spec": {}}}}, {"kind": 5}, {},
	] {
		count(k8s.pod_specs) == 0 with input as object_
		count(k8s.containers) == 0 with input as object_
	}
}

test_containers_of_all_sorts if {
	paths := {container.path | some container in k8s.containers} with input as {"kind": "Pod", "spec": {
		"containers": [5, {"name": "web"}],
		"initContainers": [{"name": "init"}],
		"ephemeralContainers": [{"name": "debug"}],
	}}
	paths == {["spec", "containers", 1], ["spec", "initContainers", 0], ["spec", "ephemeralContainers", 0]}
}

test_env if {
	k8s.env == {{"path": ["spec", "containers", 0, "env", 1], "value": {"name": "A"}, "container": "web"}} with input as {
		"kind": "Pod",
		"spec": {"containers": [{"name": "web", "env": ["x", {"name": "A"}]}, {"name": "odd", "env": "x"}, {"env": {"name": "A"}}]},
	}
}

test_volumes if {
	k8s.volumes == {{"path": ["spec", "volumes", 0], "value": {"name": "data"}}} with input as {"kind": "Pod", "spec": _pod}
}

test_commands if {
	k8s.commands == {
		{"path": ["spec", "containers", 0, "args"], "value": ["a", 5], "container": "0"},
		{"path": ["spec", "containers", 0, "livenessProbe", "exec", "command"], "value": ["b"], "container": "0"},
	} with input as {
		"kind": "Pod",
		"spec": {"containers": [{"command": "x", "args": ["a", 5], "livenessProbe": {"exec": {"command": ["b"]}}, "readinessProbe": 5}]},
	}
}

test_commands_wherever_they_stand if {
	every command, container in {
		["command"]: {"command": ["a"]},
		["args"]: {"args": ["a"]},
		["lifecycle", "postStart", "exec", "command"]: {"lifecycle": {"postStart": {"exec": {"command": ["a"]}}}},
		["lifecycle", "preStop", "exec", "command"]: {"lifecycle": {"preStop": {"exec": {"command": ["a"]}}}},
		["livenessProbe", "exec", "command"]: {"livenessProbe": {"exec": {"command": ["a"]}}},
		["readinessProbe", "exec", "command"]: {"readinessProbe": {"exec": {"command": ["a"]}}},
		["startupProbe", "exec", "command"]: {"startupProbe": {"exec": {"command": ["a"]}}},
	} {
		{found.path | some found in k8s.commands} == {array.concat(["spec", "containers", 0], command)} with input as {
			"kind": "Pod",
			"spec": {"containers": [container]},
		}
	}
}

test_role_rules if {
	k8s.role_rules == {{"path": ["rules", 1], "value": {
		"apiGroups": [""],
		"resources": [],
		"resourceNames": [],
		"verbs": [],
	}}} with input as {"kind": "Role", "rules": ["x", {"apiGroups": [""], "verbs": "get", "resources": 5}]}
	count(k8s.role_rules) == 0 with input as {"kind": "Role", "rules": {"a": {}}}
	count(k8s.role_rules) == 0 with input as {"kind": "Other", "rules": [{}]}
}

test_reads_secrets if {
	rule := {"apiGroups": [""], "resources": ["pods", "secrets"], "resourceNames": [], "verbs": ["list"]}
	k8s.reads_secrets(rule) == 1
	k8s.reads_secrets(object.union(rule, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})) == 0
	every narrower in [{"apiGroups": ["apps"]}, {"resources": ["pods"]}, {"resourceNames": ["tls"]}, {"verbs": ["create"]}] {
		not k8s.reads_secrets(object.union(rule, narrower))
	}
}

test_subjects if {
	k8s.subjects == {{"path": ["subjects", 0], "value": {"name": "x"}}} with input as {"kind": "RoleBinding", "subjects": [{"name": "x"}, "y"]}
	count(k8s.subjects) == 0 with input as {"kind": "Other", "subjects": [{"name": "x"}]}
}

test_generator_literals if {
	k8s.generator_literals("secretGenerator") == {
		{"path": ["secretGenerator", 0, "literals", 0], "key": "a", "text": "b=c"},
		{"path": ["secretGenerator", 0, "literals", 1], "key": "d", "text": "e"},
	} with input as {"secretGenerator": [{"literals": ["a=b=c", "d='e'", 5, "none"]}, {"literals": "x=y"}, "z"]}
	count(k8s.generator_literals("secretGenerator")) == 0 with input as {"kind": "Pod", "secretGenerator": [{"literals": ["a=b"]}]}
}

_found(label, text) := {[found.what, object.get(found.place, "match", "")] | some found in k8s.credentials(label, text)}

test_credentials if {
	_found("PASSWORD", "correct-horse") == {["a literal credential", ""]}
	_found("id", "x\n-----BEGIN RSA PRIVATE KEY-----\n") == {["a private key", ""]}
	_found("URL", "postgres:\/\/app:correct-horse@db") == {["a URL with a password", "app:correct-horse@"]}
	_found("PASSWORD", "postgres:\/\/app:correct-horse@db") == {["a URL with a password", "app:correct-horse@"]}
}

test_credentials_in_a_configuration_file if {
	_found("app.properties", "a=b\n  spring.datasource.password = correct-horse\nurl=redis:\/\/:battery@cache\n") == {
		["a literal spring.datasource.password", "spring.datasource.password = correct-horse"],
		["a URL with a password", ":battery@"],
	}
	_found("app.json", "{\n  \"apiKey\": \"correct-horse\",\n  \"x\": 1\n}") == {["a literal apiKey", "\"apiKey\": \"correct-horse\""]}
	_found("app.yaml", "- password: 'correct-horse' # no") == {["a literal password", "- password: 'correct-horse'"]}
	_found("app.conf", "password = correct#horse, battery\r\n") == {["a literal password", "password = correct#horse, battery\r"]}
	_found("app.yml", "password: correct horse # no\ntoken:\nsecret: |\n  x\n") == {["a literal password", "password: correct horse "]}
}

test_no_credentials if {
	every label, text in {
		"NAME": "correct-horse", "PASSWORD": "${PASSWORD}", "TOKEN": 5, "URL": "https://example.com", "run.sh": "password=correct-horse",
		"app.properties": "password=${PASSWORD}\npasswordFile=/run/secrets/x\ntokenIssuer=correct-horse\n# password=correct-horse", "x.yaml": "password: {{ .Values.password }}",
	} {
		k8s.credentials(label, text) == set()
	}
	k8s.credentials(5, "correct-horse") == set()
	k8s.credentials(null, null) == set()
}

test_secret_credentials if {
	_kinds("password", "correct-horse") == {"a literal credential"}
	_kinds("value", "correct-horse") == {"a literal value"}
	_kinds("secretId", "correct-horse") == {"a literal value"}
	_kinds("dsn", "app:correct-horse@tcp(db)/app") == {"a literal value"}
	_kinds("url", "postgres:\/\/app:correct-horse@db") == {"a URL with a password"}
	_kinds(".dockerconfigjson", json.marshal({"auths": {"registry.example.com": {"auth": base64.encode("correct:horse")}}})) == {"a registry login"}
	_kinds("config", `{"retries": 3, "password": "correct-horse"}`) == {"a literal password"}
	_kinds("config.yaml", "receivers: []\nsmtp_password: correct-horse\n") == {"a literal smtp_password"}
}

_kinds(key, text) := {found.what | some found in k8s.secret_credentials(key, text)}

test_no_secret_credentials if {
	every key, text in {
		"username": "administrator", "dbUser": "postgres", "clientId": "correct-horse", "DB_HOST": "db.example.com", "AWS_REGION": "eu-west-1", "type": "helm", "tls.crt": "-----BEGIN CERTIFICATE-----\n",
		"a": "", "b": "<password>", "c": "{{ password }}", "d": "ENC[AES256_GCM,data:x]", "e": 5,
		".dockerconfigjson": `{"auths":{}}`, ".dockercfg": `{"x":{"auth":"${AUTH}"}}`, "other": `{"x":{"auth":"correct"}}`, "config": `{"server":"correct-horse"}`, "config.yaml": "receivers: []\nroute: default\n",
	} {
		k8s.secret_credentials(key, text) == set()
	}
}

test_grants_all if {
	k8s.grants_all({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	not k8s.grants_all({"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]})
	not k8s.grants_all({"apiGroups": ["*"], "resources": ["pods"], "verbs": ["*"]})
	not k8s.grants_all({"apiGroups": ["*"], "resources": ["*"], "verbs": ["get"]})
}

test_true_like if {
	every value in [true, "yes", "Yes", "on", "ON", "y", "Y", "true", "True"] {
		k8s.true_like(value)
	}
	every value in [false, "no", "off", "n", "false", "", "yes ", 1, null, {}, ["yes"]] {
		not k8s.true_like(value)
	}
}

test_external_secrets if {
	k8s.external_secrets == {{"path": ["spec"], "value": {"a": 1}}} with input as {"kind": "ExternalSecret", "spec": {"a": 1}}
	k8s.external_secrets == {{"path": ["spec", "externalSecretSpec"], "value": {}}} with input as {"kind": "ClusterExternalSecret", "spec": {"externalSecretSpec": {}}}
	count(k8s.external_secrets) == 0 with input as {"kind": "ExternalSecret", "spec": "x"}
	count(k8s.external_secrets) == 0 with input as {"kind": "Secret", "spec": {}}
}

test_flags if {
	k8s.flags == {{"program": "kube-apiserver", "path": ["spec", "containers", 0], "set": {
		"anonymous-auth": {"path": ["spec", "containers", 0, "command", 1], "value": "false"},
		"token-auth-file": {"path": ["spec", "containers", 0, "args", 0], "value": "/etc/tokens"},
		"profiling": {"path": ["spec", "containers", 0, "args", 2], "value": "true"},
		"v": {"path": ["spec", "containers", 0, "args", 3], "value": "true"},
	}}} with input as {"kind": "Pod", "spec": {"containers": [{
		"command": ["/usr/bin/kube-apiserver", "--anonymous-auth=false"],
		"args": ["--token-auth-file", "/etc/tokens", "--profiling", "--v"],
	}]}}
	count(k8s.flags) == 0 with input as {"kind": "Pod", "spec": {"containers": [{"command": ["etcdctl", "--x=y"]}]}}
}

test_flags_of_kubeadm if {
	every arguments, path in {{"a": "b"}: ["apiServer", "extraArgs", "a"], [{"name": "a", "value": "b"}]: ["apiServer", "extraArgs", 0, "value"]} {
		k8s.flags == {{"program": "kube-apiserver", "path": ["apiServer"], "set": {"a": {"path": path, "value": "b"}}}} with input as {
			"kind": "ClusterConfiguration",
			"apiServer": {"extraArgs": arguments},
		}
	}
	count(k8s.flags) == 0 with input as {"kind": "ClusterConfiguration"}
}
