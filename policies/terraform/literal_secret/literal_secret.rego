# METADATA
# title: Argument of a resource or module is a literal credential
# description: >-
#   The value stands in the repository and in the state, and everyone who may read
#   either has it. A variable, a local or a fallback only moves the literal.
# related_resources:
#   - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
# custom:
#   severity: critical
#   fix: Revoke the value. Let the provider generate and keep it, or read it from a secret store with an ephemeral resource and a write-only argument.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.terraform.literal_secret

import data.policyctl.lib.kubernetes as k8s
import data.policyctl.lib.secrets
import data.policyctl.lib.terraform

deny contains object.union(terraform.place(found.resource, found.leaf.path), {"message": message}) if {
	some found in _texts
	_credential(found.resource, found.leaf)
	not _set_by_hand(found)
	not _is_json(found.resource, found.leaf.path)
	not _within_text(found.leaf.path)
	not _used_by_each(found)
	not terraform.reported_elsewhere(found.resource.entry, found.leaf.path)
	message := $"argument {terraform.dotted(found.leaf.path)} of {found.resource.address} is a literal credential"
}

deny contains object.union(terraform.place(found.resource, found.leaf.path), {"match": match, "message": message}) if {
	some found in _texts
	some match in _connections(found.leaf)
	not found.leaf.name in _secret_names
	not _credential(found.resource, found.leaf)
	not _used_by_each(found)
	not _within_environment(found.leaf.path)
	not _is_script(found)
	not _is_json(found.resource, found.leaf.path)
	not terraform.reported_elsewhere(found.resource.entry, found.leaf.path)
	message := $"argument {terraform.dotted(found.leaf.path)} of {found.resource.address} holds a literal credential"
}

# What is glued to a value that is not known is no less a part of the credential.
deny contains object.union(terraform.place(resource, part.path), {"match": part.text, "message": message}) if {
	some resource in terraform.holders
	some part in terraform.glued(resource.values, "")
	terraform.secret_argument(part.name)
	not _within_text(part.path)
	message := $"argument {terraform.dotted(part.path)} of {resource.address} holds a literal credential"
}

deny contains {"path": array.concat(["outputs", i, "value"], part.path), "subject": $"output.{output.name}", "match": part.text, "message": message} if {
	some i, output in input.outputs
	some part in terraform.glued(output.value, output.name)
	some reference in object.get(output.value, array.concat(part.path, ["$unknown"]), [])
	terraform.secret_reference(reference)
	message := $"output {output.name} puts a literal credential beside {reference}"
}

# _set_by_hand holds for the words in the place of a value that somebody else gives the entry
# of a store, and that Terraform leaves alone from then on.
_set_by_hand(found) if {
	regex.match(`secret(?:_version)?$|^aws_ssm_parameter$`, found.resource.type)
	argument := trim_suffix(found.leaf.path[0], "$json")
	some ignored in terraform.references(object.get(found.resource.values, "lifecycle", []))
	ignored in {argument, "all"}
	regex.match(_words, found.leaf.text)
}

_words := `^(?:[A-Z]?[a-z]{1,14}|[A-Z]{2,14}|(?:[A-Z]?[a-z]{2,14})(?:[A-Z][a-z]{1,14}){1,2})(?:[-_ ,.]+(?:[A-Z]?[a-z]{1,14}|[A-Z]{2,14}))*[.!]?$`

# What is written only (password_wo) is the same credential as what can be read back.
_texts := [{"resource": resource, "leaf": object.union(leaf, {"name": trim_suffix(leaf.name, "_wo")})} |
	some resource in terraform.holders
	some leaf in terraform.strings(resource.values, "")
]

# _used_by_each holds for a value of for_each that an argument takes: what is kept
# is the argument.
_used_by_each(found) if {
	found.leaf.path[0] == "for_each"
	found.leaf.text in _of_each[found.resource.address]
}

_of_each[resource.address] contains value if {
	some resource in terraform.holders
	resource.entry.instance
	some name, value in resource.values
	is_string(value)
	name in _secret_names
}

