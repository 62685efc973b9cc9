package policyctl.terraform.literal_secret_test

import data.policyctl.terraform.literal_secret as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {array.slice(found.path, 3, 99) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_a_password if {
	rule.deny == {{
		"path": ["resources", 0, "values", "password"],
		"subject": "aws_db_instance.x",
		"message": "argument password of aws_db_instance.x is a literal credential",
	}} with input as _module("aws_db_instance", {"password": "correct-horse-battery", "username": "orders"})
}

test_weak_passwords_are_passwords if {
	_reported("aws_db_instance", {"password": "changeme"}) == {["password"]}
	_reported("aws_db_instance", {"password": "postgres"}) == {["password"]}
}

test_arguments_whose_name_says_it if {
	every name in [
		"master_password", "admin_password", "administrator_login_password", "auth_token", "client_secret", "private_key", "primary_access_key",
		"admin_pass", "master_user_password", "secret_string",
	] {
		_reported("any_type", {name: "correct-horse-battery"}) == {[name]}
	}
}

test_arguments_whose_name_does_not if {
	every type, name in {
		"azurerm_key_vault_secret": "value", "google_secret_manager_secret_version": "secret_data",
		"github_actions_secret": "plaintext_value", "aws_secretsmanager_secret_version": "secret_binary",
		"scaleway_secret_version": "data", "vault_ldap_auth_backend": "bindpass",
	} {
		_reported(type, {name: "correct-horse-battery"}) == {[name]}
	}
}

test_parameters_of_a_deployment if {
	_reported("azurerm_resource_group_template_deployment", {"parameters_content$json": {"adminPassword": {"value": "correct-horse-battery"}, "location": {"value": "correct-horse-battery"}}}) == {["parameters_content$json", "adminPassword", "value"]}
}

test_a_fallback if {
	_reported("aws_db_instance", {"password": {"$unknown": ["var.password"], "$candidates": ["correct-horse-battery"]}}) == {["password", "$candidates", 0]}
}

test_parts_of_json_in_place_of_the_text if {
	_reported("aws_secretsmanager_secret_version", {
		"secret_string": `{"username":"orders","password":"correct-horse-battery"}`,
		"secret_string$json": {"username": "orders", "password": "correct-horse-battery"},
	}) == {["secret_string$json", "password"]}
	_reported("vault_generic_secret", {
		"data_json": {"$unknown": ["aws_db_instance.x.address"]},
		"data_json$json": {"host": {"$unknown": ["aws_db_instance.x.address"]}, "password": "correct-horse-battery"},
	}) == {["data_json$json", "password"]}
}

test_maps_of_variables if {
	_reported("aws_lambda_function", {"environment": [{"variables": {"DB_PASSWORD": "correct-horse-battery", "LOG_LEVEL": "info"}}]}) == {["environment", 0, "variables", "DB_PASSWORD"]}
	_reported("azurerm_linux_web_app", {"app_settings": {"Api__ClientSecret": "correct-horse-battery"}}) == {["app_settings", "Api__ClientSecret"]}
}

test_pairs if {
	_reported("aws_ssm_parameter", {"name": "/orders/endpoint", "type": "SecureString", "value": "correct-horse-battery"}) == {["value"]}
	_reported("aws_ssm_parameter", {"name": "/orders/db_password", "type": "String", "value": "correct-horse-battery"}) == {["value"]}
	_reported("gitlab_project_variable", {"key": "DEPLOY", "masked": true, "value": "correct-horse-battery"}) == {["value"]}
	_reported("helm_release", {"set": [{"name": "auth.rootPassword", "value": "correct-horse-battery"}]}) == {["set", 0, "value"]}
}

test_addresses_and_connection_strings if {
	rule.deny == {{
		"path": ["resources", 0, "values", "url"],
		"match": "orders:correct-horse@",
		"subject": "a_b.x",
		"message": "argument url of a_b.x holds a literal credential",
	}} with input as _module("a_b", {"url": "amqps:\/\/orders:correct-horse@queue"})
	some found in rule.deny with input as _module("a_b", {"db_connection_string": "Server=db;Password=correct-horse;"})
	found.match == "Password=correct-horse"
}

test_access_keys if {
	_reported("a_b", {"access_key": "correct-horse"}) == {["access_key"]}
	_reported("a_b", {"access_key": "orders", "secret_key": "correct-horse"}) == {["secret_key"]}
}

test_what_is_no_literal if {
	every values in [
		{"password": {"$unknown": ["random_password.x.result"]}},
		{"password": {"$unknown": []}},
		{"password": ""},
		{"password": true},
		{"password": 5},
		{"password": ["correct-horse"]},
		{"password": {}},
		{"password": "arn:aws:secretsmanager:eu-west-1:1:secret:db"},
		{"password_wo_version": "1"},
		{"password_length": "24"},
		{"manage_master_user_password": "true"},
		{"generate_secret": "true"},
		{"secret_name": "orders-db"},
		{"secret": "orders-db"},
		{"image_pull_secret": "registry"},
		{"client_secret": "orders-client-secret"},
		{"kms_key_id": "alias/orders"},
		{"encryption_key": "alias/orders"},
		{"ssh_key": "fingerprint-of-the-key"},
		{"metadata": {"ssh-keys": "ops:ssh-ed25519 correct"}},
		{"token_ttl": "3600"},
		{"tags": {"token": "orders-team"}},
		{"url": "https://queue.example.com/orders"},
		{"user_data": "curl https:\/\/a:correct-horse@example.com"},
		{"container_definitions$json": [{"environment": [{"name": "DATABASE_URL", "value": "postgres:\/\/a:correct-horse@db"}]}]},
		{"policy": "{\"url\":\"http:\/\/a:correct-horse@x\"}", "policy$json": {"Statement": []}},
	] {
		_reported("a_b", values) == set()
	}
	_reported("aws_ssm_parameter", {"name": "/orders/endpoint", "type": "String", "value": "correct-horse"}) == set()
	_reported("aws_ssm_parameter", {"name": 5, "type": "String", "value": "correct-horse"}) == set()
	_reported("gitlab_project_variable", {"key": "REGION", "masked": false, "value": "europe"}) == set()
	_reported("helm_release", {"set": [{"name": "image.tag", "value": "correct-horse"}]}) == set()
}

test_data_sources_and_modules if {
	{found.path | some found in rule.deny} == {["resources", 0, "values", "vars", "password"], ["modules", 0, "values", "master_password"]} with input as {
		"resources": [{"address": "data.a.b", "type": "a", "name": "b", "mode": "data", "values": {"vars": {"password": "correct-horse-battery"}}}],
		"modules": [{"name": "db", "source": "./db", "values": {"source": "./db", "master_password": "correct-horse-battery"}}],
	}
}

test_a_literal_is_reported_once if {
	resource := object.union(
		_module("aws_db_instance", {"password": "correct-horse-battery", "secret_string": "{}", "secret_string$json": {"password": "correct-horse-battery"}}).resources[0],
		{"derived": [{"path": ["password"], "from": ["var.db_password"]}, {"path": ["secret_string"], "from": ["var.db_password"]}]},
	)
	variable := {"name": "db_password", "default": "correct-horse-battery", "sensitive": false}
	rule.deny == set() with input as {"resources": [resource], "variables": [variable]}
	{found.path[3] | some found in rule.deny} == {"password", "secret_string$json"} with input as {"resources": [resource], "variables": [object.union(variable, {"name": "other"})]}

	copy := object.union(resource, {"derived": [{"path": ["password"], "from": ["aws_db_instance.main.password"]}, {"path": ["secret_string"], "from": ["aws_db_instance.main.password"]}]})
	rule.deny == set() with input as {"resources": [copy]}
}

test_an_address_with_the_password_of_a_variable if {
	resource := object.union(_module("a_b", {"url": "amqps:\/\/orders:correct-horse@queue"}).resources[0], {"derived": [{"path": ["url"], "from": ["var.token"]}]})
	rule.deny == set() with input as {"resources": [resource], "variables": [{"name": "token", "default": "correct-horse", "sensitive": true}]}
}

test_groups_that_describe if {
	count(rule.deny) == 0 with input as {"resources": [{"address": "a.b", "mode": "managed", "type": "a", "name": "b", "values": {"token_validity_units": [{"access_token": "correct-horse"}]}}]}
}

test_blocks_with_a_credential if {
	{found.path | some found in rule.deny} == {["resources", 0, "values", "secret", 1, "value"], ["resources", 1, "values", "auth_parameters", 0, "api_key", 0, "value"]} with input as {"resources": [
		{"address": "azurerm_container_app.a", "mode": "managed", "type": "azurerm_container_app", "name": "a", "values": {"secret": [{"name": "a", "value": {"$unknown": ["var.a"]}}, {"name": "b", "value": "correct-horse"}]}},
		{"address": "aws_cloudwatch_event_connection.c", "mode": "managed", "type": "aws_cloudwatch_event_connection", "name": "c", "values": {"auth_parameters": [{"api_key": [{"key": "x-key", "value": "correct-horse"}]}]}},
		{"address": "azurerm_container_app.d", "mode": "managed", "type": "azurerm_container_app", "name": "d", "values": {"env": [{"name": "b", "value": "correct-horse"}]}},
	]}
}

test_what_for_each_gives_stands_at_the_argument if {
	entry := {"address": "aws_db_instance.x", "instance": "aws_db_instance.x[\"a\"]", "type": "aws_db_instance", "name": "x", "mode": "managed"}
	all := {"a": {"password": "correct-horse-battery"}, "b": {"password": "correct-horse-staple"}}
	found := rule.deny with input as {"resources": [
		object.union(entry, {"values": {"for_each": all, "password": "correct-horse-battery"}}),
		object.union(entry, {"values": {"password": "correct-horse-staple"}}),
	]}
	{array.slice(f.path, 1, 99) | some f in found} == {[0, "values", "password"], [1, "values", "password"]}
	unused := rule.deny with input as {"resources": [object.union(entry, {"values": {"for_each": all}})]}
	count(unused) == 2
}

test_words_of_an_entry_that_is_set_by_hand if {
	ignoring := {"lifecycle": [{"ignore_changes": [{"$unknown": ["value"]}]}], "name": "/x/password", "type": "SecureString"}
	_reported("aws_ssm_parameter", object.union(ignoring, {"value": "managed elsewhere"})) == set()
	_reported("aws_ssm_parameter", object.union(ignoring, {"value": "correct4horse"})) == {["value"]}
}

test_literals_beside_what_is_not_known if {
	glued := {"$unknown": ["random_password.x.result"], "$literals": ["correct4horse4battery"]}
	_reported("aws_db_instance", {"password": glued, "identifier": glued}) == {["password"]}
	[[found.path, found.match] | some found in rule.deny] == [[["outputs", 0, "value"], "correct4horse4battery"]] with input as {"outputs": [{"name": "x", "value": glued}]}
}

test_passwords_of_a_list if {
	every passwords, found in {["correct-horse-battery"]: 1, [{"$unknown": ["var.p"]}]: 0} {
		count(rule.deny) == found with input as {"resources": [{"address": "aws_elasticache_user.x", "type": "aws_elasticache_user", "name": "x", "mode": "managed", "values": {"passwords": passwords}}]}
	}
}

test_secrets_of_kubernetes if {
	_reported("kubernetes_secret_v1", {"data": {"opaque": "correct-horse", "username": "orders", "fine": {"$unknown": ["var.fine"]}}, "binary_data": {"packed": "Y29ycmVjdC1ob3JzZQ=="}}) == {["data", "opaque"], ["binary_data", "packed"]}
	_reported("kubernetes_manifest", {"manifest": {"kind": "Secret", "stringData": {"opaque": "correct-horse"}}}) == {["manifest", "stringData", "opaque"]}
	_reported("kubectl_manifest", {"yaml_body": "", "yaml_body$json": {"kind": "Secret", "data": {"packed": "Y29ycmVjdC1ob3JzZQ=="}}}) == {["yaml_body$json", "data", "packed"]}
	_reported("kubernetes_manifest", {"manifest": {"kind": "ConfigMap", "data": {"opaque": "correct-horse"}}}) == set()
	_reported("other_manifest", {"manifest": {"kind": "Secret", "data": {"opaque": "correct-horse"}}}) == set()
}
