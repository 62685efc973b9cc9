package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiles(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, dir string)
		want []string
	}{
		{"an unborn HEAD has untracked files", func(t *testing.T, dir string) {
			put(t, dir, "a", "sub/b")
		}, []string{"a", "sub/b"}},
		{"names with spaces, newlines, quotes, colons and bytes that are no UTF-8", func(t *testing.T, dir string) {
			put(t, dir, "a b", "a\nb", `"a"`, "'a'", ":(top)a", "-a", "a\xff", "é", "tab\t", "warning: could not open directory '")
			run(t, dir, "add", "a b", "a\nb", `"a"`)
		}, []string{"\"a\"", "'a'", "-a", ":(top)a", "a\nb", "a b", "a\xff", "tab\t", "warning: could not open directory '", "é"}},
		{"ignored files are left out, tracked ones are not", func(t *testing.T, dir string) {
			put(t, dir, "a.log", "b.log", "sub/c.log", "sub/d", "out/e")
			write(t, dir, ".gitignore", "*.log\n/out/\n")
			write(t, dir, "sub/.gitignore", "!c.log\n")
			run(t, dir, "add", "-f", "b.log")
		}, []string{".gitignore", "b.log", "sub/.gitignore", "sub/c.log", "sub/d"}},
		{"a deleted file is left out", func(t *testing.T, dir string) {
			put(t, dir, "a", "b", "sub/c")
			commit(t, dir)
			remove(t, dir, "a")
			remove(t, dir, "sub")
			put(t, dir, "sub") // a file where a directory was
		}, []string{"b", "sub"}},
		{"a file that became a directory is left out, its new files are not", func(t *testing.T, dir string) {
			put(t, dir, "a")
			commit(t, dir)
			remove(t, dir, "a")
			put(t, dir, "a/b")
		}, []string{"a/b"}},
		{"an unmerged file occurs once", func(t *testing.T, dir string) {
			put(t, dir, "a")
			commit(t, dir)
			run(t, dir, "checkout", "-q", "-b", "other")
			write(t, dir, "a", "theirs\n")
			commit(t, dir)
			run(t, dir, "checkout", "-q", "main")
			write(t, dir, "a", "ours\n")
			commit(t, dir)
			if _, err := try(dir, "merge", "other"); err == nil {
				t.Fatal("the merge has no conflict")
			}
		}, []string{"a"}},
		{"a submodule is left out, another repository ends in a slash", func(t *testing.T, dir string) {
			put(t, dir, "a")
			addSubmodule(t, dir, "libs/one")
			run(t, dir, "init", "-q", "other")
			put(t, dir, "other/b")
		}, []string{".gitmodules", "a", "other/"}},
		{"symlinks are listed, whatever they lead to", func(t *testing.T, dir string) {
			link(t, dir, "gone", "nothing")
			link(t, dir, "etc", "/etc")
		}, []string{"etc", "gone"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := newRepo(t)
			test.make(t, dir)
			got, err := open(t, dir).Files(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFilesOfASubdirectory(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "sub/b", "sub/deep/c")
	repo := open(t, filepath.Join(dir, "sub"))
	got, err := repo.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b", "deep/c"}, got); diff != "" {
		t.Error(diff)
	}
	if want, _ := filepath.EvalSymlinks(dir); repo.Top() != want {
		t.Errorf("top is %s, want %s", repo.Top(), want)
	}
}

func TestFilesOfALinkedWorktree(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a")
	commit(t, dir)
	tree := filepath.Join(t.TempDir(), "new\nline")
	run(t, dir, "worktree", "add", "-q", "-b", "other", tree)
	put(t, tree, "b")
	repo := open(t, tree)
	got, err := repo.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
		t.Error(diff)
	}
	if filepath.Base(repo.Top()) != "new\nline" {
		t.Errorf("top is %q", repo.Top())
	}
}

func TestSubmodules(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a")
	addSubmodule(t, dir, "libs/one")
	addSubmodule(t, dir, "two")
	run(t, dir, "submodule", "--quiet", "deinit", "two")
	for sub, want := range map[string][]string{".": {"libs/one", "two"}, "libs": {"one"}, "libs/one": nil} {
		got, err := open(t, filepath.Join(dir, sub)).Submodules(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", sub, diff)
		}
	}
}

func TestAbsent(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "in/b", "out/c", "out/d e")
	commit(t, dir)
	run(t, dir, "sparse-checkout", "set", "in")
	run(t, dir, "update-index", "--skip-worktree", "a") // is there, though git was told not to look
	repo := open(t, dir)
	got, err := repo.Absent(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"out/c", "out/d e"}, got); diff != "" {
		t.Error(diff)
	}
	files, err := repo.Files(t.Context())
	if diff := cmp.Diff([]string{"a", "in/b"}, files); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestIgnored(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "out/sub/a", "out/tracked", "in/b")
	write(t, dir, ".gitignore", "out\n")
	run(t, dir, "add", "-f", "out/tracked")
	for sub, want := range map[string]bool{".": false, "in": false, "out": true, "out/sub": true} {
		got, err := open(t, filepath.Join(dir, sub)).Ignored(t.Context())
		if got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", sub, got, err, want)
		}
	}
}