# _secret_names: a module has thousands of texts, and few names.
_secret_names := {name | some name in _names; terraform.secret_argument(name)}

_names := {found.leaf.name | some found in _texts}

_credential(resource, leaf) if {
	leaf.name in _secret_names
	not _paired(resource.values, leaf)
	terraform.secret_text(leaf.name, leaf.text)
}

_credential(resource, leaf) if {
	leaf.name in _arguments[resource.type]
	secrets.literal(leaf.text)
}

# Some take several, as texts of a list.
_credential(_, leaf) if {
	leaf.name == ""
	leaf.path[count(leaf.path) - 2] == "passwords"
	secrets.literal(leaf.text)
}

_credential(resource, leaf) if {
	pair := _pairs[resource.type]
	trim_suffix(leaf.path[0], "_wo") == pair.value
	leaf.name == pair.value
	_is_secret(resource.values, pair)
	secrets.literal(leaf.text)
}

_credential(resource, leaf) if {
	leaf.name == _blocks[resource.type][_block(leaf.path)]
	secrets.literal(leaf.text)
}

_credential(resource, leaf) if {
	resource.type == "helm_release"
	leaf.path[0] in {"set", "set_sensitive", "set_list"}
	leaf.name == "value"
	item := object.get(resource.values, array.slice(leaf.path, 0, 2), {})
	is_string(item.name)
	terraform.secret_argument(regex.replace(item.name, `^.*[.]`, ""))
	secrets.literal(leaf.text)
}

# A Secret of Kubernetes holds credentials under any key.
_credential(resource, leaf) if count(k8s.secret_credentials(leaf.name, _in_secret(resource, leaf.path, leaf.text))) > 0

_in_secret(resource, path, text) := k8s.secret_text(field, text) if {
	resource.type in {"kubernetes_secret", "kubernetes_secret_v1"}
	field := {"data": "stringData", "binary_data": "data"}[path[0]]
}

_in_secret(resource, path, text) := k8s.secret_text(path[1], text) if {
	resource.type in {"kubernetes_manifest", "kubectl_manifest"}
	object.get(resource.values, [path[0], "kind"], "") == "Secret"
	path[1] in {"data", "stringData"}
}

# A deployment of a template gives each parameter an object with its value.
_credential(_, leaf) if {
	["parameters_content$json", parameter, "value"] = leaf.path
	terraform.secret_argument(parameter)
	terraform.secret_text(parameter, leaf.text)
}

# An access key alone opens nothing: with a secret key it is a name.
_paired(values, leaf) if {
	leaf.name == "access_key"
	siblings := object.get(values, array.slice(leaf.path, 0, count(leaf.path) - 1), {})
	siblings.secret_key
}

# Where a text is JSON, its parts are judged in its place.
_is_json(resource, path) if {
	count(path) > 0
	last := count(path) - 1
	is_string(path[last])
	object.get(resource.values, array.concat(array.slice(path, 0, last), [$"{path[last]}$json"]), null) != null
}

# _within_text holds for what describes a resource, and for policies, whose words
# are not those of arguments.
_within_text(path) if {
	some part in path
	part in {"tags", "tags_all", "labels", "annotations", "$document", "lifecycle", "keepers", "triggers"}
}

_within_text(path) if {
	some part in array.slice(path, 0, count(path) - 1)
	secrets.describing(part)
}

