# METADATA
# title: Secret is handed to a workload in clear text
# description: >-
#   Whoever may describe the workload sees the value: in its environment, its start
#   script, its release. Platforms take the name of a secret instead, and fetch it.
# custom:
#   severity: medium
#   tier: strict
#   fix: Hand over the name of the secret (secrets with valueFrom, value_source, a key vault reference, set_wo), or let the workload fetch it.
#   cwe: [312, 526]
package policyctl.terraform.secret_in_plain_setting

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(handed.resource, handed.path), {"message": message}) if {
	some handed in _handed
	sources := {reference |
		some reference in terraform.references({"": handed.value})
		terraform.secret_reference(reference)
	}
	count(sources) > 0
	message := $"{terraform.dotted(handed.path)} of {handed.resource.address} holds {concat(" and ", terraform.nearest(sources, handed.resource.entry))} in clear text"
}

_handed contains {"resource": variable.resource, "path": variable.path, "value": variable.value} if some variable in terraform.environment

_handed contains script if some script in terraform.start_scripts

_handed contains {"resource": resource, "path": array.concat(path, [name]), "value": value} if {
	some resource in terraform.managed
	some top in _tops
	walk(object.get(resource.values, top, null), [within, variables])
	path := array.concat([top], within)
	path[count(path) - 1] in _maps
	is_object(variables)
	not terraform.unknown(variables)
	some name, value in variables
}

# _maps are maps of variables, and _tops the blocks and arguments that have them.
_maps := {"app_settings", "config_vars", "env_variables", "environment", "environment_variables", "runtime_environment_variables", "variables"}

_tops := {
	"app_settings", "build_environment_variables", "config_vars", "container", "env_variables", "environment", "environment_variables",
	"init_container", "service_config", "source_configuration",
}

# What helm_release is given in set_sensitive and set_wo, Terraform does not show.
_handed contains {"resource": release, "path": array.concat([argument], setting.path), "value": setting.value} if {
	some release in terraform.resources.helm_release
	some argument, field in {"set": ["value"], "set_list": ["value"], "values": []}
	some i, item in terraform.list(object.get(release.values, argument, []))
	setting := {"path": array.concat([i], field), "value": object.get(item, field, null)}
}
