# METADATA
# title: Condition trusts the name of a bot
# description: >-
#   The actor is whoever touched a pull request last, not who wrote it. An outsider
#   can make a bot touch a pull request of theirs, and passes the condition with
#   their own change.
# custom:
#   severity: high
#   fix: Compare the author of the pull request, github.event.pull_request.user.login, in place of the actor.
#   tags: [injection]
#   cwe: [290]
package policyctl.pipeline.spoofable_actor

import data.policyctl.lib.pipeline

# Comments are made by their actor; only these events can be another's.
deny contains {"path": ["actor_checks", i, "condition"], "subject": check.address, "message": message} if {
	some i, check in input.actor_checks
	some event in check.events
	event in {"pull_request_privileged", "upstream"}
	message := $"{pipeline.place(check)} is kept from outsiders only by the actor being {check.actor}, which they can bring about"
}
