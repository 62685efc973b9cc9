# Package terraform finds the parts of a module that rules judge: resources by
# type, texts that stand as literals, statements of policies, environments of
# containers, and what a reference leads to. A value that is not known is an
# object with $unknown and is equal to nothing; helpers stay silent on it.
package policyctl.lib.terraform

import data.policyctl.lib.iam
import data.policyctl.lib.secrets

# managed are the resources that Terraform makes, with the place of their
# arguments.
managed := [{"address": entry.address, "type": entry.type, "name": entry.name, "values": entry.values, "path": ["resources", i, "values"], "entry": entry} |
	some i, entry in input.resources
	entry.mode == "managed"
]

# holders are all blocks that are given arguments: resources of any mode, and calls
# of modules.
holders := array.concat(_of_resources, _of_modules)

_of_resources := [{"address": entry.address, "type": entry.type, "values": entry.values, "path": ["resources", i, "values"], "entry": entry} |
	some i, entry in input.resources
]

_of_modules := [{"address": address, "type": "module", "values": entry.values, "path": ["modules", i, "values"], "entry": entry} |
	some i, entry in input.modules
	address := object.get(entry, "reference", $"module.{entry.name}")
]

# resources are the managed resources by their type, and data sources by theirs behind
# "data.".
resources[resource.type] contains resource if some resource in managed

resources[$"data.{resource.type}"] contains resource if {
	some resource in _of_resources
	resource.entry.mode == "data"
}

# header is a result that points at the first line of a block.
header(resource) := {"path": resource.path, "at": "key", "subject": resource.address}

# place is a result that points at an argument. Where it is absent, that is the
# nearest part that exists.
place(resource, path) := {"path": array.concat(resource.path, path), "subject": resource.address}

# unknown holds for a value that could not be resolved.
unknown(value) if is_array(value["$unknown"])

# references are what an unknown value, or any part of a value, depends on.
references(value) := {reference |
	walk(value, [path, reference])
	is_string(reference)
	count(path) > 1
	path[count(path) - 2] == "$unknown"
}

# is_true and is_false take the words as well: providers convert them.
is_true(value) if value in {true, "true"}

is_false(value) if value in {false, "false"}

# absent holds for an argument that is not set, or that is empty.
absent(values, name) if object.get(values, name, "") == ""

# list is a value as a list: JSON policies write one item without brackets.
list(value) := value if is_array(value)

list(value) := [value] if {
	not is_array(value)
	value != null
}

# blocks are the nested blocks of a type. A JSON configuration may write one
# without a list.
blocks(values, name) := [block | some block in list(object.get(values, name, [])); is_object(block)]

# strings are the texts within a value, each with its path and the name that it
# has: the last key, without what the parser put in between. The value itself is
# called what the caller calls it; an item of a list has no name. References are
# left out: they are names of values.
strings(value, called) := [{"path": path, "name": _name(path, called), "text": text} |
	walk(value, [path, text])
	is_string(text)
	not _is_reference(path)
]

_is_reference(path) if path[count(path) - 2] in {"$unknown", "$literals"}

_is_reference(path) if path[count(path) - 1] == "$text"

_name(path, called) := called if {
	path == []
} else := called if {
	path[0] == "$candidates"
} else := name if {
	path[count(path) - 2] == "$candidates"
	name := path[count(path) - 3]
	is_string(name)
} else := name if {
	name := path[count(path) - 1]
	is_string(name)
} else := ""

# dotted writes a path for people: environment.variables.DB_PASSWORD.
dotted(path) := concat(".", [trim_suffix(part, "$json") | some part in path; is_string(part); part != "$candidates"])

# secret_argument holds for names of arguments whose value is a credential, and
# not the name of one.
secret_argument(name) if {
	secrets.secret_name(name)
	not regex.match(_names_of_secrets, lower(name))
}

_names_of_secrets := concat("|", [
	# the name or the address of a secret that stands elsewhere
	`^secrets?$|_(?:pull|tls|ssl|existing|certificate|cert|user)_?secrets?$|^(?:image)?pullsecrets?$|^tls_?secret$|^existing_?secret$`,
	# keys for others to see
	`ssh[-_]?keys?$`,
	# how secrets are handled
	`^(?:manage|rotate|store|ignore|generate|use)_`,
])

