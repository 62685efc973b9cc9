# Package codeowners tells whether the people that CODEOWNERS names for a file are
# a team of the catalogue.
package policyctl.lib.codeowners

# owns holds if one of the handles stands for a team. A team whose handles the
# catalogue does not list goes by its own name: @acme/payments is payments.
owns(team, handles) if {
	some handle in handles
	_stands_for(lower(handle), team)
}

_stands_for(handle, team) if {
	some known in _known(team)
	lower(known) == handle
}

_stands_for(handle, team) if {
	count(_known(team)) == 0
	some before in ["@", "/"]
	endswith(handle, concat("", [before, lower(team)]))
}

_known(team) := object.get(input, ["teams", team, "handles"], [])
