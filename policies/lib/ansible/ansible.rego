# Package ansible finds the texts of playbooks that rules judge, and what Jinja
# says in them.
package policyctl.lib.ansible

import data.policyctl.lib.values

# variables are the texts within variables, each with the name that it has.
variables := [object.union(leaf, {"path": array.concat(["vars", i, "value"], leaf.path), "of": variable.of}) |
	some i, variable in input.vars
	some leaf in values.strings(variable.value, variable.name)
]

# arguments are the texts within what modules are given.
arguments := [object.union(leaf, {"path": array.concat(["tasks", i, "args"], leaf.path), "at": leaf.path, "task": task, "of": called(task)}) |
	some i, task in input.tasks
	some leaf in values.strings(object.get(task, "args", {}), "")
]

# items are the texts within what a task is repeated for, as arguments are.
items := [object.union(leaf, {"path": array.concat(["tasks", i, "loop"], leaf.path), "at": leaf.path, "task": task, "of": called(task)}) |
	some i, task in input.tasks
	some leaf in values.strings(object.get(task, "loop", []), "")
]

# called is what people call a task.
called(task) := $"task {task.name}" if task.name != ""

called(task) := $"a task of {object.get(task, "module", "no module")}" if task.name == ""

# secret_name holds for names of variables and arguments that take a credential.
secret_name(name) if values.secret_property(name)

# literals are the credentials that a text states: itself, or what stands in its
# Jinja in quotes, to be hashed or for the case that a variable is not set. Hashes
# are none.
literals(name, text) := {text |
	not regex.match(_jinja, text)
	_credential(name, text)
} | {word |
	some [_, single, double] in regex.find_all_string_submatch_n(_stated, text, -1)
	some word in {single, double}
	_credential(name, word)
}

_jinja := `\{\{|\{%`

_stated := concat("", [
	`(?:\{\{-?\s*|\b(?:default|d)\(\s*)`,
	`(?:'([^'\n]*)'|"([^"\n]*)")`,
	`\s*(?:\}\}|-\}\}|\||,|\))`,
])

_credential(name, text) if {
	values.secret_text(name, text)
	not regex.match(`^(?:\$(?:[0-9][a-z]?|y|argon2[a-z]*|pbkdf2[a-z0-9-]*|apr1)\$|\{[A-Z0-9-]+\}|\*[0-9A-F]{40}$|(?:md5|SCRAM-SHA-256\$)[0-9a-f]{4})`, text)
}

# secret_references are the variables that promise a credential and whose value a
# text shows.
secret_references(text) := {reference |
	contains(text, "{{")
	some [_, expression] in regex.find_all_string_submatch_n(`(?s)\{\{(.*?)\}\}`, text, -1)
	some reference in shown(expression)
}

# shown are the variables that promise a credential and whose value an expression
# of Jinja gives, not only a property of them.
shown(expression) := {reference |
	not regex.match(_about, expression)
	subscripts := regex.replace(expression, `\[\s*['"]([A-Za-z_][A-Za-z0-9_]*)['"]\s*\]`, ".$1")
	bare := regex.replace(subscripts, `'[^']*'|"[^"]*"|[\])]\.`, " ")
	some [_, reference] in regex.find_all_string_submatch_n(`(?:^|[^A-Za-z0-9_.|])([A-Za-z_][A-Za-z0-9_.]*)`, regex.replace(bare, `\|\s*[A-Za-z_.]+`, " "), -1)
	secret_name(regex.replace(reference, `^.*\.`, ""))
}

# fetched are the variables in which a play keeps what a task read from a store of secrets,
# and whose value an expression of Jinja gives.
fetched(expression) := {name |
	some task in input.tasks
	name := task.register
	is_string(name)
	_reads_store(task)
	not regex.match(_about, expression)
	regex.match(concat("", [`(?:^|[^A-Za-z0-9_.])`, name, `(?:$|[^A-Za-z0-9_.]|\.(?:stdout|stdout_lines|secrets?|data|value|results|content)\b)`]), expression)
}

# _about are properties of a value, and what has another one.
_about := `\|\s*(?:length|count|hash|password_hash|checksum|md5|sha1|type_debug|bool)\b|\bis\s|\blookup\(|\bquery\(`

_reads_store(task) if task.module in {"vault_read", "vault_kv1_get", "vault_kv2_get", "azure_rm_keyvaultsecret_info"}

_reads_store(task) if {
	is_string(task.text)
	regex.match(
		concat("", [
			`\b(?:vault (?:read|kv get)|aws secretsmanager get-secret-value|aws ssm get-parameters?\b.* --with-decryption`,
			`|az keyvault secret show|gcloud secrets versions access|op read|sops (?:-d|--decrypt|decrypt))\b`,
		]),
		task.text,
	)
}

# logged holds for a task whose arguments and results are shown. Where that depends
# on a variable, nobody can know.
logged(task) if object.get(task, "no_log", false) in {false, null}

# hide is the change by which task i is logged no more. What the task does stays the same.
hide(i) := {"op": "add", "path": ["tasks", i, "no_log"], "value": true}

# script holds for arguments that are the text of a file, line by line.
script(name) if name in {"block", "content", "line"}

# statements are the statements of policies of AWS that tasks are given: as JSON, or
# written out.
statements contains {"path": ["tasks", i, "args", name], "value": statement, "task": task} if {
	some i, task in input.tasks
	some name in ["assume_role_policy_document", "policy", "policy_json", "resource_policy"]
	document := _document(task.args[name])
	some statement in _listed(document.Statement)
	is_object(statement)
}

_document(value) := value if is_object(value)

_document(value) := json.unmarshal(value) if {
	is_string(value)
	json.is_valid(value)
}

_listed(value) := value if {
	is_array(value)
} else := [value]

# faults are the arguments of modules that have one of the values which a table calls
# wrong, where the task makes something.
faults(table) := [{"path": ["tasks", i, "args", name], "subject": task.name, "message": message} |
	some i, task in input.tasks
	some name, bad in table[task.module]
	value := task.args[name]
	lower(sprintf("%v", [value])) in bad
	not object.get(task.args, "state", "present") in {"absent", "deleted"}
	message := $"{name} of {called(task)} is {value}"
]