# secret_text holds for a text that is the credential which its name promises.
secret_text(name, text) if {
	secrets.literal(text)
	not startswith(text, "alias/")
	not _names_a_secret(name, text)
}

_names_a_secret(name, text) if secrets.names_secret(name, text)

# A text that calls itself a secret is the name of one.
_names_a_secret(name, text) if {
	regex.match(`(?i)(?:secret|secrets|credential|credentials|creds)$`, name)
	regex.match(`^[a-z0-9./_-]*(?:secret|credential|creds)[a-z0-9./_-]*$`, text)
}

# secret_variable holds for a variable that takes a credential: its name says so,
# or it is declared sensitive and is no name or address.
secret_variable(variable) if {
	_may_hold_text(variable)
	secret_variable_name(variable.name)
}

secret_variable(variable) if {
	_may_hold_text(variable)
	variable.sensitive == true
	not regex.match(`(?:^|_)(?:user|username|login|name|names|id|ids|arn|url|uri|host|hostname|endpoint|address|port|email|region|account|domain|path|cidr|cidrs|version)$`, variable.name)
}

secret_variable_name(name) if name in {"secret", "secrets"}

secret_variable_name(name) if secret_argument(name)

_may_hold_text(variable) if not object.get(variable, "type", "any") in {"bool", "number"}

# variable_reference is what expressions call a variable, with the modules that it
# is in.
variable_reference(variable) := object.get(variable, "reference", $"var.{variable.name}")

# local_reference is a reference without the modules that lead to it. What is left
# of the output of a module is its name.
local_reference(reference) := regex.replace(reference, `^(?:module\.[^.]+\.)+`, "")

# nearest are the references to what stands in the module of an entry, as they are
# written there. If there are none it is all of them.
nearest(references, entry) := own if {
	own := {local_reference(reference) | some reference in references; startswith(reference, $"{entry.module}.")}
	count(own) > 0
} else := references

# variable_secrets are the literal credentials that variables have: as a default,
# and in tfvars files.
variable_secrets contains {"variable": variable.name, "reference": variable_reference(variable), "path": array.concat(["variables", i, "default"], leaf.path), "what": $"the default of variable {variable.name}"} if {
	some i, variable in input.variables
	some leaf in strings(object.get(variable, "default", null), variable.name)
	_promised(variable, leaf)
}

variable_secrets contains {"variable": name, "reference": $"var.{name}", "path": array.concat(["tfvars", i, "values", name], leaf.path), "what": $"the value of variable {name}"} if {
	some i, file in input.tfvars
	some name, value in file.values
	some leaf in strings(value, name)
	_promised(_declared(name), leaf)
}

_declared(name) := variable if {
	some variable in input.variables
	variable_reference(variable) == $"var.{name}"
} else := {"name": name}

_promised(variable, leaf) if {
	leaf.name == object.get(variable, "name", "")
	not _is_key(leaf.path)
	secret_variable(variable)
	secret_text(variable.name, leaf.text)
}

_is_key(path) if {
	path != []
	path[0] != "$candidates"
}

_promised(variable, leaf) if {
	_is_key(leaf.path)
	not secrets.describing(object.get(variable, "name", ""))
	every part in array.slice(leaf.path, 0, count(leaf.path) - 1) {
		not secrets.describing(part)
	}
	secret_argument(leaf.name)
	secret_text(leaf.name, leaf.text)
}

# reported_elsewhere holds for a value whose literal another finding points at:
# it comes from a variable that has a literal credential, or from a credential
# argument of another block.
reported_elsewhere(entry, path) if {
	some derived in object.get(entry, "derived", [])
	derived.path in _sources(path)
	some reference in derived.from
	_reported(reference)
}

# _sources are the path of a value, and that of the text from which it was read.
_sources(path) := {path} | {text |
	some n, part in path
	is_string(part)
	endswith(part, "$json")
	text := array.concat(array.slice(path, 0, n), [trim_suffix(part, "$json")])
}

_reported(reference) if {
	some secret in variable_secrets
	reference == secret.reference
}

# What a module is given is reported where it is given.
_reported(reference) if {
	startswith(reference, "module.")
	["var", name] = split(local_reference(reference), ".")
	secret_argument(name)
}

_reported(reference) if {
	parts := split(local_reference(reference), ".")
	count(parts) == 3
	parts[0] != "data"
	secret_argument(parts[2])
}

# secret_reference holds for a reference to something that holds a credential.
secret_reference(reference) if reference in _secret_variables

