package policyctl.arm.literal_secret_test

import data.policyctl.arm.literal_secret as rule

_template(type, properties) := {"resources": [{"address": "x", "type": type, "values": properties}], "parameters": [{"name": "pw", "type": "securestring", "secure": true, "default": "correct-horse"}, {"name": "plain", "type": "string", "secure": false}]}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_names_of_credentials if {
	every name in ["administratorLoginPassword", "adminPassword", "clientSecret", "sharedAccessKey", "accessToken"] {
		_in("T/t", {"properties": {"list": [{name: {"$unknown": ["parameters.p"]}}, {name: "correct-horse"}]}}) == {$"properties.list.1.{name}"}
	}
}

test_candidates if {
	_in("T/t", {"properties": {"password": {"$unknown": ["condition"], "$candidates": ["correct-horse"]}}}) == {"properties.password.$candidates.0"}
}

test_stores if {
	_in("Microsoft.KeyVault/vaults/secrets", {"properties": {"value": "correct-horse"}}) == {"properties.value"}
	_in("Microsoft.ApiManagement/service/namedValues", {"properties": {"value": "correct-horse", "secret": false}}) == set()
}

test_settings if {
	rule.deny == {{
		"path": ["resources", 0, "values", "properties", "siteConfig", "appSettings", 1, "value"], "subject": "x",
		"message": "setting API_TOKEN of x is a literal credential",
	}} with input as _template("Microsoft.Web/sites", {"properties": {"siteConfig": {"appSettings": [{"name": "REGION", "value": "eu"}, {"name": "API_TOKEN", "value": "correct-horse"}]}}})
	_in("Microsoft.Web/sites/config", {"properties": {"API_TOKEN": "correct-horse", "OTHER_TOKEN": "@Microsoft.KeyVault(SecretUri=x)"}}) == {"properties.API_TOKEN"}
}

test_connections if {
	_in("T/t", {"properties": {"a": "Server=a;Password=correct-horse;"}}) == {"properties.a"}
	_in("T/t", {"properties": {"a": "postgres:\/\/a:correct-horse@b"}}) == {"properties.a"}
	_in("T/t", {"properties": {"a": {"$unknown": ["listKeys"], "$text": "DefaultEndpointsProtocol=https;AccountKey=${listKeys}"}}}) == set()
}

test_defaults_of_parameters_are_reported_there if {
	template := object.union(_template("T/t", {}), {"resources": [{
		"address": "x", "type": "T/t", "values": {"password": "correct-horse", "a": "Password=correct-horse", "b": "Password=battery-staple"},
		"derived": [{"path": ["values", name], "from": ["parameters.pw"]} | some name in ["password", "a", "b"]],
	}]})
	_found(template) == {"b"}
}

test_modules if {
	rule.deny == {{"path": ["modules", 0, "values", "dbPassword"], "subject": "m", "message": "dbPassword of m is a literal credential"}} with input as {"modules": [{"address": "m", "values": {"dbPassword": "correct-horse"}}]}
}

test_silent if {
	_in("T/t", {"properties": {"password": {"$unknown": ["keyVault.db"]}}, "tags": {"password": "correct-horse"}}) == set()
	_in("T/t", {"properties": {"a$json": {"x": "y-z"}, "a": "{}"}}) == set()
	_in("T/t", {"properties": {"secretName": "db-password", "keyVaultSecretId": "https://kv.vault.azure.net/secrets/x"}}) == set()
}

test_secrets_of_apps if {
	_in("Microsoft.App/containerApps", {"properties": {"configuration": {"secrets": [{"name": "a", "value": {"$unknown": ["parameters.p"]}}, {"name": "b", "value": "correct-horse"}]}}}) == {"properties.configuration.secrets.1.value"}
	_in("Microsoft.App/containerApps", {"properties": {"configuration": {"secrets": [{"name": "a", "keyVaultUrl": "https://a.vault.azure.net/secrets/b"}]}, "template": {"containers": [{"value": "correct-horse"}]}}}) == set()
}

test_outputs_and_commands if {
	{found.path | some found in rule.deny} == {["outputs", 0, "value"], ["outputs", 1, "value", "password"]} with input as {"outputs": [
		{"name": "a", "value": "Server=db;Password=correct-horse;"}, {"name": "b", "value": {"user": "app", "password": "correct-horse"}},
		{"name": "c", "value": {"$unknown": ["parameters.p"]}},
	]}
	_in("Microsoft.Compute/virtualMachines/extensions", {"properties": {"settings": {"commandToExecute": "apt-get update && mysql -u root -pcorrect-horse -e x"}}}) == {"properties.settings.commandToExecute"}
	_in("Microsoft.Compute/virtualMachines/extensions", {"properties": {"settings": {"commandToExecute": "mysql -u root -e x"}}}) == set()
	_in("Microsoft.Compute/virtualMachines", {"properties": {"osProfile": {"customData": "#!/bin/sh\nexport DB_PASSWORD=correct-horse\n"}}}) == {"properties.osProfile.customData"}
}
