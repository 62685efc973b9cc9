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

deny contains {"path": array.concat(gift.path, ["secret"]), "subject": gift.value.address, "message": message} if {
	some gift in pipeline.given
	gift.component.pin == "version"
	message := $"{pipeline.place(gift.value)} gives {pipeline.called(gift.value.secret)} to {gift.component.ref}, whose tag can be moved"
}
