package policyctl.kubernetes.secret_store_static_auth_test

import data.policyctl.kubernetes.secret_store_static_auth as rule

_store(provider) := {"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "s"}, "spec": {"provider": provider}}

test_static if {
	rule.deny == {{
		"path": ["spec", "provider", "aws", "auth", "secretRef"],
		"message": "SecretStore s authenticates with keys of an IAM user, not with a workload identity",
	}} with input as _store({"aws": {"auth": {"secretRef": {"accessKeyIDSecretRef": {}}}}})
	count(rule.deny) == 1 with input as _store({"azurekv": {"authSecretRef": {"clientId": {}}}})
}

test_identities if {
	every provider in [{"aws": {"auth": {"jwt": {}}}}, {"aws": {"region": "eu"}}, {"vault": {"auth": {"kubernetes": {}}}}, {"doppler": {"auth": {"secretRef": {}}}}, "x"] {
		count(rule.deny) == 0 with input as _store(provider)
	}
	count(rule.deny) == 0 with input as object.union(_store({"vault": {"auth": {"tokenSecretRef": {}}}}), {"kind": "Other"})
}
