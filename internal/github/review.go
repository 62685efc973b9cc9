package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// maxComments is how many comments a review has. Reviews with fifty were refused
// as abuse.
const maxComments = 20

// Review posts one review of a pull request with what it does not say yet:
// comments on lines that the pull request shows, the rest in its body. It never
// approves and never asks for changes: whether something blocks is for the
// status of the run to say.
func (c *Client) Review(ctx context.Context, t Target, p Post) (string, error) {
	if err := t.conversation(p); err != nil {
		return "", err
	}
	var said string
	err := c.do(ctx, func(api *github.Client) (err error) {
		said, err = review(ctx, api, t, p)
		return err
	})
	return said, err
}

func review(ctx context.Context, api *github.Client, t Target, p Post) (string, error) {
	pull, err := t.pull(ctx, api)
	if err != nil {
		return "", err
	}
	t.Number, t.Head = pull.GetNumber(), pull.GetHead().GetSHA()
	before, err := t.posted(ctx, api)
	if err != nil {
		return "", err
	}
	changes, err := t.diff(ctx, api)
	if err != nil {
		return "", err
	}
	r := draft(t, p, p.view(t, changes), before)
	if r == nil {
		return "the pull request says all of it already", nil
	}
	answer, _, err := api.PullRequests.CreateReview(ctx, t.Owner, t.Name, t.Number, r)
	if status(err) == http.StatusUnprocessableEntity && len(r.Comments) > 0 && !says(err, "submitted too quickly") {
		// GitHub does not say which of the comments it does not take.
		r = draft(t, p, view{}, before)
		answer, _, err = api.PullRequests.CreateReview(ctx, t.Owner, t.Name, t.Number, r)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("review with %s: %s", count(len(r.Comments), "comment"), answer.GetHTMLURL()), nil
}

// diff gives what the pull request shows.
func (t Target) diff(ctx context.Context, api *github.Client) (diff, error) {
	files, err := pages(func(o github.ListOptions) ([]*github.CommitFile, *github.Response, error) {
		return api.PullRequests.ListFiles(ctx, t.Owner, t.Name, t.Number, &o)
	})
	changes := diff{}
	for _, file := range files {
		if file.GetStatus() != "removed" {
			changes[file.GetFilename()] = readPatch(file.GetPatch())
		}
	}
	return changes, err
}

var markers = regex.Lazy(`<!-- policyctl:([0-9a-f]{32}) -->`)

// posted is what our reviews and their comments say already.
type posted struct {
	marks    map[string]bool
	comments int // that stand at lines which are still shown
}

// posted reads what is posted. Markers of others do not count: whoever opens a
// pull request could keep us silent.
func (t Target) posted(ctx context.Context, api *github.Client) (posted, error) {
	before := posted{marks: map[string]bool{}}
	own, err := author(ctx, api)
	if err != nil {
		return before, err
	}
	comments, err := pages(func(o github.ListOptions) ([]*github.PullRequestComment, *github.Response, error) {
		return api.PullRequests.ListComments(ctx, t.Owner, t.Name, t.Number, &github.PullRequestListCommentsOptions{ListOptions: o})
	})
	if err != nil {
		return before, err
	}
	reviews, err := pages(func(o github.ListOptions) ([]*github.PullRequestReview, *github.Response, error) {
		return api.PullRequests.ListReviews(ctx, t.Owner, t.Name, t.Number, &o)
	})
	if err != nil {
		return before, err
	}
	for _, comment := range comments {
		if own(comment.GetUser()) && before.add(comment.GetBody()) && comment.Line != nil {
			before.comments++
		}
	}
	for _, review := range reviews {
		if own(review.GetUser()) {
			before.add(review.GetBody())
		}
	}
	return before, nil
}

// add adds the markers of a text, and says whether there are any.
func (p posted) add(body string) bool {
	all := markers().FindAllStringSubmatch(body, -1)
	for _, m := range all {
		p.marks[m[1]] = true
	}
	return len(all) > 0
}

// author tells our own comments. The token of a workflow may not ask who it is:
// it is a bot then.
func author(ctx context.Context, api *github.Client) (func(*github.User) bool, error) {
	me, _, err := api.Users.Get(ctx, "")
	switch {
	case status(err) == http.StatusForbidden, status(err) == http.StatusNotFound:
		return func(user *github.User) bool { return user.GetType() == "Bot" }, nil
	case err != nil:
		return nil, err
	}
	return func(user *github.User) bool { return user.GetID() == me.GetID() }, nil
}

// draft gives the review of what is not posted yet, or nil if that is nothing.
func draft(t Target, p Post, v view, before posted) *github.PullRequestReviewRequest {
	unsaid := slices.DeleteFunc(p.open(), func(f *gate.Judged) bool { return before.marks[p.identity(f)] })
	if len(unsaid) == 0 || before.marks[p.together(unsaid)] {
		return nil
	}
	var comments []*github.DraftReviewComment
	var rest []*gate.Judged
	for _, f := range unsaid {
		if before.comments+len(comments) < maxComments {
			if comment := p.comment(f, v); comment != nil {
				comments = append(comments, comment)
				continue
			}
		}
		rest = append(rest, f)
	}
	return &github.PullRequestReviewRequest{
		CommitID: &t.Head, Event: github.String("COMMENT"), Comments: comments, Body: github.String(p.body(t, rest)),
	}
}

// together stands for all findings that a body only counts: there is no room for
// a marker of each.
func (p Post) together(findings []*gate.Judged) string {
	all := []string{"together", p.Category}
	for _, f := range findings {
		all = append(all, p.identity(f))
	}
	slices.Sort(all[2:])
	return digest(all...)
}

// body is the text of a review: how it stands, and what stands elsewhere.
func (p Post) body(t Target, rest []*gate.Judged) string {
	var b strings.Builder
	b.WriteString(p.summary())
	if len(rest) == 0 {
		return b.String()
	}
	list, listed := p.list(t, rest, maxText/2)
	fmt.Fprintf(&b, "\nOutside of the lines with comments:\n\n%s\n", list)
	for _, f := range rest[:listed] {
		b.WriteString(marker(p.identity(f)))
	}
	if listed < len(rest) {
		b.WriteString(marker(p.together(rest[listed:])))
	}
	return b.String()
}

// comment is what stands at the lines of a finding, or nil if the pull request
// does not show them. Where an exact fix is known, it is a suggestion for all
// lines of it.
func (p Post) comment(f *gate.Judged, v view) *github.DraftReviewComment {
	at := f.Location
	lines := v.lines(at)
	suggestion := ""
	if fix, shown := p.suggestion(f, v); shown != nil {
		suggestion, lines, at = fix, shown, f.Fix.Location
	}
	if lines == nil { // of a long place the first line says where
		at.End = lint.Position{}
		if lines = v.lines(at); lines == nil {
			return nil
		}
	}
	body := fmt.Sprintf("**%s** %s %s\n", f.Rule.Severity, p.markdown(f.Message), p.code(f.Rule.ID))
	if f.Rule.Description != "" {
		body += "\nWhy: " + p.markdown(f.Rule.Description) + "\n"
	}
	if f.Rule.Fix != "" {
		body += "\nFix: " + p.markdown(f.Rule.Fix) + "\n"
	}
	body += suggestion + "\n" + marker(p.identity(f))
	comment := &github.DraftReviewComment{Path: &at.Path, Body: &body, Side: github.String("RIGHT")}
	first := at.Start.Line
	last := first + len(lines) - 1
	comment.Line = &last
	if first < last {
		comment.StartLine, comment.StartSide = &first, github.String("RIGHT")
	}
	return comment
}

// view gives what a pull request shows beside what the report is of. A report
// that names no commit is taken for one of the commit that is shown.
func (p Post) view(t Target, changes diff) view {
	return view{diff: changes, checked: p.Source, certain: p.Commit == t.Head || p.Commit == "" && p.Source == nil}
}

// suggestion gives a block that GitHub offers to commit, and the lines it
// replaces. It stands in a comment for good, so there is none with a credential
// or with what nobody could see when they accept it.
func (p Post) suggestion(f *gate.Judged, v view) (string, []line) {
	if f.Fix == nil || f.Fix.Replacement == nil {
		return "", nil
	}
	at := f.Fix.Location
	lines := v.lines(at)
	if lines == nil {
		return "", nil
	}
	after, ok := replaced(lines, at, *f.Fix.Replacement)
	if !ok || slices.Equal(after, texts(lines)) || p.secretBeside(at, len(lines)) {
		return "", nil
	}
	var b strings.Builder
	for _, text := range after {
		if visible := strings.ReplaceAll(text, "\t", " "); p.plain(visible) != visible {
			return "", nil
		}
		b.WriteString(text + "\n")
	}
	fence := strings.Repeat("`", max(longest(b.String(), '`')+1, 3))
	return "\n" + fence + "suggestion\n" + b.String() + fence + "\n", lines
}

// secretBeside says whether a credential is known to stand in the lines of a
// place, outside of the place.
func (p Post) secretBeside(at lint.Location, lines int) bool {
	return slices.ContainsFunc(p.Verdict.Findings, func(f gate.Judged) bool {
		l := f.Location
		first, last := extent(l)
		within := compare(at.Start, l.Start) <= 0 && compare(l.End, at.End) <= 0
		return f.Rule.PointsAtSecret() && l.Path == at.Path && !within && first < at.Start.Line+lines && last >= at.Start.Line
	})
}
