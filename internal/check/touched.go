package check

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// touched tells the gate which files differ from the base. Only those are looked
// at in which something comes with time alone, so that no other run starts git.
// Outside of git, and before the first commit, it is nil: then nothing is older
// than the change, and everything counts as touched.
func (c *Check) touched(ctx context.Context, findings []lint.Finding) (func(string) bool, error) {
	files := clocked(findings)
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
	if err != nil {
		return nil, err
	}
	same, err := c.unchanged(objects)
	return func(file string) bool { return !same[file] }, err
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

// unchanged says which files are as they were in the commit that has the objects.
func (c *Check) unchanged(objects map[string]string) (map[string]bool, error) {
	dir, err := os.OpenRoot(c.Files.Root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	same := map[string]bool{}
	for file, object := range objects {
		src, _, _ := discover.Read(dir, file, c.Files.MaxSize)
		same[file] = src != nil && git.Holds(object, src.Data)
	}
	return same, nil
}
