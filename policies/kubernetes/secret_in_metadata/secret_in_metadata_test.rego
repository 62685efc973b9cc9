package policyctl.kubernetes.secret_in_metadata_test

import data.policyctl.kubernetes.secret_in_metadata as rule

_object(annotations) := {"kind": "Service", "metadata": {"annotations": annotations}}

test_credentials if {
	rule.deny == {{
		"path": ["metadata", "annotations", "example.com/api-token"],
		"message": "entry example.com/api-token of the annotations holds a literal credential",
	}} with input as _object({"example.com/api-token": "correct-horse"})
	rule.deny == {{
		"path": ["metadata", "annotations", "dsn"],
		"match": "app:correct-horse@",
		"message": "entry dsn of the annotations holds a URL with a password",
	}} with input as _object({"dsn": "postgres:\/\/app:correct-horse@db"})
}

test_metadata_of_pods if {
	count(rule.deny) == 1 with input as {"kind": "Deployment", "spec": {"template": {
		"metadata": {"annotations": {"agent/password": "correct-horse"}},
		"spec": {"containers": []},
	}}}
}

_last_applied(kind, text) := {"kind": kind, "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": text}}}

test_last_applied_configuration if {
	rule.deny == {{
		"path": ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
		"message": "entry kubectl.kubernetes.io/last-applied-configuration of the annotations holds the values of the Secret",
	}} with input as _last_applied("Secret", `{"data":{"password":"x"}}`)
	count(rule.deny) == 0 with input as _last_applied("Secret", `{"data":{}}`)
	count(rule.deny) == 0 with input as _last_applied("ConfigMap", `{"data":{"password":"correct-horse"}}`)
}

test_names_of_secrets if {
	every annotations in [
		{"nginx.ingress.kubernetes.io/auth-secret": "basic-auth"}, {"example.com/credentials": "registry"}, {"team": "shop"},
		{"example.com/token": "{{ .Values.token }}"}, {"example.com/token": 5}, "x",
	] {
		count(rule.deny) == 0 with input as _object(annotations)
	}
}
