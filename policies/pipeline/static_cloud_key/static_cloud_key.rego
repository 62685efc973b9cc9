# METADATA
# title: Long-lived key of a cloud
# description: >-
#   The key opens the cloud from anywhere until somebody rotates it. The platform gives
#   each job an identity token that a cloud can trust in its place, and then nothing
#   has to be stored.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/openid-connect
# custom:
#   severity: medium
#   fix: >-
#     Let the cloud trust the platform's identity tokens and remove the key. The token comes by permissions
#     id-token write on GitHub, id_tokens on GitLab, a context on CircleCI, oidc true on Bitbucket,
#     "buildkite-agent oidc request-token" on Buildkite, and a service connection with workload identity federation on Azure.
#   tags: [short-lived]
#   cwe: [324]
package policyctl.pipeline.static_cloud_key

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(exposure.path, ["secret"]), "subject": exposure.value.address, "message": message} if {
	some exposure in _to_components
	component := pipeline.component(exposure.value)
	message := $"{pipeline.place(exposure.value)} logs in to a cloud by {pipeline.called(exposure.value.secret)}; {_instead(component)}"
}

# What a job has for a variable of its own is one finding, where it stands first.
deny contains {"path": ["exposures", first, "secret"], "subject": exposure.address, "message": message} if {
	some found in _variables
	first := min(found)
	exposure := input.exposures[first]
	message := $"{pipeline.place(exposure)} gets a long-lived key of a cloud as {exposure.variable}; the job can have an identity in its place"
}

# A script logs in by a key, whatever its variable is called.
deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	input.platform in _issuers
	some flow in pipeline.flows_to.argv
	flow.value.command in {"az", "aws"}
	step := pipeline.step(flow.value)
	regex.match(_logins[flow.value.command], regex.replace(step.script, `\\\n`, " "))
	not _known_variable(object.get(flow.value, "variable", ""))
	not regex.match(_look_alike, upper(flow.value.secret.name))
	object.get(flow.value.secret, "store", "") != "vault"
	message := $"{pipeline.place(flow.value)} logs in to a cloud by {pipeline.called(flow.value.secret)}; the job can have an identity in its place"
}

_known_variable(name) if _well_known[upper(name)]

_logins := {
	"aws": `\baws configure set (?:\S+ )*\S*aws_secret_access_key`,
	"az": `\baz login\b[^\n;&|]*--service-principal[^\n;&|]*(?:\s-p\b|\s--password\b)`,
}

# _issuers are the platforms that make identity tokens for their jobs.
_issuers := {"azure", "bitbucket", "buildkite", "circleci", "githubactions", "gitlab"}

_to_components contains exposure if {
	some exposure in pipeline.user_exposures
	exposure.value.at == "input"
	component := pipeline.component(exposure.value)
	lower(exposure.value.variable) in _keys(component)
	not _said_of_the_repository(exposure.value, object.get(component, ["facts", "provider"], ""))
}

_instead(component) := $"{component.owner}/{component.name} can use the identity of the job" if {
	component.facts.oidc == "possible"
} else := "a login by the identity of the job can come before"

# _keys are the inputs of a component that take a long-lived key. What tells keys apart
# is none, and a key that comes with the token of a session is short-lived.
_keys(component) := {credential.input |
	some credential in component.facts.credentials
	credential.kind == "cloud_key"
	not regex.match(`(?:access[-_]?)?key[-_]id$|^(?:aws[-_])?access[-_]?key$`, credential.input)
} if {
	_identities(component)
	not _session(component)
} else := {"password"} if {
	# The password of an AWS registry is a secret access key; a Google registry takes
	# the key file of a service account.
	component.name == "login-action"
	endswith(object.get(pipeline.texts(component), "registry", ""), ".amazonaws.com")
} else := {"password"} if {
	component.name == "login-action"
	object.get(pipeline.texts(component), "username", "") in {"_json_key", "_json_key_base64"}
}

_identities(component) if component.facts.oidc == "possible"

_identities(component) if component.facts.provider in {"alibaba", "aws", "azure", "gcp", "google"}

_session(component) if {
	some credential in component.facts.credentials
	contains(credential.input, "session")
}

_variables[[object.get(exposure.value, "job", ""), exposure.value.variable, exposure.value.secret]] contains exposure.path[1] if {
	input.platform in _issuers
	some exposure in pipeline.user_exposures
	exposure.value.at in {"ambient", "job_env", "pipeline_env", "step_env"}
	object.get(exposure.value.secret, "store", "") != "vault" # which makes keys for an hour
	provider := _well_known[upper(exposure.value.variable)]
	not _said_of_the_repository(exposure.value, provider)
	not regex.match(_look_alike, upper(exposure.value.secret.name))
	not _elsewhere(exposure.value)
}

_well_known := {
	"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "alibaba",
	"ALICLOUD_SECRET_KEY": "alibaba",
	"ARM_CLIENT_SECRET": "azure",
	"AWS_SECRET_ACCESS_KEY": "aws",
	"AZURE_CLIENT_SECRET": "azure",
	"AZURE_CREDENTIALS": "azure",
	"GCLOUD_SERVICE_KEY": "gcp",
	"GCP_CREDENTIALS": "gcp",
	"GCP_SA_KEY": "gcp",
	"GCP_SERVICE_ACCOUNT_KEY": "gcp",
	"GCP_SERVICE_KEY": "gcp",
	"GOOGLE_APPLICATION_CREDENTIALS": "gcp",
	"GOOGLE_APPLICATION_CREDENTIALS_JSON": "gcp",
	"GOOGLE_CREDENTIALS": "gcp",
}

# _said_of_the_repository holds where graph/static-key-beside-oidc speaks: the job may ask
# for tokens, and another login of the pipeline is by its identity already.
_said_of_the_repository(exposure, provider) if {
	provider in _federated
	_near(exposure) in _asking
}

_federated contains component.facts.provider if {
	some component in input.components
	component.facts.oidc == "used"
}

_asking contains identity.job if {
	some identity in input.identities
	identity.kind == "oidc"
}

# Many stores speak the protocol of S3 and trust nobody's identities.
_look_alike := `(?:^|_)(?:R2|CF|CLOUDFLARE|MINIO|B2|BACKBLAZE|WASABI|SPACES|DO|DIGITALOCEAN|HETZNER|SCALEWAY|SCW|OVH|LINODE|VULTR|IDRIVE|CEPH|STORJ|TIGRIS|YANDEX|YC)(?:_|$)`

_elsewhere(exposure) if _near(exposure) in _sessions

_elsewhere(exposure) if _near(exposure) in _endpoints

_near(exposure) := object.get(exposure, "job", "")

_sessions contains _near(exposure) if {
	some exposure in input.exposures
	exposure.variable == "AWS_SESSION_TOKEN"
}

_endpoints contains _near(literal) if {
	some literal in input.literals
	regex.match(`(?i)endpoint|minio`, literal.variable)
}

_endpoints contains _near(step) if {
	some step in input.steps
	contains(step.script, "--endpoint")
}
