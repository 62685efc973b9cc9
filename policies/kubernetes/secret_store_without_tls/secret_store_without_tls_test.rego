package policyctl.kubernetes.secret_store_without_tls_test

import data.policyctl.kubernetes.secret_store_without_tls as rule

_object(kind, spec) := {"apiVersion": "x/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}

test_addresses if {
	rule.deny == {{
		"path": ["spec", "provider", "vault", "server"],
		"message": "SecretStore a fetches secrets from http://vault.example.com:8200 without encryption",
	}} with input as _object("SecretStore", {"provider": {"vault": {"server": "http://vault.example.com:8200"}}})
	every object in [
		_object("VaultConnection", {"address": "http://vault:8200"}),
		_object("SecretProviderClass", {"parameters": {"vaultAddress": "http://vault:8200"}}),
		_object("Deployment", {"template": {"metadata": {"annotations": {"vault.hashicorp.com/service": "http://vault:8200"}}}}),
	] {
		count(rule.deny) == 1 with input as object
	}
}

test_certificates if {
	rule.deny == {{
		"path": ["spec", "skipTLSVerify"],
		"message": "VaultConnection a fetches secrets without a look at the store's certificate",
	}} with input as _object("VaultConnection", {"address": "https://vault:8200", "skipTLSVerify": true})
	every object in [
		_object("SecretProviderClass", {"parameters": {"vaultSkipTLSVerify": "true"}}),
		_object("Deployment", {"template": {"metadata": {"annotations": {"vault.hashicorp.com/tls-skip-verify": "true"}}}}),
	] {
		count(rule.deny) == 1 with input as object
	}
}

test_others if {
	every object in [
		_object("SecretStore", {"provider": {"vault": {"server": "https://vault.example.com:8200"}}}),
		_object("SecretStore", {"provider": {"vault": {"server": "http://127.0.0.1:8200"}}}),
		_object("SecretStore", {"provider": {"vault": {"server": 5}, "aws": {"region": "eu-west-1"}}}),
		_object("VaultConnection", {"address": "https://vault:8200", "skipTLSVerify": false}),
		_object("Service", {"address": "http://vault:8200", "skipTLSVerify": true}),
		_object("Deployment", {"template": {"metadata": {"annotations": {"vault.hashicorp.com/tls-skip-verify": "false"}}}}),
		{"kind": "SecretStore"},
	] {
		count(rule.deny) == 0 with input as object
	}
}
