package github

import (
	"context"
	"strings"

	"github.com/google/go-github/v62/github"
)

// Comment keeps one comment on a pull request up to date. Where there is nothing
// to say, none is begun.
func (c *Client) Comment(ctx context.Context, t Target, p Post) (string, error) {
	if err := t.conversation(p); err != nil {
		return "", err
	}
	var said string
	err := c.do(ctx, func(api *github.Client) (err error) {
		said, err = sticky(ctx, api, t, p)
		return err
	})
	return said, err
}

func sticky(ctx context.Context, api *github.Client, t Target, p Post) (string, error) {
	pull, err := t.pull(ctx, api)
	if err != nil {
		return "", err
	}
	t.Number, t.Head = pull.GetNumber(), pull.GetHead().GetSHA()
	own, err := author(ctx, api)
	if err != nil {
		return "", err
	}
	comments, err := pages(func(o github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		return api.Issues.ListComments(ctx, t.Owner, t.Name, t.Number, &github.IssueListCommentsOptions{ListOptions: o})
	})
	if err != nil {
		return "", err
	}
	mark := marker(digest("comment", p.Category))
	body := p.sticky(t) + mark
	for _, comment := range comments {
		if !own(comment.GetUser()) || !strings.Contains(comment.GetBody(), mark) {
			continue
		}
		if comment.GetBody() == body {
			return "the comment says so already: " + comment.GetHTMLURL(), nil
		}
		comment, _, err = api.Issues.EditComment(ctx, t.Owner, t.Name, comment.GetID(), &github.IssueComment{Body: &body})
		return "comment updated: " + comment.GetHTMLURL(), err
	}
	if p.Verdict.Status() == 0 && len(p.open()) == 0 {
		return "there is nothing to say", nil
	}
	comment, _, err := api.Issues.CreateComment(ctx, t.Owner, t.Name, t.Number, &github.IssueComment{Body: &body})
	return "comment: " + comment.GetHTMLURL(), err
}

func (p Post) sticky(t Target) string {
	text := p.summary()
	if open := p.open(); len(open) > 0 {
		list, _ := p.list(t, open, maxText-len(text))
		text += "\n" + list
	}
	return text + "\n"
}
