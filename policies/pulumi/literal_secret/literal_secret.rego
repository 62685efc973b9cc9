# METADATA
# title: Resource of Pulumi holds a literal credential
# description: >-
#   A credential in a program is readable by everyone who can read the repository, and
#   stands in the state of the stack in clear text.
# custom:
#   severity: critical
#   fix: "Revoke the value; set the new one with pulumi config set --secret and refer to it, or let random:RandomPassword make it."
#   tags: [secret-value]
#   cwe: [798]
package policyctl.pulumi.literal_secret

import data.policyctl.lib.secrets
import data.policyctl.lib.values

deny contains object.union(found.match, {"path": found.path, "subject": found.of, "message": message}) if {
	some found in _credentials
	message := $"{values.dotted(found.at)} of {found.of} holds a literal credential"
}

_texts := array.concat(
	[object.union(leaf, {"path": array.concat(["resources", i, "values"], leaf.path), "at": leaf.path, "of": resource.id}) |
		some i, resource in input.resources
		some leaf in values.strings(resource.values, "")
		not leaf.path[0] in {"tags", "tagsAll", "labels", "description"}
	],
	[object.union(leaf, {"path": array.concat([part], leaf.path), "at": leaf.path, "of": part}) |
		some part in ["variables", "outputs"]
		some leaf in values.strings(object.get(input, part, {}), "")
	],
)

_credentials contains object.union(found, {"match": {}}) if {
	some found in _texts
	values.secret_property(found.name)
	values.secret_text(found.name, found.text)
}

_credentials contains object.union(found, {"match": {"match": match}}) if {
	some found in _texts
	some match in secrets.userinfos(found.text)
}

# A variable of any name is what its use makes it.
_credentials contains {"path": ["variables", variable], "at": [variable], "of": "variables", "match": {}} if {
	some found in _texts
	values.secret_property(found.name)
	[[_, variable]] := regex.find_all_string_submatch_n(`^\$\{([A-Za-z_][\w-]*)\}$`, found.text, -1)
	text := input.variables[variable]
	is_string(text)
	values.secret_text(found.name, text)
}
