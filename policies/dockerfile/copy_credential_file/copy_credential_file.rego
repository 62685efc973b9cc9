# METADATA
# title: Credential file is copied into the image
# description: >-
#   A file that is copied becomes a layer. Deleting it in a later instruction hides it but does not remove it, and the
#   layers of earlier stages stay in the build cache. COPY . takes all of the build context that .dockerignore does not
#   leave out.
# related_resources:
#   - https://docs.docker.com/build/building/secrets/
# custom:
#   severity: high
#   fix: >-
#     Mount the file into the RUN that needs it (--mount=type=secret), or into the container when it starts, and list it
#     in .dockerignore.
#   tags: [build]
#   cwe: [538]
package policyctl.dockerfile.copy_credential_file

import data.policyctl.lib.dockerfile
import data.policyctl.lib.secrets

deny contains {"path": array.concat(instruction.path, ["sources", i]), "message": message} if {
	some instruction in dockerfile.instructions
	instruction.value.name in {"ADD", "COPY"}
	not instruction.value.from
	not _keyring(instruction.value.destination)
	some i, source in instruction.value.sources
	not contains(source, "://")
	file := _credential(source, instruction.value.destination)
	not _settings_only(instruction.value, i)
	message := $"{instruction.value.name} takes the credential file {file} into {dockerfile.stage_name(instruction.stage)}, {dockerfile.kept(instruction.stage)}"
}

# _settings_only holds for a .env of the repository that sets no credential.
_settings_only(instruction, i) if {
	taken := [entry | some entry in object.get(instruction, "takes", []); entry.source == i]
	count(taken) > 0
	every entry in taken {
		regex.match(`(?:^|/)\.env(?:\.[^/]+)?$`, entry.file)
		entry.text
		not _holds(entry)
	}
}

# COPY . and patterns take files along that nobody names; what is in them tells whether they
# are credentials.
deny contains {"path": array.concat(instruction.path, ["sources", taken.source]), "message": message, "related": related} if {
	some instruction in dockerfile.instructions
	some i, taken in instruction.value.takes
	source := instruction.value.sources[taken.source]
	not _credential(source, instruction.value.destination)
	what := _holds(taken)
	message := $"{instruction.value.name} {source} takes {what} of {taken.file} along into the image: add the line {taken.line} at the end of {taken.ignore}"
	related := [{"path": array.concat(instruction.path, ["takes", i, "text"]), "message": "the file"} | taken.text]
}

# _holds says what a file with the name of a credential holds, if it does.
_holds(taken) := "the key store" if {
	not taken.text
	regex.match(`(?i)\.(?:p12|pfx|jks|keystore|kdbx)$`, taken.file)
} else := "the private key" if {
	regex.match(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|^PuTTY-User-Key-File|client-key-data:[ \t]*["']?[A-Za-z0-9+/=]{20}`, taken.text)
} else := "the state, with all secrets in it," if {
	regex.match(`\.tfstate(?:\.backup)?$`, taken.file)
	contains(taken.text, `"instances"`)
} else := "the passwords" if {
	some [name, line] in _passwords
	regex.match(name, taken.file)
	some [_, value] in regex.find_all_string_submatch_n(line, taken.text, -1)
	secrets.literal(value)
} else := "the credential in a URL" if {
	count(secrets.userinfos(taken.text)) > 0
} else := "the credentials" if {
	count(secrets.settings(taken.text)) > 0
}

# _passwords are how files that have nothing but credentials write them.
_passwords := [
	[`(?:^|/)[._]netrc$`, `(?m)\bpassword[ \t]+(\S+)`],
	[`(?:^|/)\.pgpass$`, `(?m)^[^#:\n]+(?::[^:\n]+){3}:(\S+)$`],
	[`htpasswd$`, `(?m)^[^#:\n]+:(\S{8,})$`],
	[`(?:^|/)(?:\.docker/config\.json|\.dockercfg)$`, `"auth"[ \t]*:[ \t]*"([A-Za-z0-9+/=]{8,})"`],
	[`(?:^|/)(?:\.vault-token|master\.key)$`, `^\s*(\S{16,})\s*$`],
]

# A file is known by its own name, or by the name it is given.
_credential(source, destination) := source if {
	_names_credential(source, destination)
} else := destination if {
	_credential_file(destination)
	not regex.match(_beside, source)
}

_names_credential(source, _) if _credential_file(source)

# An .npmrc beside a package.json names registries, and the variable that has the
# token. The one of a home folder has the token itself.
_names_credential(source, destination) if {
	regex.match(`(?:^|/)\.npmrc$`, source)
	regex.match(`^(?:/root|/home/[^/]+|~|\$\{?HOME\}?)/?$`, destination)
}

# _beside are files that stand in the folders of credentials and are none.
_beside := `(?i)(?:^|/)(?:config|known_hosts[^/]*|authorized_keys[^/]*|[^/]*\.pub|[^/]*(?:example|sample|template|tmpl|dist|dummy)[^/]*)$`

_credential_file(path) if {
	regex.match(_files, path)
	not regex.match(_harmless, path)
}

_files := concat("", [
	`(?i)(?:^|/)(?:`,
	concat("|", [
		# settings with credentials
		`\.env(?:\.[^/]+)?|(?:root|home/[^/]+|~|\$\{?HOME\}?)/\.npmrc|\.netrc|_netrc|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|[^/]*htpasswd|\.dockercfg|\.vault-token|\.s3cfg|\.boto`,
		`\.aws(?:/credentials)?/?|\.azure/?|\.config/gcloud/?|\.docker/(?:config\.json)?|\.kube/(?:config)?|[^/]*kubeconfig(?:\.ya?ml)?|\.gnupg/?|\.ssh/?`,
		`[^/]*credentials?\.(?:json|ya?ml|ini|csv|xml)|(?:service[-_]?account|gcp[-_]key|gcloud[-_]key)[^/]*\.json|client_secrets?[^/]*\.json`,
		`secrets?\.(?:json|ya?ml|env|toml|ini|properties|txt)|[^/]*\.tfstate|[^/]*(?:password|passwd|passphrase)s?\.txt|master\.key`,
		# private keys
		`id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.(?:key|ppk|p12|pfx|jks|keystore)|[^/]*(?:private|priv|key)[^/]*\.pem`,
	]),
	`)$`,
])

_harmless := concat("|", [
	`(?i)\.env\.(?:[^/]*[.-])?(?:example|sample|template|tmpl|dist|defaults?|schema|ci|test|testing)$`,
	`(?i)(?:public|pubkey|\bpub\b|apt|gpg|rpm|repo|archive|release|keyring|trust|cacerts)[^/]*$`,
])

# Keys that package managers check signatures with are public.
_keyring(destination) if regex.match(`^/etc/(?:apt|apk|pki/rpm-gpg|yum)|^/usr/share/keyrings|trust|ca-certificates`, destination)
