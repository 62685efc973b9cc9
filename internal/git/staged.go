package git

import (
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
)

// The tree without entries, which git knows without having it, by the length of a hash.
const (
	emptyTree       = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	emptyTreeSHA256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
)

// Staged lists what the next commit will change below Dir. A file that was renamed
// has its former version as Old. One with a conflict has no Object. Names that it takes away
// are gone.
func (r *Repo) Staged(ctx context.Context) (versions []Version, gone []string, err error) {
	out, err := r.staged(ctx, "HEAD")
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		head, headErr := r.Head(ctx)
		if head != "" || headErr != nil {
			return nil, nil, err
		}
		tree, formatErr := r.emptyTree(ctx)
		if formatErr != nil {
			return nil, nil, formatErr
		}
		out, err = r.staged(ctx, tree) // before the first commit
	}
	if err != nil {
		return nil, nil, err
	}
	return parseStaged(strings.Split(out, "\x00"))
}

// Heads gives the commit that HEAD is, "" before the first, and those whose merge with it is
// under way. Before a merge without conflicts git tells them to its hooks by the names of
// variables, and writes MERGE_HEAD later.
func (r *Repo) Heads(ctx context.Context) (head string, merging []string, err error) {
	names := []string{"HEAD", "MERGE_HEAD"}
	for _, variable := range r.env {
		name, _, _ := strings.Cut(variable, "=")
		if hash, is := strings.CutPrefix(name, "GITHEAD_"); is && IsHash(hash) {
			names = append(names, hash)
		}
	}
	out, _, err := r.feed(ctx, strings.Join(names, "^{commit}\n")+"^{commit}\n", "cat-file", "--batch-check=%(objectname)")
	if err != nil {
		return "", nil, err
	}
	for i, answer := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		switch {
		case !IsHash(answer): // "… missing"
		case i == 0:
			head = answer
		case !slices.Contains(merging, answer):
			merging = append(merging, answer)
		}
	}
	return head, merging, nil
}

func (r *Repo) staged(ctx context.Context, tree string) (string, error) {
	return r.run(ctx, "-c", "diff.renameLimit=1000", "diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--find-renames", "--relative",
		"-O/dev/null", "--ignore-submodules=none", "--no-ext-diff", "--no-textconv", tree, "--")
}

func (r *Repo) emptyTree(ctx context.Context) (string, error) {
	format, err := r.run(ctx, "rev-parse", "--show-object-format")
	if strings.TrimSpace(format) == "sha256" {
		return emptyTreeSHA256, err
	}
	return emptyTree, err
}

func parseStaged(fields []string) (versions []Version, gone []string, err error) {
	for len(fields) > 1 {
		v, ok := parseVersion(fields[0])
		letter := fields[0][strings.LastIndexByte(fields[0], ' ')+1:]
		names := 1
		if strings.HasPrefix(letter, "R") || strings.HasPrefix(letter, "C") {
			names = 2
		}
		if !ok || len(fields) <= names {
			return nil, nil, errGarbled
		}
		if v.Path = fields[names]; letter == "D" {
			gone = append(gone, v.Path)
		} else {
			versions = append(versions, v)
		}
		if strings.HasPrefix(letter, "R") {
			gone = append(gone, fields[1])
		}
		fields = fields[names+1:]
	}
	return versions, gone, nil
}
