package git

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMergeBase(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a")
	commit(t, dir)
	base, err := open(t, dir).Head(t.Context())
	if err != nil || base == "" {
		t.Fatalf("got %q, %v", base, err)
	}
	run(t, dir, "branch", "start")
	run(t, dir, "checkout", "-q", "-b", "other")
	put(t, dir, "b")
	commit(t, dir)
	run(t, dir, "checkout", "-q", "-")
	put(t, dir, "c")
	commit(t, dir)
	run(t, dir, "checkout", "-q", "--orphan", "apart")
	commit(t, dir)
	run(t, dir, "checkout", "-q", "main")
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, dir, "clone", "-q", "--depth=1", "--no-single-branch", "file://"+dir, clone)
	tests := []struct{ name, dir, revision, want, err string }{
		{"another branch", dir, "other", base, ""},
		{"a branch that HEAD comes from", dir, "start", base, ""},
		{"a hash", dir, base, base, ""},
		{"a branch that does not exist", dir, "gone", "", `git knows no commit "gone"; fetch it`},
		{"no commit but a file", dir, "HEAD:a", "", `git knows no commit "HEAD:a"`},
		{"an option", dir, "--all", "", `git knows no commit "--all"`},
		{"a branch of its own", dir, "apart", "", `"apart" and HEAD have no commit in common; name a branch`},
		{"what a shallow clone lacks", clone, "origin/other", "", "in this shallow clone; fetch all of it: git fetch --unshallow"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, got, err := open(t, test.dir).MergeBase(t.Context(), test.revision)
			if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %q, %v, want %q, %q", got, err, test.want, test.err)
			}
		})
	}
}

func TestNoHead(t *testing.T) {
	if got, err := open(t, newRepo(t)).Head(t.Context()); got != "" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestObjects(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		dir := t.TempDir()
		run(t, dir, "init", "-q", "--object-format="+format)
		put(t, dir, "sub/a", "sub/b c", "sub/with\nbreak", "top")
		commit(t, dir)
		repo := open(t, filepath.Join(dir, "sub"))
		head, err := repo.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		objects, err := repo.Objects(t.Context(), head, []string{"a", "gone", "with\nbreak", "b c", "top", "../top"})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for file, object := range objects {
			got[file] = Holds([]byte("sub/"+file+"\n"), "", object) && Holds([]byte("sub/"+file+"\r\n"), object) && !Holds([]byte("other"), object)
		}
		if diff := cmp.Diff(map[string]bool{"a": true, "b c": true, "../top": false}, got); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}
