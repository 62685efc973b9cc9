# METADATA
# title: Service takes connections without encryption
# description: >-
#   Logins, tokens and data cross the network in clear text, for whoever is on the
#   way to read and to change.
# custom:
#   severity: medium
#   tier: strict
#   fix: Require TLS of every connection, and redirect what comes by HTTP.
#   cwe: [319]
package policyctl.terraform.plaintext_transport

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"connections are not encrypted: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# Databases have the switch among their parameters, as a name and a value.
deny contains object.union(terraform.place(group, array.concat(path, ["value"])), {"message": message}) if {
	some type in _parameter_groups
	some group in terraform.resources[type]
	walk(group.values, [path, parameter])
	_switched_off[terraform.word(parameter.name)][terraform.word(parameter.value)]
	message := $"connections are not encrypted: parameter {parameter.name} of {group.address} is {parameter.value}"
}

deny contains object.union(terraform.place(settings, array.concat(["configuration$json"], path)), {"message": message}) if {
	some settings in terraform.resources.aws_emr_security_configuration
	walk(settings.values["configuration$json"], [path, false])
	path[count(path) - 1] == "EnableInTransitEncryption"
	message := $"connections are not encrypted: EnableInTransitEncryption of {settings.address} is false"
}

# Of the first family the switch is off at first.
deny contains object.union(terraform.header(group), {"message": message}) if {
	some group in terraform.resources.aws_redshift_parameter_group
	group.values.family == "redshift-1.0"
	not terraform.unknown(object.get(group.values, "parameter", []))
	parameters := terraform.blocks(group.values, "parameter")
	every parameter in parameters {
		is_string(parameter.name)
		parameter.name != "require_ssl"
	}
	message := $"connections are not encrypted: {group.address} does not set require_ssl"
}

# What an application gateway takes in clear text it may pass on so, or send to TLS.
deny contains object.union(terraform.place(gateway, listener.path), {"message": message}) if {
	some gateway in terraform.resources.azurerm_application_gateway
	some listener in terraform.settings(gateway.values, ["http_listener", "protocol"])
	terraform.word(listener.value) == "http"
	name := object.get(gateway.values, array.concat(array.slice(listener.path, 0, count(listener.path) - 1), ["name"]), null)
	some rule in terraform.blocks(gateway.values, "request_routing_rule")
	rule.http_listener_name == name
	rule.backend_address_pool_name
	message := $"connections are not encrypted: listener {terraform.known_text(name)} of {gateway.address} passes HTTP on"
}

_parameter_groups := {
	"aws_db_parameter_group", "aws_docdb_cluster_parameter_group", "aws_neptune_cluster_parameter_group", "aws_rds_cluster_parameter_group",
	"aws_redshift_parameter_group", "azurerm_mysql_configuration", "azurerm_mysql_flexible_server_configuration",
	"azurerm_postgresql_configuration", "azurerm_postgresql_flexible_server_configuration",
}

_off := {"0", "false", "off", "disabled"}

_switched_off := {"neptune_enforce_ssl": _off, "rds.force_ssl": _off, "require_secure_transport": _off, "require_ssl": _off, "tls": _off}

