package model

var (
	pullRequests = []string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"}
	issues       = []string{"issues", "issue_comment"}
	comments     = []string{"issue_comment", "pull_request_review_comment", "discussion_comment", "commit_comment"}
	discussions  = []string{"discussion", "discussion_comment"}
	pushes       = []string{"push"}
	runs         = []string{"workflow_run"}
)

// OutsiderText is a value of an event by its path in GitHub's expressions.
type OutsiderText struct {
	Path   string
	Events []string
}

// OutsiderTexts are the values that somebody without the right to push can
// choose nearly freely, and the events that have them. Elsewhere they are empty.
// What only numbers and names of accounts can be is not among them.
var OutsiderTexts = []OutsiderText{
	{"github.head_ref", []string{"pull_request", "pull_request_target"}},
	{"github.event.pull_request.title", pullRequests},
	{"github.event.pull_request.body", pullRequests},
	{"github.event.pull_request.head.ref", pullRequests},
	{"github.event.pull_request.head.label", pullRequests},
	{"github.event.pull_request.head.repo.default_branch", pullRequests},
	{"github.event.pull_request.head.repo.description", pullRequests},
	{"github.event.pull_request.head.repo.homepage", pullRequests},
	{"github.event.review.body", []string{"pull_request_review"}},
	{"github.event.issue.title", issues},
	{"github.event.issue.body", issues},
	{"github.event.comment.body", comments},
	{"github.event.discussion.title", discussions},
	{"github.event.discussion.body", discussions},
	{"github.event.changes.title.from", []string{"issues", "pull_request", "pull_request_target"}},
	{"github.event.changes.body.from", []string{"issues", "issue_comment", "pull_request", "pull_request_target"}},
	{"github.event.commits.*.message", pushes},
	{"github.event.commits.*.author.name", pushes},
	{"github.event.commits.*.author.email", pushes},
	{"github.event.head_commit.message", pushes},
	{"github.event.head_commit.author.name", pushes},
	{"github.event.head_commit.author.email", pushes},
	{"github.event.merge_group.head_commit.message", []string{"merge_group"}},
	{"github.event.pages.*.page_name", []string{"gollum"}},
	{"github.event.pages.*.title", []string{"gollum"}},
	{"github.event.workflow_run.head_branch", runs},
	{"github.event.workflow_run.display_title", runs},
	{"github.event.workflow_run.head_commit.message", runs},
	{"github.event.workflow_run.head_commit.author.name", runs},
	{"github.event.workflow_run.head_commit.author.email", runs},
	{"github.event.workflow_run.head_repository.description", runs},
	{"github.event.workflow_run.pull_requests.*.head.ref", runs},
}
