package policyctl.kubernetes.rbac_escalation_test

import data.policyctl.kubernetes.rbac_escalation as rule

_role(rule) := {"kind": "ClusterRole", "metadata": {"name": "operator"}, "rules": [object.union(
	{"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]},
	rule,
)]}

test_ways_to_other_rights if {
	every rule_, why in {
		{"verbs": ["create"]}: "run commands in pods",
		{"verbs": ["get"], "resources": ["*/exec"]}: "run commands in pods",
		{"resources": ["pods/attach"], "verbs": ["*"]}: "run commands in pods",
		{"resources": ["nodes/proxy"], "verbs": ["get"]}: "run commands in every pod through the kubelet",
		{"resources": ["users"], "verbs": ["impersonate"]}: "act as anybody else",
		{"resources": ["serviceaccounts/token"], "apiGroups": ["*"]}: "make tokens of every service account",
		{"apiGroups": ["admissionregistration.k8s.io"], "resources": ["mutatingwebhookconfigurations"], "verbs": ["patch"]}: "have every Secret that is written sent to a webhook",
		{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["bind"]}: "bind roles with more rights than its own",
		{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["*"]}: "bind roles with more rights than its own, and write roles with more rights than its own",
	} {
		{object.remove(found, ["targets"]) | some found in rule.deny} == {{"path": ["rules", 0, "resources", 0], "message": $"the ClusterRole may {why}"}} with input as _role(rule_)
	}
}

test_narrower_roles if {
	every rule_ in [
		{"verbs": ["list"]},
		{"resources": ["pods"]},
		{"apiGroups": ["admissionregistration.k8s.io"], "resources": ["mutatingwebhookconfigurations"], "verbs": ["patch"], "resourceNames": ["own"]},
		{"resources": ["pods/log"]},
		{"resources": ["*/log"]},
		{"apiGroups": ["apps"]},
		{"resources": ["users"], "verbs": ["impersonate"], "resourceNames": ["ci"]},
		{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
	] {
		count(rule.deny) == 0 with input as _role(rule_)
	}
}

test_roles_of_kubernetes if {
	count(rule.deny) == 0 with input as object.union(_role({}), {"metadata": {"name": "system:node"}})
}