secret_reference(reference) if {
	["data", type, _, attribute] = split(local_reference(reference), ".")
	_secret_attribute($"data.{type}", attribute)
}

secret_reference(reference) if {
	startswith(reference, "module.")
	regex.match(`^[^.]*(?:password|passwd|token|private_key|access_key|api_key)$`, local_reference(reference))
}

secret_reference(reference) if {
	[type, _, attribute] = split(local_reference(reference), ".")
	not type in {"module", "data", "ephemeral"}
	_secret_attribute(type, attribute)
}

secret_reference(reference) if reference in _secret_parameters

# _secret_parameters are what parameters hold that are encrypted, or named like a secret.
_secret_parameters := {$"{_bare(entry.address)}.value" |
	some entry in input.resources
	entry.type == "aws_ssm_parameter"
	_holds_secret(entry.values)
}

_holds_secret(values) if values.type == "SecureString"

_holds_secret(values) if {
	is_string(values.name)
	secret_argument(regex.replace(values.name, `^.*/`, ""))
}

_secret_variables := {variable_reference(variable) | some variable in input.variables; secret_variable(variable)}

_secret_attribute(type, attribute) if attribute in _secret_attributes[type]

_secret_attribute(_, attribute) if {
	secret_argument(attribute)
	not _ciphertext(attribute)
}

# What a provider encrypted for somebody's key tells nobody else anything.
_ciphertext(attribute) if attribute in {"encrypted_password", "encrypted_private_key", "encrypted_secret", "encrypted_ses_smtp_password_v4"}

# _secret_attributes are those whose name does not say it.
_secret_attributes := {
	"aws_iam_access_key": {"secret", "ses_smtp_password_v4"},
	"azuread_application_password": {"value"},
	"azuread_service_principal_password": {"value"},
	"azurerm_app_configuration": {"primary_read_key", "primary_write_key"},
	"azurerm_kubernetes_cluster": {"kube_config", "kube_config_raw", "kube_admin_config", "kube_admin_config_raw"},
	"azurerm_storage_account": {"primary_connection_string", "secondary_connection_string", "primary_blob_connection_string"},
	"data.aws_secretsmanager_random_password": {"random_password"},
	"data.aws_secretsmanager_secret_version": {"secret_string", "secret_binary"},
	"data.azurerm_key_vault_secret": {"value"},
	"data.google_secret_manager_secret_version": {"secret_data"},
	"data.kubernetes_secret": {"data", "binary_data"},
	"data.kubernetes_secret_v1": {"data", "binary_data"},
	"data.vault_generic_secret": {"data", "data_json"},
	"data.vault_kv_secret": {"data", "data_json"},
	"data.vault_kv_secret_v2": {"data", "data_json"},
	"google_secret_manager_secret_version": {"secret_data"},
	"google_service_account_key": {"private_key"},
	"kubernetes_secret": {"data", "binary_data"},
	"kubernetes_secret_v1": {"data", "binary_data"},
	"random_password": {"result", "bcrypt_hash"},
	"tls_private_key": {"private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"},
}

# statements are the statements of IAM policies that are written out in the
# module, in the words of the JSON form, with the block that they belong to.
statements contains {"path": array.concat(array.concat(document.path, ["Statement", i]), one.path), "value": one.value, "address": document.address} if {
	some document in _documents
	some i, statement in document.statements
	some one in cases(statement)
	is_object(one.value)
	not _replaced(document.address, one.value)
	not unknown(one.value)
}

# A single statement may stand without a list; then there is no index.
statements contains {"path": array.concat(document.path, ["Statement"]), "value": document.statements, "address": document.address} if {
	some document in _documents
	is_object(document.statements)
	not unknown(document.statements)
}

# _replaced holds for a statement in place of which every policy that is made of its
# document has another one, of the same Sid.
_replaced(address, statement) if {
	statement.Sid != ""
	users := _users[$"{address}.json"]
	every user in users {
		is_object(user)
		some other in user.Statement
		other.Sid == statement.Sid
		other != statement
	}
}

# _users are the policies that are made of a document, if any is, and whether something
# else has it as well.
_users[reference] contains object.get(user.values, "$document", user.address) if {
	count(_combined) > 0
	some user in holders
	some reference in references(user.values)
	endswith(reference, ".json")
}

