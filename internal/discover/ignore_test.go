package discover

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ignoreTree has names that common patterns tell apart.
var ignoreTree = []string{
	"a", "b", "ab", "abc", "a.log", "b.log", "a b", "trail ", "!a", "#a", "é", "[a]", `a\b`, "a-b", "ba",
	"x/a", "x/b", "x/ab", "x/a.log", "x/y/a", "x/y/b", "x/y/a.log", "x/y/z/a", "x/y/z/ab", "x/y/z/b.log",
	"y/a", "y/x/a", "y/x/y/b", "foo/a", "foobar/a", "foobar/c/a", "x/foobar/c/a", "x/foo/a", "z/é", "z/a\xff",
}

// TestIgnoreAsGit compares with git itself, which knows best.
func TestIgnoreAsGit(t *testing.T) {
	tests := []struct{ name, outer, inner string }{
		{"a name matches at any depth", "a", ""},
		{"a slash in front anchors", "/a", ""},
		{"a slash within anchors", "x/a", ""},
		{"a slash behind matches directories only", "a/\nx/", ""},
		{"a later negation wins", "*.log\n!a.log", ""},
		{"an earlier negation loses", "!a.log\n*.log", ""},
		{"a negation cannot reach into an ignored directory", "x/\n!x/a", ""},
		{"but it can if only the contents are ignored", "x/*\n!x/a", ""},
		{"contents by two stars", "x/**\n!x/a\n!x/y/\n!x/y/a", ""},
		{"an inner file wins over the outer", "*.log", "!*.log"},
		{"an inner file is anchored at its own directory", "", "/a\ny/a"},
		{"an inner file can ignore itself", "", "*"},
		{"two stars in front", "**/y/a", ""},
		{"two stars within", "x/**/a", ""},
		{"two stars behind a name are one", "x/foo**/a\nfoo**/a", ""},
		{"three stars", "***/a\nx/***", ""},
		{"one star stops at a slash", "x*a\nx/*/a", ""},
		{"a question mark is one byte", "?\nz/??", ""},
		{"classes", "[ab]\nx/[!a]\nx/y/[a-b]", ""},
		{"odd classes", "[]a]\n[a-]\n[[:alpha:][:punct:]]\n[^[:alnum:]]", ""},
		{"malformed classes match nothing", "[a\n[[:nope:]]\nx/[[:alpha:]", ""},
		{"escapes", "\\!a\n\\#a\n\\a\n\\[a]\na\\\\b", ""},
		{"an escape at the end matches nothing", "a\\", ""},
		{"comments and empty lines", "# a\n\n   \n#a\nb", ""},
		{"spaces at the end are dropped unless escaped", "a   \ntrail\\ ", ""},
		{"lines of Windows", "a\r\nb/\r\n*.log\r\n", ""},
		{"a byte order mark", "\ufeffa\nb", ""},
		{"not UTF-8", "z/a\xff\né", ""},
		{"nothing to match", "/\n!\n!/\n//\na//", ""},
	}
	dir := ignoreRepo(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := compareIgnores(t, dir, test.outer, test.inner); diff != "" {
				t.Errorf("git lists -, the walk +:\n%s", diff)
			}
		})
	}
}

func FuzzIgnoreAsGit(f *testing.F) {
	f.Add("a\n!x/a\nx/**/b", "/a")
	f.Add("x/foo**/a", "[^a-]b\\ ")
	f.Add("[[:alpha:]\n[a-\\]b]\n**\\/a", "!?")
	dir := ignoreRepo(f)
	f.Fuzz(func(t *testing.T, outer, inner string) {
		if strings.Contains(outer+inner, "\x00") || len(outer+inner) > 2000 {
			t.Skip("git ends a line at a NUL, which no path has")
		}
		if diff := compareIgnores(t, dir, outer, inner); diff != "" {
			t.Errorf("git lists -, the walk +:\n%s", diff)
		}
	})
}

func ignoreRepo(t testing.TB) string {
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	put(t, dir, ignoreTree...)
	return dir
}

// compareIgnores writes an ignore file for the root and one for x, and compares
// what git and the walk make of them.
func compareIgnores(t *testing.T, dir, outer, inner string) string {
	write(t, dir, ".gitignore", outer)
	write(t, dir, "x/.gitignore", inner)
	out := gitIn(t, dir, "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard")
	want := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	slices.Sort(want)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := &walker{fsys: tree{&Opener{Root: root}}}
	if err := w.walk(t.Context(), ".", nil); err != nil {
		t.Fatal(err)
	}
	got := slices.Sorted(maps.Keys(w.files))
	if len(got) == 0 {
		got = []string{""} // as Split makes of nothing
	}
	return cmp.Diff(want, got)
}

func TestIgnoreWithoutGit(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "keep", "a.tmp", "sub/a.tmp", "sub/keep", "sub/.git/config", "out/x", "in/y")
	write(t, dir, ".gitignore", "*.tmp\n/out/\n")
	write(t, dir, ".ignore", "!a.tmp\n")
	write(t, dir, "sub/.ignore", "keep\n")
	if err := os.Symlink(filepath.Join(dir, "keep"), filepath.Join(dir, "in", ".gitignore")); err != nil {
		t.Fatal(err)
	}
	got, err := Files(t.Context(), Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".gitignore", ".ignore", "a.tmp", "in/y", "keep", "sub/.ignore", "sub/a.tmp"}
	if diff := cmp.Diff(want, got.Files); diff != "" || got.Git {
		t.Errorf("git asked: %v, files:\n%s", got.Git, diff)
	}
}
