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
		"google_cloud_run_v2_service": {{"path": "template.service_account", "absent": "inside", "like": _account}},
		"google_cloudfunctions2_function": {{"path": "service_config.service_account_email", "absent": "inside", "like": _account}},
		"google_cloudfunctions_function": {{"path": "service_account_email", "absent": "anywhere", "like": _account}},
		"google_compute_instance": _instance,
		"google_compute_instance_template": _instance,
		"google_container_cluster": {{"path": "node_config.service_account", "absent": "inside", "like": $"{_account}|^default$", "when": {"remove_default_node_pool": {"", "false"}}}},
		"google_container_node_pool": {{"path": "node_config.service_account", "absent": "anywhere", "like": $"{_account}|^default$"}},
	},
)

_instance := {{"path": "service_account.email", "absent": "inside", "like": _account}}
