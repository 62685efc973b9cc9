# Package secrets says which names promise a credential and which values are
# one that stands there in clear text. It knows no platform. It judges names by
# their words and values by their form, not by entropy: "postgres" is a password
# where a name says so.
package policyctl.lib.secrets

# secret_name holds for names whose value is a credential: DB_PASSWORD,
# clientSecret, github-token. The credential has to be the head of the name, so
# TOKEN_TTL, SECRET_NAME and PASSWORD_FILE are none: they are about a secret.
secret_name(name) if {
	is_string(name)
	regex.match(`(?i)pass|secret|token|key|cred|psk|pw|pat|cookie`, name) # of every _secret_head; most names have none
	spelled := _spelled(name)
	not _look_alike(spelled)
	regex.match(_secret_head, spelled)
}

# literal holds for a value that is a credential as it stands: no reference to a
# value elsewhere, and nothing that only looks like one.
literal(value) if {
	is_string(value)
	not reference(value)
	plausible(value)
}

# plausible holds for text that could be a credential, if it is taken as it
# stands. Use it where references were resolved already, and literal elsewhere.
plausible(text) if {
	is_string(text)
	_credible(text)
	not _url_without_userinfo(text)
}

_credible(text) if {
	count(text) > 2
	not regex.match(_implausible, text)
}

# names_secret holds where a text is the name of a secret that stands elsewhere, or
# of a key of it, as DB_SECRET: shop-db and TOKEN_SECRET_KEY: token. What opens
# sessions and services by itself may be words as well.
names_secret(name, text) if {
	regex.match(`_(?:secrets?|credentials?|creds)_$`, _spelled(name))
	not regex.match(`_(?:[a-z]*(?:api|app|client|consumer|cookie|hmac|jwt|key|oauth2?|session|shared|signing|token|user|webhook))_secrets?_$|^_(?:secrets?|credentials?|creds)_$`, _spelled(name))
	regex.match(`^[a-z]{2,}[0-9]{0,2}(?:[-_./][a-z]{2,}[0-9]{0,2}){1,5}$`, text)
}

# Behind another credential, _SECRET says where that is kept: GITHUB_TOKEN_SECRET: github-token
# and API_KEY_SECRET: shop/api-key.
names_secret(name, text) if {
	regex.match(`_(?:[a-z0-9]+_(?:token|key)|[a-z]*apikey)_secrets?_$`, _spelled(name))
	regex.match(`^[a-z]{2,}[0-9]{0,2}(?:[-_/][a-z]{2,}[0-9]{0,2}){1,5}$`, text)
	regex.match(`(?:^|[-_/])(?:apikey|cert|key|tls|token)(?:[-_/]|$)`, text)
}

# What is called a secret and no more may be one by name: SECRET: my-secret.
names_secret(name, text) if {
	regex.match(`^_(?:secrets?|credentials?|creds)_$`, _spelled(name))
	regex.match(`^[a-z]{2,}[0-9]{0,2}(?:[-_./][a-z]{2,}[0-9]{0,2}){0,4}[-_./](?:secrets?|credentials?|creds)$`, text)
}

names_secret(name, text) if {
	regex.match(`_secret_keys?_$`, _spelled(name))
	regex.match(`^(?:[a-z]+[-_.])*(?:password|passwd|token|secret|key|credentials?|api[-_]?key)$`, text)
}

# describing holds for names of groups that say of their members what they are
# called, how long they last or where they stand, and not what they are:
# token_validity_units, secret_arns.
describing(name) if {
	is_string(name)
	regex.match(`_(?:units?|names?|ids?|arns?|paths?|urls?|uris?|files?|types?|versions?|durations?|lengths?|ttls?|refs?|references?|descriptions?|enabled)_$`, _spelled(name))
}

# reference holds for text that stands for a value elsewhere, wholly or in part.
reference(text) if {
	is_string(text)
	regex.match(_reference, text)
}

# settings are the lines name=value or name: value of a text that set a credential.
settings(text) := {trim_space(setting) |
	is_string(text)
	some [setting, name, value] in regex.find_all_string_submatch_n(_setting, text, -1)
	secret_name(name)
	literal(value)
}

_setting := concat("", [
	`(?m)(?:^|\\n)[ \t]*(?:export[ \t]+|//[^\s=]*:)?["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*`,
	`["']?([^\s"',;(){}\\]+)["']?,?[ \t]*(?:\\n|$)`,
])

