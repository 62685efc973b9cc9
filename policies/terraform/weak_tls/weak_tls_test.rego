package policyctl.terraform.weak_tls_test

import data.policyctl.terraform.weak_tls as rule

_module(type, values) := {"resources": [{"address": $"{type}.x", "type": type, "name": "x", "mode": "managed", "values": values}]}

_reported(type, values) := {concat(".", [$"{part}" | some part in array.slice(found.path, 3, 99)]) | some found in found_in} if {
	found_in := rule.deny with input as _module(type, values)
}

test_versions if {
	rule.deny == {{
		"path": ["resources", 0, "values", "min_tls_version"],
		"subject": "azurerm_storage_account.x",
		"message": "old versions of TLS are accepted: min_tls_version of azurerm_storage_account.x is TLS1_0",
	}} with input as _module("azurerm_storage_account", {"min_tls_version": "TLS1_0"})
	_reported("azurerm_redis_cache", {"minimum_tls_version": 1.1}) == {"minimum_tls_version"}
	_reported("aws_lb_listener", {"protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-2016-08"}) == {"ssl_policy"}
	_reported("google_compute_ssl_policy", {"profile": "MODERN"}) == {"min_tls_version"}
	_reported("azurerm_linux_web_app", {"site_config": [{"minimum_tls_version": "1.1"}]}) == {"site_config.0.minimum_tls_version"}
	_reported("azurerm_api_management", {"security": [{"enable_backend_tls10": true}]}) == {"security.0.enable_backend_tls10"}
	_reported("aws_cloudfront_distribution", {"origin": [{"custom_origin_config": [{"origin_ssl_protocols": ["TLSv1.2", "TLSv1"]}]}]}) == {"origin.0.custom_origin_config.0.origin_ssl_protocols.1"}
}

test_silent if {
	_reported("azurerm_storage_account", {"min_tls_version": "TLS1_2"}) == set()
	_reported("azurerm_storage_account", {}) == set()
	_reported("azurerm_storage_account", {"min_tls_version": {"$unknown": ["var.tls"]}}) == set()
	_reported("aws_lb_listener", {"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}) == set()
	_reported("aws_cloudfront_distribution", {"viewer_certificate": [{"cloudfront_default_certificate": true, "minimum_protocol_version": "TLSv1"}]}) == set()
}

test_load_balancers if {
	_reported("aws_lb_listener", {"protocol": "HTTPS"}) == {"ssl_policy"}
	_reported("aws_lb_listener", {"protocol": "TCP"}) == set()
	_reported("aws_load_balancer_policy", {"policy_attribute": [{"name": "Reference-Security-Policy", "value": "ELBSecurityPolicy-2016-08"}]}) == {"policy_attribute.0.value"}
	_reported("aws_load_balancer_policy", {"policy_attribute": [{"name": "Protocol-TLSv1", "value": "false"}, {"name": "Protocol-TLSv1.1", "value": "true"}]}) == {"policy_attribute.1.value"}
}
