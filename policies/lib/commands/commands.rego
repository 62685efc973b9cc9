# Package commands finds credentials among the words of a command line. It
# judges single commands; shells, pipes and files are the business of those who
# call it.
package policyctl.lib.commands

import data.policyctl.lib.secrets

# credentials are the words of a command that hold a literal credential, each
# once: {"index": of the word, "what": says what it is}, and "match", the part of
# the word where only a part is the credential.
credentials(words) := {object.union({"index": index, "what": min(whats)}, _part(here)) |
	found := _found(_texts(words))
	some index in {f.index | some f in found}
	here := {f | some f in found; f.index == index}
	whats := {f.what | some f in here}
}

# program is the name of the program that a command runs, without its folder and
# without what only prepares for it: sudo, env, exec.
program(words) := name if {
	texts := _texts(words)
	index := min([i | some i, text in texts; not _prepares(text)])
	name := _base(texts[index])
}

_prepares(text) if regex.match(`^(?:sudo|exec|env|command|time|nohup|eval|builtin|doas|-.*|[A-Za-z_][A-Za-z0-9_]*=.*|)$`, _base(text))

_base(word) := regex.replace(word, `^.*/`, "")

_texts(words) := [text |
	is_array(words)
	some word in words
	text := {true: word, false: ""}[is_string(word)]
]

# _part narrows a finding to what matched, if all that was found in the word is
# one part of it.
_part(found) := {"match": match} if {
	matches := {object.get(f, "match", "") | some f in found}
	count(matches) == 1
	some match in matches
	match != ""
} else := {}

_found(texts) := union({
	_behind_options(texts),
	_within_options(texts),
	_assignments(texts),
	_urls(texts),
	_headers(texts),
	_positions(texts),
	_statements(texts),
})

# --password value, -u user:password.
_behind_options(texts) := {{"index": i, "what": $"the option {option}"} |
	name := program(texts)
	some i, value in texts
	option := texts[i - 1]
	startswith(option, "-")
	not startswith(value, "-")
	_takes(name, texts, option, value)
}

_takes(name, _, option, value) if {
	_secret_option(option)
	not name in _prompting
	_literal(name, value)
}

_takes(name, _, option, value) if {
	name in object.get(_separate, option, set())
	_literal(name, value)
}

_takes(name, texts, "-p", value) if {
	name in _registries
	"login" in texts
	_literal(name, value)
}

_takes(name, _, option, value) if {
	name in object.get(_users, option, set())
	_user_and_password(value)
}

_secret_option(option) if {
	regex.match(`^--?[A-Za-z][A-Za-z0-9_.-]+$`, option)
	secrets.secret_name(trim_left(option, "-"))
}

_secret_option(option) if regex.match(`^--?(?:requirepass|masterauth|(?:src|dest)?storepass|(?:src|dest)?keypass)$`, option)

# _prompting programs ask for a password where the option stands without "=": the
# word behind it is another argument.
_prompting := _joined | {"psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup", "createdb", "createuser", "dropdb", "dropuser", "vacuumdb"}

# _joined programs take -pPASSWORD.
_joined := {"mysql", "mysqladmin", "mysqldump", "mysqlimport", "mysqlshow", "mysqlcheck", "mariadb", "mariadb-admin", "mariadb-dump", "mariadb-check"}

# _separate are the options that mean a password to few programs.
_separate := {
	"-a": {"redis-cli"},
	"-p": {"sshpass", "mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"},
	"-P": {"sqlcmd", "bcp"},
	"-w": {"ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami"},
}

_registries := {"docker", "podman", "buildah", "skopeo", "nerdctl", "crane", "helm", "oras", "oc", "az", "cf"}

# _users are the options that take user:password.
_users := {
	"-u": {"curl"},
	"--user": {"curl"},
	"-U": {"curl"},
	"--proxy-user": {"curl"},
	"-a": {"http", "https"},
	"--auth": {"http", "https"},
}

_user_and_password(text) if {
	some [_, password] in regex.find_all_string_submatch_n(`^[^:]*:(.+)$`, text, 1)
	secrets.literal(password)
}

_literal(name, value) if {
	secrets.literal(value)
	not _harmless(name, value)
}

# The password of Java's own trust store is public.
_harmless("keytool", value) if value == "changeit"

# docker build --secret says where a secret comes from.
_harmless(name, value) if {
	name in {"docker", "podman", "buildah", "nerdctl", "buildctl"}
	regex.match(`^(?:type|id|src|source|env)=`, value)
}

