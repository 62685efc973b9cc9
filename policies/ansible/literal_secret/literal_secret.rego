# METADATA
# title: Playbook or variable holds a literal credential
# description: >-
#   A credential in a play, a role or the variables of hosts is readable by everyone
#   who can read the repository, for as long as its history lasts. Vault encrypts
#   single values as well as files.
# related_resources:
#   - https://docs.ansible.com/ansible/latest/vault_guide/index.html
# custom:
#   severity: critical
#   fix: Revoke the value; encrypt the new one with ansible-vault encrypt_string, or look it up in a store.
#   tags: [secret-value]
#   cwe: [798]
package policyctl.ansible.literal_secret

import data.policyctl.lib.ansible
import data.policyctl.lib.kubernetes as k8s
import data.policyctl.lib.secrets

deny contains object.union(found.match, {"path": found.path, "subject": found.name, "message": message}) if {
	some found in _credentials
	message := $"{_what(found)} holds a literal credential"
}

_what(found) := $"argument {found.name} of {found.of}" if {
	found.path[0] == "tasks"
} else := $"variable {found.name} of {found.of}" if {
	found.of != ""
} else := $"variable {found.name}"

_texts := array.concat(ansible.variables, array.concat(ansible.arguments, ansible.items))

_secret_names := {name | some name in {found.name | some found in _texts}; ansible.secret_name(name)}

_credentials contains object.union(found, {"match": _match(found, literal)}) if {
	some found in _texts
	_promised(found)
	some literal in ansible.literals(found.name, found.text)
}

_credentials contains object.union(found, {"match": {"match": match}}) if {
	some found in _texts
	some match in secrets.userinfos(found.text)
}

_credentials contains object.union(found, {"match": {"match": setting}}) if {
	some found in ansible.arguments
	ansible.script(found.name)
	some setting in secrets.settings(found.text)
}

_credentials contains object.union(found, {"match": {"match": value}}) if {
	some found in _texts
	lower(found.name) == "authorization"
	some [_, value] in regex.find_all_string_submatch_n(`^(?i:bearer|basic|token)\s+(\S+)$`, found.text, 1)
	secrets.literal(value)
}

# A Secret of Kubernetes holds credentials under any key.
_credentials contains object.union(found, {"match": {}}) if {
	some found in ansible.arguments
	[field, key] := _entry_of_secret(found)
	not contains(found.text, "{{")
	count(k8s.secret_credentials(key, k8s.secret_text(field, found.text))) > 0
}

_credentials contains object.union(found, {"match": {"match": literal}}) if {
	some found in ansible.arguments
	[_, key] := _entry_of_secret(found)
	some literal in ansible.literals("password", found.text)
	literal != found.text
	count(k8s.secret_credentials(key, literal)) > 0
}

_entry_of_secret(found) := [field, key] if {
	found.task.module == "k8s"
	last := count(found.at) - 1
	field := found.at[last - 1]
	key := found.at[last]
	field in {"data", "stringData"}
	object.get(found.task.args, array.concat(array.slice(found.at, 0, last - 1), ["kind"]), "") == "Secret"
}

_match(found, literal) := {} if {
	found.text == literal
} else := {"match": literal}

_promised(found) if found.name in _secret_names

# Arguments whose name does not say it.
_promised(found) if found.name in object.get(_arguments, object.get(found.task, "module", ""), set())

_promised(found) if {
	found.task.module in {"ssm_parameter", "aws_ssm_parameter_store"}
	found.at == ["value"]
	_parameter_of_secret(found.task.args)
}

_parameter_of_secret(args) if args.string_type == "SecureString"

_parameter_of_secret(args) if ansible.secret_name(regex.replace(args.name, `^.*/`, ""))

_arguments := {
	"docker_secret": {"data"},
	"podman_secret": {"data"},
	"aws_secret": {"secret"},
	"secretsmanager_secret": {"secret"},
	"expect": {"responses"},
}
