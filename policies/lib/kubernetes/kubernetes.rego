# Package kubernetes finds the parts of manifests that rules judge: pods in
# whatever creates them, containers, their environment and commands, volumes,
# rules of roles. It judges nothing, and it leaves out what has the wrong type:
# the API server refuses that.
package policyctl.lib.kubernetes

import data.policyctl.lib.secrets

# pod_specs are the pods that an object creates: of a Pod, of what has a template
# (Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, ReplicationController,
# and custom resources of that shape), of a CronJob and of a PodTemplate. A patch of one
# need not have containers.
pod_specs contains {"path": path, "value": spec} if {
	some path in _pod_spec_paths
	spec := object.get(input, path, null)
	is_object(spec)
	some list in ["containers", "ephemeralContainers", "initContainers", "volumes"]
	is_array(object.get(spec, list, null))
}

_pod_spec_paths contains ["spec"] if input.kind == "Pod"

_pod_spec_paths contains ["template", "spec"] if input.kind == "PodTemplate"

_pod_spec_paths contains ["spec", "template", "spec"]

_pod_spec_paths contains ["spec", "jobTemplate", "spec", "template", "spec"]

# containers are all containers of an object, those for starting and debugging
# included.
containers contains {"path": array.concat(spec.path, [list, i]), "value": container} if {
	some spec in pod_specs
	some list in ["containers", "initContainers", "ephemeralContainers"]
	some i, container in _items(spec.value, list)
}

# env are the environment variables of all containers, with the container's name.
env contains {"path": array.concat(container.path, ["env", i]), "value": entry, "container": name(container)} if {
	some container in containers
	some i, entry in _items(container.value, "env")
}

# volumes are the volumes of all pods.
volumes contains {"path": array.concat(spec.path, ["volumes", i]), "value": volume} if {
	some spec in pod_specs
	some i, volume in _items(spec.value, "volumes")
}

# commands are the lists of words that containers run, hooks and probes included.
commands contains {"path": array.concat(container.path, path), "value": words, "container": name(container)} if {
	some container in containers
	some path in _command_paths
	words := object.get(container.value, path, null)
	is_array(words)
}

_command_paths := [
	["command"],
	["args"],
	["lifecycle", "postStart", "exec", "command"],
	["lifecycle", "preStop", "exec", "command"],
	["livenessProbe", "exec", "command"],
	["readinessProbe", "exec", "command"],
	["startupProbe", "exec", "command"],
]

# headers are what the probes and hooks of containers send along.
headers contains {"path": array.concat(container.path, array.concat(path, [i])), "value": header, "container": name(container)} if {
	some container in containers
	some path in _header_paths
	headers_ := object.get(container.value, path, null)
	is_array(headers_)
	some i, header in headers_
	is_object(header)
	is_string(header.name)
	is_string(header.value)
}

_header_paths := [array.concat(path, ["httpGet", "httpHeaders"]) | some path in [["lifecycle", "postStart"], ["lifecycle", "preStop"], ["livenessProbe"], ["readinessProbe"], ["startupProbe"]]]

# role_rules are the rules of a Role or ClusterRole. Fields that are absent or of
# the wrong type are empty lists.
role_rules contains {"path": ["rules", i], "value": rule} if {
	input.kind in {"Role", "ClusterRole"}
	some i, entry in _items(input, "rules")
	rule := {field: _list(entry, field) | some field in ["apiGroups", "resources", "resourceNames", "verbs"]}
}

# verbs are what a rule of a role allows: more of them is more than there was.
verbs(rule) := {verb | some verb in rule.verbs; is_string(verb)}

# grants_all holds for a rule of a role that allows everything on everything.
grants_all(rule) if {
	"*" in rule.apiGroups
	"*" in rule.resources
	"*" in rule.verbs
}

# reads_secrets gives the position, within its resources, by which a rule of a
# role lets read every Secret. To list or watch them shows their values too.
reads_secrets(rule) := min(positions) if {
	some group in ["", "*"]
	group in rule.apiGroups
	some verb in ["get", "list", "watch", "*"]
	verb in rule.verbs
	count(rule.resourceNames) == 0
	positions := {i | some i, resource in rule.resources; resource in {"secrets", "*"}}
}

