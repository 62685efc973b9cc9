# METADATA
# title: Secrets are not encrypted in etcd, or with a key that is committed
# description: >-
#   The first provider in the list encrypts what is written. With identity Secrets lie
#   in etcd and its backups as they are; and a key in the repository protects nothing.
# related_resources:
#   - https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
# custom:
#   severity: high
#   fix: Put kms first, with identity last for what was written before; and keep keys out of the repository.
#   tags: [encryption]
#   cwe: [311, 321]
package policyctl.kubernetes.encryption_at_rest

import data.policyctl.lib.secrets

deny contains {"path": ["resources", i, "providers", 0, "identity"], "message": message} if {
	some i, entry in _secrets
	entry.providers[0].identity == {}
	message := "Secrets are written to etcd unencrypted: the first provider is identity"
}

deny contains {"path": ["resources"], "message": "Secrets are written to etcd unencrypted: no entry names them"} if {
	_configuration
	count(_secrets) == 0
}

deny contains {"path": path, "message": message} if {
	_configuration
	some i, entry in input.resources
	some j, provider in entry.providers
	some cipher in ["aescbc", "aesgcm", "secretbox"]
	some k, key in provider[cipher].keys
	secrets.literal(key.secret)
	path := ["resources", i, "providers", j, cipher, "keys", k, "secret"]
	message := $"key {key.name} that encrypts Secrets in etcd stands here in clear text"
}

_configuration if {
	input.kind == "EncryptionConfiguration"
	is_array(input.resources)
}

_secrets := {i: entry |
	_configuration
	some i, entry in input.resources
	some resource in entry.resources
	resource in {"*.", "*.*", "secrets"}
}
