# METADATA
# title: Parameter of a pipeline carries a credential
# description: >-
#   What a parameter is set to stands in clear text in the run, in the pod that it becomes and
#   in the history of both. Everybody who may read runs can read it there, and need not be
#   allowed to read Secrets.
# custom:
#   severity: medium
#   tier: strict
#   fix: Take the name of a Secret as the parameter, and its value by env.valueFrom.secretKeyRef, a volume or a workspace.
#   tags: [secret-exposure]
#   cwe: [312]
package policyctl.kubernetes.secret_in_parameter

import data.policyctl.lib.secrets

deny contains {"path": min(places), "match": match, "message": message} if {
	some [name, match], places in _pasted
	message := $"parameter {name} carries a credential into a pod in clear text"
}

# _pasted are the parameters that containers get as text, by where they do.
_pasted[[name, match]] contains path if {
	_pipeline
	walk(input.spec, [inner, container])
	is_string(container.image)
	some [at, text] in _texts(container)
	some [match, _, bracket, dotted] in regex.find_all_string_submatch_n(_parameter, text, -1)
	name := concat("", [bracket, dotted])
	secrets.secret_name(name)
	path := array.concat(array.concat(["spec"], inner), at)
}

_pipeline if {
	is_string(input.apiVersion)
	regex.match(`^(?:tekton\.dev|argoproj\.io)/`, input.apiVersion)
}

# _texts are what a container runs and what its variables hold. Names and keys of Secrets
# are none of them.
_texts(container) := ({[[field], container[field]] |
	some field in ["script", "source"]
	is_string(container[field])
} | {[[field, i], word] |
	some field in ["args", "command"]
	some i, word in container[field]
	is_string(word)
}) | {[["env", i, "value"], entry.value] |
	some i, entry in container.env
	is_string(entry.value)
}

# _parameter is $(params.name) of Tekton, or {{inputs.parameters.name}} of Argo.
_parameter := `(?:\$\((?:inputs\.)?params|\{\{=?\s*(?:inputs|workflow)\.parameters)(\[["']([\w.-]+)["']\]|\.([\w-]+))\s*(?:\)|\}\})?`
