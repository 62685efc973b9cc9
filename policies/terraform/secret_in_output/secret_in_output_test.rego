package policyctl.terraform.secret_in_output_test

import data.policyctl.terraform.secret_in_output as rule

_output(output) := {
	"outputs": [object.union({"name": "it", "sensitive": false, "ephemeral": false}, output)],
	"variables": [{"name": "pepper", "sensitive": true}, {"name": "db_password", "sensitive": false}, {"name": "region", "sensitive": false}],
}

test_a_generated_password if {
	rule.deny == {{
		"path": ["outputs", 0, "value"],
		"subject": "output.it",
		"message": "output it shows random_password.db.result and is not declared sensitive",
		"fix": {"op": "add", "path": ["outputs", 0, "sensitive"], "value": true},
		"targets": {"random_password.db.result"},
	}} with input as _output({"value": {"$unknown": ["random_password.db.result"]}})
}

test_sources if {
	every reference in [
		"var.pepper", "var.db_password", "aws_db_instance.main.password", "aws_iam_access_key.ci.secret", "tls_private_key.ca.private_key_pem",
		"google_service_account_key.ci.private_key", "data.aws_secretsmanager_secret_version.db.secret_string", "data.vault_kv_secret_v2.db.data",
		"data.aws_eks_cluster_auth.main.token", "module.db.admin_password", "azurerm_storage_account.main.primary_connection_string",
	] {
		count(rule.deny) == 1 with input as _output({"value": {"url": {"$unknown": ["aws_x.y.host", reference]}}})
	}
}

test_a_known_value_from_a_variable if {
	count(rule.deny) == 1 with input as _output({"value": "correct-horse-battery", "derived": [{"path": [], "from": ["var.pepper"]}]})
	count(rule.deny) == 1 with input as _output({"value": ["a", {"b": "correct-horse-battery"}], "derived": [{"path": [1, "b"], "from": ["var.pepper"]}]})
}

test_silent if {
	every output in [
		{"value": {"$unknown": ["random_password.db.result"]}, "sensitive": true},
		{"value": {"$unknown": ["random_password.db.result"]}, "ephemeral": true},
		{"value": {"$unknown": ["random_password.db.result"], "$type": "bool"}},
		{"value": {"$unknown": ["var.region", "aws_db_instance.main.endpoint", "local.x", "each.value", "path.module"]}},
		{"value": {"$unknown": ["aws_db_instance.main.master_user_secret", "aws_secretsmanager_secret.db.arn"]}},
		{"value": {"$unknown": ["tls_private_key.ca.public_key_openssh", "module.db.password_secret_arn"]}},
		{"value": {"$unknown": ["data.aws_ssm_parameter.ami.value", "google_secret_manager_secret_version.db.secret"]}},
		{"value": true, "derived": [{"path": [], "from": ["var.pepper"]}]},
		{"value": 24, "derived": [{"path": [], "from": ["var.pepper"]}]},
		{"value": "eu-west-1", "derived": [{"path": [], "from": ["var.region"]}]},
		{"value": "correct-horse"},
		{},
	] {
		rule.deny == set() with input as _output(output)
	}
}
