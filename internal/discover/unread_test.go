package discover

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestUnread(t *testing.T) {
	for _, withGit := range []bool{true, false} {
		dir := t.TempDir()
		if withGit {
			if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
		for name, text := range map[string]string{".gitignore": "/build/\n", "sub/.gitignore": "*.secret.yaml\n", "other/.git": "gitdir: x\n"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink("sub", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]string{
			"a.secret.yaml":             "",
			"secrets/new/a.secret.yaml": "",
			"kept/a.secret.yaml":        "",
			"sub/a.secret.yaml":         "git ignores it",
			"build/x/a.secret.yaml":     "git ignores it",
			".git/x/a.secret.yaml":      "it lies in .git",
			"other/x/a.secret.yaml":     "other is another git repository",
			"link/a.secret.yaml":        "link is a symbolic link",
			"old/x/a.secret.yaml":       "old/ is excluded by old/**",
		} {
			got, err := Unread(t.Context(), Options{Root: dir, Exclude: []string{"old/**", "kept/**"}, Include: []string{"kept/**"}}, file)
			if got != want || err != nil {
				t.Errorf("with git %t: %s: %q, %v, want %q", withGit, file, got, err, want)
			}
		}
	}
}
