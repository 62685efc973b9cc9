package git

import (
	"bufio"
	"bytes"
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
	Head     []string // what Head gives of it
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
	"--no-expand-tabs", "--format=raw",
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

// readEntries reads the output of git log: fields that end in a zero byte. A commit is one,
// as its object has it, with four blanks in front of each line of its message; behind it stands
// a blank line and its first version. One that begins with a colon is a version too, and the
// path of a version follows it. There is no other blank line in front of a colon, so no line
// of a commit can pass for a version, and no path for anything else.
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
		switch {
		case errors.Is(err, io.EOF) && field == "":
			return end()
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case field == "":
			continue
		}
		if field[0] != ':' || entry == nil {
			if err := end(); err != nil {
				return err
			}
			commit, _, brings := strings.Cut(field, "\n\n:")
			if entry, err = readHead(commit); err != nil {
				return err
			}
			if !brings {
				continue
			}
			field = field[len(commit)+len("\n\n"):]
		}
		if err := entry.add(field, fields); err != nil {
			return err
		}
	}
}

// readField gives a field without the zero byte behind it.
func readField(fields *bufio.Reader) (string, error) {
	field, err := fields.ReadString(0)
	return strings.TrimSuffix(field, "\x00"), err
}

// readHead reads "commit <hash>", the head of the commit's object, a blank line and the message.
func readHead(text string) (*Entry, error) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(text, "\n"), "\n")
	hash, ok := strings.CutPrefix(first, "commit ")
	if !ok || !IsHash(hash) {
		return nil, errGarbled
	}
	head, body, _ := strings.Cut(rest, "\n\n")
	entry := &Entry{Commit: lint.Commit{Hash: hash, Time: time.Unix(0, 0).UTC()}, Head: Head([]byte(head))}
	var message strings.Builder
	for line := range strings.Lines(body) {
		message.WriteString(strings.TrimPrefix(line, "    "))
	}
	entry.Message = message.String()
	for line := range strings.Lines(head) {
		if author, is := strings.CutPrefix(line, "author "); is {
			end := strings.LastIndexByte(author, '>') + 1
			entry.Author = author[:end]
			if stamp := strings.Fields(author[end:]); len(stamp) > 0 {
				seconds, _ := strconv.ParseInt(stamp[0], 10, 64) // broken tools write others; what they hold counts all the same
				entry.Time = time.Unix(seconds, 0).UTC()
			}
			break
		}
	}
	return entry, nil
}

// IsHash says whether a text is the whole name of an object.
func IsHash(text string) bool {
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
		if !IsHash(object) {
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
	return v, IsHash(object)
}

// isNone says whether a hash stands for no object.
func isNone(object string) bool { return strings.Trim(object, "0") == "" }
