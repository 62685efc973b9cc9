package discover

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/policyctl/policyctl/internal/lint"
)

// walk collects the files below a directory without git. With inherit, the
// ignore files of the directories above hold too, unless they ignore the
// directory itself: then it is here because it was named.
func (s *search) walk(ctx context.Context, w *walker, dir string, inherit bool) error {
	var rules ignores
	if inherit {
		rules = w.inherited(dir)
	}
	if err := w.walk(ctx, dir, rules); err != nil {
		return err
	}
	maps.Copy(s.found, w.files)
	s.seen += len(w.files)
	for _, failed := range w.failed {
		s.failedDir(failed)
	}
	s.seen += len(w.findings)
	s.listing.Findings = append(s.listing.Findings, w.findings...)
	return nil
}

// failedDir accounts for a directory that could not be listed.
func (s *search) failedDir(failed failure) {
	switch {
	case s.sieve.dir(failed.dir).by != "" && !s.sieve.includedDir(failed.dir):
		s.exclude(s.sieve.dir(failed.dir))
	case missing(failed.err):
		s.skip(failed.dir+"/", vanished, 0)
	default:
		s.seen++
		s.listing.Findings = append(s.listing.Findings, unreadable(failed.dir+"/", failed.err))
	}
}

// tree lists directories and opens files below a root. Unlike Root.FS it takes
// names that are no UTF-8, and does not wait for the writer of a named pipe.
type tree struct{ folders *Opener }

func (t tree) Open(name string) (fs.File, error) {
	root, err := t.folders.folder(path.Dir(name))
	if err != nil {
		return nil, err
	}
	return root.OpenFile(path.Base(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// walker lists files as git would list untracked ones.
type walker struct {
	fsys     fs.FS
	files    map[string]fs.FileInfo // what the listing of their folder knows of them; nil for nothing
	failed   []failure
	findings []lint.Finding // about ignore files
}

type failure struct {
	dir string
	err error
}

func (w *walker) walk(ctx context.Context, dir string, rules ignores) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.files == nil {
		w.files = map[string]fs.FileInfo{}
	}
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.failed = append(w.failed, failure{dir, err}) // and go on with what was listed
	}
	rules = w.withRules(dir, entries, rules)
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		switch {
		case entry.Name() == ".git" || rules.ignore(name, entry.IsDir()):
		case !entry.IsDir():
			w.files[name], _ = entry.Info()
		default:
			if err := w.walk(ctx, name, rules); err != nil {
				return err
			}
		}
	}
	return nil
}

// inherited gives the ignore rules that hold in the directory above dir.
func (w *walker) inherited(dir string) ignores {
	var rules ignores
	above := "."
	for part := range strings.SplitSeq(dir, "/") {
		if part == "." {
			return nil
		}
		entries, _ := fs.ReadDir(w.fsys, above) // if that fails there are no rules, and more is checked
		rules = w.withRules(above, entries, rules)
		above = path.Join(above, part)
		if rules.ignore(above, true) {
			return nil
		}
	}
	return rules
}

// ignoreFiles are honoured in each directory, the later one winning.
var ignoreFiles = []string{".gitignore", ".ignore"}

// withRules adds the rules of a directory's own ignore files.
func (w *walker) withRules(dir string, entries []fs.DirEntry, rules ignores) ignores {
	for _, name := range ignoreFiles {
		for _, entry := range entries {
			if entry.Name() == name && entry.Type().IsRegular() {
				rules = append(rules[:len(rules):len(rules)], w.readRules(dir, name))
			}
		}
	}
	return rules
}

// maxIgnoreSize bounds the work that ignore rules make for each file.
const maxIgnoreSize = 64 << 10

// readRules reads an ignore file. One that cannot be read is a finding, and
// ignores nothing.
func (w *walker) readRules(dir, name string) ignoreFile {
	file := path.Join(dir, name)
	data, err := readSome(w.fsys, file, maxIgnoreSize+1)
	switch {
	case err != nil && errors.Is(err, fs.ErrNotExist):
	case err != nil:
		w.findings = append(w.findings, unreadable(file, err))
	case len(data) > maxIgnoreSize:
		w.findings = append(w.findings, lint.Finding{
			Rule: lint.TooComplex, Location: lint.Location{Path: file},
			Message: "ignore file is not honoured, because it is " + TooLarge(int64(len(data)), maxIgnoreSize),
		})
	default:
		return parseIgnore(dir, data)
	}
	return ignoreFile{}
}

func readSome(fsys fs.FS, name string, most int64) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}