_table := {
	"alicloud_db_instance": {{"path": "ssl_action", "bad": {"close"}}},
	"alicloud_mongodb_instance": {{"path": "ssl_action", "bad": {"close"}}},
	"aws_alb_listener": _listener,
	"aws_appsync_api_cache": {{"path": "transit_encryption_enabled", "good": {"true"}, "absent": "anywhere"}},
	"aws_cloudfront_distribution": {
		{"path": "default_cache_behavior.viewer_protocol_policy", "bad": {"allow-all"}},
		{"path": "ordered_cache_behavior.viewer_protocol_policy", "bad": {"allow-all"}},
		{"path": "origin.custom_origin_config.origin_protocol_policy", "bad": {"http-only", "match-viewer"}},
	},
	"aws_cloudsearch_domain": {{"path": "endpoint_options.enforce_https", "good": {"true"}, "absent": "anywhere"}},
	"aws_dax_cluster": {{"path": "cluster_endpoint_encryption_type", "good": {"tls"}, "absent": "anywhere"}},
	"aws_db_proxy": {{"path": "require_tls", "good": {"true"}, "absent": "anywhere"}},
	"aws_dms_endpoint": {{
		"path": "ssl_mode", "bad": {"none"}, "absent": "anywhere",
		"when": {"engine_name": {"aurora", "aurora-postgresql", "azuredb", "db2", "docdb", "mariadb", "mongodb", "mysql", "oracle", "postgres", "sqlserver"}},
	}},
	"aws_ecs_task_definition": {{"path": "volume.efs_volume_configuration.transit_encryption", "good": {"enabled"}, "absent": "inside"}},
	"aws_elasticache_replication_group": {{"path": "transit_encryption_enabled", "good": {"true"}, "absent": "anywhere", "when": {"engine": {"", "redis", "valkey"}, "global_replication_group_id": {""}}}},
	"aws_elasticache_cluster": {{"path": "transit_encryption_enabled", "bad": {"false"}}},
	"aws_elasticsearch_domain": _search,
	"aws_elb": {{"path": "listener.lb_protocol", "bad": {"http"}}},
	"aws_lb_listener": _listener,
	"aws_memorydb_cluster": {{"path": "tls_enabled", "bad": {"false"}}},
	"aws_msk_cluster": {
		{"path": "encryption_info.encryption_in_transit.client_broker", "bad": {"plaintext", "tls_plaintext"}},
		{"path": "encryption_info.encryption_in_transit.in_cluster", "bad": {"false"}},
	},
	"aws_opensearch_domain": _search,
	"aws_ses_configuration_set": {{"path": "delivery_options.tls_policy", "bad": {"optional"}}},
	"aws_sesv2_configuration_set": {{"path": "delivery_options.tls_policy", "bad": {"optional"}}},
	"aws_sns_topic_subscription": {{"path": "protocol", "bad": {"http"}}},
	"aws_transfer_server": {{"path": "protocols", "bad": {"ftp"}}},
	"azurerm_api_management_api": {{"path": "protocols", "bad": {"http"}}},
	"azurerm_api_management_backend": {{"path": "url", "like": "^http:"}},
	"azurerm_app_service": _application,
	"azurerm_app_service_slot": _application,
	"azurerm_cdn_endpoint": {{"path": "is_http_allowed", "bad": {"true"}}},
	"azurerm_cdn_frontdoor_route": {
		{"path": "forwarding_protocol", "bad": {"httponly"}},
		{"path": "https_redirect_enabled", "bad": {"false"}, "when": {"supported_protocols": {"http"}}},
	},
	"azurerm_container_app": {{"path": "ingress.allow_insecure_connections", "bad": {"true"}}},
	"azurerm_frontdoor": {{"path": "routing_rule.forwarding_configuration.forwarding_protocol", "bad": {"httponly"}}},
	"azurerm_function_app": _application,
	"azurerm_function_app_slot": _application,
	"azurerm_linux_function_app": _application,
	"azurerm_linux_function_app_slot": _application,
	"azurerm_linux_web_app": _application,
	"azurerm_linux_web_app_slot": _application,
	"azurerm_logic_app_standard": _application,
	"azurerm_mariadb_server": {{"path": "ssl_enforcement_enabled", "bad": {"false"}}},
	"azurerm_mysql_server": {{"path": "ssl_enforcement_enabled", "bad": {"false"}}},
	"azurerm_postgresql_server": {{"path": "ssl_enforcement_enabled", "bad": {"false"}}},
	"azurerm_redis_cache": {{"path": "enable_non_ssl_port", "bad": {"true"}}, {"path": "non_ssl_port_enabled", "bad": {"true"}}},
	"azurerm_redis_enterprise_database": {{"path": "client_protocol", "bad": {"plaintext"}}},
	"azurerm_spring_cloud_api_portal": {{"path": "https_only_enabled", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_spring_cloud_app": {{"path": "https_only", "bad": {"false"}}},
	"azurerm_storage_account": {{"path": "enable_https_traffic_only", "bad": {"false"}}, {"path": "https_traffic_only_enabled", "bad": {"false"}}},
	"azurerm_windows_function_app": _application,
	"azurerm_windows_function_app_slot": _application,
	"azurerm_windows_web_app": _application,
	"azurerm_windows_web_app_slot": _application,
	"cloudflare_zone_settings_override": {{"path": "settings.ssl", "bad": {"off", "flexible"}}},
	"digitalocean_loadbalancer": {{"path": "forwarding_rule.entry_protocol", "bad": {"http"}, "when": {"redirect_http_to_https": {"", "false"}}}},
	"github_organization_webhook": _hook,
	"github_repository_webhook": _hook,
	"gitlab_group_hook": {{"path": "enable_ssl_verification", "bad": {"false"}}, {"path": "url", "like": "^http:"}},
	"gitlab_project_hook": {{"path": "enable_ssl_verification", "bad": {"false"}}, {"path": "url", "like": "^http:"}},
	"google_alloydb_instance": {{"path": "client_connection_config.ssl_config.ssl_mode", "bad": {"allow_unencrypted_and_encrypted"}}},
	"google_app_engine_flexible_app_version": {{"path": "handlers.security_level", "bad": {"secure_never"}}},
	"google_app_engine_standard_app_version": {{"path": "handlers.security_level", "bad": {"secure_never"}}},
	"google_cloudfunctions_function": {{"path": "https_trigger_security_level", "bad": {"secure_optional"}}},
	"google_redis_cluster": {{"path": "transit_encryption_mode", "bad": {"transit_encryption_mode_disabled"}, "absent": "anywhere"}},
	"google_redis_instance": {{"path": "transit_encryption_mode", "good": {"server_authentication"}, "absent": "anywhere"}},
	"google_sql_database_instance": {
		{"path": "settings.ip_configuration.ssl_mode", "bad": {"allow_unencrypted_and_encrypted"}},
		{"path": "settings.ip_configuration.ssl_mode", "absent": "anywhere", "when": {"settings.ip_configuration.require_ssl": {"", "false"}, "master_instance_name": {""}}},
	},
	"ncloud_lb_listener": {{"path": "protocol", "bad": {"http"}}},
	"scaleway_redis_cluster": {{"path": "tls_enabled", "good": {"true"}, "absent": "anywhere"}},
	"vault_database_secret_backend_connection": {{"path": "postgresql.connection_url", "like": "sslmode=disable"}},
	"vault_ldap_auth_backend": {{"path": "insecure_tls", "bad": {"true"}}, {"path": "url", "like": "^ldap:", "when": {"starttls": {"", "false"}}}},
}

# Listeners that redirect have to take what they redirect.
_listener := {
	{"path": "protocol", "bad": {"http"}, "when": {"default_action.type": {"forward"}}},
	{"path": "protocol", "absent": "anywhere", "when": {"default_action.type": {"forward"}, "port": {"80", "8080"}}, "says": "it is HTTP then"},
	{"path": "default_action.redirect.protocol", "bad": {"http"}},
}

_search := {
	{"path": "domain_endpoint_options.enforce_https", "good": {"true"}, "absent": "anywhere"},
	{"path": "node_to_node_encryption.enabled", "good": {"true"}, "absent": "anywhere"},
}

_application := {
	{"path": "https_only", "good": {"true"}, "absent": "anywhere"},
	{"path": "site_config.ftps_state", "bad": {"allallowed"}},
}

_hook := {{"path": "configuration.insecure_ssl", "bad": {"true", "1"}}, {"path": "configuration.url", "like": "^http:"}}
