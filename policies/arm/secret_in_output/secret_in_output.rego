# METADATA
# title: Output shows a credential
# description: >-
#   Outputs are kept in the history of deployments, and every reader of the resource
#   group is shown them.
# custom:
#   severity: high
#   fix: Remove the output and let its reader ask the resource or a key vault; at least declare it @secure().
#   cwe: [532]
package policyctl.arm.secret_in_output

import data.policyctl.lib.arm

deny contains {"path": array.concat(["outputs", i], path), "subject": output.name, "message": message} if {
	some i, output in input.outputs
	output.secure == false
	walk(object.get(output, "value", null), [below, value])
	path := array.concat(["value"], below)
	sources := arm.shown(output, path, value)
	count(sources) > 0
	message := $"output {output.name} shows {concat(" and ", sources)}"
}
