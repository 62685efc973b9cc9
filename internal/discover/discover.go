// Package discover finds the files of a run and reads them. It follows no
// symlink out of the root, opens nothing but regular files, and accounts for
// everything that it leaves out, except for what the repository's own ignore
// files name. It does not know what a file means.
package discover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// DefaultMaxSize is the size in bytes beyond which a file is left out: what
// people write by hand stays far below, and a dump must not stop the run.
const DefaultMaxSize = 5_000_000

// Options say which files are wanted.
//
// Exclude and Include are globs (package glob) for paths relative to Root, also
// if Paths are given. A path that is named in Paths wins over every exclude
// that matches it or a directory above: naming testdata/shop checks it, though
// testdata/** is excluded. Below a named directory excludes hold as ever: the
// vendor directory in testdata/shop stays out, and so do the files that
// **/*.min.js matches. Include wins over every exclude. Naming wins over ignore
// files in the same way: an ignored file or directory that is named is checked.
type Options struct {
	Root    string   // absolute
	Paths   []string // files and directories, relative to Root, with slashes; none means all
	Exclude []string // in addition to DefaultExclude
	Include []string
	MaxSize int64 // in bytes; zero means DefaultMaxSize

	// Vendored reads what others wrote too, if the repository keeps it: of
	// DefaultExclude only Caches hold, and these not for files that git tracks.
	Vendored bool

	// ForceExclude takes from Paths only what a run over everything would check:
	// a hook names every file of a change, those that are excluded too.
	ForceExclude bool
}

func (o Options) defaults() []string {
	if o.Vendored {
		return Caches()
	}
	return DefaultExclude()
}

// Listing is what was found. Each path is relative to the root, with slashes.
type Listing struct {
	Files    []string // regular files, sorted, unique
	Links    []string // symlinks; git has where they lead as a text
	Skipped  []lint.Skip
	Findings []lint.Finding // what should have been listed, but could not be read
	Git      bool           // git said which files there are
}

// Files lists the files to check. It is an error if a named path does not
// exist, a glob is malformed, or git refuses to read the repository.
func Files(ctx context.Context, o Options) (Listing, error) {
	if o.ForceExclude && len(o.Paths) > 0 {
		return within(ctx, o)
	}
	root, err := os.OpenRoot(o.Root)
	if err != nil {
		return Listing{}, fmt.Errorf("open %s: %w", o.Root, Cause(err))
	}
	defer root.Close()
	s := newSearch(o, root)
	if s.sieve, err = newSieve(o, o.defaults()); err != nil {
		return Listing{}, err
	}
	if err := s.collect(ctx); err != nil {
		return Listing{}, err
	}
	return s.judge(), nil
}

// within lists what a run over everything would check below the named paths.
func within(ctx context.Context, o Options) (Listing, error) {
	named := o.Paths
	o.Paths = nil
	all, err := Files(ctx, o)
	if err != nil {
		return Listing{}, err
	}
	below := func(file, dir string) bool { return dir == "." || file == dir || strings.HasPrefix(file, dir+"/") }
	wanted := func(file string) bool {
		return slices.ContainsFunc(named, func(name string) bool { return below(file, path.Clean(name)) })
	}
	holdsNamed := func(tree string) bool {
		return slices.ContainsFunc(named, func(name string) bool { return below(path.Clean(name), tree) })
	}
	all.Files = slices.DeleteFunc(all.Files, func(file string) bool { return !wanted(file) })
	all.Links = slices.DeleteFunc(all.Links, func(link string) bool { return !wanted(link) })
	all.Skipped = slices.DeleteFunc(all.Skipped, func(s lint.Skip) bool {
		tree := strings.TrimSuffix(s.Path, "/")
		return !wanted(tree) && !holdsNamed(tree)
	})
	all.Findings = slices.DeleteFunc(all.Findings, func(f lint.Finding) bool { return !wanted(f.Location.Path) })
	return all, nil
}

// search is the state of one call of Files.
type search struct {
	Options
	root    *os.Root
	sieve   *sieve
	listing Listing
	found   map[string]fs.FileInfo // what might be checked, before anything is left out; nil if nothing is known of it
	seen    int                    // how often something was found or skipped
	trees   map[string]*lint.Skip  // excluded directories and files
	links   map[string]int         // symlinks, and how many files seemed to stand behind them
	above   map[string]string      // memory of linkAbove
	tracked map[string]bool        // files below caches that git tracks, if Vendored
	noGit   bool                   // git was needed and is not installed
}

func newSearch(o Options, root *os.Root) *search {
	if o.MaxSize <= 0 {
		o.MaxSize = DefaultMaxSize
	}
	return &search{
		Options: o, root: root,
		found: map[string]fs.FileInfo{}, tracked: map[string]bool{}, trees: map[string]*lint.Skip{}, links: map[string]int{}, above: map[string]string{},
	}
}

func (s *search) add(file string) {
	s.seen++
	s.found[file] = nil
}

func (s *search) skip(path, reason string, files int) {
	s.seen++
	s.listing.Skipped = append(s.listing.Skipped, lint.Skip{Path: path, Reason: reason, Files: files})
}

// collect fills found from the named paths, or from the whole root.
func (s *search) collect(ctx context.Context) error {
	paths := s.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var errs []error
	for _, name := range paths {
		errs = append(errs, s.name(ctx, name))
	}
	return errors.Join(errs...)
}

