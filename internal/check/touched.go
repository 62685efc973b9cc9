package check

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// touched tells the gate which files differ from the base. Only those are looked
// at in which something comes with time alone, and those with waivers that lapsed where there
// is a base, so that no other run starts git.
// Outside of git, and before the first commit, it is nil: then nothing is older
// than the change, and everything counts as touched.
func (c *Check) touched(ctx context.Context, r reading, lapsed []string) (func(string) bool, error) {
	files := clocked(r.all.findings)
	if c.Base != "" {
		files = append(files, lapsed...)
	}
	if c.Gate.Scheduled || len(files) == 0 {
		return c.Gate.Touched, nil
	}
	repo, ok, err := git.Open(ctx, c.Files.Root)
	if errors.Is(err, git.ErrNotInstalled) || err == nil && !ok {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	base := c.Base
	if base == "" {
		if base, err = repo.Head(ctx); base == "" {
			return nil, err
		}
	}
	objects, err := repo.Objects(ctx, base, files)
	return func(file string) bool { return !r.tree.holds(file, objects[file]) }, err
}

// clocked lists the files in which something comes with time alone, with those
// that belong to it.
func clocked(findings []lint.Finding) []string {
	files := map[string]bool{}
	for _, f := range findings {
		if !f.Rule.ByClock() {
			continue
		}
		files[f.Location.Path] = true
		for _, related := range f.Related {
			files[related.Location.Path] = true
		}
	}
	return slices.Sorted(maps.Keys(files))
}