# _arguments are credentials whose name does not say so.
_arguments := {
	"akeyless_static_secret": {"value"},
	"aws_api_gateway_api_key": {"value"},
	"aws_secretsmanager_secret_version": {"secret_string", "secret_binary"},
	"azuredevops_serviceendpoint_azurerm": {"serviceprincipalkey"},
	"azurerm_key_vault_secret": {"value"},
	"buildkite_cluster_secret": {"value"},
	"cloudflare_worker_secret": {"secret_text"},
	"cloudflare_workers_secret": {"secret_text"},
	"databricks_secret": {"string_value"},
	"docker_secret": {"data"},
	"github_actions_environment_secret": {"plaintext_value", "value"},
	"github_actions_organization_secret": {"plaintext_value", "value"},
	"github_actions_secret": {"plaintext_value", "value"},
	"github_codespaces_secret": {"plaintext_value"},
	"github_dependabot_secret": {"plaintext_value", "value"},
	"google_compute_disk": {"raw_key"},
	"google_compute_instance": {"disk_encryption_key_raw", "raw_key"},
	"google_iam_workforce_pool_provider": {"plain_text"},
	"google_secret_manager_regional_secret_version": {"secret_data"},
	"google_secret_manager_secret_version": {"secret_data"},
	"ibm_sm_arbitrary_secret": {"payload"},
	"scaleway_secret_version": {"data"},
	"vault_ad_secret_backend": {"bindpass"},
	"vault_ldap_auth_backend": {"bindpass"},
	"vault_ldap_secret_backend": {"bindpass"},
	"yandex_lockbox_secret_version": {"text_value"},
}

# _blocks are nested blocks that hold a credential, and its argument.
_blocks := {
	"aws_cloudwatch_event_connection": {"api_key": "value"},
	"azurerm_container_app": {"secret": "value"},
	"azurerm_container_app_job": {"secret": "value"},
	"cloudflare_worker_script": {"secret_text_binding": "text"},
	"github_organization_webhook": {"configuration": "secret"},
	"github_repository_webhook": {"configuration": "secret"},
	"cloudflare_workers_script": {"secret_text_binding": "text"},
}

# _block is the block that an argument stands in.
_block(path) := words[count(words) - 2] if {
	words := [part | some part in path; is_string(part); part != "$candidates"]
}

# _pairs are resources that give a name and a value, and say of the value that it
# is secret.
_pairs := {
	"aws_ssm_parameter": {"name": "name", "value": "value", "says": "type", "secret": "SecureString"},
	"azurerm_automation_variable_string": {"name": "name", "value": "value", "says": "encrypted", "secret": true},
	"bitbucket_deployment_variable": {"name": "key", "value": "value", "says": "secured", "secret": true},
	"bitbucket_repository_variable": {"name": "key", "value": "value", "says": "secured", "secret": true},
	"circleci_context_environment_variable": {"name": "name", "value": "value"},
	"circleci_environment_variable": {"name": "name", "value": "value"},
	"doppler_secret": {"name": "name", "value": "value"},
	"gitlab_group_variable": {"name": "key", "value": "value", "says": "masked", "secret": true},
	"gitlab_instance_variable": {"name": "key", "value": "value", "says": "masked", "secret": true},
	"gitlab_project_variable": {"name": "key", "value": "value", "says": "masked", "secret": true},
	"infisical_secret": {"name": "name", "value": "value"},
	"tfe_variable": {"name": "key", "value": "value", "says": "sensitive", "secret": true},
	"vercel_project_environment_variable": {"name": "key", "value": "value", "says": "sensitive", "secret": true},
}

_is_secret(values, pair) if values[pair.says] == pair.secret

_is_secret(values, pair) if {
	name := values[pair.name]
	is_string(name)
	terraform.secret_argument(regex.replace(name, `^.*/`, ""))
}

# Variables of containers are judged by a rule of their own.
_within_environment(path) if {
	some i, part in path
	part in {"env", "environment", "environment_variable", "environment_variables", "setting"}
	path[i + 2] == "value"
}

# What machines start with is judged by a rule of its own.
_is_script(found) if {
	some script in terraform.start_scripts
	script.resource == found.resource
	script.path == found.leaf.path
}

# _connections are the credentials within addresses and connection strings.
_connections(leaf) := secrets.userinfos(leaf.text) | _settings(leaf) if _connects(leaf)

_connects(leaf) if contains(leaf.text, "://")

_connects(leaf) if endswith(leaf.name, "connection_string")

_settings(leaf) := {found |
	endswith(leaf.name, "connection_string")
	some found in regex.find_n(`(?i)\b(?:password|pwd|accountkey|sharedaccesskey)=[^;\s"']+`, leaf.text, -1)
	secrets.literal(regex.replace(found, `^[^=]*=`, ""))
}
