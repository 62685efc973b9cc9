# METADATA
# title: Log of who did what is off or has gaps
# description: >-
#   Without it nobody can tell who read a secret, or what a stolen credential was
#   used for.
# custom:
#   severity: medium
#   tier: strict
#   fix: Switch the log on, for all regions and kinds of access, with validation of its files.
#   cwe: [778]
package policyctl.terraform.audit_log_incomplete

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"accesses are not logged: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

deny contains object.union(terraform.place(resource, path), {"message": message}) if {
	some type, wanted in _lists
	some resource in terraform.resources[type]
	some argument, words in wanted
	path := split(argument, ".")
	settings := terraform.settings(resource.values, path)
	every setting in settings {
		not terraform.unknown(object.get(setting, "value", ""))
	}
	logged := {terraform.word(setting.value) | some setting in settings}
	missing := words - logged
	count(missing) > 0
	message := $"accesses are not logged: {argument} of {resource.address} does not have {concat(" and ", sort(missing))}"
}

# For all services only all kinds of access are a whole log.
deny contains object.union(terraform.place(resource, ["audit_log_config"]), {"message": message}) if {
	some type in ["google_folder_iam_audit_config", "google_organization_iam_audit_config", "google_project_iam_audit_config"]
	some resource in terraform.resources[type]
	resource.values.service == "allServices"
	kinds := [kind | some block in resource.values.audit_log_config; kind := block.log_type]
	every kind in kinds {
		is_string(kind)
	}
	missing := {"ADMIN_READ", "DATA_READ", "DATA_WRITE"} - {kind | some kind in kinds}
	count(missing) > 0
	message := $"accesses are not logged: audit_log_config of {resource.address} does not have {concat(" and ", sort(missing))}"
}

# Databases have the switch among their parameters.
deny contains object.union(terraform.place(group, array.concat(path, ["value"])), {"message": message}) if {
	some type in ["aws_docdb_cluster_parameter_group", "aws_neptune_cluster_parameter_group", "aws_redshift_parameter_group", "google_sql_database_instance"]
	some group in terraform.resources[type]
	walk(group.values, [path, parameter])
	terraform.word(parameter.name) in {"audit_logs", "cloudsql.enable_pgaudit", "enable_user_activity_logging", "log_connections", "log_disconnections", "neptune_enable_audit_log"}
	terraform.word(parameter.value) in {"0", "disabled", "false", "none", "off"}
	message := $"accesses are not logged: parameter {parameter.name} of {group.address} is {parameter.value}"
}

# _lists are settings that name what is logged.
_lists := {
	"aws_docdb_cluster": {"enabled_cloudwatch_logs_exports": {"audit"}},
	"aws_eks_cluster": {"enabled_cluster_log_types": {"audit", "authenticator"}},
	"aws_neptune_cluster": {"enable_cloudwatch_logs_exports": {"audit"}},
}

_table := object.union(_google, {
	"alicloud_actiontrail_trail": {{"path": "event_rw", "good": {"all"}, "absent": "anywhere"}, {"path": "trail_region", "good": {"all"}}},
	"aws_cloudtrail": {
		{"path": "enable_logging", "bad": {"false"}},
		{"path": "enable_log_file_validation", "good": {"true"}, "absent": "anywhere"},
		{"path": "is_multi_region_trail", "good": {"true"}, "absent": "anywhere", "when": {"is_organization_trail": {"", "false"}}},
		{"path": "include_global_service_events", "bad": {"false"}},
	},
	"aws_cloudtrail_event_data_store": {{"path": "multi_region_enabled", "bad": {"false"}}},
	"aws_config_configuration_recorder": {{"path": "recording_group.all_supported", "bad": {"false"}, "when": {"recording_group.recording_strategy.use_only": {"", "inclusion_by_resource_types"}}}},
	"aws_config_configuration_recorder_status": {{"path": "is_enabled", "bad": {"false"}}},
	"aws_ecs_cluster": {{"path": "configuration.execute_command_configuration.logging", "bad": {"none"}}},
	"aws_guardduty_detector": {{"path": "enable", "bad": {"false"}}},
	"aws_mq_broker": {{"path": "logs.audit", "good": {"true"}, "absent": "anywhere", "when": {"engine_type": {"activemq"}}}},
	"aws_redshift_cluster": {{"path": "logging.enable", "bad": {"false"}}},
	# Nothing is deleted after 0 days.
	"azurerm_monitor_log_profile": {{"path": "retention_policy.days", "like": "^(?:[1-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-4])$", "when": {"retention_policy.enabled": {"true"}}, "says": "a year is what it takes to look back"}},
	"azurerm_mssql_server_extended_auditing_policy": {{"path": "enabled", "bad": {"false"}}},
	"azurerm_mysql_flexible_server_configuration": {{"path": "value", "bad": {"off"}, "when": {"name": {"audit_log_enabled"}}}},
	"azurerm_postgresql_configuration": {{"path": "value", "bad": {"off"}, "when": {"name": {"log_connections", "log_disconnections", "connection_throttling"}}}},
	"azurerm_postgresql_flexible_server_configuration": {{"path": "value", "bad": {"off"}, "when": {"name": {"log_connections", "log_disconnections"}}}},
	"google_container_cluster": {{"path": "logging_service", "bad": {"none"}}},
	"google_folder_iam_audit_config": _exempted,
	"google_organization_iam_audit_config": _exempted,
	"google_project_iam_audit_config": _exempted,
})

_exempted := {{"path": "audit_log_config.exempted_members", "like": "."}}

# What a project, folder or organization keeps of its logs.
_google := {$"google_logging_{scope}_{kind}": rows |
	some scope in ["project", "folder", "organization"]
	some kind, rows in {
		"exclusion": {{"path": "filter", "like": `cloudaudit\.googleapis\.com`, "when": {"disabled": {"", "false"}}}},
		"sink": {{"path": "disabled", "bad": {"true"}}},
	}
}
