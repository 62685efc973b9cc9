package github

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// What a check run takes.
const (
	maxAnnotations = 50    // of one request
	maxAnnotated   = 1_000 // in all: 20 requests, below what GitHub calls abuse
	maxTitle       = 255
)

// CheckRun says of a commit how it stands, with annotations at the findings. The
// verdict goes with the first request, so that no run is left open, nor open to
// doubt, by one that fails.
func (c *Client) CheckRun(ctx context.Context, t Target, p Post) (string, error) {
	if err := t.published(p); err != nil {
		return "", err
	}
	all := p.annotations()
	var run *github.CheckRun
	err := c.do(ctx, func(api *github.Client) error {
		found, err := t.find(ctx, api, p.Category)
		if found == nil && err == nil && run == nil {
			found, err = t.create(ctx, api, p, all)
		}
		if err != nil {
			return err
		}
		if found != nil {
			run = found
		}
		return t.complete(ctx, api, p, run, all)
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("check run %s with %s: %s", p.conclusion(), count(len(all), "annotation"), run.GetHTMLURL()), nil
}

// find gives the check run that this run of the workflow made, or nil: one whose
// answer was lost is there all the same.
func (t Target) find(ctx context.Context, api *github.Client, name string) (*github.CheckRun, error) {
	if t.Run == "" {
		return nil, nil
	}
	runs, err := pages(func(o github.ListOptions) ([]*github.CheckRun, *github.Response, error) {
		list, res, err := api.Checks.ListCheckRunsForRef(ctx, t.Owner, t.Name, t.Head, &github.ListCheckRunsOptions{CheckName: &name, ListOptions: o})
		if err != nil {
			return nil, res, err
		}
		return list.CheckRuns, res, nil
	})
	for _, run := range runs {
		if run.GetExternalID() == t.Run {
			return run, err
		}
	}
	return nil, err
}

func (t Target) create(ctx context.Context, api *github.Client, p Post, all []*github.CheckRunAnnotation) (*github.CheckRun, error) {
	options := github.CreateCheckRunOptions{
		Name: p.Category, HeadSHA: t.Head, Status: github.String("completed"), Conclusion: github.String(p.conclusion()),
		Output: p.output(t, all[:min(len(all), maxAnnotations)]),
	}
	if t.Run != "" {
		options.ExternalID = &t.Run
	}
	run, _, err := api.Checks.CreateCheckRun(ctx, t.Owner, t.Name, options)
	return run, err
}

// complete adds the annotations that a check run does not have yet. Each update
// appends.
func (t Target) complete(ctx context.Context, api *github.Client, p Post, run *github.CheckRun, all []*github.CheckRunAnnotation) error {
	for {
		sent := run.GetOutput().GetAnnotationsCount()
		if sent >= len(all) {
			return nil
		}
		updated, _, err := api.Checks.UpdateCheckRun(ctx, t.Owner, t.Name, run.GetID(), github.UpdateCheckRunOptions{
			Name: p.Category, Status: github.String("completed"), Conclusion: github.String(p.conclusion()),
			Output: p.output(t, all[sent:min(len(all), sent+maxAnnotations)]),
		})
		if err != nil {
			return err
		}
		if updated.GetOutput().GetAnnotationsCount() <= sent {
			return fmt.Errorf("the check run takes no more than %s", count(sent, "annotation"))
		}
		*run = *updated
	}
}

// conclusion is the verdict in GitHub's words. Neutral lets a required check
// pass, so it is for a run that was never to block.
func (p Post) conclusion() string {
	switch status := p.Verdict.Status(); {
	case status == gate.ExitPassed:
		return "success"
	case status == gate.ExitBlocked && p.WarnOnly:
		return "neutral"
	default:
		return "failure"
	}
}

func (p Post) output(t Target, annotations []*github.CheckRunAnnotation) *github.CheckRunOutput {
	summary := p.summary()
	if open := p.open(); len(open) > 0 {
		list, _ := p.list(t, open, maxText-len(summary))
		summary += "\n" + list
	}
	return &github.CheckRunOutput{Title: github.String(p.title()), Summary: &summary, Annotations: annotations}
}

// annotations are those of the findings that nobody has accepted. A place in
// history is in no file of the commit.
func (p Post) annotations() []*github.CheckRunAnnotation {
	var all []*github.CheckRunAnnotation
	for _, f := range p.open() {
		if f.Location.Path == "" || f.Location.Commit != "" {
			continue
		}
		if len(all) == maxAnnotated {
			break
		}
		all = append(all, p.annotation(f))
	}
	return all
}

func (p Post) annotation(f *gate.Judged) *github.CheckRunAnnotation {
	at := f.Location
	first, last := extent(at)
	first = max(first, 1) // the whole file
	last = max(last, first)
	a := &github.CheckRunAnnotation{
		Path: &at.Path, StartLine: &first, EndLine: &last, AnnotationLevel: github.String(level(f)),
		Message: github.String(p.short(strings.TrimSpace(f.Message+"\n"+f.Rule.Fix), 10*maxMessage)),
		Title:   github.String(p.short(f.Rule.Severity.String()+": "+f.Rule.Title+" ["+f.Rule.ID+"]", maxTitle)),
	}
	// Columns are taken on one line only.
	if first == last && first == at.Start.Line && at.Start.Column > 0 {
		a.StartColumn = &at.Start.Column
		if at.End.Line == first && at.End.Column > at.Start.Column {
			a.EndColumn = &at.End.Column
		} else {
			a.EndColumn = a.StartColumn
		}
	}
	return a
}

// short gives a text of a report as one line of at most so many characters.
func (p Post) short(text string, most int) string {
	runes := []rune(p.plain(text))
	if len(runes) > most {
		runes = append(runes[:most-1], '…')
	}
	return string(runes)
}

func level(f *gate.Judged) string {
	switch {
	case f.Status != gate.Blocking:
		return "notice"
	case f.Rule.Severity >= lint.High:
		return "failure"
	default:
		return "warning"
	}
}
