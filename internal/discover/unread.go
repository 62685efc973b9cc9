package discover

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// Unread says why Files would not list a file that is yet to be written, although
// nothing names it: "" if it would. The path is relative to the root.
func Unread(ctx context.Context, o Options, file string) (string, error) {
	filter, err := NewFilter(Options{Exclude: o.Exclude, Include: o.Include})
	if err != nil {
		return "", err
	}
	root, err := os.OpenRoot(o.Root)
	if err != nil {
		return "", err
	}
	defer root.Close()
	if reason := foreign(root, file); reason != "" {
		return reason, nil
	}
	if !filter.Wants(file) {
		return skipped(filter.Skipped()), nil
	}
	ignored, err := ignoredFile(ctx, o.Root, root, file)
	if ignored {
		return "git ignores it", nil
	}
	return "", err
}

func skipped(all []lint.Skip) string {
	var reasons []string
	for _, skip := range all {
		reasons = append(reasons, skip.Path+" is "+skip.Reason)
	}
	return strings.Join(reasons, ", ")
}

// foreign says which directory above a file is not of this work tree.
func foreign(root *os.Root, file string) string {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if strings.EqualFold(path.Base(dir), ".git") {
			return "it lies in .git"
		}
		info, err := root.Lstat(dir)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return dir + " is a symbolic link"
		}
		if _, err := root.Lstat(path.Join(dir, ".git")); err == nil {
			return dir + " is another git repository"
		}
	}
	return ""
}

// ignoredFile asks git, or where there is none the ignore files themselves.
func ignoredFile(ctx context.Context, dir string, root *os.Root, file string) (bool, error) {
	repo, ok, err := git.Open(ctx, filepath.Clean(dir))
	switch {
	case ok:
		if all, err := repo.Ignored(ctx); all || err != nil {
			return false, err // then git has no say
		}
		return repo.Ignores(ctx, file)
	case err != nil && !errors.Is(err, git.ErrNotInstalled):
		return false, err
	}
	folders := Opener{Root: root}
	defer folders.Close()
	w := &walker{fsys: tree{&folders}}
	var rules ignores
	above := "."
	for part := range strings.SplitSeq(file, "/") {
		entries, _ := fs.ReadDir(w.fsys, above)
		rules = w.withRules(above, entries, rules)
		above = path.Join(above, part)
		if rules.ignore(above, above != file) {
			return true, nil
		}
	}
	return false, nil
}
