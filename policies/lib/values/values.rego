# Package values judges values of templates, some of which are not known: an object
# with $unknown is equal to nothing. It may have $text (the text, with ${reference}
# where something is not known) and $candidates (what it can be).
package policyctl.lib.values

import data.policyctl.lib.secrets

# unknown holds for a value that could not be resolved.
unknown(value) if is_array(value["$unknown"])

# references are what a value, or any part of it, depends on.
references(value) := {reference |
	walk(value, [path, reference])
	is_string(reference)
	_is_reference(path)
}

_is_reference(path) if path[count(path) - 2] == "$unknown"

# alternatives are the values that a value can have, each with its path.
alternatives(value) := [{"path": [], "value": value}] if {
	not unknown(value)
} else := array.concat(
	[{"path": ["$candidates", i], "value": candidate} | some i, candidate in object.get(value, "$candidates", [])],
	[{"path": ["$text"], "value": value["$text"]} | value["$text"]],
)

# members are the items of a value that may be a list, or one item without its
# brackets, each with its path.
members(value) := [{"path": array.concat(outer.path, inner.path), "value": inner.value} |
	some outer in alternatives(value)
	some inner in _items(outer.value)
]

_items(value) := [{"path": array.concat([i], found.path), "value": found.value} |
	some i, item in value
	some found in alternatives(item)
] if {
	is_array(value)
} else := [{"path": [], "value": value}]

# is_true and is_false take the words as well: the clouds convert them.
is_true(value) if lower(sprintf("%v", [value])) == "true"

is_false(value) if lower(sprintf("%v", [value])) == "false"

# may_be_true and may_be_false hold as well where a condition chooses it.
may_be_true(value) if {
	some one in alternatives(value)
	is_true(one.value)
}

may_be_false(value) if {
	some one in alternatives(value)
	is_false(one.value)
}

# absent holds for a property that is not set, or that is empty.
absent(values, path) if object.get(values, path, null) in {null, ""}

# may_be_absent holds for a property that is not set, or not on one side of a condition, be
# it the property itself or what it stands in.
may_be_absent(values, path) if {
	absent(values, path)
	every n in numbers.range(1, count(path)) {
		not unknown(object.get(values, array.slice(path, 0, n), null))
	}
}

may_be_absent(values, path) if {
	some n in numbers.range(1, count(path))
	null in object.get(values, array.concat(array.slice(path, 0, n), ["$candidates"]), [])
}

# strings are the texts within a value, each with its path and the name that it
# has: the last key. The value itself is called what the caller calls it; an item
# of a list is called like the list. References are left out: they are names.
strings(value, called) := [{"path": path, "name": name(path, called), "text": text} |
	walk(value, [path, text])
	is_string(text)
	not _is_reference(path)
]

# name is the last key of a path that is a word of the template.
name(path, called) := words[count(words) - 1] if {
	words := [part | some part in path; is_string(part); not part in {"$candidates", "$text"}]
	count(words) > 0
} else := called

# dotted writes a path for people: Environment.Variables.DB_PASSWORD.
dotted(path) := concat(".", [trim_suffix(part, "$json") | some part in path; is_string(part); not part in {"$candidates", "$text"}])

# secret_property holds for names of properties whose value is a credential, and not
# the name of one.
secret_property(property) if {
	secrets.secret_name(property)
	not regex.match(_names_of_secrets, lower(property))
	not regex.match(_other_names, property)
}

# _other_names are those of properties that name a key or a role, or that make a
# request one of its kind. Variables in capitals are not meant.
_other_names := `(?:^e|E)ncryptionKey$|(?i)^(?:authorizer)?credentials$|(?i)(?:^service|client|clientrequest|creation|idempotency)token$`

# secret_parameter holds for names of parameters that take a credential. What ends
# with secret alone may be the name of one.
secret_parameter(parameter) if {
	secret_property(parameter)
	not regex.match(`(?i)secrets?$`, parameter)
}

secret_parameter(parameter) if {
	secret_property(parameter)
	regex.match(`(?i)(?:api|app|client|consumer|cookie|hmac|jwt|key|oauth2?|session|shared|signing|token|webhook)[_-]?secrets?$`, parameter)
}

# named_only holds for names of parameters that are hidden for caution: of users,
# addresses and identifiers.
named_only(parameter) if regex.match(`(?i)(?:user|username|login|name|names|id|ids|arn|url|uri|host|hostname|endpoint|address|port|email|region|account|domain|path|cidr|cidrs|version)$`, parameter)

_names_of_secrets := concat("|", [
	# the name or the address of a secret that stands elsewhere
	`^secrets?$|(?:pull|tls|ssl|existing|certificate|cert|user)_?secrets?$`,
	# keys for others to see, and names of keys
	`ssh[-_]?keys?$`,
	# how secrets are handled
	`^(?:manage|rotate|store|ignore|generate|use|force|change|exclude)`,
])

# secret_text holds for a text that is the credential which its name promises. A
# text that calls itself a secret is the name of one.
secret_text(property, text) if {
	secrets.literal(text)
	not startswith(text, "alias/")
	not regex.match(`^/?[a-z0-9._-]+(?:/[a-z0-9._-]+)+$`, text) # the path of one
	not _names_a_secret(property, text)
}

_names_a_secret(property, text) if secrets.names_secret(property, text)

_names_a_secret(property, text) if {
	regex.match(`(?i)(?:secret|secrets|credential|credentials|creds)$`, property)
	regex.match(`^[a-z0-9./_-]*(?:secret|credential|creds)[a-z0-9./_-]*$`, text)
}

# within holds for a path below one of others.
within(path, others) if {
	some other in others
	array.slice(path, 0, count(other)) == other
}

# structured holds for a text that holds JSON: its parts are judged in its place.
structured(value, path) if {
	owner := [part | some part in path; part != "$text"]
	last := count(owner) - 1
	is_string(owner[last])
	object.get(value, array.concat(array.slice(owner, 0, last), [$"{owner[last]}$json"]), null) != null
}
