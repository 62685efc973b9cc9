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
	"azurerm_container_registry_token_password": {{"path": $"{name}.expiry", "absent": "inside"} | some name in ["password1", "password2"]},
	"cloudflare_api_token": {{"path": "expires_on", "absent": "anywhere"}},
	"consul_acl_token": {{"path": "expiration_time", "absent": "anywhere"}},
	"databricks_obo_token": {{"path": "lifetime_seconds", "absent": "anywhere"}},
	"databricks_token": {{"path": "lifetime_seconds", "absent": "anywhere"}},
	"elasticstack_elasticsearch_security_api_key": {{"path": "expiration", "absent": "anywhere"}},
	"gitlab_deploy_token": {{"path": "expires_at", "absent": "anywhere"}},
	"gitlab_group_access_token": _gitlab,
	"gitlab_personal_access_token": _gitlab,
	"gitlab_project_access_token": _gitlab,
	"grafana_service_account_token": {{"path": "seconds_to_live", "bad": {"0"}, "absent": "anywhere"}},
	"harbor_robot_account": {{"path": "duration", "bad": {"-1"}, "absent": "anywhere"}},
	"linode_token": {{"path": "expiry", "absent": "anywhere"}},
	"nomad_acl_token": {{"path": "expiration_ttl", "absent": "anywhere"}},
	"rancher2_token": {{"path": "ttl", "bad": {"0"}, "absent": "anywhere"}},
	"scaleway_iam_api_key": {{"path": "expires_at", "absent": "anywhere"}},
	"sonarqube_user_token": {{"path": "expiration_date", "absent": "anywhere"}},
	"tfe_organization_token": {{"path": "expired_at", "absent": "anywhere"}},
	"tfe_team_token": {{"path": "expired_at", "absent": "anywhere"}},
}

# Without an end it lives for two years.
_password := {
	{"path": "end_date", "absent": "anywhere", "when": {"end_date_relative": {""}}},
	{"path": "end_date_relative", "like": `^(?:8[89][0-9]{2}|9[0-9]{3}|[0-9]{5,})h`},
}

_gitlab := {{"path": "expires_at", "absent": "anywhere", "when": {"rotation_configuration.expiration_days": {""}}}}
