package policyctl.terraform.provider_static_credentials_test

import data.policyctl.terraform.provider_static_credentials as rule

_provider(name, values) := {"providers": [{"name": name, "values": values}]}

_backend(type, values) := {"backend": {"type": type, "values": values}}

test_a_provider if {
	rule.deny == {{
		"path": ["providers", 0, "values", "secret_key"],
		"subject": "provider.aws",
		"message": "argument secret_key of provider.aws is a literal credential",
	}} with input as _provider("aws", {"access_key": "orders", "secret_key": "correct-horse-battery"})
}

test_any_provider if {
	every name, values in {
		"azurerm": {"client_secret": "correct-horse-battery"},
		"github": {"token": "correct-horse-battery"},
		"postgresql": {"password": "correct-horse-battery"},
		"helm": {"kubernetes": [{"client_key": "correct-horse-battery"}]},
		"vault": {"auth_login": [{"parameters": {"secret_id": "correct-horse-battery"}}]},
		"google": {"credentials": "correct-horse-battery"},
	} {
		count(rule.deny) == 1 with input as _provider(name, values)
	}
}

test_a_backend if {
	rule.deny == {{
		"path": ["backend", "values", "access_key"],
		"subject": "backend.azurerm",
		"message": "argument access_key of backend.azurerm is a literal credential",
	}} with input as _backend("azurerm", {"access_key": "correct-horse-battery"})
	rule.deny == {{
		"path": ["backend", "values", "conn_str"],
		"match": "tf:correct-horse@",
		"subject": "backend.pg",
		"message": "argument conn_str of backend.pg holds a literal credential",
	}} with input as _backend("pg", {"conn_str": "postgres:\/\/tf:correct-horse@db/state"})
}

test_silent if {
	every values in [
		{"region": "eu-west-1", "profile": "orders"},
		{"token": {"$unknown": ["var.token"]}},
		{"token": ""},
		{"credentials": "account.json"},
		{"credentials": {"$unknown": []}},
		{"access_key": "orders", "secret_key": {"$unknown": ["var.secret_key"]}},
		{"access_key": "mock", "secret_key": "mock", "skip_credentials_validation": true, "skip_requesting_account_id": true},
		{"token_url": "https://login.example.com"},
		{"assume_role": [{"role_arn": "arn:aws:iam::1:role/tf"}]},
	] {
		rule.deny == set() with input as _provider("any", values)
	}
	rule.deny == set() with input as _provider("aws", {"access_key": "correct-horse-battery"})
	rule.deny == set() with input as {"backend": {"type": "s3"}}
	rule.deny == set() with input as {}
}

test_a_literal_of_a_variable_is_reported_there if {
	variable := {"name": "api_token", "default": "correct-horse-battery", "sensitive": true}
	derived := [{"path": ["token"], "from": ["var.api_token"]}]
	rule.deny == set() with input as {"providers": [{"name": "github", "values": {"token": "correct-horse-battery"}, "derived": derived}], "variables": [variable]}
	urls := [{"path": ["url"], "from": ["var.api_token"]}]
	rule.deny == set() with input as {"providers": [{"name": "git", "values": {"url": "https:\/\/a:correct-horse@x"}, "derived": urls}], "variables": [variable]}
}

test_grafana if {
	count(rule.deny) == 1 with input as _provider("grafana", {"auth": "admin:correct-horse-battery"})
	rule.deny == set() with input as _provider("grafana", {"auth": "anonymous"})
	rule.deny == set() with input as _provider("grafana", {"auth": {"$unknown": ["var.auth"]}})
}

test_the_encryption_of_the_state if {
	{array.slice(found.path, 0, 5) | some found in rule.deny} == {["encryption", "values", "key_provider", 0, "passphrase"]} with input as {"encryption": {"values": {"key_provider": [{"passphrase": "correct-horse-battery"}]}}}
	rule.deny == set() with input as {"encryption": {"values": {"key_provider": [{"passphrase": {"$unknown": ["var.passphrase"]}}]}}}
}

test_what_talks_to_the_own_machine if {
	local := {"secret_key": "test", "skip_credentials_validation": true}
	rule.deny == set() with input as _provider("aws", object.union(local, {"endpoints": [{"s3": "http://localhost:4566"}]}))
	count(rule.deny) == 1 with input as _provider("aws", object.union(local, {"endpoints": [{"s3": "https://localhost.example.com"}]}))
}

test_a_server_of_ones_own_machine if {
	every values in [
		{"address": "http://127.0.0.1:8200", "token": "correct-horse-battery"},
		{"host": "localhost", "password": "correct-horse-battery"},
	] {
		rule.deny == set() with input as _provider("vault", values)
	}
	every values in [
		{"address": "https://vault.example.com", "token": "correct-horse-battery"},
		{"address": "http://localhost.example.com", "token": "correct-horse-battery"},
		{"token": "correct-horse-battery"},
		{"url": "http://localhost", "address": "https://vault.example.com", "token": "correct-horse-battery"},
	] {
		count(rule.deny) == 1 with input as _provider("vault", values)
	}
}
