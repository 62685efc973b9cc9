# METADATA
# title: Token or password is made without an end
# description: Nobody has to renew it, and a copy of it works for ever.
# custom:
#   severity: medium
#   tier: strict
#   fix: Set the date or the time after which it ends, and rotate it before (time_rotating).
#   tags: [rotation]
#   cwe: [324]
package policyctl.terraform.token_without_expiry

import data.policyctl.lib.terraform

deny contains {"path": fault.path, "subject": fault.subject, "message": $"it has no end, or a late one: {fault.message}"} if {
	some fault in terraform.faults(_table)
}

_table := {
	"argocd_account_token": {{"path": "expires_in", "absent": "anywhere"}},
	"argocd_project_token": {{"path": "expires_in", "absent": "anywhere"}},
	"artifactory_scoped_token": {{"path": "expires_in", "bad": {"0"}}},
	"azuread_application_password": _password,
	"azuread_service_principal_password": _password,
	"azurerm_container_registry_token_password": {{"path": $"{name}.expiry", "absent": "inside", "years": 2} | some name in ["password1", "password2"]},
	"cloudflare_api_token": _ends("expires_on"),
	"consul_acl_token": _ends("expiration_time"),
	"data.azurerm_storage_account_blob_container_sas": _ends("expiry"),
	"data.azurerm_storage_account_sas": _ends("expiry"),
	"databricks_obo_token": {{"path": "lifetime_seconds", "absent": "anywhere"}},
	"databricks_token": {{"path": "lifetime_seconds", "absent": "anywhere"}},
	"elasticstack_elasticsearch_security_api_key": {{"path": "expiration", "absent": "anywhere"}},
	"gitlab_deploy_token": _ends("expires_at"),
	"gitlab_group_access_token": _gitlab,
	"gitlab_personal_access_token": _gitlab,
	"gitlab_project_access_token": _gitlab,
	"grafana_service_account_token": {{"path": "seconds_to_live", "bad": {"0"}, "absent": "anywhere"}},
	"harbor_robot_account": {{"path": "duration", "bad": {"-1"}, "absent": "anywhere"}},
	"linode_token": _ends("expiry"),
	"nomad_acl_token": {{"path": "expiration_ttl", "absent": "anywhere"}},
	"rancher2_token": {{"path": "ttl", "bad": {"0"}, "absent": "anywhere"}},
	"scaleway_iam_api_key": _ends("expires_at"),
	"sonarqube_user_token": _ends("expiration_date"),
	"tfe_organization_token": _ends("expired_at"),
	"tfe_team_token": _ends("expired_at"),
}

_ends(argument) := {{"path": argument, "absent": "anywhere", "years": 2}}

# Without an end it lives for two years.
_password := {
	{"path": "end_date", "years": 2},
	{"path": "end_date", "absent": "anywhere", "when": {"end_date_relative": {""}}},
	{"path": "end_date_relative", "like": `^(?:8[89][0-9]{2}|9[0-9]{3}|[0-9]{5,})h`},
}

_gitlab := {{"path": "expires_at", "years": 2, "absent": "anywhere", "when": {"rotation_configuration.expiration_days": {""}}}}
