# METADATA
# title: Provisioner is given a credential on its command line
# description: >-
#   The command with the credential in it is printed to the log of the run, and
#   stands in the list of processes of the machine.
# custom:
#   severity: high
#   fix: Give the credential to the command in environment, from an ephemeral value, or let the machine fetch it from a secret store.
#   cwe: [214, 532]
package policyctl.terraform.secret_in_provisioner

import data.policyctl.lib.terraform

deny contains object.union(terraform.place(resource, path), {"message": message, "targets": (terraform.nearest(sources, resource.entry) | terraform.hosts(provisioner[argument]))}) if {
	some resource in terraform.managed
	some i, provisioner in terraform.blocks(resource.values, "provisioner")
	some argument in ["command", "inline"]
	path := ["provisioner", i, argument]
	sources := {reference |
		some reference in _uses(resource, provisioner, path)
		terraform.secret_reference(reference)
	}
	count(sources) > 0
	message := $"the provisioner of {resource.address} runs a command that holds {concat(" and ", terraform.nearest(sources, resource.entry))}"
}

_uses(resource, provisioner, path) := terraform.references({"": provisioner[path[2]]}) | {reference |
	some derived in object.get(resource.entry, "derived", [])
	array.slice(derived.path, 0, 3) == path
	some reference in derived.from
}
