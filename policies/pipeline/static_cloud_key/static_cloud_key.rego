# METADATA
# title: Login to a cloud by a long-lived key
# description: >-
#   The key opens the cloud from anywhere until somebody rotates it. The component
#   can log in by the identity of the job in its place, and then nothing has to be
#   stored.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/openid-connect
# custom:
#   severity: medium
#   fix: Let the cloud trust the platform's identity tokens, give the job id-token write permission, and remove the key.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.pipeline.static_cloud_key

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "input"
	component := pipeline.component(exposure.value)
	action := $"{component.owner}/{component.name}"
	lower(exposure.value.variable) in _keys(action, component.inputs)
	message := $"{pipeline.place(exposure.value)} logs in to a cloud by secret {exposure.value.secret.name}; {action} can use the identity of the job"
}

# _keys are the inputs that take a long-lived key.
_keys(action, _) := _logins[action]

# The password of an AWS registry is a secret access key; a Google registry takes
# the key file of a service account.
_keys("docker/login-action", inputs) := {"password"} if {
	endswith(object.get(inputs, "registry", ""), ".amazonaws.com")
} else := {"password"} if {
	object.get(inputs, "username", "") in {"_json_key", "_json_key_base64"}
}

_logins := {
	"aliyun/configure-aliyun-credentials-action": {"access-key-secret"},
	"aws-actions/configure-aws-credentials": {"aws-secret-access-key"},
	"azure/login": {"creds"},
	"google-github-actions/auth": {"credentials_json"},
	"google-github-actions/setup-gcloud": {"credentials_json", "service_account_key"},
}
