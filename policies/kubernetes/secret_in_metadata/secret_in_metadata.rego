# METADATA
# title: Metadata of an object hold a credential
# description: >-
#   Annotations and labels are shown to whoever may list objects, and are not
#   encrypted at rest. What kubectl apply keeps there of a Secret holds its values.
# custom:
#   severity: high
#   fix: Revoke the value, and remove the entry.
#   tags: [secret-value]
#   cwe: [200, 312]
package policyctl.kubernetes.secret_in_metadata

import data.policyctl.lib.kubernetes as k8s

deny contains object.union(found.place, {"path": array.concat(at, [part, key]), "message": message}) if {
	some [at, part] in _parts
	some key, text in object.get(input, array.concat(at, [part]), {})
	some found in _credentials(key, text)
	message := $"entry {key} of the {part} holds {found.what}"
}

# _parts are the metadata of the object and of the pods that it makes.
_parts contains [at, part] if {
	some at in ({["metadata"]} | {array.concat(array.slice(spec.path, 0, count(spec.path) - 1), ["metadata"]) | some spec in k8s.pod_specs})
	some part in ["annotations", "labels"]
	is_object(object.get(input, array.concat(at, [part]), null))
}

# What kubectl apply keeps is the object as it was: of a Secret the values, of others
# what stands in the object too.
_credentials("kubectl.kubernetes.io/last-applied-configuration", text) := {{"what": "the values of the Secret", "place": {}}} if {
	input.kind == "Secret"
	is_string(text)
	regex.match(`"(?:data|stringData)"\s*:\s*\{\s*"`, text)
} else := set()

# Many entries name a Secret: only words that never do tell that a value is a credential.
_credentials(key, text) := found if {
	not _kept(key)
	name := split(key, "/")[count(split(key, "/")) - 1]
	found := {one | some one in k8s.credentials(name, text); _certain(name, one)}
}

_kept("kubectl.kubernetes.io/last-applied-configuration")

_certain(_, found) if found.what != "a literal credential"

_certain(name, _) if regex.match(`(?i)(?:pass(?:word|wd|phrase)|token|api[._-]?key|access[._-]?key)$`, name)
