package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/policyctl/policyctl/internal/regex"
)

// Target is what a report is about: a commit of a repository, and mostly a pull
// request.
type Target struct {
	Owner, Name string // of the repository
	Event       string // pull_request, push, ...; empty outside of workflows
	SHA, Ref    string // what the workflow runs on; of a pull request its merge commit
	Head        string // the commit that people see: the pull request's own, or that of the queue
	Number      int    // of the pull request, or 0
	Run         string // tells runs of a workflow apart
	Server      string // of what people see, for example https://github.com; may be empty

	head string // workflow_run: owner:branch of the pull request
	fork bool   // the pull request comes from another repository
}

// event is what we need of the payload of a workflow's event.
type event struct {
	PullRequest *github.PullRequest `json:"pull_request"`
	MergeGroup  *github.MergeGroup  `json:"merge_group"`
	WorkflowRun *struct {
		Event          string             `json:"event"`
		HeadSHA        string             `json:"head_sha"`
		HeadBranch     string             `json:"head_branch"`
		HeadRepository *github.Repository `json:"head_repository"`
	} `json:"workflow_run"`
}

var (
	repository = regex.Lazy(`^[A-Za-z0-9_-][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*$`)
	commit     = regex.Lazy(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
)

// NewTarget reads what a workflow says about itself: the name of the repository
// and the payload of its event, which may be nil. Fields of t that are set
// already win.
func NewTarget(t Target, repo string, payload []byte) (Target, error) {
	if !repository().MatchString(repo) {
		return t, fmt.Errorf("the repository is %q, want OWNER/NAME", repo)
	}
	t.Owner, t.Name, _ = strings.Cut(repo, "/")
	t.Server = strings.TrimSuffix(t.Server, "/")
	var e event
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &e); err != nil {
			return t, fmt.Errorf("the event: %w", err)
		}
	}
	t.read(e)
	if t.Head == "" {
		t.Head = t.SHA
	}
	for _, hash := range []string{t.SHA, t.Head} {
		if hash != "" && !commit().MatchString(hash) {
			return t, fmt.Errorf("the commit is %q, want a whole hash", hash)
		}
	}
	return t, nil
}

func (t *Target) read(e event) {
	switch {
	case t.Number != 0: // somebody says which
	case e.PullRequest != nil:
		t.Number, t.Head = e.PullRequest.GetNumber(), e.PullRequest.GetHead().GetSHA()
		t.fork = !strings.EqualFold(e.PullRequest.GetHead().GetRepo().GetFullName(), t.Owner+"/"+t.Name)
	case e.MergeGroup != nil:
		t.Head = e.MergeGroup.GetHeadSHA()
	case e.WorkflowRun != nil:
		t.Head = e.WorkflowRun.HeadSHA
		if owner := e.WorkflowRun.HeadRepository.GetOwner().GetLogin(); strings.HasPrefix(e.WorkflowRun.Event, "pull_request") && owner != "" {
			t.head = owner + ":" + e.WorkflowRun.HeadBranch
		}
	}
}

// reads says whether the token can be expected to write nothing: GitHub gives
// the pull requests of forks such a one. With pull_request_target it gives
// another.
func (t Target) reads() bool {
	return t.fork && t.Event != "pull_request_target" && t.Event != "workflow_run"
}

// conversation says why there is no pull request to speak in, if there is none.
func (t Target) conversation(p Post) error {
	switch {
	case t.reads():
		return onFork
	case t.ofBase(p) != nil:
		return t.ofBase(p)
	case t.Number == 0 && t.head == "":
		return Skip(fmt.Sprintf("the event %s has no pull request", orNone(t.Event)))
	}
	return nil
}

func orNone(event string) string {
	if event == "" {
		return "(none)"
	}
	return event
}

// pull gives the pull request, if it is still the one that was checked. That of
// a workflow_run is found by who asks and the commit: what the checked branch
// put into files of its own run may name any number.
func (t Target) pull(ctx context.Context, api *github.Client) (*github.PullRequest, error) {
	if t.Number != 0 {
		pull, _, err := api.PullRequests.Get(ctx, t.Owner, t.Name, t.Number)
		if err != nil {
			return nil, err
		}
		if t.Head != "" && t.Head != pull.GetHead().GetSHA() && t.Head != pull.GetMergeCommitSHA() {
			return nil, Skip("the pull request has moved on since it was checked")
		}
		return pull, nil
	}
	pulls, _, err := api.PullRequests.List(ctx, t.Owner, t.Name, &github.PullRequestListOptions{State: "open", Head: t.head})
	if err != nil {
		return nil, err
	}
	for _, pull := range pulls {
		if pull.GetHead().GetSHA() == t.Head {
			return pull, nil
		}
	}
	return nil, Skip("no open pull request has the commit that was checked")
}

// ofBase is for pull_request_target, where a workflow sees the base branch unless
// it checks out something else: what it found there says nothing of the change.
func (t Target) ofBase(p Post) error {
	if t.Event == "pull_request_target" && (p.Commit == "" || p.Commit != t.Head) {
		return Skip("on pull_request_target the workflow runs on the base branch, and the report is not of the pull request")
	}
	return nil
}

// published says why a report may not stand for the commit: where it is of
// another one, or where whoever is judged may have written it.
func (t Target) published(p Post) error {
	switch {
	case t.reads():
		return onFork
	case t.Event == "workflow_run":
		return Skip("on workflow_run the report comes from a run that the pull request itself may have changed")
	case t.ofBase(p) != nil:
		return t.ofBase(p)
	case t.Head == "":
		return errors.New("the commit is not known: GITHUB_SHA is empty")
	case p.Commit != "" && p.Commit != t.Head && p.Commit != t.SHA:
		return Skip("the report is of another commit")
	}
	return nil
}
