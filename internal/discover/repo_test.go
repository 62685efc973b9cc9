package discover

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// git runs git in dir, with no configuration but the test's own.
func gitIn(t testing.TB, dir string, args ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{
		"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main",
	}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "LC_ALL=C")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// put writes files below dir, each with its own name as its text.
func put(t testing.TB, dir string, files ...string) {
	t.Helper()
	for _, file := range files {
		write(t, dir, file, file+"\n")
	}
}

func write(t testing.TB, dir, file, text string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func commit(t testing.TB, dir string) {
	t.Helper()
	gitIn(t, dir, "add", "-A")
	gitIn(t, dir, "commit", "-q", "-m", "test")
}

func addSubmodule(t testing.TB, dir, path string) {
	t.Helper()
	from := t.TempDir()
	gitIn(t, from, "init", "-q")
	put(t, from, "inner")
	commit(t, from)
	gitIn(t, dir, "submodule", "--quiet", "add", from, path)
	commit(t, dir)
}

func mkdir(t testing.TB, dir, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, dir, file string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, file)); err != nil {
		t.Fatal(err)
	}
}

func symlink(t testing.TB, dir, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestForceExcludeHoldsForNamedPaths(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a/b.txt", "fixtures/c.txt"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	o := Options{Root: root, Paths: []string{"a/b.txt", "fixtures/c.txt"}, Exclude: []string{"fixtures/**"}}
	named, err := Files(context.Background(), o)
	if err != nil || len(named.Files) != 2 {
		t.Errorf("named: got %v, %v", named.Files, err)
	}
	o.ForceExclude = true
	forced, err := Files(context.Background(), o)
	if err != nil || len(forced.Files) != 1 || forced.Files[0] != "a/b.txt" || len(forced.Skipped) != 1 {
		t.Errorf("forced: got %v, skipped %v, %v", forced.Files, forced.Skipped, err)
	}
}

// TestDamagedIndex: an index whose entries have no names hides files of the repository.
func TestDamagedIndex(t *testing.T) {
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	put(t, dir, "a", "b")
	commit(t, dir)
	index := filepath.Join(dir, ".git", "index")
	data, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, data[:40], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Files(t.Context(), Options{Root: dir}); err == nil || !strings.Contains(err.Error(), "index") {
		t.Errorf("got error %v", err)
	}
}