# --password=value, -pvalue, -uuser:password.
_within_options(texts) := {{"index": i, "what": $"the option {option}"} |
	name := program(texts)
	some i, text in texts
	some pattern in {`^(--?[A-Za-z][A-Za-z0-9_.-]*)=(.*)$`, `^(-[a-z])(.+)$`}
	some [_, option, value] in regex.find_all_string_submatch_n(pattern, text, 1)
	_joins(name, option, value)
}

_joins(name, option, value) if {
	_secret_option(option)
	_literal(name, value)
}

_joins(name, "-p", value) if {
	name in (_joined | {"sshpass"})
	_literal(name, value)
}

_joins(name, option, value) if {
	name in object.get(_users, option, set())
	_user_and_password(value)
}

# NAME=value, as make, env, docker run -e and helm --set take it, and behind -D.
_assignments(texts) := {{"index": i, "what": $"the value of {name}"} |
	not _searches(texts)
	some i, text in texts
	some [_, name, value] in regex.find_all_string_submatch_n(`^(?:-D|-e|--[a-z-]+=)?([A-Za-z_][A-Za-z0-9_.]*)=(.*)$`, text, 1)
	secrets.secret_name(name)
	_literal(_name(texts), trim(value, `"'`))
}

# Assignments can stand alone.
_name(texts) := name if {
	name := program(texts)
} else := ""

# _searches says whether a command takes patterns, not values.
_searches(texts) if program(texts) in _searching

_searching := {"grep", "egrep", "fgrep", "rg", "ag", "sed", "awk", "gawk", "find", "test", "[", "[["}

_urls(texts) := {{"index": i, "what": "a URL", "match": userinfo} |
	not _searches(texts)
	some i, text in texts
	some userinfo in secrets.userinfos(text)
}

# -H "Authorization: Bearer value" of curl and wget.
_headers(texts) := {{"index": i, "what": $"the header {header}"} |
	program(texts) in {"curl", "wget", "http", "https"}
	some i, text in texts
	some [_, header, value] in regex.find_all_string_submatch_n(_header, text, 1)
	_secret_header(header)
	secrets.literal(value)
}

_header := `^(?:-H|--header=)?\s*([A-Za-z][A-Za-z0-9-]*)\s*:\s*(?i:(?:bearer|basic|token|digest|apikey|key)\s+)?(\S+)$`

_secret_header(header) if secrets.secret_name(header)

_secret_header(header) if lower(header) in {"authorization", "proxy-authorization"}

# Words that their place makes a credential.
_positions(texts) := {{"index": i, "what": "an argument"} |
	name := program(texts)
	some i, text in texts
	_placed(name, texts, i)
	_literal(name, text)
}

_placed(name, texts, i) if {
	name in {"npm", "yarn", "pnpm"}
	"config" in texts
	regex.match(`(?i)(?:_authToken|_auth|_password)$`, texts[i - 1])
}

_placed(name, texts, i) if {
	name in {"aws", "bundle", "gcloud", "git", "npm", "pip", "pnpm", "poetry", "yarn"}
	texts[i - 2] in {"set", "config", "--global", "--local"}
	secrets.secret_name(texts[i - 1])
}

_placed(name, texts, i) if {
	name in {"composer", "poetry"}
	startswith(texts[i - 2], "http-basic.")
}

_placed("rabbitmqctl", texts, i) if texts[i - 2] in {"add_user", "change_password", "authenticate_user"}

_placed("mysqladmin", texts, i) if texts[i - 1] == "password"

_placed("htpasswd", texts, i) if {
	i == count(texts) - 1
	some text in texts
	regex.match(`^-[a-zA-Z]*b[a-zA-Z]*$`, text)
}

# SQL that sets a password, npm settings with a token, pass phrases for openssl,
# lines of a .netrc.
_statements(texts) := {{"index": i, "what": what} |
	not _searches(texts)
	some i, text in texts
	some what, pattern in _patterns
	some [_, value] in regex.find_all_string_submatch_n(pattern, text, -1)
	secrets.literal(value)
}

_patterns := {
	"an SQL statement": `(?i)(?:identified\s+by|password)\s*=?\s*'([^']*)'`,
	"an npm setting": `:_(?:authToken|auth|password)=["']?([^\s"']+)`,
	"a pass phrase": `^pass:(.+)$`,
	"a machine entry": `\bmachine\s+\S+\s+login\s+\S+\s+password\s+([^\s"'\\]+)`,
}
