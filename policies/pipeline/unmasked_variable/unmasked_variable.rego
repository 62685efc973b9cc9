# METADATA
# title: Variable made of a secret is not hidden
# description: >-
#   A later step gets a value that was made of a secret, and the platform does not
#   know that it is one: whatever prints it shows it.
# custom:
#   severity: medium
#   fix: 'Register the value before you set it, by ::add-mask:: on GitHub; on Azure set the variable with issecret=true. Elsewhere read the secret in the step that uses it.'
#   tags: [secret-exposure]
#   cwe: [532]
package policyctl.pipeline.unmasked_variable

import data.policyctl.lib.pipeline

deny contains {"path": flow.path, "subject": flow.value.address, "message": message} if {
	some flow in _set
	flow.value.masked == "no"
	not _short_lived(flow.value)
	message := $"{pipeline.place(flow.value)} sets {flow.value.variable} to {pipeline.called(flow.value.secret)}{pipeline.changed(flow.value)} without hiding it"
}

_set contains flow if some flow in pipeline.flows_to.env_file

_set contains flow if {
	input.platform in {"githubactions", "azure"}
	some flow in pipeline.flows_to.output
	flow.value.step
}

# CircleCI hides no value that a job makes, and later steps get it in no other way: so its
# documents hand over what a login gives for an hour.
_short_lived(flow) if {
	input.platform == "circleci"
	flow.secret.store == "issued"
}
