package policyctl.serverless.secret_in_plain_environment_test

import data.policyctl.serverless.secret_in_plain_environment as rule

_variable(name, reference) := {"environment": [{"of": "provider", "name": name, "value": {"$unknown": [reference]}}]}

test_fires if {
	rule.deny == {{"path": ["environment", 0, "value"], "subject": "DB_PASSWORD", "message": "variable DB_PASSWORD of provider has a secret of the store in clear text"}} with input as _variable("DB_PASSWORD", "ssm:/app/db")
	count(rule.deny) == 1 with input as _variable("DB", "ssm:/app/db~true")
	count(rule.deny) == 1 with input as _variable("DB", "ssm:/aws/reference/secretsmanager/db")
}

test_silent if {
	every pair in [["DB_HOST", "ssm:/app/db"], ["DB_PASSWORD", "env:DB_PASSWORD"], ["DB_PASSWORD_NAME", "cf:stack.out"]] {
		count(rule.deny) == 0 with input as _variable(pair[0], pair[1])
	}
}
