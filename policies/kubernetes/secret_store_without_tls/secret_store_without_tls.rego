# METADATA
# title: Secrets are fetched over a connection that others can read
# description: >-
#   Without TLS, or without a look at the certificate of the other side, whoever is on the way
#   sees the secrets and the token by which they are fetched, or answers in place of the store.
# custom:
#   severity: medium
#   tier: strict
#   fix: Give the store an address with https, and name the authority that its certificate is from (caProvider, caCertSecretRef) in place of skipping the check.
#   tags: [encryption]
#   cwe: [319, 295]
package policyctl.kubernetes.secret_store_without_tls

deny contains {"path": path, "message": message} if {
	some [path, address] in _addresses
	is_string(address)
	regex.match(`^http://`, address)
	not regex.match(`^http://(?:localhost|127\.[0-9.]+|\[::1\])(?:[:/]|$)`, address)
	message := $"{input.kind} {input.metadata.name} fetches secrets from {address} without encryption"
}

deny contains {"path": path, "message": message} if {
	some path in _unchecked
	regex.match(`(?i)^true$`, $"{object.get(input, path, false)}")
	message := $"{input.kind} {input.metadata.name} fetches secrets without a look at the store's certificate"
}

# _addresses are those of stores, as operators and drivers are told them.
_addresses := {[path, object.get(input, path, null)] |
	some path in _places
}

_places := (({array.concat(["spec", "provider"], inner) |
	input.kind in {"ClusterSecretStore", "SecretStore"}
	some inner in [["vault", "server"], ["conjur", "url"], ["webhook", "url"], ["kubernetes", "server", "url"], ["passbolt", "host"], ["onepassword", "connectHost"]]
} | {["spec", "address"] |
	input.kind == "VaultConnection"
}) | {["spec", "parameters", "vaultAddress"] |
	input.kind == "SecretProviderClass"
}) | {array.concat(metadata, ["annotations", "vault.hashicorp.com/service"]) |
	some metadata in [["metadata"], ["spec", "template", "metadata"]]
}

_unchecked := ({["spec", "skipTLSVerify"] |
	input.kind == "VaultConnection"
} | {["spec", "parameters", "vaultSkipTLSVerify"] |
	input.kind == "SecretProviderClass"
}) | {array.concat(metadata, ["annotations", "vault.hashicorp.com/tls-skip-verify"]) |
	some metadata in [["metadata"], ["spec", "template", "metadata"]]
}