_users[reference] contains output.name if {
	count(_combined) > 0
	some output in input.outputs
	some reference in references(output.value)
	endswith(reference, ".json")
}

_combined := {entry.address | some entry in input.resources; some name in ["override_policy_documents", "source_policy_documents"]; entry.values[name]}

_documents contains {"path": ["resources", i, "values", "$document"], "statements": entry.values["$document"].Statement, "address": entry.address} if {
	some i, entry in input.resources
}

_documents contains {"path": array.concat(array.concat(["resources", i, "values"], path), one.path), "statements": one.value.Statement, "address": entry.address} if {
	some i, entry in input.resources
	walk(entry.values, [path, value])
	is_string(path[count(path) - 1])
	endswith(path[count(path) - 1], "$json")
	not _from_document(entry.values, path)
	some one in cases(value)
}

# What a module that is elsewhere does with a policy it alone knows.
_documents contains {"path": array.concat(module.path, path), "statements": value.Statement, "address": module.address} if {
	some module in _of_modules
	not module.address in _read
	walk(module.values, [path, value])
	is_string(path[count(path) - 1])
	endswith(path[count(path) - 1], "$json")
	not _from_document(module.values, path)
}

# _read are the modules of which resources were read: what they are given is judged there.
_read := {object.get(entry, "module", "") | some entry in input.resources}

# The statements of a data source are judged where they are written.
_from_document(values, path) if {
	[text] := [trim_suffix(path[count(path) - 1], "$json")]
	references(object.get(values, array.concat(array.slice(path, 0, count(path) - 1), [text]), null)) & _document_references != set()
}

_document_references := {$"{entry.address}.json" | some entry in input.resources; entry.type == "aws_iam_policy_document"}

# allows holds for a statement that grants one of its actions.
allows(statement) if statement.Effect == "Allow"

# grants are the statements that allow something to whoever has their policy, whatever
# the circumstances. What is the most that anybody may do, grants nothing.
grants contains statement if {
	some statement in statements
	iam.grants_identity(statement.value)
	not iam.narrowed(statement.value)
	not limits(statement.address)
}

# limits holds for a policy that bounds what others grant, and is not given to anybody
# besides.
limits(address) if _bare(address) in _limiting

_limiting := ({_bare(limit.address) | some limit in _limits} | {trim_suffix(written, ".json") |
	some limit in _limits
	some written in references(limit.values)
}) - _written_to_others

# _bare is an address without indices, as references are.
_bare(address) := regex.replace(address, `\[[^\]]*\]`, "")

# _written_to_others are the documents of policies that do grant, where there are limits.
_written_to_others := {trim_suffix(written, ".json") |
	count(_limits) > 0
	limiting := {limit.address | some limit in _limits}
	some resource in managed
	not resource.address in limiting
	some written in references(resource.values)
	endswith(written, ".json")
}

_limits contains resource if {
	some type in _limit_types
	some resource in resources[type]
}

_limits contains module if {
	some module in _of_modules
	is_string(module.entry.source)
	regex.match(`(?i)endpoint|organi[sz]ation|\bscps?\b|control-polic|boundar`, module.entry.source)
}

# A policy that is a permissions boundary, and attached to nobody.
_limits contains policy if {
	some policy in resources.aws_iam_policy
	_bare(policy.address) in (_boundaries - _given_policies)
}

_boundaries := {_named(reference) |
	some holder in holders
	some name, value in holder.values
	contains(name, "boundary")
	some reference in references({"": value})
}

_given_policies := {_named(reference) |
	some holder in holders
	some name, value in holder.values
	_attaches(holder.type, name)
	some reference in references({"": value})
}

_attaches(type, argument) if _attachments[type] == argument

_attaches("module", argument) if not contains(argument, "boundary")

# _named is the address in a reference to an attribute.
_named(reference) := regex.replace(reference, `\.[^.]+$`, "")

_limit_types := {"aws_organizations_policy", "aws_vpc_endpoint", "aws_vpc_endpoint_policy"}

# attached are the policies of AWS itself that identities get, by their name, whether
# the ARN is written there or looked up.
attached contains {"resource": resource, "path": path, "policy": policy} if {
	some type, argument in _attachments
	some resource in resources[type]
	some setting in settings(resource.values, [argument])
	some found in _known_texts(setting.value)
	path := array.concat(setting.path, found.path)
	some [_, policy] in regex.find_all_string_submatch_n(_managed, found.text, 1)
}

