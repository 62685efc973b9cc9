# METADATA
# title: Secret is committed in clear text
# description: >-
#   The values of a Secret are encoded, not encrypted. Whoever can read the
#   repository, or ever could, has them.
# related_resources:
#   - https://kubernetes.io/docs/concepts/security/secrets-good-practices/
# custom:
#   severity: high
#   fix: Revoke the value, keep the new one in a secret store, and commit an ExternalSecret, a SealedSecret or a file encrypted with SOPS.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.kubernetes.secret_in_manifest

import data.policyctl.lib.kubernetes as k8s

deny contains object.union(found.place, {"path": [field, key], "message": message}) if {
	input.kind == "Secret"
	some field in ["data", "stringData"]
	is_object(input[field])
	some key, value in input[field]
	some found in k8s.secret_credentials(key, k8s.secret_text(field, value))
	message := $"key {key} of the Secret holds {found.what} in clear text"
}

# The provider fake of External Secrets gives out what its store says.
deny contains object.union(found.place, {"path": fake.path, "message": message}) if {
	input.kind in {"SecretStore", "ClusterSecretStore"}
	is_array(input.spec.provider.fake.data)
	some i, entry in input.spec.provider.fake.data
	some fake in _given(i, entry)
	some found in k8s.secret_credentials(fake.key, fake.text)
	message := $"the store gives out {found.what} for {fake.key}"
}

_given(i, entry) := {{"path": ["spec", "provider", "fake", "data", i, "value"], "key": entry.key, "text": entry.value} | is_string(entry.value)} | {{"path": ["spec", "provider", "fake", "data", i, "valueMap", key], "key": key, "text": text} |
	is_object(entry.valueMap)
	some key, text in entry.valueMap
}

# A generator of that name makes the same values each time.
deny contains object.union(found.place, {"path": ["spec", "data", key], "message": message}) if {
	input.kind == "Fake"
	startswith(input.apiVersion, "generators.external-secrets.io/")
	is_object(input.spec.data)
	some key, text in input.spec.data
	some found in k8s.secret_credentials(key, text)
	message := $"the generator gives out {found.what} for {key}"
}
