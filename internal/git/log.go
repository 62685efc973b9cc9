package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// Version is a file as a commit, or the index, has it.
type Version struct {
	Path   string // relative to Repo.Dir, with slashes
	Mode   string // octal, as git writes it
	Object string
	Old    []string // what each parent has in its place; none where that has nothing
}

// The modes of what is no regular file.
const (
	ModeLink      = "120000" // the object is the text of the link
	ModeSubmodule = "160000" // the object is a commit of another repository
)

// Entry is a commit, with the versions that it brings: of a merge those that none of
// its parents has.
type Entry struct {
	lint.Commit
	Message  string
	Versions []Version
	Cut      bool // its parents are not in this clone: what it has may be older than it
}

// logRaw compares trees only, which neither attributes nor converters have a say in:
// files that are marked as binary, and what merges resolve, are seen as any other.
var logRaw = []string{
	"-c", "log.showRoot=true", "log",
	"--raw", "-z", "--no-abbrev", "--no-renames", "-c", "--full-history", "--relative",
	"--reverse", "--date-order", "-O/dev/null", "--ignore-submodules=none", "--encoding=UTF-8",
	"--no-show-signature", "--no-mailmap", "--no-notes", "--no-decorate", "--no-color", "--no-follow", "--no-ext-diff", "--no-textconv",
	"--format=%x00%H%x00%an <%ae>%x00%at%x00%B%x00",
}

// CheckRange is an error if git knows no such range of commits.
func (r *Repo) CheckRange(ctx context.Context, text string) error {
	_, err := r.run(ctx, "rev-list", "--max-count=0", "--end-of-options", text, "--")
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return fmt.Errorf("git knows no commits %q: %s", text, complaint(string(failed.Stderr)))
	}
	return err
}

// Knows says whether the index has a file or folder, or any commit that a reference leads to.
func (r *Repo) Knows(ctx context.Context, path string) (bool, error) {
	if !r.bare {
		out, err := r.run(ctx, "--literal-pathspecs", "ls-files", "-z", "--", path)
		if out != "" || err != nil {
			return out != "", err
		}
	}
	out, err := r.run(ctx, "--literal-pathspecs", "rev-list", "--max-count=1", "--full-history", "--all", "--", path)
	return out != "", err
}

// Log visits the commits of a range, of all branches, tags and stashes if it is
// empty, from the oldest to the newest. An error of visit ends it.
func (r *Repo) Log(ctx context.Context, text string, visit func(*Entry) error) error {
	cut, err := r.boundaries(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	from := []string{"--end-of-options", text}
	if text == "" {
		if from, err = r.stashes(ctx); err != nil {
			return err
		}
		from = append(from, "--all")
	}
	args := slices.Concat(logRaw, from, []string{"--"})
	var warnings bytes.Buffer
	command := r.command(ctx, args...)
	command.Stderr = &warnings
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return r.explain(ctx, "log", err, nil)
	}
	err = readEntries(out, func(e *Entry) error {
		e.Cut = cut[e.Hash]
		return visit(e)
	})
	if err != nil {
		stop()
		_ = command.Wait() // it was stopped
		return err
	}
	return r.explain(ctx, "log", command.Wait(), warnings.Bytes())
}

// stashes lists all stashes: the ref leads to the latest only, its log to the others.
func (r *Repo) stashes(ctx context.Context) ([]string, error) {
	out, err := r.run(ctx, "for-each-ref", "--format=%(refname)", "refs/stash")
	if err != nil || strings.TrimSpace(out) == "" {
		return nil, err
	}
	out, err = r.run(ctx, "rev-list", "--walk-reflogs", "refs/stash", "--")
	return strings.Fields(out), err
}

// boundaries are the commits of a shallow clone whose parents are not there.
func (r *Repo) boundaries(ctx context.Context) (map[string]bool, error) {
	if !r.shallow {
		return nil, nil
	}
	name, err := r.run(ctx, "rev-parse", "--git-path", "shallow")
	if err != nil {
		return nil, err
	}
	name = strings.TrimSuffix(name, "\n")
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.Dir, name)
	}
	text, err := os.ReadFile(name)
	cut := map[string]bool{}
	for _, hash := range strings.Fields(string(text)) {
		cut[hash] = true
	}
	return cut, err
}

// errGarbled says that git wrote something else than it was asked for.
var errGarbled = errors.New("git log wrote what cannot be read")

// readEntries reads the output of git log: fields that end in a zero byte. Four of
// them are a commit, and hold none; one that begins with a colon is a version, and its
// path follows. So no path and no message can pass for anything else.
func readEntries(out io.Reader, visit func(*Entry) error) error {
	fields := bufio.NewReaderSize(out, 64<<10)
	var entry *Entry
	end := func() error {
		if entry == nil {
			return nil
		}
		return visit(entry)
	}
	for {
		field, err := readField(fields)
		if errors.Is(err, io.EOF) && field == "" {
			return end()
		}
		field = strings.TrimPrefix(field, "\n") // in front of the first version of a commit
		switch {
		case err != nil:
			return cmp.Or(err, errGarbled)
		case field == "":
		case field[0] == ':' && entry != nil:
			err = entry.add(field, fields)
		default:
			if err = end(); err == nil {
				entry, err = readHead(field, fields)
			}
		}
		if err != nil {
			return err
		}
	}
}

// readField gives a field without the zero byte behind it.
func readField(fields *bufio.Reader) (string, error) {
	field, err := fields.ReadString(0)
	return strings.TrimSuffix(field, "\x00"), err
}

func readHead(hash string, fields *bufio.Reader) (*Entry, error) {
	if !isHash(hash) {
		return nil, errGarbled
	}
	var head [3]string
	for i := range head {
		var err error
		if head[i], err = readField(fields); err != nil {
			return nil, err
		}
	}
	seconds, err := strconv.ParseInt(head[1], 10, 64)
	if err != nil {
		seconds = 0 // broken tools write such commits; what they hold counts all the same
	}
	return &Entry{Commit: lint.Commit{Hash: hash, Author: head[0], Time: time.Unix(seconds, 0).UTC()}, Message: head[2]}, nil
}

func isHash(text string) bool {
	return (len(text) == 40 || len(text) == 64) && strings.Trim(text, "0123456789abcdef") == ""
}

// add reads ":<mode> <mode> <object> <object> <letter>" and the path behind it; for a
// merge there are as many colons, and modes and objects in front, as it has parents. What
// a commit removes is no version.
func (e *Entry) add(field string, fields *bufio.Reader) error {
	v, ok := parseVersion(field)
	if !ok {
		return errGarbled
	}
	path, err := readField(fields)
	if err != nil {
		return err
	}
	if v.Path = path; v.Object != "" {
		e.Versions = append(e.Versions, v)
	}
	return nil
}

func parseVersion(field string) (Version, bool) {
	text := strings.TrimLeft(field, ":")
	parents := len(field) - len(text)
	parts := strings.Split(text, " ")
	if len(parts) != 2*parents+3 {
		return Version{}, false
	}
	v := Version{Mode: parts[parents]}
	for _, object := range parts[parents+1 : 2*parents+1] {
		if !isHash(object) {
			return Version{}, false
		}
		if !isNone(object) {
			v.Old = append(v.Old, object)
		}
	}
	object := parts[2*parents+1]
	if !isNone(object) {
		v.Object = object
	}
	return v, isHash(object)
}

// isNone says whether a hash stands for no object.
func isNone(object string) bool { return strings.Trim(object, "0") == "" }
