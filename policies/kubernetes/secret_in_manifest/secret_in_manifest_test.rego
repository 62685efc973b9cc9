package policyctl.kubernetes.secret_in_manifest_test

import data.policyctl.kubernetes.secret_in_manifest as rule

test_values_in_clear_text if {
	rule.deny == {
		{"path": ["stringData", "password"], "message": "key password of the Secret holds a literal credential in clear text"},
		{"path": ["stringData", "uri"], "match": "app:correct-horse@", "message": "key uri of the Secret holds a URL with a password in clear text"},
	} with input as {"kind": "Secret", "stringData": {
		"password": "correct-horse",
		"username": "administrator",
		"uri": "postgres:\/\/app:correct-horse@db",
	}}
}

test_encoded_values if {
	rule.deny == {{
		"path": ["data", "password"],
		"message": "key password of the Secret holds a literal credential in clear text",
	}} with input as {"kind": "Secret", "data": {"password": concat("\n ", ["Y29ycmVjdC1o", "b3JzZQ=="])}}
}

test_a_value_that_is_no_base64_is_taken_as_it_stands if {
	count(rule.deny) == 1 with input as {"kind": "Secret", "data": {"password": "correct-horse!"}}
}

test_a_long_value_is_no_placeholder_whatever_it_looks_like if {
	count(rule.deny) == 1 with input as {"kind": "Secret", "data": {"key": "/correct/horse/battery/staple/correct/horse/battery/"}}
}

test_nothing_in_clear_text if {
	every secret in [
		{"data": {"password": "ENC[AES256_GCM,data:x,type:str]"}, "sops": {"version": "3.9.0"}},
		{"data": {"password": ""}},
		{"data": {"password": null}},
		{"data": {"password": "PHBhc3N3b3JkPg=="}}, # <password>
		{"data": {"password": base64.encode("{{ password }}")}}, # {{ password }}
		{"data": {"password": "YOURPASSWORD"}},
		{"stringData": {"password": "${PASSWORD}"}},
		{"data": {"tls.crt": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="}},
		{"type": "kubernetes.io/service-account-token", "metadata": {"name": "x"}},
		{"data": "x", "stringData": ["correct-horse"]},
		{"data": {"password": 5}},
		{"metadata": {"password": "correct-horse"}},
	] {
		count(rule.deny) == 0 with input as object.union(secret, {"kind": "Secret"})
	}
}

test_other_kinds if {
	count(rule.deny) == 0 with input as {"kind": "SealedSecret", "data": {"password": "correct-horse"}}
}

test_fake_stores if {
	{found.path | some found in rule.deny} == {["spec", "provider", "fake", "data", 0, "value"], ["spec", "provider", "fake", "data", 2, "valueMap", "password"]} with input as {
		"kind": "ClusterSecretStore",
		"spec": {"provider": {"fake": {"data": [
			{"key": "/db", "value": "correct-horse"}, {"key": "/api", "value": "${API_KEY}"}, {"key": "/app", "valueMap": {"user": "orders", "password": "correct-horse"}},
		]}}},
	}
	{found.path | some found in rule.deny} == {["spec", "data", "token"]} with input as {
		"kind": "Fake", "apiVersion": "generators.external-secrets.io/v1alpha1", "spec": {"data": {"token": "correct-horse"}},
	}
	count(rule.deny) == 0 with input as {"kind": "SecretStore", "spec": {"provider": {"vault": {"server": "https:\/\/vault"}}}}
}