# external_secrets are what objects of the External Secrets operator fetch.
external_secrets contains {"path": path, "value": spec} if {
	some kind, path in {"ExternalSecret": ["spec"], "ClusterExternalSecret": ["spec", "externalSecretSpec"]}
	input.kind == kind
	spec := object.get(input, path, null)
	is_object(spec)
}

# subjects are whom a RoleBinding or ClusterRoleBinding gives its role.
subjects contains {"path": ["subjects", i], "value": subject} if {
	input.kind in {"RoleBinding", "ClusterRoleBinding"}
	some i, subject in _items(input, "subjects")
}

# generator_literals are the literals, NAME=value, from which a Kustomization
# generates Secrets or ConfigMaps.
generator_literals(generators) := {{"path": [generators, i, "literals", j], "key": key, "text": text} |
	object.get(input, "kind", "Kustomization") in {"Kustomization", "Component"}
	some i, generator in _items(input, generators)
	some j, literal in _list(generator, "literals")
	is_string(literal)
	[_, key, value] := regex.find_all_string_submatch_n(`(?s)^([^=]*)=(.*)$`, literal, 1)[0]
	text := trim(value, `"'`)
}

# generator_files are the values in files of this repository that a Kustomization makes
# Secrets of.
generator_files := {{"path": ["secretGenerator", i, "$read", j, "text"], "key": entry.key, "text": entry.text} |
	some i, generator in _items(input, "secretGenerator")
	some j, entry in _list(generator, "$read")
}

# flags are the options of a program of the control plane, without dashes, as its
# container or a configuration of kubeadm sets them: what it runs, and a list of where
# each stands and its value.
flags contains {"program": program, "path": container.path, "set": set_} if {
	some container in containers
	words := array.concat(_words(container, "command"), _words(container, "args"))
	some program in _programs
	some first in words
	regex.match(concat("", ["(?:^|/)", program, "$"]), first.text)
	set_ := {name: {"path": word.path, "value": value} |
		some i, word in words
		[_, name, equals, same] := regex.find_all_string_submatch_n(`^--?([a-z][a-z0-9-]*)(=?)(.*)$`, word.text, 1)[0]
		value := _value(equals, same, array.slice(words, i + 1, i + 2))
	}
}

flags contains {"program": program, "path": [part], "set": set_} if {
	input.kind == "ClusterConfiguration"
	some part, program in {"apiServer": "kube-apiserver", "controllerManager": "kube-controller-manager"}
	arguments := object.get(input, [part, "extraArgs"], null)
	arguments != null
	set_ := {name: {"path": array.concat([part, "extraArgs"], path), "value": value} | some [path, name, value] in _arguments(arguments)}
}

_programs := ["etcd", "kube-apiserver", "kube-controller-manager", "kubelet"]

_words(container, field) := [{"path": array.concat(container.path, [field, i]), "text": word} |
	some i, word in _list(container.value, field)
	is_string(word)
]

# _value is what follows the sign, or the next word unless that is a flag too: then it is
# a switch that is on.
_value("=", same, _) := trim(same, `"'`)

_value("", _, next) := next[0].text if _plain(next)

_value("", _, next) := "true" if not _plain(next)

_plain(next) if {
	count(next) > 0
	not startswith(next[0].text, "-")
}

# _arguments are a map, or since v1beta4 a list of names and values.
_arguments(arguments) := {[[name], name, text] |
	some name, value in arguments
	text := $"{value}"
} if {
	is_object(arguments)
}

_arguments(arguments) := {[[i, "value"], entry.name, text] |
	some i, entry in arguments
	text := $"{entry.value}"
} if {
	is_array(arguments)
}

# name gives the name of a part, or its position where it has none.
name(part) := part.value.name if {
	is_string(part.value.name)
} else := $"{part.path[count(part.path) - 1]}"

# true_like holds for true, and for the words that mean true in YAML 1.1, by which
# kubectl reads: here they arrive as strings.
true_like(value) if value == true

true_like(value) if {
	is_string(value)
	lower(value) in {"yes", "on", "y", "true"}
}

