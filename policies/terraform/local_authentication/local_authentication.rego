# METADATA
# title: Service takes keys of its own beside identities
# description: >-
#   A key is known to whoever was ever given it, and never ends. Identities of the
#   platform end by themselves and say who it was.
# custom:
#   severity: medium
#   tier: strict
#   fix: Switch local authentication off once every client logs in with its identity.
#   tags: [short-lived]
#   cwe: [287]
package policyctl.terraform.local_authentication

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"keys open the service: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_enabled := {{"path": "local_auth_enabled", "good": {"false"}, "absent": "anywhere"}}

_either := {
	{"path": "local_auth_enabled", "good": {"false"}, "when": {"local_authentication_enabled": {""}}, "absent": "anywhere"},
	{"path": "local_authentication_enabled", "bad": {"true"}},
}

_table := {
	"azurerm_ai_services": _either,
	"azurerm_app_configuration": _enabled,
	"azurerm_cognitive_account": _enabled,
	"azurerm_cosmosdb_account": {{"path": "local_authentication_disabled", "good": {"true"}, "absent": "anywhere", "when": {"kind": {"", "globaldocumentdb"}, "local_authentication_enabled": {""}}}},
	"azurerm_eventgrid_domain": _enabled,
	"azurerm_eventgrid_topic": _enabled,
	"azurerm_eventhub_namespace": _either,
	"azurerm_kubernetes_cluster": {{"path": "local_account_disabled", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_log_analytics_workspace": {{"path": "local_authentication_disabled", "good": {"true"}, "absent": "anywhere", "when": {"local_authentication_enabled": {""}}}},
	"azurerm_search_service": {{"path": "local_authentication_enabled", "good": {"false"}, "absent": "anywhere"}},
	"azurerm_servicebus_namespace": _enabled,
	"azurerm_signalr_service": _enabled,
	"azurerm_storage_account": {{"path": "shared_access_key_enabled", "good": {"false"}, "absent": "anywhere"}},
	"azurerm_web_pubsub": _enabled,
}
