# METADATA
# title: ExternalSecret writes values where everybody reads
# description: >-
#   What stands in annotations, labels and ConfigMaps is shown by kubectl describe and
#   get, is not encrypted at rest, and goes to whoever watches the objects.
# custom:
#   severity: high
#   fix: Keep the values in the data of the Secret.
#   tags: [secret-exposure]
#   cwe: [200]
package policyctl.kubernetes.external_secret_template_leak

import data.policyctl.lib.kubernetes as k8s

deny contains {"path": path, "message": message} if {
	some spec in k8s.external_secrets
	some part in ["annotations", "labels"]
	some key, text in spec.value.target.template.metadata[part]
	is_string(text)
	regex.match(`\{\{-?[^}]*\.[A-Za-z_]`, text)
	path := array.concat(spec.path, ["target", "template", "metadata", part, key])
	message := $"a value of the secret becomes {part} entry {key} of the object"
}

deny contains {"path": array.concat(spec.path, ["target", "manifest", "kind"]), "message": message} if {
	some spec in k8s.external_secrets
	kind := spec.value.target.manifest.kind
	is_string(kind)
	kind != "Secret"
	message := $"the values of the secret are written into a {kind}"
}
