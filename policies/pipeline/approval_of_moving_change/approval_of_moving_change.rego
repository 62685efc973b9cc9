# METADATA
# title: Change that was approved can be another one when it runs
# description: >-
#   A comment or label of somebody with rights starts the job, which then fetches
#   the newest commit of the pull request. Its author can push in between, and what
#   runs beside secrets is not what was looked at.
# custom:
#   severity: high
#   fix: >-
#     Check out the commit that was looked at: github.event.pull_request.head.sha of a
#     label event that fires once, or the head that a review names; or compare the
#     time of the last push with that of the comment.
#   tags: [injection]
#   cwe: [367]
package policyctl.pipeline.approval_of_moving_change

import data.policyctl.lib.pipeline

# Where nothing keeps outsiders out, privileged-checkout says so.
deny contains {"path": pipeline.named(i), "subject": checkout.address, "message": message} if {
	input.platform == "githubactions"
	some i, checkout in input.checkouts
	checkout.source == "change"
	later := pipeline.run_after(checkout)
	count(later) > 0
	not _open(later)
	how := _approved(checkout)
	_beside(checkout)
	message := $"{pipeline.place(checkout)} fetches whatever the pull request holds by then, not what the {how} was about"
}

_open(later) if {
	some event in input.steps[min(later)].open_to
	event in pipeline.privileged_events
}

_approved(checkout) := "comment" if {
	_commented(checkout)
} else := "label" if {
	some trigger in input.triggers
	trigger.event == "pull_request_privileged"
	some job in input.jobs
	job.id == checkout.job
	_stays(trigger, job.condition)
} else := "label" if {
	some trigger in input.triggers
	trigger.event == "pull_request_privileged"
	trigger.from_fork == "no"
	_named(checkout)
}

# A label event fires once, but the name of a branch means what is on it by then.
_named(checkout) if {
	some component in input.components
	component.job == checkout.job
	component.step == checkout.step
	regex.match(`head\.ref\b|head_ref\b|refs/pull/`, object.get(pipeline.texts(component), "ref", ""))
}

_commented(_) if {trigger.event | some trigger in input.triggers} - {"manual", "call"} == {"comment"}

_commented(checkout) if {
	some trigger in input.triggers
	trigger.event == "comment"
	some job in input.jobs
	job.id == checkout.job
	contains(job.condition, "comment")
}

# A label stays when the author pushes again, and then the job runs again.
_stays(trigger, condition) if {
	trigger.from_fork == "yes"
	contains(condition, "pull_request.labels.*.name")
}

_beside(checkout) if count(pipeline.secrets_of(checkout.job)) > 0

_beside(checkout) if {
	some identity in input.identities
	identity.job == checkout.job
	_writes(identity)
}

_writes(identity) if identity.all == "write"

_writes(identity) if {
	some scope in identity.scopes
	scope.level == "write"
	scope.name in {"contents", "packages", "actions", "id-token"}
}