# url_credentials are the parts of the URLs within a text that are a literal
# credential.
url_credentials(text) := userinfos(text) | queries(text)

# userinfos are the parts user:password@ of the URLs within a text whose
# password is literal. They make good matches: the password alone may occur
# earlier in the text.
userinfos(text) := {userinfo |
	is_string(text)
	some [_, userinfo, user, password] in regex.find_all_string_submatch_n(_userinfo, text, -1)
	_authenticates(user, password)
}

# queries are the parts name=value of the URLs within a text whose value is a
# literal credential: ?token=, &sig=.
queries(text) := {query |
	is_string(text)
	contains(text, "://")
	some [_, query, name, value] in regex.find_all_string_submatch_n(`[?&]((?i:([A-Z_][A-Z0-9_.-]*))=([^&\s#"']+))`, text, -1)
	_secret_query(name)
	not reference(value)
	_credible(value)
}

_secret_query(name) if secret_name(name)

_secret_query(name) if lower(name) in {"sig", "x-amz-signature", "x-goog-signature"}

# A token may stand as the user, with an empty password or with a fixed word.
_authenticates(_, password) if {
	not password in _fixed_passwords
	not reference(password)
	_credible(password)
}

_authenticates(user, password) if {
	password in _fixed_passwords
	count(user) >= 20
	not reference(user)
	_credible(user)
}

# _fixed_passwords are what services expect in the place of a password when the
# credential is the user name.
_fixed_passwords := {"", "x-oauth-basic"}

# _spelled writes a name as words in lower case, joined and enclosed by
# underscores: clientSecret and CLIENT-SECRET are both _client_secret_.
_spelled(name) := lower($"_{words}_") if {
	humps := regex.replace(regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}"), `([A-Z])([A-Z][a-z])`, "${1}_${2}")
	words := regex.replace(humps, `[^A-Za-z0-9]+`, "_")
}

# _secret_head: a word that names a credential, behind it nothing but words that
# tell several of the same kind apart.
_secret_head := concat("", [
	`_(?:`,
	`[a-z0-9]*(?:password|passwd|passphrase|passcode|secret|apikey|secretkey|privatekey|accesskey|authkey|token)s?`,
	`|credentials?|creds|psk|privkey|ssh_pkey|(?:admin|db|domain|key|ldap|mail|my|root|smtp|sql|ssh|store|user)pass`,
	`|[a-z0-9]+_(?:pass|pwd|pw|pat)|pass`,
	`|(?:access|account|admin|api|app|auth|cipher|client|crypto|deploy|encryption|hmac|jwt|master|private|sa|secret|service|session|shared|signing|ssh|storage)_keys?`,
	`|erlang_cookie|key_base|encryption_[a-z]+_key`,
	`)[0-9]*`,
	`(?:_(?:v?[0-9]+|base|base64|b64|value|text|plain|plaintext|raw|string|literal|default|current|new|old|previous|primary|secondary|backup`,
	`|dev|development|test|testing|qa|staging|stage|prod|production|local|ci`,
	`|admin|root|db|database|mysql|postgres|postgresql|mongo|mongodb|redis|rabbitmq|smtp|ldap|github|gitlab|npm|pypi|slack|stripe|aws|gcp|azure|jwt))*_+$`,
])

# _look_alike names end like a credential and are none.
_look_alike(spelled) if regex.match(_harmless_name, spelled)

_harmless_name := concat("|", [
	# made for the public
	`_(?:public|publishable)_.*(?:key|token)s?_`,
	# how many tokens, or marks within a text
	`_(?:max|min|num|n|total|count|pad|bos|eos|unk|sep|cls|mask|stop|special|cancellation|page|next|sync|continuation)(?:_[a-z]+)?_tokens?_`,
	# switches
	`_(?:allow|ask|disable|disabled|enable|empty|forgot|generate|has|hide|is|need|no|prompt|random|require|reset|show|update|with|without)_(?:[a-z0-9]+_)*(?:password|passwd|pass|token|secret|credential|key)s?_`,
	# to skip, to bypass
	`_by_pass_`,
])

