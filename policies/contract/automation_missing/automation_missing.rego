# METADATA
# title: Contract names no automation for what is automatic
# description: >-
#   A rotation that nobody performs by hand is performed by something. Without its
#   name nobody can check that it still exists, or run it in an incident.
# custom:
#   severity: medium
#   fix: Name what performs it, for example github:.github/workflows/rotate.yml#rotate, or set the method to manual.
#   tags: [rotation]
package policyctl.contract.automation_missing

import data.policyctl.lib.contract

deny contains {"path": contract.rotation_path(label, "automation"), "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	some label, rotation in contract.rotations
	_performed(rotation.method)
	not _named(label)
	message := $"contract {contract.name} rotates its secret{_of(label)} by {rotation.method} but names no automation"
}

deny contains {"path": ["spec", "renewal", "automation"], "subject": contract.name, "message": message} if {
	contract.established
	contract.secret
	input.spec.renewal.method == "reissue" # auto: who holds the credential extends it
	contract.missing(["renewal", "automation"])
	message := $"contract {contract.name} renews its secret by reissue but names no automation"
}

_performed("job")

_performed("store")

# A provider that issues credentials for a short time has nothing to rotate.
_performed("provider") if contract.static

# The automation of the whole contract serves every environment.
_named(_) if not contract.missing(["rotation", "automation"])

_named(label) if not contract.missing(["environments", label, "rotation", "automation"])

_named("") if {
	count(contract.environments) > 0
	every environment in contract.environments {
		environment.rotation.automation
	}
}

_of("") := ""

_of(label) := $" of environment {label}" if label != ""
