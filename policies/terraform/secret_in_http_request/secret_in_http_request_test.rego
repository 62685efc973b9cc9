package policyctl.terraform.secret_in_http_request_test

import data.policyctl.terraform.secret_in_http_request as rule

_request(values) := {
	"resources": [{"type": "http", "mode": "data", "name": "x", "address": "data.http.x", "values": values}],
	"variables": [{"name": "api_token", "reference": "var.api_token", "sensitive": true}],
}

test_an_address if {
	rule.deny == {{
		"path": ["resources", 0, "values", "url"],
		"subject": "data.http.x",
		"message": "data.http.x sends var.api_token as part of its address",
		"targets": {"var.api_token"},
	}} with input as _request({"url": {"$unknown": ["var.api_token", "var.host"]}})
	derived := object.union(_request({}).resources[0], {"values": {"url": "https://api.example/?q=1"}, "derived": [{"path": ["url"], "from": ["var.api_token"]}]})
	count(rule.deny) == 1 with input as object.union(_request({}), {"resources": [derived]})
}

test_in_clear_text if {
	{found.message | some found in rule.deny} == {"data.http.x sends var.api_token without encryption"} with input as _request({"url": "http://api.example", "request_headers": {"Accept": "text/plain", "Authorization": {"$unknown": ["var.api_token"]}}})
}

test_silent if {
	rule.deny == set() with input as _request({"url": "https://api.example", "request_headers": {"Authorization": {"$unknown": ["var.api_token"]}}})
	rule.deny == set() with input as _request({"url": {"$unknown": ["var.host"]}})
	rule.deny == set() with input as _request({"url": {"$unknown": ["var.host"]}, "request_body": {"$unknown": ["var.api_token"]}})
}

test_targets if {
	some found in rule.deny with input as _request({"url": "http://user:x@api.example/y", "request_headers": {"Authorization": {"$unknown": ["var.api_token"]}}})
	found.targets == {"api.example", "var.api_token"}
}
