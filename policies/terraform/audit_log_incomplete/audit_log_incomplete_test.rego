package policyctl.terraform.audit_log_incomplete_test

import data.policyctl.terraform.audit_log_incomplete as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_a_trail if {
	rule.deny == {{
		"path": ["resources", 0, "values", "enable_log_file_validation"],
		"subject": "aws_cloudtrail.x",
		"message": "accesses are not logged: enable_log_file_validation of aws_cloudtrail.x is not set",
	}} with input as _module("aws_cloudtrail", {"is_multi_region_trail": true})
	_reported("aws_cloudtrail", {"is_multi_region_trail": false, "enable_log_file_validation": true, "enable_logging": false}) == {"is_multi_region_trail", "enable_logging"}
}

test_lists if {
	rule.deny == {{
		"path": ["resources", 0, "values", "enabled_cluster_log_types"],
		"subject": "aws_eks_cluster.x",
		"message": "accesses are not logged: enabled_cluster_log_types of aws_eks_cluster.x does not have audit",
	}} with input as _module("aws_eks_cluster", {"enabled_cluster_log_types": ["api", "authenticator"]})
	_reported("aws_eks_cluster", {}) == {"enabled_cluster_log_types"}
}

test_exempted_members if {
	_reported("google_project_iam_audit_config", {"audit_log_config": [{"log_type": "DATA_READ"}, {"exempted_members": ["user:ops@orders.example"]}]}) == {"audit_log_config.1.exempted_members.0"}
}

test_days if {
	_reported("azurerm_monitor_log_profile", {"retention_policy": [{"enabled": true, "days": 7}]}) == {"retention_policy.0.days"}
	every days in [0, 365, 1000, {"$unknown": ["var.days"]}] {
		_reported("azurerm_monitor_log_profile", {"retention_policy": [{"enabled": true, "days": days}]}) == set()
	}
}

test_silent if {
	_reported("aws_cloudtrail", {"is_multi_region_trail": true, "enable_log_file_validation": {"$unknown": []}}) == set()
	_reported("aws_eks_cluster", {"enabled_cluster_log_types": ["api", "audit", "authenticator"]}) == set()
	_reported("aws_eks_cluster", {"enabled_cluster_log_types": {"$unknown": ["var.types"]}}) == set()
	_reported("aws_eks_cluster", {"enabled_cluster_log_types": ["api", {"$unknown": ["var.type"]}]}) == set()
	_reported("google_project_iam_audit_config", {"audit_log_config": [{"log_type": "DATA_READ"}]}) == set()
}

test_kinds_of_access if {
	_reported("google_project_iam_audit_config", {"service": "allServices", "audit_log_config": [{"log_type": "DATA_READ"}]}) == {"audit_log_config"}
	_reported("google_project_iam_audit_config", {"service": "allServices", "audit_log_config": [{"log_type": {"$unknown": ["var.kind"]}}]}) == set()
	_reported("google_project_iam_audit_config", {"service": "allServices", "audit_log_config": [{"log_type": kind} | some kind in ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]]}) == set()
}

test_parameters_of_databases if {
	every value, found in {"disabled": 1, "enabled": 0} {
		count(rule.deny) == found with input as {"resources": [{"address": "aws_docdb_cluster_parameter_group.x", "type": "aws_docdb_cluster_parameter_group", "name": "x", "mode": "managed", "values": {"parameter": [{"name": "tls", "value": "disabled"}, {"name": "audit_logs", "value": value}]}}]}
	}
}
