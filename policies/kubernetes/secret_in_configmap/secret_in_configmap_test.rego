package policyctl.kubernetes.secret_in_configmap_test

import data.policyctl.kubernetes.secret_in_configmap as rule

test_credentials if {
	rule.deny == {
		{"path": ["data", "DB_PASSWORD"], "message": "key DB_PASSWORD of the ConfigMap holds a literal credential"},
		{"path": ["data", "CACHE"], "match": ":correct-horse@", "message": "key CACHE of the ConfigMap holds a URL with a password"},
		{"path": ["data", "id"], "message": "key id of the ConfigMap holds a private key"},
		{"path": ["data", "a.ini"], "match": "password=correct-horse", "message": "key a.ini of the ConfigMap holds a literal password"},
	} with input as {"kind": "ConfigMap", "data": {
		"DB_HOST": "db",
		"DB_PASSWORD": "correct-horse",
		"CACHE": "redis:\/\/:correct-horse@cache",
		"id": "-----BEGIN PRIVATE KEY-----\ncorrect\n",
		"a.ini": "[db]\npassword=correct-horse\n",
	}}
}

test_a_generated_configmap if {
	rule.deny == {{
		"path": ["configMapGenerator", 0, "literals", 0],
		"message": "literal TOKEN of the generated ConfigMap holds a literal credential",
	}} with input as {"kind": "Kustomization", "configMapGenerator": [{"literals": ["TOKEN=correct-horse", "NAME=correct-horse"]}]}
}

test_no_credentials if {
	every object_ in [
		{"kind": "ConfigMap", "data": {"TOKEN_URL": "https://example.com/token", "PASSWORD_FILE": "/run/secrets/x", "PASSWORD": "$(OTHER)", "TOKEN": 5}},
		{"kind": "ConfigMap", "data": "PASSWORD=correct-horse"},
		{"kind": "ConfigMap"},
		{"kind": "Other", "data": {"PASSWORD": "correct-horse"}},
	] {
		count(rule.deny) == 0 with input as object_
	}
}