attached contains {"resource": module, "path": path, "policy": policy} if {
	some module in _of_modules
	not module.address in _read
	walk(module.values, [path, value])
	not regex.match("boundary", dotted(path))
	some [_, policy] in regex.find_all_string_submatch_n(_managed, known_text(value), 1)
}

# _known_texts are a text, what is known of it, or those between which it is not decided.
_known_texts(value) := {{"path": [], "text": text} | text := known_text(value)} | {{"path": ["$candidates", i], "text": candidate} |
	some i, candidate in value["$candidates"]
	is_string(candidate)
}

attached contains {"resource": resource, "path": [argument], "policy": policy} if {
	some type, argument in _attachments
	some resource in resources[type]
	some reference in references({"": object.get(resource.values, argument, null)})
	some policy in _looked_up[reference]
}

_looked_up[$"{entry.address}.arn"] contains policy if {
	some entry in input.resources
	entry.type == "aws_iam_policy"
	entry.mode == "data"
	policy := _managed_name(entry.values)
}

_managed_name(values) := values.name if {
	is_string(values.name)
} else := policy if {
	is_string(values.arn)
	some [_, policy] in regex.find_all_string_submatch_n(_managed, values.arn, 1)
}

_managed := `^arn:(?:[a-z-]+|\$\{[^}]*\}):iam::aws:policy/(.+)$`

_attachments := {
	"aws_iam_group_policy_attachment": "policy_arn",
	"aws_iam_policy_attachment": "policy_arn",
	"aws_iam_role": "managed_policy_arns",
	"aws_iam_role_policy_attachment": "policy_arn",
	"aws_iam_role_policy_attachments_exclusive": "policy_arns",
	"aws_iam_user_policy_attachment": "policy_arn",
	"aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
}

# granted are the actions of a set that a statement names, by themselves or by a
# pattern, with the place.
granted(value, wanted) := {{"path": found.path, "pattern": found.text, "action": one} |
	some found in iam.texts(value, "Action")
	regex.match(`^[A-Za-z0-9:*?-]+$`, found.text)
	some one in wanted
	glob.match(lower(found.text), null, one)
}

# grant is what a statement does, or may do, by what stands at a path.
grant(statement, path) := "may allow" if {
	chosen(array.concat(statement.path, path))
} else := "allows"

# everything is the pattern of an action that allows every one.
everything(pattern) if regex.match(`^\*(?::\*)?$`, pattern)

# every_resource holds for a statement about all resources that there are.
every_resource(value) if {
	some resource in list(value.Resource)
	iam.every_resource(known_text(resource))
}

# glued are the texts within a value that stand beside what is not known, and that
# nobody would type, each with the path and the name of the value that they are part of.
glued(value, called) := [{"path": array.slice(path, 0, count(path) - 2), "name": _name(array.slice(path, 0, count(path) - 2), called), "text": text} |
	walk(value, [path, text])
	path[count(path) - 2] == "$literals"
]

# known_text is a text, or that of an ARN or an ID of Azure of which parts are not known.
known_text(value) := value if is_string(value)

known_text(value) := value["$text"]

# hosts are those of the addresses within a value, as far as they are known.
hosts(value) := {host |
	walk(value, [_, text])
	is_string(text)
	some [_, host] in regex.find_all_string_submatch_n(`[a-z]://(?:[^\s/"'@]*@)?([A-Za-z0-9.-]+)`, text, -1)
}

# anybody holds for a statement that names no principal in particular.
anybody(value) if {
	some principal in _principals(value)
	principal in {"*", "arn:aws:iam::*:root"}
}

# open is the part of a statement by which it is for anybody.
open(value) := "Principal" if anybody(value)

# Everybody but those.
open(value) := "NotPrincipal" if value.NotPrincipal

# acl_grants are what access control lists of buckets give to groups of which everybody
# is one, in any of the forms that they are written in.
acl_grants contains {"resource": bucket, "path": array.concat(path, [key]), "permission": lower(permission), "group": group} if {
	some type in ["aws_s3_bucket", "aws_s3_bucket_acl"]
	some bucket in resources[type]
	walk(bucket.values, [path, entry])
	some grantee in array.concat([entry], blocks(entry, "grantee"))
	some [_, group] in regex.find_all_string_submatch_n(`^https?://acs\.amazonaws\.com/groups/global/(AllUsers|AuthenticatedUsers)$`, grantee.uri, 1)
	some key in ["permission", "permissions"]
	some permission in list(entry[key])
	is_string(permission)
}

