# METADATA
# title: Automation of a contract does not exist
# description: |
#   The contract trusts something to rotate, renew or revoke the secret that is not
#   there, or no longer: nothing will happen, and in an incident nothing can.
# custom:
#   severity: high
#   tags: [rotation, response]
#   fix: Name the job or resource that does it now, or restore it.
package policyctl.graph.automation_not_found

import data.policyctl.lib.graph

# One automation that is gone is one finding, however many contracts trust it.
deny contains {
	"path": first[1],
	"subject": first[0],
	"message": $"contract {first[0]} names {locator} as automation, but nothing in the repository is called so",
	"related": [{"message": $"contract {name} names it too", "path": path} | some [name, path] in array.slice(sort(named), 1, 6)],
} if {
	input.complete
	some locator, automation in input.automations
	automation.found == false
	_readable(locator)
	named := {[name, path] |
		some name in automation.contracts
		graph.in_force(input.contracts[name])
		some path in _paths(name, locator)
	}
	first := min(named)
}

_paths(name, locator) := {setting.path |
	some path in array.concat(_fields, [["environments", label, "rotation", "automation"] | some label, _ in input.contracts[name].spec.environments])
	setting := graph.setting(name, path)
	setting.value == locator
}

_fields := [["rotation", "automation"], ["renewal", "automation"], ["revocation", "automation"]]

# What stands in another repository, or on a platform that is not read, may exist.
_readable(locator) if startswith(locator, "github:.github/workflows/")

_readable(locator) if split(locator, ":")[0] in {"kubernetes", "terraform"}
