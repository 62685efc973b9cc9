# METADATA
# title: Workload runs as the default service account of the project
# description: >-
#   All workloads of the project share it, and it usually may edit the whole
#   project. One of them that is taken over is all of them.
# custom:
#   severity: medium
#   tier: strict
#   fix: Make a service account for the workload, with the roles that it needs.
#   tags: [least-privilege]
#   cwe: [250]
package policyctl.terraform.default_service_account

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"the default service account is used: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_account := `(?:-compute@developer|@appspot)\.gserviceaccount\.com$`

_table := object.union(
	{$"google_{scope}_iam_{kind}": {{"path": argument, "like": _account}} |
		some scope in ["project", "folder", "organization"]
		some kind, argument in {"member": "member", "binding": "members"}
	},
	{
		"google_app_engine_flexible_app_version": _at("service_account"),
		"google_app_engine_standard_app_version": _at("service_account"),
		"google_cloud_run_service": {{"path": "template.spec.service_account_name", "absent": "inside", "like": _account}},
		"google_cloud_run_v2_job": {{"path": "template.template.service_account", "absent": "inside", "like": _account}},
		"google_cloud_run_v2_service": {{"path": "template.service_account", "absent": "inside", "like": _account}},
		"google_cloudbuild_trigger": _at("service_account"),
		"google_cloudfunctions2_function": {{"path": "service_config.service_account_email", "absent": "inside", "like": _account}},
		"google_cloudfunctions_function": {{"path": "service_account_email", "absent": "anywhere", "like": _account}},
		"google_compute_instance": _instance,
		"google_compute_instance_template": _instance,
		"google_compute_region_instance_template": _instance,
		"google_composer_environment": {{"path": "config.node_config.service_account", "absent": "anywhere", "like": _account}},
		"google_container_cluster": {
			{"path": "node_config.service_account", "absent": "inside", "like": $"{_account}|^default$", "when": {"remove_default_node_pool": {"", "false"}}},
			{"path": "cluster_autoscaling.auto_provisioning_defaults.service_account", "absent": "anywhere", "like": $"{_account}|^default$", "when": {"enable_autopilot": {"true"}}},
		},
		"google_container_node_pool": {{"path": "node_config.service_account", "absent": "anywhere", "like": $"{_account}|^default$"}},
		"google_dataflow_flex_template_job": _at("service_account_email"),
		"google_dataflow_job": _at("service_account_email"),
		"google_dataproc_cluster": {{"path": "cluster_config.gce_cluster_config.service_account", "absent": "anywhere", "like": _account}},
		"google_notebooks_instance": _at("service_account"),
		"google_workbench_instance": {{"path": "gce_setup.service_accounts.email", "absent": "anywhere", "like": _account}},
		"google_workflows_workflow": _at("service_account"),
	},
)

_at(argument) := {{"path": argument, "absent": "anywhere", "like": _account}}

_instance := {{"path": "service_account.email", "absent": "inside", "like": _account}}

# Looked up, it is the same account.
deny contains object.union(terraform.place(resource, setting.path), {"message": message}) if {
	some type, rows in _table
	some resource in terraform.resources[type]
	some row in rows
	some setting in terraform.settings(resource.values, split(row.path, "."))
	some reference in terraform.references({"": object.get(setting, "value", "")})
	regex.match(`^data\.google_(?:app_engine|compute)_default_service_account\.`, terraform.local_reference(reference))
	message := $"the default service account is used: {row.path} of {resource.address} is {reference}"
}
