package policyctl.compose.login_not_required_test

import data.policyctl.compose.login_not_required as rule

_compose(environment) := {"services": {"app": {"image": "x"}, "db": {"environment": environment}}}

test_fires if {
	rule.deny == {{"path": ["services", "db", "environment", "POSTGRES_HOST_AUTH_METHOD"], "message": "POSTGRES_HOST_AUTH_METHOD lets everybody into service db without a password"}} with input as _compose({"A": "b", "POSTGRES_HOST_AUTH_METHOD": "trust"})
	every value in ["yes", "1", true] {
		count(rule.deny) == 1 with input as _compose({"MYSQL_ALLOW_EMPTY_PASSWORD": value})
	}
}

test_services if {
	every name, value in {"xpack.security.enabled": "false", "DISABLE_SECURITY_PLUGIN": "true", "GF_AUTH_ANONYMOUS_ORG_ROLE": "Admin"} {
		count(rule.deny) == 1 with input as _compose({name: value})
	}
	count(rule.deny) == 0 with input as _compose({"xpack.security.enabled": "true", "GF_AUTH_ANONYMOUS_ENABLED": "true", "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer"})
}

test_silent if {
	every environment in [
		{"POSTGRES_HOST_AUTH_METHOD": "scram-sha-256"}, {"POSTGRES_HOST_AUTH_METHOD": "${METHOD}"}, {"MYSQL_ALLOW_EMPTY_PASSWORD": "no"},
		{"MYSQL_ALLOW_EMPTY_PASSWORD": null}, {"AUTH_METHOD": "trust"},
	] {
		count(rule.deny) == 0 with input as _compose(environment)
	}
}
