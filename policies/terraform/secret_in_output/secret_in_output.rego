# METADATA
# title: Output shows a credential
# description: >-
#   Terraform prints outputs at the end of a run and hands them to every reader of
#   the state, unless they are declared sensitive.
# custom:
#   severity: high
#   fix: Remove the output and let its reader fetch the secret from the store; at least add sensitive = true, and no nonsensitive().
#   cwe: [532]
package policyctl.terraform.secret_in_output

import data.policyctl.lib.terraform

deny contains {"path": ["outputs", i, "value"], "subject": $"output.{output.name}", "message": message, "fix": fix, "targets": terraform.nearest(sources, output)} if {
	some i, output in input.outputs
	output.sensitive == false
	output.ephemeral == false
	sources := {reference | some reference in _shown(output); terraform.secret_reference(reference)}
	count(sources) > 0
	message := $"output {output.name} shows {concat(" and ", terraform.nearest(sources, output))} and is not declared sensitive"
	fix := {"op": "add", "path": ["outputs", i, "sensitive"], "value": true}
}

# _shown are the references whose text is part of the output. Truth values and
# numbers are made from a text, but do not show it.
_shown(output) := _unknown(output) | _derived(output)

_unknown(output) := {reference |
	walk(output.value, [_, value])
	terraform.unknown(value)
	not value["$type"]
	some reference in value["$unknown"]
}

_derived(output) := {reference |
	walk(output.value, [path, text])
	is_string(text)
	some derived in object.get(output, "derived", [])
	derived.path == path
	some reference in derived.from
}
