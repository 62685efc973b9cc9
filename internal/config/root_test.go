package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	top := t.TempDir()
	for _, file := range []string{
		"git/.git/HEAD", "git/a/b/x", "git/settings/.policyctl/config.yaml", "git/settings/c/x",
		"worktree/.git", "worktree/d/x", "git/other/.policyctl/waivers.yaml", "none/e/x", "git/odd/.policyctl",
	} {
		at := filepath.Join(top, file)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ name, dir, want string }{
		{"the top of a repository", "git", "git"},
		{"below the top", "git/a/b", "git"},
		{"settings are nearer than the top", "git/settings/c", "git/settings"},
		{"a linked worktree or submodule has a file .git", "worktree/d", "worktree"},
		{"a folder for settings without them", "git/other", "git"},
		{"a file where the folder should be", "git/odd", "git"},
		{"no repository", "none/e", "none/e"},
		{"a path to be cleaned", "none/../git/a/", "git"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Root(top+"/"+test.dir, Settled)
			if want := filepath.Join(top, test.want); got != want || err != nil {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}

func TestRootErrors(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, dir, want string }{
		{"a directory that does not exist", filepath.Join(dir, "gone"), "no such file or directory"},
		{"a file", filepath.Join(dir, "file"), "is no directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, err := Root(test.dir, Settled); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %s, %v, want %q", got, err, test.want)
			}
		})
	}
}
