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

_access := {"path": "local_authentication_enabled", "good": {"false"}, "absent": "anywhere"}

_web_app := {{"path": $"{kind}_publish_basic_authentication_enabled", "good": {"false"}, "absent": "anywhere"} | some kind in ["ftp", "webdeploy"]}

_table := {
	"azurerm_ai_services": _either,
	"azurerm_application_insights": {{"path": "local_authentication_disabled", "good": {"true"}, "absent": "anywhere", "when": {"local_authentication_enabled": {""}}}},
	"azurerm_automation_account": {_access},
	"azurerm_batch_account": {{"path": "allowed_authentication_modes", "bad": {"sharedkey"}, "absent": "anywhere"}},
	"azurerm_bot_service_azure_bot": {_access},
	"azurerm_app_configuration": _enabled,
	"azurerm_cognitive_account": _enabled,
	"azurerm_cosmosdb_account": {{"path": "local_authentication_disabled", "good": {"true"}, "absent": "anywhere", "when": {"kind": {"", "globaldocumentdb"}, "local_authentication_enabled": {""}}}},
	"azurerm_eventgrid_domain": _enabled,
	"azurerm_eventgrid_topic": _enabled,
	"azurerm_eventhub_namespace": _either,
	"azurerm_iothub": {_access},
	"azurerm_kubernetes_cluster": {{"path": "local_account_disabled", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_linux_function_app": _web_app,
	"azurerm_linux_web_app": _web_app,
	"azurerm_log_analytics_workspace": {{"path": "local_authentication_disabled", "good": {"true"}, "absent": "anywhere", "when": {"local_authentication_enabled": {""}}}},
	"azurerm_machine_learning_compute_cluster": _enabled,
	"azurerm_managed_redis": {{"path": "default_database.access_keys_authentication_enabled", "bad": {"true"}}},
	"azurerm_maps_account": {_access},
	"azurerm_postgresql_flexible_server": {{"path": "authentication.password_auth_enabled", "good": {"false"}, "absent": "inside"}},
	"azurerm_redis_cache": {{"path": "access_keys_authentication_enabled", "good": {"false"}, "absent": "anywhere"}},
	"azurerm_search_service": {_access},
	"azurerm_servicebus_namespace": _enabled,
	"azurerm_signalr_service": _enabled,
	"azurerm_storage_account": {{"path": "shared_access_key_enabled", "good": {"false"}, "absent": "anywhere"}},
	"azurerm_synapse_workspace": {{"path": "azuread_authentication_only", "good": {"true"}, "absent": "anywhere"}},
	"azurerm_web_pubsub": _enabled,
	"azurerm_windows_function_app": _web_app,
	"azurerm_windows_web_app": _web_app,
}