func TestOpenFindsNoRepository(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T) string
	}{
		{"outside of any", func(t *testing.T) string { return t.TempDir() }},
		{"within .git", func(t *testing.T) string { return filepath.Join(newRepo(t), ".git", "info") }},
		{"in a bare repository", func(t *testing.T) string {
			dir := t.TempDir()
			run(t, dir, "init", "-q", "--bare")
			return dir
		}},
		{"in files that look like a bare repository", func(t *testing.T) string {
			dir := t.TempDir()
			run(t, dir, "init", "-q", "--bare", "fixture")
			write(t, dir, "fixture/config", "[core]\n\tworktree = "+t.TempDir()+"\n")
			return filepath.Join(dir, "fixture")
		}},
		{"in a repository whose work tree is elsewhere", func(t *testing.T) string {
			dir := newRepo(t)
			run(t, dir, "config", "core.worktree", t.TempDir())
			return dir
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if repo, ok, err := Open(t.Context(), test.make(t)); ok || err != nil || repo != nil {
				t.Errorf("got %v, %v, %v", repo, ok, err)
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T) string
		want string
	}{
		{"a .git that is no repository", func(t *testing.T) string {
			dir := t.TempDir()
			put(t, dir, ".git/config")
			return dir
		}, "has a .git, but git sees no repository there"},
		{"a .git file that leads nowhere", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, dir, ".git", "gitdir: /nowhere\n")
			return dir
		}, "not a git repository: /nowhere"},
		{"a broken configuration", func(t *testing.T) string {
			dir := newRepo(t)
			write(t, dir, ".git/config", "[core\n")
			return dir
		}, "bad config line 1"},
		{"a directory that does not exist", func(t *testing.T) string {
			return filepath.Join(t.TempDir(), "gone")
		}, "no such file or directory"},
		{"another user's repository", func(t *testing.T) string {
			dir := newRepo(t)
			if err := os.Chown(dir, os.Getuid()+1, -1); err != nil {
				t.Skip("only root gives directories away")
			}
			return dir
		}, "run git config --global --add safe.directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ok, err := Open(t.Context(), test.make(t))
			if ok || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v, want an error with %q", ok, err, test.want)
			}
		})
	}
}

func TestABrokenIndexIsAnError(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, ".git/index", "no index")
	repo := open(t, dir)
	if files, err := repo.Files(t.Context()); err == nil {
		t.Errorf("got %q", files)
	}
	if modules, err := repo.Submodules(t.Context()); err == nil {
		t.Errorf("got %q", modules)
	}
}

func TestGitIsNotInstalled(t *testing.T) {
	dir := newRepo(t)
	t.Setenv("PATH", t.TempDir())
	if _, ok, err := Open(t.Context(), dir); ok || !errors.Is(err, ErrNotInstalled) {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestCancelledContext(t *testing.T) {
	dir := newRepo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Open(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Root may open any directory, so a git that may not is played by a script.
func TestDirectoriesThatGitCannotOpen(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "sub/a", "sub/closed one/b")
	repo := open(t, filepath.Join(dir, "sub"))
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	script := "#!/bin/sh\necho \"warning: could not open directory 'sub/closed one/': Permission denied\" >&2\nexec '" + real + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	files, err := repo.Files(t.Context())
	var unreadable *UnreadableError
	if !errors.As(err, &unreadable) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"closed one"}, unreadable.Dirs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "closed one/b"}, files); diff != "" {
		t.Error(diff)
	}
}