# google_public_role holds for roles to read or call what is for the public.
google_public_role(role) if role in {
	"roles/artifactregistry.reader", "roles/cloudfunctions.invoker", "roles/compute.imageUser", "roles/run.invoker",
	"roles/storage.legacyObjectReader", "roles/storage.objectViewer",
}

_principals(value) := {principal |
	some principal in list(value.Principal)
	is_string(principal)
} | {principal |
	is_object(value.Principal)
	some kind in ["*", "AWS"]
	some principal in list(value.Principal[kind])
}

# web_identities are the statements by which tokens of an identity provider open a
# role.
web_identities contains statement if {
	some statement in statements
	iam.federated(statement.value)
}

# environment are the variables that containers get, a list of name and value
# each: of task definitions, of blocks, of manifests. Maps of variables are
# arguments like any other.
environment contains {"resource": resource, "path": array.concat(path, ["value"]), "name": entry.name, "value": entry.value} if {
	some resource in managed
	walk(resource.values, [path, entry])
	path[count(path) - 2] in {"env", "environment", "environment_variable", "environment_variables", "setting"}
	is_string(entry.name)
	not object.get(entry, "type", "") in {"PARAMETER_STORE", "SECRETS_MANAGER"} # what CodeBuild fetches
}

# An app of DigitalOcean calls the name of a variable its key.
environment contains {"resource": resource, "path": array.concat(path, ["value"]), "name": entry.key, "value": entry.value} if {
	some resource in resources.digitalocean_app
	walk(resource.values, [path, entry])
	path[count(path) - 2] == "env"
	is_string(entry.key)
}

# Bindings of workers are their variables; those for plain texts show.
environment contains {"resource": resource, "path": array.concat(path, ["text"]), "name": entry.name, "value": entry.text} if {
	some resource in managed
	resource.type in {"cloudflare_worker_script", "cloudflare_workers_script", "cloudflare_pages_project"}
	walk(resource.values, [path, entry])
	path[count(path) - 2] in {"plain_text_binding", "bindings"}
	is_string(entry.name)
	object.get(entry, "type", "plain_text") == "plain_text"
}

# faults are the settings that a table calls wrong. It gives rows by type of
# resource:
#
#	{"path": "rest_api.tls_version", "bad": {"1.0"}}
#
# A path leads through nested blocks, into each of them. What is wrong is a value in
# "bad", one that is not in "good", one that is "like" a pattern, a number that is
# "below" or "above" a bound, a date that is more "years" ahead; with "absent", also one that is not set, be it in a block
# that is there ("inside") or anywhere ("anywhere"). Truth values, numbers and texts are
# compared as words in lower case; "like" takes a text of which parts are not known as well. A row with "when" counts only where other settings
# have one of the values given ("" is for what is not set); "says" is for the message.
faults(table) := {fault |
	some type, rows in table
	some resource in resources[type]
	some row in rows
	_applies(resource.values, object.get(row, "when", {}))
	some setting in settings(resource.values, split(row.path, "."))
	_wrong(resource.values, row, setting)
	fault := {
		"path": array.concat(resource.path, setting.path),
		"argument": row.path,
		"subject": resource.address,
		"value": _shown(setting),
		"message": $"{row.path} of {resource.address} {_state(setting)}{_says(row)}",
	}
}

_state(setting) := "is not set" if {
	_unset(setting)
} else := $"{may(setting.path)} {_shown(setting)}"

_shown(setting) := known_text(setting.value) if {
	known_text(setting.value)
} else := object.get(setting, "value", "")

_says(row) := $": {row.says}" if {
	row.says
} else := ""

_applies(values, conditions) if {
	every path, wanted in conditions {
		some setting in settings(values, split(path, "."))
		not chosen(setting.path)
		word(object.get(setting, "value", "")) in wanted
	}
}

_wrong(values, row, setting) if {
	_unset(setting)
	_must_be_set(values, row, setting)
}

_wrong(_, row, setting) if {
	not _unset(setting)
	_wrong_word(row, word(setting.value))
}

_must_be_set(_, row, _) if row.absent == "anywhere"

_must_be_set(values, row, setting) if {
	row.absent == "inside"
	block := object.get(values, array.slice(setting.path, 0, count(setting.path) - 1), null)
	is_object(block)
	not unknown(block)
}

