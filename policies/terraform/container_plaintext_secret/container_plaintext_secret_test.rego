package policyctl.terraform.container_plaintext_secret_test

import data.policyctl.terraform.container_plaintext_secret as rule

_module(values) := {"resources": [{"address": "a_b.x", "type": "a_b", "name": "x", "mode": "managed", "values": values}]}

_task(entries) := _module({"container_definitions": {"$unknown": []}, "container_definitions$json": [{"name": "web", "environment": entries}]})

test_a_task_definition if {
	rule.deny == {{
		"path": ["resources", 0, "values", "container_definitions$json", 0, "environment", 1, "value"],
		"subject": "a_b.x",
		"message": "environment variable DB_PASSWORD of a_b.x is a literal credential",
	}} with input as _task([{"name": "LOG_LEVEL", "value": "info"}, {"name": "DB_PASSWORD", "value": "correct-horse-battery"}])
}

test_blocks_and_manifests if {
	every values in [
		{"template": [{"containers": [{"env": [{"name": "API_TOKEN", "value": "correct-horse-battery"}]}]}]},
		{"environment": [{"environment_variable": [{"name": "API_TOKEN", "value": "correct-horse-battery", "type": "PLAINTEXT"}]}]},
		{"manifest": {"spec": {"containers": [{"env": [{"name": "API_TOKEN", "value": "correct-horse-battery"}]}]}}},
		{"setting": [{"namespace": "n", "name": "API_TOKEN", "value": "correct-horse-battery"}]},
	] {
		count(rule.deny) == 1 with input as _module(values)
	}
}

test_an_address_with_a_password if {
	some found in rule.deny with input as _task([{"name": "DATABASE_URL", "value": "postgres:\/\/orders:correct-horse@db/orders"}])
	found.match == "orders:correct-horse@"
}

test_a_fallback if {
	some found in rule.deny with input as _task([{"name": "TOKEN", "value": {"$unknown": ["var.x"], "$candidates": ["correct-horse-battery"]}}])
	array.slice(found.path, 6, 10) == [0, "value", "$candidates", 0]
}

test_silent if {
	every entry in [
		{"name": "DB_PASSWORD", "valueFrom": "arn:aws:secretsmanager:eu-west-1:1:secret:db"},
		{"name": "DB_PASSWORD", "value": {"$unknown": ["var.password"]}},
		{"name": "DB_PASSWORD_ARN", "value": "correct-horse-battery"},
		{"name": "DB_PASSWORD", "value": ""},
		{"name": "DB_PASSWORD", "value": 5},
		{"name": "DB_PASSWORD", "value": "/orders/db/password", "type": "PARAMETER_STORE"},
		{"name": {"$unknown": []}, "value": "correct-horse-battery"},
		"DB_PASSWORD",
		null,
	] {
		rule.deny == set() with input as _task([entry])
	}
	rule.deny == set() with input as _module({"env": [], "environment": {"name": "production"}})
}

test_a_literal_of_a_variable_is_reported_there if {
	module := _task([{"name": "DB_PASSWORD", "value": "correct-horse-battery"}])
	path := ["container_definitions$json", 0, "environment", 0, "value"]
	resource := object.union(module.resources[0], {"derived": [{"path": path, "from": ["var.db_password"]}]})
	rule.deny == set() with input as {"resources": [resource], "variables": [{"name": "db_password", "default": "correct-horse-battery", "sensitive": false}]}
}

test_other_names_for_variables if {
	app := {"address": "digitalocean_app.x", "type": "digitalocean_app", "name": "x", "mode": "managed", "values": {"spec": [{"env": [{"key": "API_TOKEN", "value": "correct-horse-battery"}]}]}}
	worker := {"address": "cloudflare_workers_script.x", "type": "cloudflare_workers_script", "name": "x", "mode": "managed", "values": {"plain_text_binding": [{"name": "API_SECRET", "text": "correct-horse-battery"}], "bindings": [{"type": "secret_text", "name": "API_SECRET", "text": "correct-horse-battery"}]}}
	{found.subject | some found in rule.deny} == {"digitalocean_app.x", "cloudflare_workers_script.x"} with input as {"resources": [app, worker]}
	count(rule.deny) == 2 with input as {"resources": [app, worker]}
}
