package policyctl.kubernetes.encryption_at_rest_test

import data.policyctl.kubernetes.encryption_at_rest as rule

_config(providers) := {"kind": "EncryptionConfiguration", "resources": [{"resources": ["configmaps", "secrets"], "providers": providers}]}

test_identity_first if {
	rule.deny == {{
		"path": ["resources", 0, "providers", 0, "identity"],
		"message": "Secrets are written to etcd unencrypted: the first provider is identity",
	}} with input as _config([{"identity": {}}, {"kms": {}}])
}

test_not_named if {
	rule.deny == {{"path": ["resources"], "message": "Secrets are written to etcd unencrypted: no entry names them"}} with input as {
		"kind": "EncryptionConfiguration",
		"resources": [{"resources": ["configmaps"], "providers": [{"kms": {}}]}],
	}
}

test_a_literal_key if {
	rule.deny == {{
		"path": ["resources", 0, "providers", 0, "secretbox", "keys", 0, "secret"],
		"message": "key k that encrypts Secrets in etcd stands here in clear text",
	}} with input as _config([{"secretbox": {"keys": [{"name": "k", "secret": "correct-horse-battery"}]}}, {"identity": {}}])
}

test_encrypted if {
	every providers in [[{"kms": {}}, {"identity": {}}], [{"aescbc": {"keys": [{"name": "k", "secret": "${KEY}"}]}}]] {
		count(rule.deny) == 0 with input as _config(providers)
	}
	count(rule.deny) == 0 with input as {"kind": "Other", "resources": [{"resources": ["secrets"], "providers": [{"identity": {}}]}]}
	count(rule.deny) == 0 with input as {"kind": "EncryptionConfiguration"}
}
