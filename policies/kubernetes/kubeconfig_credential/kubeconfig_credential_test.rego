package policyctl.kubernetes.kubeconfig_credential_test

import data.policyctl.kubernetes.kubeconfig_credential as rule

_config(user) := {"kind": "Config", "users": [{"name": "admin", "user": user}]}

test_credentials if {
	every field in ["token", "password", "client-key-data"] {
		rule.deny == {{
			"path": ["users", 0, "user", field],
			"message": $"user admin of the kubeconfig has its {field} in clear text",
		}} with input as _config({field: "correct-horse-battery"})
	}
}

test_no_credentials if {
	every user in [{"exec": {"command": "aws"}}, {"token": "${TOKEN}"}, {"token": 5}, {"client-certificate-data": "LS0t"}, 5] {
		count(rule.deny) == 0 with input as _config(user)
	}
	count(rule.deny) == 0 with input as {"kind": "Config", "users": 5}
	count(rule.deny) == 0 with input as object.union(_config({"token": "correct-horse"}), {"kind": "Other"})
	count(rule.deny) == 0 with input as {"kind": "Config", "users": ["x"]}
}
