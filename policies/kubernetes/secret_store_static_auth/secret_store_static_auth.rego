# METADATA
# title: Secret store is opened with a static credential
# description: >-
#   The operator reads the store with a key that somebody issued once and that lies in
#   the cluster beside what it protects. The providers know workload identities, whose
#   tokens expire by themselves.
# related_resources:
#   - https://external-secrets.io/latest/guides/security-best-practices/
# custom:
#   severity: medium
#   tier: strict
#   fix: Let the store trust a service account, by jwt for AWS, workloadIdentity for Google Cloud, authType WorkloadIdentity for Azure, or kubernetes for Vault.
#   tags: [identity, lifetime]
#   cwe: [798]
package policyctl.kubernetes.secret_store_static_auth

deny contains {"path": path, "message": message} if {
	input.kind in {"ClusterSecretStore", "SecretStore"}
	startswith(input.apiVersion, "external-secrets.io/")
	some [provider, inner, what] in _ways
	found := object.get(input.spec, array.concat(["provider", provider], inner), null)
	is_object(found)
	path := array.concat(["spec", "provider", provider], inner)
	message := $"{input.kind} {input.metadata.name} authenticates with {what}, not with a workload identity"
}

# _ways are those of providers that know better ones.
_ways := [
	["aws", ["auth", "secretRef"], "keys of an IAM user"],
	["gcpsm", ["auth", "secretRef"], "a key of a service account"],
	["azurekv", ["authSecretRef"], "a secret of an application"],
	["vault", ["auth", "tokenSecretRef"], "a token"],
	["vault", ["auth", "userPass"], "a password"],
	["vault", ["auth", "appRole"], "the secret of an AppRole"],
	["vault", ["auth", "ldap"], "a password"],
	["conjur", ["auth", "apikey"], "an API key"],
	["kubernetes", ["auth", "token"], "a token"],
]