_reference := concat("|", [
	# shells, Compose, Kubernetes, pipelines, make, templates
	`\$[A-Za-z_({\[]`,
	`\{\{|\[\[|<%|%\{|#\{|\(\([A-Za-z]`,
	`^<.*>$`,
	`%[A-Za-z_][A-Za-z0-9_]*%`,
	`^(?:__|@@|@).+(?:__|@@|@)$`,
	# the name of an environment variable
	`^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$`,
	# stores: ARN, resource names, key vault references, encrypted values
	`^arn:[a-z-]+:`,
	`^projects/[^/]+/(?:secrets|locations)/`,
	`^(?i:@Microsoft\.KeyVault\(|ref\+|vault:|secret:|ssm:|op:|sm:|gcp:|awssm:|aws:|azurekeyvault:|keyvault:|env:|env\.|file:)`,
	`^(?:ENC\[|ENC\(|\$ANSIBLE_VAULT;|!)`,
])

_implausible := concat("|", [
	`^\s*$`,
	# truth values, nothing
	`^(?i:true|false|yes|no|on|off|y|n|enabled|disabled|enable|disable|none|null|nil|undefined|unset|empty|n/a|auto|required|optional)$`,
	# characters to choose of
	`^[[:punct:]]+$`,
	# small numbers, durations, and what they are counted in
	`^(?i:seconds?|minutes?|hours?|days?|weeks?|months?|years?)$`,
	`^[0-9]{1,3}$|^[0-9]*\.[0-9]+$|^[0-9]+(?:ns|us|ms|s|m|h|d|w|y)$`,
	# files and folders
	`^/(?:run|var|etc|home|root|usr|opt|tmp|app|apps|mnt|srv|secrets?|vault|data|config|configs|certs?|keys|proc|dev|sys|workspace|bitnami|tls|ssl)(?:/|$)`,
	`^(?:\.{1,2}|~)?/[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*/?$`,
	`^[A-Za-z]:\\`,
	`^[A-Za-z0-9_./-]+\.(?:pem|key|crt|cer|der|p12|pfx|jks|keystore|asc|gpg|pub|json|ya?ml|toml|ini|conf|properties|env|txt|sh|py|rb|js|ts)$`,
	# what stands there to be replaced, and works nowhere
	`^(?i:x+|0+)$`,
	`^(?i)(?:.*[^a-z])?(?:your|insert|enter|replace|fill|put|add)[-_ ]?(?:[a-z]+[-_ ])*(?:here|me|this|in|with|your|the|a|password|passwd|passphrase|secret|token|key|apikey|credentials?|value)(?:[^a-z].*)?$`,
	`^(?i:todo|tbd|fixme|dummy|fake|placeholder|redacted|masked|hidden|removed|unused|not[-_ ]?used|ignored?|not[-_ ]?(?:needed|required|set|real|a[-_ ]real[-_ ].*)|(?:dummy|fake|placeholder|stub)[-_ ].*|.*[-_ ](?:dummy|placeholder))$`,
	# public halves
	`^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE REQUEST)-----`,
	`^ssh-(?:rsa|ed25519|dss) |^ecdsa-sha2-`,
])

_url_without_userinfo(text) if {
	regex.match(`^[A-Za-z][A-Za-z0-9+.-]*://`, text)
	count(userinfos(text)) == 0
}

# A password may hold nearly anything; a reference in it may hold what a URL may
# not, so that ${PASSWORD:-a/b} is read whole.
_userinfo := `[A-Za-z][A-Za-z0-9+.-]*://(((?:\$\{[^}]*\}|\$\([^)]*\)|[^\s/:@?#"'<>$\\]|\$)*):((?:\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|[^\s/@"'<>])*)@)`

# host_folder holds for folders of a host that hold credentials: of the kubelet, the control
# plane, the container runtime, the users.
host_folder(path) if {
	path != ""
	regex.match(_sensitive, concat("", [trim_right(path, "/"), "/"]))
}

# _sensitive are folders with a final slash. Plug-ins of the kubelet need their
# own folders below /var/lib/kubelet; no Secret lies there.
_sensitive := concat("|", [
	`^/+(?:(?:etc|home|root|run|var|var/run|var/lib)/)?$`,
	`^/(?:var/)?run/(?:docker|podman/podman|containerd/containerd|crio/crio|cri-dockerd)\.sock/$`,
	`^/(?:var/)?run/(?:podman|containerd|crio|secrets)/$`,
	`^/etc/(?:kubernetes|ssh|ssl/private|rancher|origin)/`,
	`^/var/lib/kubelet/(?:$|pods/|pki/|kubeconfig/|config\.json/)`,
	`^/var/lib/(?:etcd|rancher|kubernetes)/`,
	`^/(?:root|home/[^/]+)/(?:\.(?:aws|azure|config|docker|gnupg|kube|ssh|vault-token|netrc)/|$)`,
])
