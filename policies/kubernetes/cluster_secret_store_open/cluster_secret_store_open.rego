# METADATA
# title: Secret store of the cluster is open to every namespace
# description: >-
#   Without conditions an ExternalSecret in any namespace can fetch whatever the store
#   may read. Whoever deploys to one namespace reads the secrets of all others.
# related_resources:
#   - https://external-secrets.io/latest/guides/multi-tenancy/
# custom:
#   severity: high
#   tier: strict
#   fix: List the namespaces that may use it under conditions, or make a SecretStore in each.
#   tags: [least-privilege]
#   cwe: [732]
package policyctl.kubernetes.cluster_secret_store_open

deny contains {"path": ["spec", "conditions"], "message": message} if {
	input.kind == "ClusterSecretStore"
	startswith(input.apiVersion, "external-secrets.io/")
	is_object(input.spec) # without one it has no provider, and opens nothing
	not _limited
	message := $"ClusterSecretStore {input.metadata.name} can be used from every namespace"
}

# A provider that makes values up opens nothing.
_limited if not object.get(input.spec, "conditions", null) in [null, [], ""]

_limited if input.spec.provider.fake