_wrong_word(row, text) if text in row.bad

_wrong_word(row, text) if {
	is_set(row.good)
	not text in row.good
}

_wrong_word(row, text) if regex.match(row.like, text)

_wrong(_, row, setting) if regex.match(row.like, lower(setting.value["$text"]))

_wrong_word(row, text) if amount(text) < row.below

_wrong_word(row, text) if ahead(text, row.years)

_wrong_word(row, text) if amount(text) > row.above

_unset(setting) if object.get(setting, "value", "") == ""

# word is a truth value, a number or a text as a word in lower case.
word(value) := lower(value) if is_string(value)

word(value) := json.marshal(value) if type_name(value) in {"boolean", "number"}

# amount is the number that a text writes, also one of seconds.
amount(text) := to_number(trim_suffix(text, "s")) if regex.match(`^-?[0-9]+(?:[.][0-9]+)?s?$`, text)

# ahead holds for a date that is more than so many years ahead.
ahead(text, years) if {
	[date] := regex.find_n(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`, text, 1)
	time.parse_rfc3339_ns($"{date}T00:00:00Z") > time.add_date(data.run.now_ns, years, 0, 1)
}

# settings are what stands at a path: one for each block on the way and for each
# item of a list at its end, each with its own path. What is not set is one setting
# without a value, in each block that could have it.
settings(values, path) := at_top if {
	count(path) == 1
	at_top := _one(values, path[0])
} else := within if {
	[first, rest] := [path[0], array.slice(path, 1, 99)]
	top := object.get(values, first, [])
	within := ({{"path": array.concat([first], way), "value": value} |
		walk(top, [way, value])
		_names(way) == rest
		not is_array(value)
		value != null
	} | {{"path": array.concat(array.concat([first], way), array.slice(rest, count(known), 99))} |
		walk(top, [way, block])
		is_object(block)
		not unknown(block)
		known := _names(way)
		known == array.slice(rest, 0, count(known))
		_empty(object.get(block, rest[count(known)], []))
	}) | {{"path": path} | _empty(top)}
}

_one(values, name) := ({{"path": array.concat([name], one.path), "value": one.value} |
	value := values[name]
	not is_array(value)
	value != null
	some one in cases(value)
} | {{"path": array.concat([name, i], one.path), "value": one.value} |
	is_array(values[name])
	some i, value in values[name]
	some one in cases(value)
}) | {{"path": [name]} | _empty(object.get(values, name, []))}

# cases are a value, and what it can be if it is not known, each with its path. That it
# may not be set is no case: most are asked whether they are.
cases(value) := {{"path": [], "value": value}} | {{"path": ["$candidates", i], "value": one} |
	some i, one in object.get(value, "$candidates", [])
	not one in {null, ""}
	not is_array(one)
} if {
	is_object(value)
} else := {{"path": [], "value": value}}

# chosen holds for a path to what a value is in one case only.
chosen(path) if "$candidates" in path

# may tells of a value whether it is so, or in one of its cases.
may(path) := "may be" if {
	chosen(path)
} else := "is"

_names(path) := [name | some name in path; is_string(name); name != "$candidates"]

_empty(value) if value in {null, []}

# refers holds for a value that comes from a resource, by reference or by its name.
refers(entry, argument, resource) if {
	some reference in references(object.get(entry.values, argument, null))
	startswith(reference, $"{resource.address}.")
}

refers(entry, argument, resource) if {
	some derived in object.get(entry, "derived", [])
	derived.path[0] == argument
	some reference in derived.from
	startswith(reference, $"{resource.address}.")
}

# start_scripts are what machines run when they start, or are configured by.
start_scripts contains {"resource": resource, "path": [name], "value": value} if {
	some resource in holders
	some name in ["custom_data", "metadata_startup_script", "user_data", "user_data_base64", "user_data_raw"]
	value := resource.values[name]
}

start_scripts contains {"resource": resource, "path": path, "value": value} if {
	some resource in holders
	some block, names in {
		"metadata": {"shutdown-script", "startup-script", "startup-script-custom", "user-data", "user_data", "windows-startup-script-ps1"},
		"os_profile": {"custom_data"},
		"part": {"content"},
	}
	walk(object.get(resource.values, block, null), [within, value])
	name := within[count(within) - 1]
	name in names
	path := array.concat([block], within)
}
