# METADATA
# title: Secret goes to code that is pinned to a tag
# description: >-
#   A tag can be moved to other code by whoever takes over the component's
#   repository, and the secret goes there with the next run.
# custom:
#   severity: low
#   tier: strict
#   fix: Pin the component to the full digest of a commit, with the version in a comment.
#   tags: [third-party]
#   cwe: [829]
package policyctl.pipeline.secret_to_tagged_component

import data.policyctl.lib.pipeline

deny contains object.union({"path": array.concat(gift.path, ["secret"]), "subject": gift.value.address, "message": message}, _pin(gift)) if {
	some gift in pipeline.given
	gift.component.pin == "version"
	message := $"{pipeline.place(gift.value)} gives {pipeline.called(gift.value.secret)} to {gift.component.ref}, whose tag can be moved"
}

# What the repository pins the same version to elsewhere.
_pin(gift) := {"fix": {"op": "replace", "path": ["components", i, "uses"], "value": gift.component.pinned, "comment": gift.component.version}} if {
	some i, component in input.components
	component == gift.component
} else := {}
