# METADATA
# title: Service accepts TLS versions that are broken
# description: >-
#   TLS 1.0 and 1.1 use hashes and ciphers that were broken. An attacker on the way
#   can make both sides fall back to them.
# custom:
#   severity: medium
#   tier: strict
#   fix: Require TLS 1.2, best 1.3.
#   cwe: [326, 327]
package policyctl.terraform.weak_tls

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"old versions of TLS are accepted: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

# Policies of classic load balancers switch versions on one by one.
deny contains object.union(terraform.place(policy, ["policy_attribute", i, "value"]), {"message": message}) if {
	some policy in terraform.resources.aws_load_balancer_policy
	some i, attribute in policy.values.policy_attribute
	is_string(attribute.name)
	regex.match(`^Protocol-(?:SSLv[23]|TLSv1(?:\.1)?)$`, attribute.name)
	terraform.word(attribute.value) == "true"
	message := $"old versions of TLS are accepted: {attribute.name} of {policy.address} is true"
}

_old := {"1", "ssl3", "sslv3", "ssl_3_0", "tls", "tls1", "tls10", "tls11", "tls1_0", "tls1_1", "tls_1_0", "tls_1_1", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1_0", "tlsv1_1", "1.0", "1.1", "tlsenforcementdisabled", "disabled"}

_table := {
	"aws_alb_listener": _listener,
	"aws_api_gateway_domain_name": {{"path": "security_policy", "bad": _old}},
	"aws_cloudfront_distribution": {
		{"path": "viewer_certificate.minimum_protocol_version", "like": `^(?:sslv3|tlsv1|tlsv1_2016|tlsv1\.1_2016)$`, "when": {"viewer_certificate.cloudfront_default_certificate": {"", "false"}}},
		{"path": "origin.custom_origin_config.origin_ssl_protocols", "bad": _old},
	},
	"aws_cloudsearch_domain": {{"path": "endpoint_options.tls_security_policy", "like": "tls-1-0"}},
	"aws_elasticsearch_domain": _search,
	"aws_lb_listener": _listener,
	"aws_load_balancer_policy": {{"path": "policy_attribute.value", "like": `^elbsecuritypolicy-(?:2011-08|2014-01|2014-10|2015-02|2015-03|2015-05|2016-08|tls-1-1-2017-01)$`}},
	"aws_opensearch_domain": _search,
	"aws_transfer_server": {{"path": "security_policy_name", "bad": {"transfersecuritypolicy-2018-11"}}},
	"azurerm_api_management": {{"path": $"security.{switch}", "bad": {"true"}} | some switch in [
		"enable_backend_ssl30", "enable_backend_tls10", "enable_backend_tls11", "enable_frontend_ssl30", "enable_frontend_tls10", "enable_frontend_tls11",
		"backend_ssl30_enabled", "backend_tls10_enabled", "backend_tls11_enabled", "frontend_ssl30_enabled", "frontend_tls10_enabled", "frontend_tls11_enabled",
	]},
	"azurerm_app_service": _application,
	"azurerm_app_service_slot": _application,
	"azurerm_application_gateway": {{"path": "ssl_policy.policy_name", "bad": {"appgwsslpolicy20150501", "appgwsslpolicy20170401"}}, {"path": "ssl_policy.min_protocol_version", "bad": _old}},
	"azurerm_cdn_endpoint_custom_domain": {{"path": "cdn_managed_https.tls_version", "bad": _old}, {"path": "user_managed_https.tls_version", "bad": _old}},
	"azurerm_cdn_frontdoor_custom_domain": {{"path": "tls.minimum_tls_version", "bad": _old}},
	"azurerm_cosmosdb_account": {{"path": "minimal_tls_version", "bad": _old}},
	"azurerm_eventgrid_domain": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_eventgrid_topic": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_eventhub_namespace": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_function_app": _application,
	"azurerm_function_app_slot": _application,
	"azurerm_iothub": {{"path": "min_tls_version", "bad": _old}},
	"azurerm_linux_function_app": _application,
	"azurerm_linux_function_app_slot": _application,
	"azurerm_linux_web_app": _application,
	"azurerm_linux_web_app_slot": _application,
	"azurerm_mariadb_server": {{"path": "ssl_minimal_tls_version_enforced", "bad": _old}},
	"azurerm_mssql_managed_instance": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_mssql_server": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_mysql_flexible_server_configuration": _parameter,
	"azurerm_mysql_server": {{"path": "ssl_minimal_tls_version_enforced", "bad": _old}},
	"azurerm_postgresql_flexible_server_configuration": _parameter,
	"azurerm_postgresql_server": {{"path": "ssl_minimal_tls_version_enforced", "bad": _old}},
	"azurerm_redis_cache": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_servicebus_namespace": {{"path": "minimum_tls_version", "bad": _old}},
	"azurerm_storage_account": {{"path": "min_tls_version", "bad": _old}},
	"azurerm_windows_function_app": _application,
	"azurerm_windows_function_app_slot": _application,
	"azurerm_windows_web_app": _application,
	"azurerm_windows_web_app_slot": _application,
	"cloudflare_zone_settings_override": {{"path": "settings.min_tls_version", "bad": _old}},
	"google_compute_region_ssl_policy": {{"path": "min_tls_version", "bad": _old, "absent": "anywhere"}},
	"google_compute_ssl_policy": {
		{"path": "min_tls_version", "bad": _old, "absent": "anywhere"},
		{"path": "custom_features", "like": "3des|rc4", "says": "the cipher is broken"},
	},
	"mongodbatlas_advanced_cluster": {{"path": "advanced_configuration.minimum_enabled_tls_protocol", "bad": _old}},
	"mongodbatlas_cluster": {{"path": "advanced_configuration.minimum_enabled_tls_protocol", "bad": _old}},
	"ncloud_lb_listener": {{"path": "tls_min_version_type", "bad": {"tlsv10", "tlsv11"}}},
	"vault_ldap_auth_backend": {{"path": "tls_min_version", "bad": _old}},
}

# Without a policy a listener gets that of 2016, which has TLS 1.0.
_listener := {
	{"path": "ssl_policy", "absent": "anywhere", "when": {"protocol": {"https", "tls"}}},
	{"path": "ssl_policy", "like": `^elbsecuritypolicy-(?:2011-08|2014-01|2014-10|2015-02|2015-03|2015-05|2016-08|tls-1-[01]-.*|fs-2018-06|fs-1-1-2019-08|tls13-1-[01]-.*)$`},
}

_parameter := {{"path": "value", "like": `(?:^|,)\s*tlsv1(?:\.[01])?\s*(?:,|$)`, "when": {"name": {"ssl_min_protocol_version", "tls_version"}}}}

_search := {{"path": "domain_endpoint_options.tls_security_policy", "like": "tls-1-0"}}

_application := {{"path": $"site_config.{argument}", "bad": _old} | some argument in ["minimum_tls_version", "min_tls_version", "scm_minimum_tls_version"]}