// name collects what one named path stands for.
func (s *search) name(ctx context.Context, name string) error {
	clean := path.Clean(name)
	if !filepath.IsLocal(filepath.FromSlash(clean)) {
		return fmt.Errorf("%q is outside of the root %s", name, s.Root)
	}
	info, err := s.root.Lstat(clean)
	switch {
	case err != nil && missing(err):
		return fmt.Errorf("%q does not exist", name)
	case err == nil && info.IsDir() && s.linkAbove(clean) == "":
		return s.list(ctx, clean)
	}
	s.add(clean) // a file, or something that judge has a word for
	return nil
}

// list collects the files below a directory.
func (s *search) list(ctx context.Context, dir string) error {
	before := s.seen
	if sub, err := s.root.OpenRoot(dir); err == nil {
		sub.Close()
	} else {
		s.failedDir(failure{dir, err}) // git would not say so clearly
		return nil
	}
	folders := Opener{Root: s.root}
	defer folders.Close()
	w := &walker{fsys: tree{&folders}}
	repo, ok, err := git.Open(ctx, filepath.Join(s.Root, filepath.FromSlash(dir)))
	s.noGit = errors.Is(err, git.ErrNotInstalled)
	switch {
	case ok:
		err = s.ask(ctx, repo, w, dir)
	case err == nil || s.noGit:
		if _, bare, _ := git.OpenBare(ctx, s.absolute(dir)); bare {
			return fmt.Errorf("%s is a git repository without a work tree: there are no files to check, scan --history searches what it holds", s.absolute(dir))
		}
		err = s.walk(ctx, w, dir, true)
	}
	if s.seen == before && dir != "." {
		s.skip(dir+"/", "has no files, or only ignored ones", 0)
	}
	return err
}

// ask collects what git knows below a directory. A directory that git ignores
// is here only because it was named, or is the root: then git has no say.
func (s *search) ask(ctx context.Context, repo *git.Repo, w *walker, dir string) error {
	s.listing.Git = true
	ignored, err := repo.Ignored(ctx)
	if err == nil && ignored {
		err = s.walk(ctx, w, dir, false)
	}
	if err == nil {
		err = s.askFiles(ctx, repo, dir)
	}
	if err == nil && s.Vendored {
		err = s.askTracked(ctx, repo, dir)
	}
	if err == nil {
		err = s.askMore(ctx, repo, dir)
	}
	return err
}

func (s *search) askFiles(ctx context.Context, repo *git.Repo, dir string) error {
	files, err := repo.Files(ctx)
	var unreadable *git.UnreadableError
	if err != nil && !errors.As(err, &unreadable) {
		return err
	}
	if unreadable != nil {
		for _, sub := range unreadable.Dirs {
			s.failedDir(failure{path.Join(dir, sub), fs.ErrPermission})
		}
	}
	for _, file := range files {
		if file == "./" && s.isTop(dir) { // no folder holds itself
			return fmt.Errorf("the index of git in %s is damaged", s.absolute(dir))
		}
		if strings.HasSuffix(file, "/") {
			s.elsewhere(path.Join(dir, file), Nested)
		} else {
			s.add(path.Join(dir, file))
		}
	}
	return nil
}

// isTop says whether a directory is that of a repository, and not a submodule of one that is
// not checked out.
func (s *search) isTop(dir string) bool {
	_, err := os.Lstat(filepath.Join(s.absolute(dir), ".git"))
	return err == nil
}

// askTracked finds what git tracks below caches.
func (s *search) askTracked(ctx context.Context, repo *git.Repo, dir string) error {
	own, err := newSieve(s.Options, nil)
	if err != nil {
		return err
	}
	files, err := repo.Tracked(ctx)
	for _, file := range files {
		if file = path.Join(dir, file); s.sieve.file(file).by != "" && own.file(file).by == "" {
			s.tracked[file] = true
		}
	}
	return err
}

// askMore accounts for what git tracks but has no files for.
func (s *search) askMore(ctx context.Context, repo *git.Repo, dir string) error {
	submodules, err := repo.Submodules(ctx)
	if err != nil {
		return err
	}
	for _, submodule := range submodules {
		s.elsewhere(path.Join(dir, submodule), Submodule)
	}
	absent, err := repo.Absent(ctx)
	if err != nil {
		return err
	}
	if len(absent) > 0 {
		s.skip(dir+"/", Sparse, len(absent))
	}
	return nil
}

// elsewhere skips a directory whose files belong to another repository, unless
// it was named too: then it is listed by itself.
func (s *search) elsewhere(dir, reason string) {
	if !s.sieve.named[dir] {
		s.skip(dir+"/", reason, 0)
	}
}

// judge decides about each file that was collected.
func (s *search) judge() Listing {
	for _, file := range slices.Sorted(maps.Keys(s.found)) {
		s.judgeFile(file, s.found[file])
	}
	for _, link := range slices.Sorted(maps.Keys(s.links)) {
		s.skip(link, s.judgeLink(link), s.links[link])
		s.listing.Links = append(s.listing.Links, link)
	}
	for _, tree := range s.trees {
		s.listing.Skipped = append(s.listing.Skipped, *tree)
	}
	if _, err := s.root.Lstat(".git"); err == nil && s.noGit {
		s.skip(".git", "git is not installed: files that are tracked although an ignore file names them were not looked for", 0)
	}
	slices.SortFunc(s.listing.Skipped, func(a, b lint.Skip) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	s.listing.Skipped = slices.Compact(s.listing.Skipped)
	slices.SortFunc(s.listing.Findings, func(a, b lint.Finding) int { return a.Compare(&b) })
	return s.listing
}

func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
