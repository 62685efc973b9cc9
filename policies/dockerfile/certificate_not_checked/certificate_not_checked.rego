# METADATA
# title: Build downloads from a host whose certificate is not checked
# description: >-
#   Whoever is on the way between the two can take the place of the host: what it sends becomes part of the image, and
#   what the build sends it, tokens of registries and of repositories, is in foreign hands.
# custom:
#   severity: medium
#   tier: strict
#   fix: >-
#     Remove the option, and add the certificate of the authority that signed that of the host (update-ca-certificates,
#     --cacert).
#   tags: [supply-chain]
#   cwe: [295]
package policyctl.dockerfile.certificate_not_checked

import data.policyctl.lib.commands
import data.policyctl.lib.dockerfile

deny contains {"path": array.concat(command.path, ["words", i]), "message": $"{program} does not check the certificates of hosts: {word}"} if {
	some command in dockerfile.commands
	command.instruction.value.name == "RUN"
	words := dockerfile.words(command.value)
	program := commands.program(words)
	[programs, pattern] := _options[_]
	regex.match(programs, program)
	some i, word in words
	is_string(word)
	regex.match(pattern, word)
	not _here(words)
}

# npm config set strict-ssl false
deny contains {"path": array.concat(command.path, ["words", i]), "message": $"{program} does not check the certificates of hosts: {word} {words[i + 1]}"} if {
	some command in dockerfile.commands
	words := dockerfile.words(command.value)
	program := commands.program(words)
	program in {"git", "npm", "pnpm", "yarn"}
	"config" in words
	some i, word in words
	is_string(word)
	regex.match(`(?i)^(?:http\..*sslVerify|strict-ssl|enableStrictSsl)$`, word)
	regex.match(`(?i)^(?:false|0|no|off)$`, words[i + 1])
}

deny contains {"path": array.concat(pair.path, ["value"]), "message": message} if {
	some instruction in ["ENV", "ARG"]
	some pair in dockerfile.pairs(instruction)
	_switched_off(pair.value.key, pair.value.value)
	message := $"{instruction} {pair.value.key} of {dockerfile.stage_name(pair.stage)} says not to check the certificates of hosts"
}

deny contains {"path": array.concat(command.path, ["assignments", i, "value"]), "message": message} if {
	some command in dockerfile.commands
	some i, set in command.value.assignments
	_switched_off(set.name, set.value)
	message := $"the variable {set.name} says not to check the certificates of hosts"
}

# Letters before the k of curl are those of options without a value.
_options := [
	[`^curl$`, `^-[afgijlsvILOJRS#0-9]*k|^--insecure$`],
	[`^wget$`, `^--no-check-certificate$`],
	[`^(?:pip|pip3|pipx|uv|python3?)(?:[0-9.]+)?$`, `^--(?:trusted-host|allow-insecure-host)(?:=|$)`],
	[`^(?:npm|pnpm|yarn)$`, `^--(?:no-strict-ssl|strict-ssl=false)$`],
	[`^git$`, `(?i)^http\.(?:.*\.)?sslVerify=(?:false|0|no|off)$`],
	[`^(?:yum|dnf|dnf5|microdnf)$`, `(?i)^(?:--setopt=)?(?:.*\.)?sslverify=(?:false|0|no|off)$`],
	[`^apt(?:-get)?$`, `(?i)^(?:-o)?Acquire::https::(?:.*::)?Verify-(?:Peer|Host)=(?:"?false"?|0|no)$`],
]

# A server on the same machine needs no certificate.
_here(words) if {
	some word in words
	is_string(word)
	regex.match(`^(?:https?://)?(?:localhost|127\.0\.0\.1)(?:[:/]|$)`, word)
}

_switched_off(name, value) if regex.match(_variables[upper(name)], value)

_variables := {
	"GIT_SSL_NO_VERIFY": `(?i)^(?:1|true|yes|on)$`,
	"NODE_TLS_REJECT_UNAUTHORIZED": `^0$`,
	"NPM_CONFIG_STRICT_SSL": `(?i)^false$`,
	"PIP_TRUSTED_HOST": `^[^$]`,
	"PYTHONHTTPSVERIFY": `^0$`,
}
