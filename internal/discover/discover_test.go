package discover

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// summary writes a listing in lines, to compare with.
func summary(l Listing) []string {
	var lines []string
	for _, file := range l.Files {
		lines = append(lines, "file "+file)
	}
	for _, skip := range l.Skipped {
		line := "skip " + skip.Path + ": " + skip.Reason
		if skip.Files > 0 {
			line += fmt.Sprintf(", %d files", skip.Files)
		}
		lines = append(lines, line)
	}
	for _, finding := range l.Findings {
		lines = append(lines, "finding "+finding.Rule.ID+" "+finding.Location.Path+": "+finding.Message)
	}
	return lines
}

func TestFiles(t *testing.T) {
	tests := []struct {
		name    string
		make    func(t *testing.T, dir string)
		options Options
		want    []string
	}{
		{
			"everything below the root, sorted",
			func(t *testing.T, dir string) { put(t, dir, "b", "a/c", "a.x", ".hidden") },
			Options{},
			[]string{"file .hidden", "file a.x", "file a/c", "file b"},
		},
		{
			"vendored trees are left out visibly",
			func(t *testing.T, dir string) {
				put(t, dir, "a", "vendor/x/b", "vendor/c", "app/node_modules/d", "app/vendor", "vendored/e")
			},
			Options{},
			[]string{
				"file a", "file app/vendor", "file vendored/e",
				"skip app/node_modules/: excluded by **/node_modules/**, 1 files", "skip vendor/: excluded by **/vendor/**, 2 files",
			},
		},
		{
			"excludes of files and of directories",
			func(t *testing.T, dir string) { put(t, dir, "a.min.js", "sub/b.min.js", "docs/c", "docs/d/e", "f") },
			Options{Exclude: []string{"**/*.min.js", "docs"}},
			[]string{
				"file f",
				"skip a.min.js: excluded by **/*.min.js", "skip docs/: excluded by docs, 2 files", "skip sub/b.min.js: excluded by **/*.min.js",
			},
		},
		{
			"include wins over any exclude",
			func(t *testing.T, dir string) {
				put(t, dir, "vendor/ours/a", "vendor/theirs/b", "docs/c.yaml", "docs/d")
			},
			Options{Exclude: []string{"docs/**"}, Include: []string{"vendor/ours/**", "**/*.yaml"}},
			[]string{
				"file docs/c.yaml", "file vendor/ours/a",
				"skip docs/: excluded by docs/**, 1 files", "skip vendor/: excluded by **/vendor/**, 1 files",
			},
		},
		{
			"a named directory wins over what excludes it, not over what excludes a part of it",
			func(t *testing.T, dir string) {
				put(t, dir, "testdata/shop/a", "testdata/shop/vendor/b", "testdata/shop/sub/c.min.js", "testdata/other/d", "e")
			},
			Options{Paths: []string{"testdata/shop/"}, Exclude: []string{"testdata/**", "**/*.min.js"}},
			[]string{
				"file testdata/shop/a",
				"skip testdata/shop/sub/c.min.js: excluded by **/*.min.js", "skip testdata/shop/vendor/: excluded by **/vendor/**, 1 files",
			},
		},
		{
			"a glob for children is overridden by naming a child",
			func(t *testing.T, dir string) { put(t, dir, "testdata/shop/a", "testdata/other/b") },
			Options{Paths: []string{"testdata/shop", "testdata"}, Exclude: []string{"testdata/*"}},
			[]string{"file testdata/shop/a", "skip testdata/other/: excluded by testdata/*, 1 files"},
		},
		{
			"a glob of the root does not begin anew in a named directory",
			func(t *testing.T, dir string) { put(t, dir, "sub/legacy/a", "legacy/b") },
			Options{Paths: []string{"sub"}, Exclude: []string{"legacy/**"}},
			[]string{"file sub/legacy/a"},
		},
		{
			"a vendored directory that is named is checked, but not the vendored one in it",
			func(t *testing.T, dir string) { put(t, dir, "vendor/a", "vendor/x/vendor/b") },
			Options{Paths: []string{"./vendor"}},
			[]string{"file vendor/a", "skip vendor/x/vendor/: excluded by **/vendor/**, 1 files"},
		},
		{
			"the innermost named directory counts",
			func(t *testing.T, dir string) { put(t, dir, "a/vendor/b/c", "a/vendor/d", "a/e") },
			Options{Paths: []string{"a", "a/vendor/b", "a/vendor/b/c"}},
			[]string{"file a/e", "file a/vendor/b/c", "skip a/vendor/: excluded by **/vendor/**, 1 files"},
		},
		{
			"a named file is checked whatever excludes it",
			func(t *testing.T, dir string) { put(t, dir, "vendor/a", "vendor/b") },
			Options{Paths: []string{"vendor/a"}, Exclude: []string{"**"}},
			[]string{"file vendor/a"},
		},
		{
			"a named directory without files is not passed over in silence",
			func(t *testing.T, dir string) {
				put(t, dir, "a")
				mkdir(t, dir, "empty")
			},
			Options{Paths: []string{"empty", "a"}},
			[]string{"file a", "skip empty/: has no files, or only ignored ones"},
		},
		{
			"odd names",
			func(t *testing.T, dir string) {
				put(t, dir, "a b", "a\nb", `"c"`, "d\xff/e\xff", "é", "[x]", "*", "-f")
			},
			Options{},
			[]string{"file \"c\"", "file *", "file -f", "file [x]", "file a\nb", "file a b", "file d\xff/e\xff", "file é"},
		},
		{
			"symlinks are not followed",
			func(t *testing.T, dir string) {
				put(t, dir, "real/a", "b", "vendor/c")
				outside := t.TempDir()
				put(t, outside, "secret")
				symlink(t, dir, "to-file", "b")
				symlink(t, dir, "to-dir", "real")
				symlink(t, dir, "to-link", "to-file")
				symlink(t, dir, "real/up", "../b")
				symlink(t, dir, "to-excluded", "vendor/c")
				symlink(t, dir, "to-root", ".")
				symlink(t, dir, "out", outside)
				symlink(t, dir, "out-by-dots", "../../../../../etc/passwd")
				symlink(t, dir, "dangling", "gone")
				symlink(t, dir, "loop", "loop2")
				symlink(t, dir, "loop2", "loop")
				symlink(t, dir, "over-file", "b/c")
			},
			Options{},
			[]string{
				"file b", "file real/a",
				"skip dangling: symlink to nothing",
				"skip loop: symlink loop", "skip loop2: symlink loop",
				"skip out: symlink out of the repository", "skip out-by-dots: symlink out of the repository",
				"skip over-file: symlink to nothing",
				"skip real/up: symlink (its target is checked itself)",
				"skip to-dir: symlink (its target is checked itself)",
				"skip to-excluded: symlink (its target is not checked)",
				"skip to-file: symlink (its target is checked itself)",
				"skip to-link: symlink (its target is checked itself)",
				"skip to-root: symlink (its target is checked itself)",
				"skip vendor/: excluded by **/vendor/**, 1 files",
			},
		},
		{
			"a symlink's name cannot claim that another file is its target",
			func(t *testing.T, dir string) {
				put(t, dir, "x", "vendor/x", "vendor/sub/y")
				symlink(t, dir, "c", "vendor/sub")
				symlink(t, dir, "link", "c/../x") // vendor/x, though it reads like x
			},
			Options{},
			[]string{
				"file x", "skip c: symlink (its target is not checked)", "skip link: symlink (its target is not checked)",
				"skip vendor/: excluded by **/vendor/**, 2 files",
			},
		},
		{
			"named symlinks, and what is named by way of one",
			func(t *testing.T, dir string) {
				put(t, dir, "real/a", "b")
				symlink(t, dir, "link", "real")
				symlink(t, dir, "out", "/")
			},
			Options{Paths: []string{"link", "link/a", "out/etc", "b"}},
			[]string{"file b", "skip link: symlink (its target is not checked), 1 files", "skip out: symlink out of the repository, 1 files"},
		},
		{
			"files beyond the limit",
			func(t *testing.T, dir string) {
				write(t, dir, "large", strings.Repeat("x", 12_345))
				write(t, dir, "just", strings.Repeat("x", 1_001))
				write(t, dir, "fits", strings.Repeat("x", 1_000))
			},
			Options{MaxSize: 1_000},
			[]string{"file fits", "skip just: larger than 1 kB (1001 bytes)", "skip large: larger than 1 kB (12.3 kB)"},
		},
	}
	for _, inGit := range []bool{false, true} {
		for _, test := range tests {
			t.Run(fmt.Sprintf("%s, git %v", test.name, inGit), func(t *testing.T) {
				dir := t.TempDir()
				if inGit {
					gitIn(t, dir, "init", "-q")
				}
				test.make(t, dir)
				test.options.Root = dir
				got, err := Files(t.Context(), test.options)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, summary(got)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestFilesOfARepository(t *testing.T) {
	tests := []struct {
		name    string
		make    func(t *testing.T, dir string)
		options Options
		want    []string
	}{
		{
			"ignored files are left out, unless git tracks them",
			func(t *testing.T, dir string) {
				put(t, dir, "a.log", "b.log", "sub/c.log")
				write(t, dir, ".gitignore", "*.log\n")
				write(t, dir, "sub/.gitignore", "!c.log\n")
				gitIn(t, dir, "add", "-f", "b.log")
			},
			Options{},
			[]string{"file .gitignore", "file b.log", "file sub/.gitignore", "file sub/c.log"},
		},
		{
			"what is named is checked, though git ignores it",
			func(t *testing.T, dir string) {
				put(t, dir, "out/sub/a", "out/sub/vendor/b", "out/c", "out/tracked", "d.log", "e.log")
				write(t, dir, ".gitignore", "*.log\nout/\n")
				gitIn(t, dir, "add", "-f", "out/tracked")
			},
			Options{Paths: []string{"out", "d.log"}},
			[]string{
				"file d.log", "file out/c", "file out/sub/a", "file out/tracked",
				"skip out/sub/vendor/: excluded by **/vendor/**, 1 files",
			},
		},
		{
			"a deleted file is left out",
			func(t *testing.T, dir string) {
				put(t, dir, "a", "b")
				commit(t, dir)
				remove(t, dir, "a")
			},
			Options{},
			[]string{"file b"},
		},
		{
			"submodules and other repositories are named",
			func(t *testing.T, dir string) {
				put(t, dir, "a")
				addSubmodule(t, dir, "libs/one")
				gitIn(t, dir, "init", "-q", "other")
				put(t, dir, "other/b")
			},
			Options{},
			[]string{"file .gitmodules", "file a", "skip libs/one/: submodule", "skip other/: another git repository"},
		},
		{
			"and checked if the user names them",
			func(t *testing.T, dir string) {
				addSubmodule(t, dir, "libs/one")
				gitIn(t, dir, "init", "-q", "other")
				put(t, dir, "other/b")
			},
			Options{Paths: []string{".", "libs/one", "other"}},
			[]string{"file .gitmodules", "file libs/one/inner", "file other/b"},
		},
		{
			"a submodule that is not checked out is not passed over in silence",
			func(t *testing.T, dir string) {
				addSubmodule(t, dir, "one")
				gitIn(t, dir, "submodule", "--quiet", "deinit", "one")
			},
			Options{Paths: []string{"one"}},
			[]string{"skip one/: has no files, or only ignored ones"},
		},
		{
			"a sparse checkout is named",
			func(t *testing.T, dir string) {
				put(t, dir, "in/a", "out/b", "out/c")
				commit(t, dir)
				gitIn(t, dir, "sparse-checkout", "set", "in")
			},
			Options{},
			[]string{"file in/a", "skip ./: left out by the sparse checkout, 2 files"},
		},
		{
			"a tracked directory that became a symlink does not lead out",
			func(t *testing.T, dir string) {
				put(t, dir, "conf/hosts", "conf/sub/deep", "a")
				commit(t, dir)
				remove(t, dir, "conf")
				outside := t.TempDir()
				put(t, outside, "hosts", "sub/deep")
				symlink(t, dir, "conf", outside)
			},
			Options{},
			[]string{"file a", "skip conf: symlink out of the repository, 2 files"},
		},
		{
			"a tracked directory that became a symlink within",
			func(t *testing.T, dir string) {
				put(t, dir, "conf/a", "other/a")
				commit(t, dir)
				remove(t, dir, "conf")
				symlink(t, dir, "conf", "other")
			},
			Options{},
			[]string{"file other/a", "skip conf: symlink (its target is checked itself), 1 files"},
		},
		{
			"a tracked file that became a named pipe",
			func(t *testing.T, dir string) {
				put(t, dir, "a", "pipe")
				commit(t, dir)
				remove(t, dir, "pipe")
				mkfifo(t, dir, "pipe")
			},
			Options{},
			[]string{"file a", "skip pipe: named pipe"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			gitIn(t, dir, "init", "-q")
			test.make(t, dir)
			test.options.Root = dir
			got, err := Files(t.Context(), test.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, summary(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARootBelowTheTopOfItsRepository(t *testing.T) {
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	put(t, dir, "a", "sub/b", "sub/c.log", "ignored/d")
	write(t, dir, ".gitignore", "*.log\n/ignored/\n")
	for sub, want := range map[string][]string{"sub": {"file b"}, "ignored": {"file d"}} {
		got, err := Files(t.Context(), Options{Root: filepath.Join(dir, sub)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, summary(got)); diff != "" || !got.Git {
			t.Errorf("git asked: %v\n%s", got.Git, diff)
		}
	}
}

func TestALinkedWorktree(t *testing.T) {
	dir, tree := t.TempDir(), filepath.Join(t.TempDir(), "tree")
	gitIn(t, dir, "init", "-q")
	put(t, dir, "a")
	commit(t, dir)
	gitIn(t, dir, "worktree", "add", "-q", "-b", "other", tree)
	got, err := Files(t.Context(), Options{Root: tree})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"file a"}, summary(got)); diff != "" || !got.Git {
		t.Errorf("git asked: %v\n%s", got.Git, diff)
	}
}

func TestWithoutGit(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a/b.log", "a/c", "out/d", "out/e.log", "x/out/f.log", "x/out/g")
	write(t, dir, ".gitignore", "/out\n*.log\n")
	mkfifo(t, dir, "a/pipe")
	listen(t, dir, "sock")
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"pipes and sockets are named and not opened", nil, []string{
			"file .gitignore", "file a/c", "file x/out/g", "skip a/pipe: named pipe", "skip sock: socket",
		}},
		{"the ignore files above a named directory hold", []string{"x/out"}, []string{"file x/out/g"}},
		{"unless they ignore it", []string{"out"}, []string{"file out/d", "file out/e.log"}},
		{"a named pipe that is named", []string{"a/pipe"}, []string{"skip a/pipe: named pipe"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Files(t.Context(), Options{Root: dir, Paths: test.paths})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, summary(got)); diff != "" || got.Git {
				t.Errorf("git asked: %v\n%s", got.Git, diff)
			}
		})
	}
}

func TestGitIsNotInstalled(t *testing.T) {
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	put(t, dir, "a", "b.log")
	write(t, dir, ".gitignore", "*.log")
	t.Setenv("PATH", t.TempDir())
	got, err := Files(t.Context(), Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"file .gitignore", "file a",
		"skip .git: git is not installed: files that are tracked although an ignore file names them were not looked for",
	}
	if diff := cmp.Diff(want, summary(got)); diff != "" {
		t.Error(diff)
	}
}

func TestFilesErrors(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a")
	broken := t.TempDir()
	put(t, broken, ".git/config")
	tests := []struct {
		name    string
		options Options
		want    []string
	}{
		{"named paths that do not exist are all named", Options{Root: dir, Paths: []string{"a", "b", "c/d", "a/e"}}, []string{`"b" does not exist`, `"c/d" does`, `"a/e" does`}},
		{"a named path outside", Options{Root: dir, Paths: []string{"../x"}}, []string{`"../x" is outside of the root`}},
		{"an absolute path", Options{Root: dir, Paths: []string{"/etc/passwd"}}, []string{`"/etc/passwd" is outside of the root`}},
		{"a malformed exclude", Options{Root: dir, Exclude: []string{"a["}}, []string{`glob "a[" is malformed`}},
		{"a malformed include", Options{Root: dir, Include: []string{"{a"}}, []string{`glob "{a" is malformed`}},
		{"a root that does not exist", Options{Root: filepath.Join(dir, "gone")}, []string{"no such file or directory"}},
		{"a root that is a file", Options{Root: filepath.Join(dir, "a")}, []string{"not a directory"}},
		{"a broken repository", Options{Root: broken}, []string{"git sees no repository there"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Files(t.Context(), test.options)
			if err == nil {
				t.Fatalf("got %v", summary(got))
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Files(ctx, Options{Root: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// closedFS fails for some paths, as directories without permission do; root,
// who may run the tests, can open those.
type closedFS struct {
	fstest.MapFS
	closed map[string]error
}

func (c closedFS) Open(name string) (fs.File, error) {
	if err := c.closed[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: "/machine/" + name, Err: err}
	}
	return c.MapFS.Open(name)
}

func (c closedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := c.closed[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: "/machine/" + name, Err: err}
	}
	return c.MapFS.ReadDir(name)
}

func TestWhatTheWalkCannotOpen(t *testing.T) {
	files := fstest.MapFS{
		"a": {}, "closed/b": {}, "gone/c": {}, "vendor/closed/d": {}, "vendor/ours/e": {},
		"sub/.gitignore": {Data: []byte("*")}, "sub/f": {},
		"big/.gitignore": {Data: []byte(strings.Repeat("#\n", maxIgnoreSize) + "*")}, "big/g": {},
	}
	w := &walker{fsys: closedFS{files, map[string]error{
		"closed": fs.ErrPermission, "gone": fs.ErrNotExist, "vendor/closed": fs.ErrPermission, "vendor/ours": syscall.EIO,
		"sub/.gitignore": fs.ErrPermission,
	}}}
	dir := t.TempDir()
	put(t, dir, "a", "sub/.gitignore", "sub/f", "big/.gitignore", "big/g")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s := newSearch(Options{Root: dir, Include: []string{"vendor/ours/"}}, root)
	if s.sieve, err = newSieve(s.Options, DefaultExclude()); err != nil {
		t.Fatal(err)
	}
	if err := s.walk(t.Context(), w, ".", true); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"file a", "file big/.gitignore", "file big/g", "file sub/.gitignore", "file sub/f",
		"skip gone/: vanished during the run",
		"skip vendor/: excluded by **/vendor/**",
		"finding policyctl/too-complex big/.gitignore: ignore file is not honoured, because it is larger than 65.5 kB (65537 bytes)",
		"finding policyctl/unreadable-file closed/: cannot be read: permission denied",
		"finding policyctl/unreadable-file sub/.gitignore: cannot be read: permission denied",
		"finding policyctl/unreadable-file vendor/ours/: cannot be read: input/output error",
	}
	if diff := cmp.Diff(want, summary(s.judge())); diff != "" {
		t.Error(diff)
	}
}

// A name that is too long cannot be examined, by nobody.
func TestAFileThatCannotBeExamined(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("x", 300)
	got, err := Files(t.Context(), Options{Root: dir, Paths: []string{long}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"finding policyctl/unreadable-file " + long + ": cannot be read: file name too long"}
	if diff := cmp.Diff(want, summary(got)); diff != "" {
		t.Error(diff)
	}
}

func TestTheOrderOfPathsDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	put(t, dir, "a/b", "a/vendor/c", "d/e", "f")
	symlink(t, dir, "g", "a/b")
	mkdir(t, dir, "empty")
	paths := []string{"a", "d", "f", "g", "empty", "a/b"}
	var want []string
	for range 6 {
		paths = append(paths[1:], paths[0])
		got, err := Files(t.Context(), Options{Root: dir, Paths: paths})
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = summary(got)
		}
		if diff := cmp.Diff(want, summary(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDefaultExcludeIsWellFormed(t *testing.T) {
	globs := DefaultExclude()
	for i, text := range globs {
		if slices.Contains(globs[:i], text) {
			t.Errorf("%s occurs twice", text)
		}
	}
	if _, err := newSieve(Options{}, DefaultExclude()); err != nil {
		t.Error(err)
	}
}

func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	gitIn(b, dir, "init", "-q")
	for i := range 5000 {
		put(b, dir, fmt.Sprintf("a/b%d/c/d%d", i%50, i))
	}
	for b.Loop() {
		if got, err := Files(b.Context(), Options{Root: dir}); err != nil || len(got.Files) != 5000 {
			b.Fatal(len(got.Files), err)
		}
	}
}

func listen(t *testing.T, dir, name string) {
	t.Helper()
	socket, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, name)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
}
