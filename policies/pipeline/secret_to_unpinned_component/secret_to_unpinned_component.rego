# METADATA
# title: Secret goes to code that can change at any time
# description: >-
#   A branch means whatever its owner pushes next. Whoever takes over the
#   component's repository, or one of its maintainers, gets the secret with the
#   next run.
# custom:
#   severity: medium
#   fix: Pin the component to the full digest of a commit, with the version in a comment.
#   tags: [third-party]
#   cwe: [829]
package policyctl.pipeline.secret_to_unpinned_component

import data.policyctl.lib.pipeline

deny contains {"path": array.concat(gift.path, ["secret"]), "subject": gift.value.address, "message": message} if {
	some gift in pipeline.given
	gift.component.pin in {"branch", "none"}
	message := $"{pipeline.place(gift.value)} gives {pipeline.called(gift.value.secret)} to {gift.component.ref}, which can change at any time"
}
