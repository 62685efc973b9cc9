package policyctl.terraform.default_service_account_test

import data.policyctl.terraform.default_service_account as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_default_accounts if {
	rule.deny == {{
		"path": ["resources", 0, "values", "service_account", 0, "email"],
		"subject": "google_compute_instance.x",
		"message": "the default service account is used: service_account.email of google_compute_instance.x is not set",
	}} with input as _module("google_compute_instance", {"service_account": [{"scopes": ["cloud-platform"]}]})
	_reported("google_project_iam_binding", {"members": ["serviceAccount:orders@p.iam.gserviceaccount.com", "serviceAccount:1-compute@developer.gserviceaccount.com"]}) == {"members.1"}
	_reported("google_container_node_pool", {"node_config": [{"service_account": "default"}]}) == {"node_config.0.service_account"}
}

test_silent if {
	_reported("google_compute_instance", {"service_account": [{"email": {"$unknown": ["google_service_account.x.email"]}}]}) == set()
	_reported("google_compute_instance", {"name": "orders"}) == set()
	_reported("google_project_iam_member", {"member": "serviceAccount:orders@p.iam.gserviceaccount.com"}) == set()
}

test_other_workloads if {
	_reported("google_cloud_run_service", {"template": [{"spec": [{"containers": [{}]}]}]}) == {"template.0.spec.0.service_account_name"}
	_reported("google_dataproc_cluster", {"cluster_config": [{"gce_cluster_config": [{"service_account": "orders@p.iam.gserviceaccount.com"}]}]}) == set()
	_reported("google_cloudbuild_trigger", {"service_account": {"$unknown": ["google_service_account.x.id"]}}) == set()
	_reported("google_container_cluster", {"enable_autopilot": true}) == {"cluster_autoscaling.auto_provisioning_defaults.service_account"}
	_reported("google_container_cluster", {"enable_autopilot": false, "remove_default_node_pool": true}) == set()
}

test_looked_up if {
	_reported("google_compute_instance", {"service_account": [{"email": {"$unknown": ["data.google_compute_default_service_account.this.email"]}}]}) == {"service_account.0.email"}
	_reported("google_project_iam_member", {"member": {"$unknown": ["data.google_compute_default_service_account.this.email"]}}) == {"member"}
	_reported("google_compute_instance", {"service_account": [{"email": {"$unknown": ["google_service_account.orders.email"]}}]}) == set()
}