func TestNothingOfTheRepositoryRuns(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a")
	proof := filepath.Join(t.TempDir(), "ran")
	write(t, dir, ".git/hook.sh", "#!/bin/sh\ntouch '"+proof+"'\nprintf '/\\0'\n")
	hook := filepath.Join(dir, ".git", "hook.sh")
	if err := os.Chmod(hook, 0o755); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	run(t, dir, "config", "core.fsmonitor", hook)
	run(t, dir, "config", "core.pager", hook)
	if _, err := try(dir, "ls-files", "--others"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(proof); err != nil {
		t.Fatalf("plain git does not run the hook, so this proves nothing: %v", err)
	}
	repo := open(t, dir)
	for _, list := range []func(context.Context) ([]string, error){repo.Files, repo.Submodules, repo.Absent} {
		if _, err := list(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(proof); err == nil {
		t.Error("git ran a program that the repository names")
	}
}

func TestEnvironmentOfAHook(t *testing.T) {
	other, dir := newRepo(t), newRepo(t)
	put(t, other, "x.log")
	write(t, dir, ".gitignore", "*.log\n")
	put(t, dir, "a", "x.log", "y.log")
	run(t, dir, "add", "-f", "x.log")
	next := filepath.Join(dir, ".git", "next-index.lock")
	copyFile(t, filepath.Join(dir, ".git", "index"), next)
	run(t, dir, "add", "-f", "y.log") // now in the index, but not in the next one
	run(t, other, "add", ".")
	free := filepath.Join(t.TempDir(), "index")
	copyFile(t, next, free)

	usual := []string{".gitignore", "a", "x.log", "y.log"}
	tests := []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"no hook", nil, usual},
		{"the git directory of another repository", map[string]string{"GIT_DIR": filepath.Join(other, ".git"), "GIT_WORK_TREE": other}, usual},
		{"a git directory that does not exist", map[string]string{"GIT_DIR": ".nogit", "GIT_COMMON_DIR": "gone"}, usual},
		{"the index of the commit to be", map[string]string{"GIT_INDEX_FILE": next}, []string{".gitignore", "a", "x.log"}},
		{"the same, relative to the top", map[string]string{"GIT_INDEX_FILE": ".git/next-index.lock"}, []string{".gitignore", "a", "x.log"}},
		{"an index of the user's own", map[string]string{"GIT_INDEX_FILE": free}, []string{".gitignore", "a", "x.log"}},
		{"the index of another repository", map[string]string{"GIT_INDEX_FILE": filepath.Join(other, ".git", "index")}, usual},
		{"an index that does not exist", map[string]string{"GIT_INDEX_FILE": ".git/gone"}, usual},
		{"pathspecs that are patterns", map[string]string{"GIT_GLOB_PATHSPECS": "1", "GIT_ICASE_PATHSPECS": "1"}, usual},
		{"a traced git", map[string]string{"GIT_TRACE": "1"}, usual},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			got, err := open(t, dir).Files(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func open(t testing.TB, dir string) *Repo {
	t.Helper()
	repo, ok, err := Open(t.Context(), dir)
	if !ok || err != nil {
		t.Fatalf("open %s: %v, %v", dir, ok, err)
	}
	return repo
}

func newRepo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "init", "-q")
	return dir
}

func commit(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "add", "-A")
	run(t, dir, "commit", "-q", "-m", "test")
}

func addSubmodule(t *testing.T, dir, path string) {
	t.Helper()
	from := newRepo(t)
	put(t, from, "inner")
	commit(t, from)
	run(t, dir, "submodule", "--quiet", "add", from, path)
	commit(t, dir)
}

// run runs git with no configuration but the test's own.
func run(t testing.TB, dir string, args ...string) {
	t.Helper()
	if out, err := try(dir, args...); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func try(dir string, args ...string) (string, error) {
	command := exec.Command("git", append([]string{
		"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always",
	}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := command.CombinedOutput()
	return string(out), err
}

func put(t *testing.T, dir string, files ...string) {
	t.Helper()
	for _, file := range files {
		write(t, dir, file, file+"\n")
	}
}

func write(t *testing.T, dir, file, text string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, file string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, file)); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, dir, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestComplaint(t *testing.T) {
	tests := []struct{ stderr, want string }{
		{"hint: Support for grafts\nhint: is deprecated\nerror: Could not read 12\n", "Could not read 12"},
		{"warning: a\nerror: b\nfatal: c\n", "c"},
		{"hint: a\nb\n", "b"},
		{"hint: a\n", "hint: a"},
		{"", ""},
	}
	for _, test := range tests {
		if got := complaint(test.stderr); got != test.want {
			t.Errorf("%q: got %q, want %q", test.stderr, got, test.want)
		}
	}
}
