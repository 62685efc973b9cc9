package policyctl.terraform.vault_policy_wildcard_test

import data.policyctl.terraform.vault_policy_wildcard as rule

_policy(text) := {"resources": [{"address": "vault_policy.x", "type": "vault_policy", "name": "x", "mode": "managed", "values": {"policy": text}}]}

test_every_path if {
	rule.deny == {{
		"path": ["resources", 0, "values", "policy"],
		"match": `path "*"`,
		"subject": "vault_policy.x",
		"message": "vault_policy.x allows read, sudo on path *",
		"targets": {"read *", "sudo *"},
	}} with input as _policy(`path "orders/data/api" { capabilities = ["read"] }
path "*" {
  capabilities = ["read", "sudo"]
}`)
	every path, capability in {"secret/data/*": "read", "kv/*": "read", "sys/*": "update"} {
		count(rule.deny) == 1 with input as _policy($`path "{path}" \{ capabilities = ["{capability}"] \}`)
	}
}

test_a_document if {
	document := {"address": "data.vault_policy_document.x", "type": "vault_policy_document", "name": "x", "mode": "data", "values": {"rule": [
		{"path": "orders/data/api", "capabilities": ["read"]},
		{"path": "secret/*", "capabilities": ["read", "list"]},
	]}}
	rule.deny == {{
		"path": ["resources", 0, "values", "rule", 1, "path"],
		"subject": "data.vault_policy_document.x",
		"message": "data.vault_policy_document.x allows list, read on path secret/*",
		"targets": {"list secret/*", "read secret/*"},
	}} with input as {"resources": [document]}
}

test_silent if {
	every text in [
		`path "orders/data/*" { capabilities = ["read"] }`,
		`path "*" { capabilities = ["deny"] }`,
		`path "secret/*" { capabilities = ["list"] }`,
		`# path "*" { capabilities = ["read"] }`,
		{"$unknown": ["data.vault_policy_document.x.hcl"]},
	] {
		rule.deny == set() with input as _policy(text)
	}
}
