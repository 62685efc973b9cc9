package policyctl.kubernetes.token_automount_test

import data.policyctl.kubernetes.token_automount as rule

_pod(spec) := {"kind": "Pod", "spec": object.union({"containers": []}, spec)}

test_the_default_service_account if {
	every spec in [{}, {"serviceAccountName": "default"}, {"serviceAccount": "default"}, {"automountServiceAccountToken": true}, {"automountServiceAccountToken": "yes"}] {
		rule.deny == {{
			"path": ["spec", "automountServiceAccountToken"],
			"message": "the pod gets the token of the default service account",
			"fix": {"op": "add", "path": ["spec", "automountServiceAccountToken"], "value": false},
		}} with input as _pod(spec)
	}
}

test_switched_off_or_an_account_of_its_own if {
	every spec in [{"automountServiceAccountToken": false}, {"automountServiceAccountToken": "no"}, {"serviceAccountName": "web"}, {"serviceAccount": "web"}, {"serviceAccountName": 5}] {
		count(rule.deny) == 0 with input as _pod(spec)
	}
}

test_a_patch_is_no_pod if {
	count(rule.deny) == 0 with input as _pod({"containers": [{"name": "web", "env": []}]})
	count(rule.deny) == 1 with input as _pod({"containers": [{"name": "web", "image": "web"}]})
}

test_the_default_account if {
	account := {"kind": "ServiceAccount", "metadata": {"name": "default"}}
	{deny.path | some deny in rule.deny} == {["automountServiceAccountToken"]} with input as account
	count(rule.deny) == 1 with input as object.union(account, {"automountServiceAccountToken": true})
	count(rule.deny) == 0 with input as object.union(account, {"automountServiceAccountToken": false})
	count(rule.deny) == 0 with input as {"kind": "ServiceAccount", "metadata": {"name": "app"}}
}
