package git

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// hardened are added to the user's environment, and win over it.
var hardened = []string{
	"LC_ALL=C",                 // messages are read
	"GIT_OPTIONAL_LOCKS=0",     // no writing, no waiting for the user's own git
	"GIT_TERMINAL_PROMPT=0",    // no questions
	"GIT_NO_LAZY_FETCH=1",      // a partial clone fetches what it lacks when asked for it
	"GIT_ALLOW_PROTOCOL=none",  // the same, for a git that does not know the former
	"GIT_NO_REPLACE_OBJECTS=1", // what is there, not what somebody put in its place
	"GIT_GRAFT_FILE=" + os.DevNull,
	"GIT_LITERAL_PATHSPECS=0", // some commands refuse each of these
	"GIT_GLOB_PATHSPECS=0",
	"GIT_NOGLOB_PATHSPECS=0",
	"GIT_ICASE_PATHSPECS=0",
}

// foreign are dropped: they name the repository of whoever called, for example
// of the git whose hook this is. Here the directory alone says which repository
// is meant, and in a hook it leads to the same one. GIT_WORK_TREE without the
// fitting GIT_DIR, or the other way round, would make git list other files than
// those that are checked.
var foreign = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_IMPLICIT_WORK_TREE"}

func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(foreign, name)
	})
	return append(env, hardened...)
}

// named are the variables by which whoever called names a repository that stands apart from
// its work tree, as people keep the files of their home; nil if there are none. They count
// where a directory alone leads to no repository.
func named() []string {
	dir, tree := os.Getenv("GIT_DIR"), os.Getenv("GIT_WORK_TREE")
	if dir == "" {
		return nil
	}
	dir, errDir := filepath.Abs(dir)
	tree, errTree := filepath.Abs(tree) // without one git takes the working directory
	if errDir != nil || errTree != nil {
		return nil
	}
	return []string{"GIT_DIR=" + dir, "GIT_WORK_TREE=" + tree}
}

// chooseIndex keeps GIT_INDEX_FILE where it applies. In a pre-commit hook of
// "git commit -a" or "git commit FILE" it names the index of the commit to be,
// which is the one to look at; but a hook may as well check another repository,
// a submodule for example, and to that the index does not belong.
func (r *Repo) chooseIndex(ctx context.Context) error {
	index := os.Getenv("GIT_INDEX_FILE")
	if index == "" {
		return nil
	}
	own, err := r.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return err
	}
	if !filepath.IsAbs(index) {
		index = filepath.Join(r.top, index) // as git does
	}
	if !applies(index, strings.TrimSuffix(own, "\n")) {
		r.env = slices.DeleteFunc(r.env, func(variable string) bool {
			return strings.HasPrefix(variable, "GIT_INDEX_FILE=")
		})
	}
	return nil
}

// applies says whether an index can be that of the repository whose git
// directory is own: it exists, and does not stand in another git directory,
// which one knows by its HEAD. An index elsewhere was put there by somebody who
// knows what for.
func applies(index, own string) bool {
	if _, err := os.Stat(index); err != nil {
		return false
	}
	dir := filepath.Dir(index)
	if _, err := os.Stat(filepath.Join(dir, "HEAD")); err != nil {
		return true
	}
	a, errA := os.Stat(dir)
	b, errB := os.Stat(own)
	return errA == nil && errB == nil && os.SameFile(a, b)
}
