package policyctl.kubernetes.secret_in_parameter_test

import data.policyctl.kubernetes.secret_in_parameter as rule

_task(step) := {"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [object.union({"image": "alpine"}, step)]}}

test_tekton if {
	rule.deny == {{
		"path": ["spec", "steps", 0, "script"],
		"match": "$(params.api-token)",
		"message": "parameter api-token carries a credential into a pod in clear text",
	}} with input as _task({"script": "deploy $(params.api-token) $(params.region)"})
	every step in [{"args": ["x", "$(params[\"api-token\"])"]}, {"env": [{"name": "T", "value": "$(params.password)"}]}] {
		count(rule.deny) == 1 with input as _task(step)
	}
}

test_argo if {
	{found.path | some found in rule.deny} == {["spec", "templates", 0, "script", "source"]} with input as {
		"apiVersion": "argoproj.io/v1alpha1",
		"kind": "Workflow",
		"spec": {"templates": [{"script": {"image": "alpine", "source": "deploy {{inputs.parameters.api-token}}"}}]},
	}
}

test_names_of_secrets if {
	every step in [
		{"env": [{"name": "T", "valueFrom": {"secretKeyRef": {"name": "$(params.token-secret)", "key": "$(params.secret-key)"}}}]},
		{"script": "echo $(params.region) $(params.token-secret-name)"},
		{"script": 5, "args": [5], "env": [{"name": "x", "value": 5}]},
	] {
		count(rule.deny) == 0 with input as _task(step)
	}
	count(rule.deny) == 0 with input as object.union(_task({"script": "$(params.token)"}), {"apiVersion": "apps/v1"})
}