# credentials are what in a named text is a credential, and where in it: "place"
# is a part of a rule's result. A configuration file is searched for entries
# whose name says so.
credentials(label, text) := {{"what": "a private key", "place": {}}} if {
	is_string(text)
	regex.match(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----`, text)
} else := {{"what": "a literal credential", "place": {}}} if {
	secrets.secret_name(label)
	secrets.literal(text)
	not secrets.names_secret(label, text)
	count(secrets.userinfos(text)) == 0
} else := urls | _settings(label, text) if {
	urls := {{"what": "a URL with a password", "place": {"match": userinfo}} | some userinfo in secrets.userinfos(text)}
}

_settings(file, text) := {{"what": $"a literal {name}", "place": {"match": entry}} |
	_configuration(file, text)
	some [entry, name, double, single, plain] in _entries(text)
	secrets.secret_name(name)
	secrets.literal(trim_space(concat("", [double, single, plain])))
}

# _configuration holds for files that give names to values, and for JSON.
_configuration(file, _) if {
	is_string(file)
	regex.match(`\.(?:properties|env|ini|cnf|conf|toml|ya?ml|json)$`, file)
}

_configuration(_, text) if _json(text)

_json(text) if {
	is_string(text)
	regex.match(`^\s*\{\s*"`, text)
}

# _entries are the entries of a configuration file: their text, name, and value
# by the way it is quoted. Only names that could be of a credential are let in,
# because a dashboard has ten thousand others.
_entries(text) := [[entry, name, value, "", ""] |
	some [entry, name, value] in regex.find_all_string_submatch_n(_json_entry, text, -1)
] if {
	_json(text)
} else := [array.slice(found, 1, 6) |
	is_string(text)
	some found in regex.find_all_string_submatch_n(_entry, text, -1)
]

_json_entry := concat("", [`"(`, _telling, `[^"\n]*)"\s*:\s*"((?:[^"\\\n]|\\.)*)"`])

_entry := concat("", [
	`(?m)^[ \t]*((?:export[ \t]+|-[ \t]+)?["']?(`, _telling, `[A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*`,
	`(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#{\[&*!|>](?:[^\s]#|[^\n#])*)))`,
])

_telling := `[A-Za-z0-9_.-]*(?i:pass|secret|token|key|cred|pwd|psk|pat|pw|cookie)`

# secret_credentials are the credentials in what goes into a Secret. There any
# value is one, unless its key says that it only describes another.
secret_credentials(key, text) := found if {
	found := credentials(key, text)
	count(found) > 0
} else := {{"what": "a registry login", "place": {}}} if {
	key in {".dockerconfigjson", ".dockercfg", "config.json"}
	secrets.literal(text)
	regex.match(`"(?:auth|password|identitytoken)"\s*:\s*"[^"<]{3}`, text)
} else := {{"what": "a literal value", "place": {}}} if {
	secrets.literal(text)
	not _descriptive(key)
	not _configuration(key, text)
} else := set()

# secret_text is the text of a value in a field of a Secret.
secret_text("stringData", value) := value

# What is no base64 is refused by the API server, unless something else fills it
# in before: it is taken as it stands. So are words to be replaced that happen to
# be base64.
secret_text("data", value) := base64.decode(packed) if {
	is_string(value)
	packed := regex.replace(value, `\s+`, "")
	base64.is_valid(packed)
	not _to_be_replaced(packed)
} else := value

_to_be_replaced(packed) if {
	count(packed) < 40
	not secrets.literal(packed)
}

_descriptive(key) if {
	words := regex.replace(key, `([a-z0-9])([A-Z])`, "${1}_${2}")
	regex.match(_description, words)
	not regex.match(`(?i)secret[._-]?id$`, words)
}

_description := concat("", [
	`(?i)(?:^|[._-])(?:user|username|login|account|email|id|name|type|kind|role|url|uri|host|hostname|port|endpoint|address|server`,
	`|domain|region|zone|database|db|dbname|schema|scheme|protocol|issuer|realm|namespace|bucket|project|org|path|method|provider`,
	`|driver|version|enabled|insecure|debug|level|mode|env|environment|timezone|tz|known_hosts|dockerconfigjson|dockercfg)$`,
])

# _items are the objects in a list, by their position.
_items(parent, field) := {i: item |
	some i, item in _list(parent, field)
	is_object(item)
}

_list(parent, field) := list if {
	list := object.get(parent, field, null)
	is_array(list)
} else := []
