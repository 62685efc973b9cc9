package scan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStaged(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, dir string)
		want []string
	}{
		{"before the first commit all is new", func(t *testing.T, dir string) {
			write(t, dir, "a", key)
			runGit(t, dir, "add", "a")
		}, []string{"a:1"}},
		{"what was there already is not, wherever it moves", func(t *testing.T, dir string) {
			put(t, dir, "a", "one\n"+key+"\n")
			write(t, dir, "a", key+"\r\none\r\ntwo\r\n"+key+"\n")
			runGit(t, dir, "add", "a")
		}, []string{"a:4"}},
		{"nothing is staged", func(t *testing.T, dir string) {
			put(t, dir, "a", "a")
			write(t, dir, "a", key)
			write(t, dir, "b", key)
		}, nil},
		{"the index counts, not the work tree", func(t *testing.T, dir string) {
			write(t, dir, "a", key)
			runGit(t, dir, "add", "a")
			write(t, dir, "a", "clean")
		}, []string{"a:1"}},
		{"a file that was renamed", func(t *testing.T, dir string) {
			put(t, dir, "a", "one\ntwo\nthree\n"+key+"\n")
			runGit(t, dir, "mv", "a", "b")
			write(t, dir, "b", "one\ntwo\nthree\n"+key+"\n"+key+"\n")
			runGit(t, dir, "add", "b")
		}, []string{"b:5"}},
		{"a file that is removed", func(t *testing.T, dir string) {
			put(t, dir, "a", key)
			runGit(t, dir, "rm", "-q", "a")
		}, nil},
		{"names with odd bytes, links, UTF-16, a pointer of LFS, what is excluded", func(t *testing.T, dir string) {
			write(t, dir, "a\nb", key)
			write(t, dir, "\xff", key)
			write(t, dir, "wide", wideText("\ufeff"+key))
			write(t, dir, "lfs", pointer)
			write(t, dir, "vendor/x", key)
			if err := os.Symlink(key, filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			runGit(t, dir, "add", "-A")
		}, []string{"a\nb:1", "link:1", "skipped lfs: pointer of Git LFS, the file itself is not here", "skipped vendor/: excluded by **/vendor/**", "wide:1", "\xff:1"}},
		{"a conflict", func(t *testing.T, dir string) {
			diverge(t, dir)
			_, _ = try(dir, "merge", "other")
		}, []string{"failed a: there is a conflict in the index: resolve it first"}},
		{"a submodule", func(t *testing.T, dir string) {
			inner := newRepo(t)
			put(t, inner, "x", key)
			runGit(t, dir, "submodule", "--quiet", "add", inner, "sub")
		}, []string{"skipped sub/: submodule"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, format := range []string{"sha1", "sha256"} {
				dir := newRepo(t, "--object-format="+format)
				if test.name == "a submodule" && format == "sha256" {
					continue // git does not mix them
				}
				test.make(t, dir)
				result, err := newScan(t, dir).Staged(t.Context())
				if diff := cmp.Diff(test.want, told(t, result, err)); diff != "" {
					t.Errorf("%s: %s", format, diff)
				}
			}
		})
	}
}

// In a hook of "git commit -a" another index is that of the commit to be.
func TestStagedInHook(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "a\n")
	index := filepath.Join(dir, ".git", "next-index")
	data, err := os.ReadFile(filepath.Join(dir, ".git", "index"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, data, 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a", "a\n"+key+"\n")
	t.Setenv("GIT_INDEX_FILE", index)
	runGit(t, dir, "add", "a")
	result, err := newScan(t, dir).Staged(t.Context())
	if diff := cmp.Diff([]string{"a:2"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

// A part of a repository with settings of its own sees its own files only, and says so.
func TestStagedBelow(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "a", key)
	write(t, dir, "sub/b", key)
	runGit(t, dir, "add", "-A")
	result, err := newScan(t, filepath.Join(dir, "sub")).Staged(t.Context())
	if diff := cmp.Diff([]string{"b:1", "skipped ../: in the repository, but outside of the folder with the settings"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}
