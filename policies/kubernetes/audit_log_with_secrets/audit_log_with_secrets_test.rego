package policyctl.kubernetes.audit_log_with_secrets_test

import data.policyctl.kubernetes.audit_log_with_secrets as rule

_policy(rules) := {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": rules}

test_bodies if {
	rule.deny == {{
		"path": ["rules", 1, "level"],
		"message": "requests for Secrets are logged with their bodies: level RequestResponse",
	}} with input as _policy([
		{"level": "Metadata", "resources": [{"group": "", "resources": ["pods"]}]},
		{"level": "RequestResponse", "resources": [{"group": "", "resources": ["configmaps", "secrets"]}]},
	])
	every resources in [[], [{"group": ""}], [{"resources": ["*"]}]] {
		count(rule.deny) == 1 with input as _policy([{"level": "Request", "resources": resources}])
	}
}

test_no_bodies if {
	every rules in [
		[{"level": "Metadata", "resources": [{"group": "", "resources": ["secrets"]}]}, {"level": "RequestResponse"}],
		[{"level": "Request", "resources": [{"group": "apps"}]}],
		[{"level": "Request", "resources": [{"group": "", "resources": ["pods"]}]}],
		[{"level": "Request", "resources": [{"group": "", "resources": ["secrets"], "resourceNames": ["a"]}]}],
		[{"level": "Request", "verbs": ["watch"]}], [{"level": "None"}], [],
	] {
		count(rule.deny) == 0 with input as _policy(rules)
	}
	count(rule.deny) == 0 with input as {"apiVersion": "x.y/v1", "kind": "Policy", "rules": [{"level": "Request"}]}
}
