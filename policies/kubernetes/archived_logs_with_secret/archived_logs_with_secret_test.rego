package policyctl.kubernetes.archived_logs_with_secret_test

import data.policyctl.kubernetes.archived_logs_with_secret as rule

_env := {"env": [{"name": "T", "valueFrom": {"secretKeyRef": {"name": "n", "key": "k"}}}]}

_doc(spec, template) := {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": object.union({"templates": [object.union({"name": "a"}, template)]}, spec)}

test_of_the_workflow if {
	every template in [
		{"container": _env},
		{"script": {"envFrom": [{"secretRef": {"name": "n"}}]}},
		{"containerSet": {"containers": [_env]}},
		{"volumes": [{"name": "v", "secret": {"secretName": "n"}}]},
	] {
		rule.deny == {{"path": ["spec", "archiveLogs"], "message": "what a prints is archived, and it gets a secret"}} with input as _doc({"archiveLogs": true}, template)
	}
	cron := object.union(_doc({}, {}), {"kind": "CronWorkflow", "spec": {"workflowSpec": {"archiveLogs": true, "templates": [{"name": "a", "container": _env}]}}})
	{found.path | some found in rule.deny} == {["spec", "workflowSpec", "archiveLogs"]} with input as cron
}

test_of_the_template if {
	{found.path | some found in rule.deny} == {["spec", "templates", 0, "archiveLocation", "archiveLogs"]} with input as _doc({}, {"archiveLocation": {"archiveLogs": true}, "container": _env})
}

test_silent if {
	count(rule.deny) == 0 with input as _doc({}, {"container": _env})
	count(rule.deny) == 0 with input as _doc({"archiveLogs": true}, {"container": {"env": [{"name": "T", "value": "x"}]}})
	count(rule.deny) == 0 with input as _doc({"archiveLogs": true}, {"archiveLocation": {"archiveLogs": false}, "container": _env})
	count(rule.deny) == 0 with input as object.union(_doc({"archiveLogs": true}, {"container": _env}), {"kind": "Sensor"})
	count(rule.deny) == 0 with input as {"kind": "Pod"}
}
