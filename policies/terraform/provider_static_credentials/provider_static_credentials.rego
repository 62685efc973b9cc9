# METADATA
# title: Provider or backend has a literal credential
# description: >-
#   The key stands in the repository and opens everything that Terraform may
#   change. Providers and backends find credentials in the environment, or log in
#   by the identity of the job.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data
# custom:
#   severity: critical
#   fix: Revoke the credential, remove the argument, and give the provider or backend its credential in the environment, best a short-lived one.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.terraform.provider_static_credentials

import data.policyctl.lib.secrets
import data.policyctl.lib.terraform

deny contains {"path": array.concat(holder.path, leaf.path), "subject": holder.subject, "message": message} if {
	some holder in _holders
	some leaf in terraform.strings(holder.entry.values, "")
	_credential(holder, leaf)
	not terraform.reported_elsewhere(holder.entry, leaf.path)
	message := $"argument {terraform.dotted(leaf.path)} of {holder.subject} is a literal credential"
}

deny contains {"path": array.concat(holder.path, leaf.path), "match": match, "subject": holder.subject, "message": message} if {
	some holder in _holders
	some leaf in terraform.strings(holder.entry.values, "")
	not _credential(holder, leaf)
	some match in secrets.userinfos(leaf.text)
	not terraform.reported_elsewhere(holder.entry, leaf.path)
	message := $"argument {terraform.dotted(leaf.path)} of {holder.subject} holds a literal credential"
}

_holders contains {"path": ["providers", i, "values"], "entry": entry, "subject": $"provider.{entry.name}"} if {
	some i, entry in input.providers
	not _local_emulator(entry.values)
	not _local_server(entry)
}

_holders contains {"path": ["backend", "values"], "entry": input.backend, "subject": $"backend.{input.backend.type}"} if input.backend.values

_holders contains {"path": ["encryption", "values"], "entry": input.encryption, "subject": "encryption"} if input.encryption.values

# A provider that validates nothing talks to an emulator; any word is a key there.
_local_emulator(values) if {
	terraform.is_true(values.skip_credentials_validation)
	terraform.is_true(values.skip_requesting_account_id)
}

# One that validates nothing need not ask for the account either, where all it talks to
# is on the machine itself.
_local_emulator(values) if {
	terraform.is_true(values.skip_credentials_validation)
	endpoints := [text |
		walk(object.get(values, "endpoints", []), [path, text])
		is_string(text)
		not "$unknown" in path
	]
	count(endpoints) > 0
	every endpoint in endpoints {
		regex.match(_own_machine, endpoint)
	}
}

# What all addresses of another provider lead to is a server of one's own machine; clouds
# are reached otherwise.
_local_server(provider) if {
	provider.name != "aws"
	addresses := [text |
		some leaf in terraform.strings(provider.values, "")
		regex.match(`(?:^|_)(?:address|endpoint|host|hostname|server|uri|url)$`, leaf.name)
		text := leaf.text
	]
	count(addresses) > 0
	every address in addresses {
		regex.match(_own_machine, address)
	}
}

_own_machine := `^(?i:https?://)?(?i:localhost|127\.0\.0\.1|\[::1\]|host\.docker\.internal|localstack|(?:[a-z0-9-]+\.)*localhost(?:\.localstack\.cloud)?)(?::[0-9]+)?(?:/|$)`

_credential(holder, leaf) if {
	_names_credential(leaf.name)
	not _is_name(holder, leaf)
	terraform.secret_text(leaf.name, leaf.text)
}

# Grafana takes a token, or a user with a password.
_credential(holder, leaf) if {
	holder.subject == "provider.grafana"
	leaf.name == "auth"
	leaf.text != "anonymous"
	secrets.literal(leaf.text)
}

_names_credential(name) if terraform.secret_argument(name)

_names_credential(name) if name in {"sas_token", "secret", "credentials", "client_certificate_password", "pem_file", "secret_id"}

# An access key of AWS opens nothing without its secret key, and likewise
# wherever there are both.
_is_name(holder, leaf) if {
	leaf.name == "access_key"
	holder.subject in {"provider.aws", "backend.s3"}
}

_is_name(holder, leaf) if {
	leaf.name == "access_key"
	siblings := object.get(holder.entry.values, array.slice(leaf.path, 0, count(leaf.path) - 1), {})
	siblings.secret_key
}
