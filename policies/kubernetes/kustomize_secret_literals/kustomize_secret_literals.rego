# METADATA
# title: Kustomization generates a Secret from values in clear text
# description: >-
#   The literals of a secretGenerator stand in the repository, and so do its files.
#   Whoever can read it, or ever could, has them.
# custom:
#   severity: high
#   fix: Revoke the value, and generate the Secret from a file that is encrypted or not in the repository, or use an ExternalSecret.
#   tags: [secret-value]
#   cwe: [312, 798]
package policyctl.kubernetes.kustomize_secret_literals

import data.policyctl.lib.kubernetes as k8s

deny contains object.union(found.place, {"path": literal.path, "message": message}) if {
	some literal in k8s.generator_literals("secretGenerator")
	some found in k8s.secret_credentials(literal.key, literal.text)
	message := $"literal {literal.key} of the generated Secret holds {found.what}"
}

deny contains object.union(found.place, {"path": file.path, "message": message}) if {
	some file in k8s.generator_files
	some found in k8s.secret_credentials(file.key, file.text)
	message := $"file of the generated Secret holds {found.what} under {file.key}"
}
