package policyctl.terraform.plaintext_transport_test

import data.policyctl.terraform.plaintext_transport as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_a_listener if {
	rule.deny == {{
		"path": ["resources", 0, "values", "protocol"],
		"subject": "aws_lb_listener.x",
		"message": "connections are not encrypted: protocol of aws_lb_listener.x is HTTP",
	}} with input as _module("aws_lb_listener", {"protocol": "HTTP", "default_action": [{"type": "forward"}]})
}

test_switches if {
	_reported("aws_elasticache_replication_group", {}) == {"transit_encryption_enabled"}
	_reported("aws_opensearch_domain", {"node_to_node_encryption": [{"enabled": true}]}) == {"domain_endpoint_options.enforce_https"}
	_reported("azurerm_redis_cache", {"non_ssl_port_enabled": true}) == {"non_ssl_port_enabled"}
	_reported("github_repository_webhook", {"configuration": [{"url": "http:\/\/ci.example", "insecure_ssl": false}]}) == {"configuration.0.url"}
	_reported("google_sql_database_instance", {"settings": [{"ip_configuration": [{"require_ssl": false}]}]}) == {"settings.0.ip_configuration.0.ssl_mode"}
	_reported("aws_cloudfront_distribution", {"ordered_cache_behavior": [{"viewer_protocol_policy": "https-only"}, {"viewer_protocol_policy": "allow-all"}]}) == {"ordered_cache_behavior.1.viewer_protocol_policy"}
	_reported("aws_ecs_task_definition", {"volume": [{"efs_volume_configuration": [{"file_system_id": "x"}]}]}) == {"volume.0.efs_volume_configuration.0.transit_encryption"}
}

test_parameters if {
	rule.deny == {{
		"path": ["resources", 0, "values", "parameter", 1, "value"],
		"subject": "aws_db_parameter_group.x",
		"message": "connections are not encrypted: parameter rds.force_ssl of aws_db_parameter_group.x is 0",
	}} with input as _module("aws_db_parameter_group", {"parameter": [{"name": "log_statement", "value": "0"}, {"name": "rds.force_ssl", "value": 0}]})
	_reported("azurerm_mysql_flexible_server_configuration", {"name": "require_secure_transport", "value": "OFF"}) == {"value"}
}

test_silent if {
	_reported("aws_lb_listener", {"protocol": "HTTP", "default_action": [{"type": "redirect"}]}) == set()
	_reported("aws_lb_listener", {"protocol": {"$unknown": ["var.protocol"]}, "default_action": [{"type": "forward"}]}) == set()
	_reported("aws_ecs_task_definition", {"volume": [{"name": "scratch"}]}) == set()
	_reported("google_sql_database_instance", {"settings": [{"ip_configuration": [{"ssl_mode": "ENCRYPTED_ONLY"}]}]}) == set()
	_reported("google_sql_database_instance", {"settings": [{"ip_configuration": [{"require_ssl": true}]}]}) == set()
	_reported("google_sql_database_instance", {"master_instance_name": "orders"}) == set()
	_reported("aws_db_parameter_group", {"parameter": [{"name": "rds.force_ssl", "value": "1"}, {"name": "tls", "value": {"$unknown": []}}]}) == set()
	_reported("azurerm_linux_web_app", {"https_only": true}) == set()
}

test_left_out_and_within_json if {
	_reported("aws_lb_listener", {"port": 80, "default_action": [{"type": "forward"}]}) == {"protocol"}
	_reported("aws_lb_listener", {"port": 9000, "default_action": [{"type": "forward"}]}) == set()
	_reported("aws_emr_security_configuration", {"configuration$json": {"EncryptionConfiguration": {"EnableInTransitEncryption": false}}}) == {"configuration$json.EncryptionConfiguration.EnableInTransitEncryption"}
	_reported("aws_emr_security_configuration", {"configuration$json": {"EncryptionConfiguration": {"EnableInTransitEncryption": true}}}) == set()
}

test_the_first_family_of_redshift if {
	count(rule.deny) == 1 with input as _module("aws_redshift_parameter_group", {"family": "redshift-1.0"})
	count(rule.deny) == 1 with input as _module("aws_redshift_parameter_group", {"family": "redshift-1.0", "parameter": [{"name": "wlm_json_configuration", "value": "[]"}]})
	every values in [
		{"family": "redshift-2.0"},
		{"family": "redshift-1.0", "parameter": {"$unknown": []}},
		{"family": "redshift-1.0", "parameter": [{"name": {"$unknown": []}}]},
		{"family": "redshift-1.0", "parameter": [{"name": "require_ssl", "value": "true"}]},
	] {
		rule.deny == set() with input as _module("aws_redshift_parameter_group", values)
	}
}

test_an_application_gateway if {
	listeners := [{"name": "web", "protocol": "Http"}, {"name": "tls", "protocol": "Https"}]
	passed := {"http_listener": listeners, "request_routing_rule": [{"http_listener_name": "web", "backend_address_pool_name": "all"}]}
	rule.deny == {{
		"path": ["resources", 0, "values", "http_listener", 0, "protocol"],
		"subject": "azurerm_application_gateway.x",
		"message": "connections are not encrypted: listener web of azurerm_application_gateway.x passes HTTP on",
	}} with input as _module("azurerm_application_gateway", passed)
	redirected := {"http_listener": listeners, "request_routing_rule": [
		{"http_listener_name": "web", "redirect_configuration_name": "to-tls"},
		{"http_listener_name": "tls", "backend_address_pool_name": "all"},
	]}
	rule.deny == set() with input as _module("azurerm_application_gateway", redirected)
}
