package check

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/codeowners"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// evidence finds what is known beside the facts of the files: who owns them, and
// what git's history tells about them.
func (c *Check) evidence(ctx context.Context, from tree, all *part) (graph.Options, error) {
	o := graph.Options{Exists: from.exists}
	if owners := c.owners(from, all); owners != nil {
		o.Owners = owners.Of
	}
	history, err := c.history(ctx, all)
	if history != nil {
		o.History = told(history)
	}
	return o, err
}

// owners reads CODEOWNERS, which may stand outside of the part that is checked.
func (c *Check) owners(from tree, all *part) *codeowners.Owners {
	file, dialect := codeowners.Find(from.exists)
	if file == "" {
		return nil
	}
	src, skip, unreadable := from.read(file)
	if src == nil {
		message := "code owners are not known: "
		switch {
		case skip != nil:
			message += skip.Reason
		case unreadable != nil:
			message += unreadable.Message
		}
		all.gaps = append(all.gaps, lint.Gap{Location: lint.Location{Path: file}, Message: message})
		return nil
	}
	owners, gaps := codeowners.Parse(src, dialect)
	all.gaps = append(all.gaps, gaps...)
	return owners
}

// history asks git about the files that contracts depend on. A repository without
// contracts has none, and no git is started for it.
func (c *Check) history(ctx context.Context, all *part) (*git.History, error) {
	files := historic(all)
	if files == nil {
		return nil, nil
	}
	repo, ok, err := git.Open(ctx, c.Files.Root)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, git.ErrNotInstalled), err == nil && !ok:
		return nil, nil // there is no history
	case err != nil:
		all.gaps = append(all.gaps, pastGap("git does not read this repository: its history was not read"))
		return nil, nil
	}
	history, err := repo.History(ctx, files)
	if err == nil && history.Cut != "" {
		all.gaps = append(all.gaps, pastGap("git history was read only "+backTo(history.Since)+", because "+history.Cut+": what is older counts as not known"))
	}
	return history, err
}

func pastGap(message string) lint.Gap {
	return lint.Gap{Location: lint.Location{Path: ".git"}, Message: message}
}

func backTo(since time.Time) string {
	if since.IsZero() {
		return "in part"
	}
	return fmt.Sprintf("back to %s", since.Format(time.DateOnly))
}

// historic lists the files that contracts depend on: their own, their runbooks,
// pipelines, and Terraform that counts versions of secrets. It is nil without
// contracts.
func historic(all *part) map[string]git.Values {
	files := map[string]git.Values{}
	for _, facts := range all.facts {
		if facts.Contract == nil {
			continue
		}
		files[facts.Contract.Document.Path] = graph.Marks(facts.Contract.Document.Path)
		if book, _, _ := strings.Cut(facts.Contract.Runbook, "#"); book != "" && !strings.Contains(book, "://") {
			files[path.Clean(book)] = nil
		}
	}
	if len(files) == 0 {
		return nil
	}
	for _, facts := range all.facts {
		for _, workload := range facts.Workloads {
			if workload.Kind == "job" {
				files[workload.At.Location().Path] = nil
			}
		}
	}
	for _, file := range all.counting {
		files[file] = graph.Marks(file)
	}
	return files
}

// told gives the graph what the history tells. Slots and contracts have their
// names to themselves, so that each file may know all rotations.
func told(h *git.History) func(string) (graph.History, bool) {
	rotated := map[string]int64{}
	for _, commits := range h.Files {
		for name, at := range commits.Changed {
			rotated[name] = max(rotated[name], at.UnixNano())
		}
	}
	return func(file string) (graph.History, bool) {
		commits, known := h.Files[file]
		return graph.History{First: nanoseconds(commits.First), Changed: nanoseconds(commits.Last), Rotated: rotated}, known
	}
}

func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// counts says whether a Terraform file counts versions of secrets.
func counts(src *lint.Source) bool {
	marks := graph.Marks(src.Path)
	return marks != nil && path.Ext(src.Path) != ".yaml" && path.Ext(src.Path) != ".yml" && len(marks(src.Data)) > 0
}
