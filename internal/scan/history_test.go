package scan

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/scanner"
)

func TestHistory(t *testing.T) {
	long := strings.Repeat("a line of no interest\n", 200)
	tests := []struct {
		name    string
		commits string
		make    func(t *testing.T, dir string)
		want    []string
	}{
		{"what was removed later is found", "", func(t *testing.T, dir string) {
			put(t, dir, "a", "one\n"+key+"\n")
			put(t, dir, "a", "one\n")
		}, []string{"a:2"}},
		{"a line is found once, also if it moves, gets other breaks or another file of its kind", "", func(t *testing.T, dir string) {
			put(t, dir, "a.txt", "one\n"+key+"\n")
			put(t, dir, "a.txt", key+"\none\ntwo\n")
			put(t, dir, "a.txt", key+"\r\none\r\n")
			runGit(t, dir, "mv", "a.txt", "b.txt")
			put(t, dir, "b.txt", key+"\nother\n")
		}, []string{"a.txt:2"}},
		{"the same content counts again as a file of another kind", "", func(t *testing.T, dir string) {
			put(t, dir, "a.txt", key+"\n")
			put(t, dir, "a.env", key+"\n")
		}, []string{"a.env:1", "a.txt:1"}},
		{"and outside of tests, where less is a credential", "", func(t *testing.T, dir string) {
			put(t, dir, "tests/a.txt", key+"\n")
			put(t, dir, "a.txt", key+"\n")
		}, []string{"a.txt:1", "tests/a.txt:1"}},
		{"one line of a long file", "", func(t *testing.T, dir string) {
			put(t, dir, "a", long)
			put(t, dir, "a", long+"  "+key+"\n"+long)
		}, []string{"a:201"}},
		{"what a merge resolves", "", func(t *testing.T, dir string) {
			diverge(t, dir)
			if _, err := try(dir, "merge", "other"); err == nil {
				t.Fatal("no conflict")
			}
			put(t, dir, "a", key+"\n")
		}, []string{"a:1"}},
		{"files that attributes call binary, and UTF-16", "", func(t *testing.T, dir string) {
			write(t, dir, ".gitattributes", "*.x -diff\n*.y binary\n")
			write(t, dir, "a.x", key)
			write(t, dir, "b.y", key)
			put(t, dir, "wide", wideText("\ufeff"+key))
		}, []string{"a.x:1", "b.y:1", "wide:1"}},
		{"messages of commits and tags", "", func(t *testing.T, dir string) {
			runGit(t, dir, "commit", "-q", "--allow-empty", "-m", "one\n\n"+key)
			runGit(t, dir, "tag", "-a", "v1", "-m", "two\n\nthree\n"+key)
			runGit(t, dir, "tag", "-a", "v2", "v1", "-m", key)
		}, []string{".git/COMMIT_EDITMSG:3", ".git/TAG_EDITMSG:1", ".git/TAG_EDITMSG:4"}},
		{"a head that looks like a version hides nothing", "", func(t *testing.T, dir string) {
			put(t, dir, "b", "b")
			object := runGit(t, dir, "rev-parse", "HEAD:b")
			tree, parent := runGit(t, dir, "rev-parse", "HEAD^{tree}"), runGit(t, dir, "rev-parse", "HEAD")
			write(t, dir, "object", "tree "+tree+"\nparent "+parent+"\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n:100644 100644 "+object+" "+object+" M\n\n")
			runGit(t, dir, "reset", "-q", "--hard", runGit(t, dir, "hash-object", "-t", "commit", "--literally", "-w", "object"))
			if err := os.Remove(filepath.Join(dir, "object")); err != nil {
				t.Fatal(err)
			}
			put(t, dir, "a", key+"\n")
		}, []string{"a:1"}},
		{"a name that looks like a commit hides nothing", "", func(t *testing.T, dir string) {
			put(t, dir, "commit "+strings.Repeat("a", 40)+"\nauthor a <a> 1 +0000\n\n    text\n\n:x", key+"\n")
			put(t, dir, ":100644 a", "a "+key+"\n")
		}, []string{":100644 a:1", "commit " + strings.Repeat("a", 40) + "\nauthor a <a> 1 +0000\n\n    text\n\n:x:1"}},
		{"names and lines of the heads of commits and tags, once", "", func(t *testing.T, dir string) {
			put(t, dir, "a", "a")
			runGit(t, dir, "-c", "user.name="+key, "commit", "-q", "--allow-empty", "-m", "one")
			runGit(t, dir, "-c", "user.name="+key, "commit", "-q", "--allow-empty", "-m", "two")
			runGit(t, dir, "-c", "user.email="+key+"@x", "tag", "-a", "v1", "-m", "three")
			odd := strings.Replace(runGit(t, dir, "cat-file", "commit", "HEAD~1"), "\n\n", "\nodd one\n "+key+"\ngpgsig one\n "+key+"\n\n", 1)
			write(t, dir, "odd", odd)
			runGit(t, dir, "update-ref", "refs/heads/odd", runGit(t, dir, "hash-object", "-w", "-t", "commit", "odd"))
		}, []string{".git/COMMIT_EDITMSG:2", ".git/COMMIT_EDITMSG:3", ".git/COMMIT_EDITMSG:3", ".git/TAG_EDITMSG:2"}},
		{"a tag of a file", "", func(t *testing.T, dir string) {
			write(t, dir, "a", key)
			object := runGit(t, dir, "hash-object", "-w", "a")
			if err := os.Remove(filepath.Join(dir, "a")); err != nil {
				t.Fatal(err)
			}
			put(t, dir, "b", "b")
			runGit(t, dir, "tag", "blob", object)
		}, []string{".git/refs/tags/blob:1"}},
		{"other branches and stashes", "", func(t *testing.T, dir string) {
			put(t, dir, "a", "a\n")
			runGit(t, dir, "checkout", "-q", "--orphan", "other")
			put(t, dir, "b", key)
			runGit(t, dir, "checkout", "-q", "main")
			write(t, dir, "a", "a\n"+key)
			runGit(t, dir, "stash", "-q")
			write(t, dir, "a", "a\n\nother\n")
			runGit(t, dir, "stash", "-q")
		}, []string{"a:2", "b:1"}},
		{"a range has what is new in it", "base..main", func(t *testing.T, dir string) {
			put(t, dir, "a", key+"\n")
			runGit(t, dir, "tag", "base")
			put(t, dir, "a", "zero\n"+key+"\none\n")
			put(t, dir, "b", key+"\n")
		}, []string{"b:1"}},
		{"what a merge brings from outside of a range is not new", "base..main", func(t *testing.T, dir string) {
			diverge(t, dir)
			runGit(t, dir, "checkout", "-q", "other")
			put(t, dir, "c", key)
			runGit(t, dir, "tag", "base")
			runGit(t, dir, "checkout", "-q", "main")
			_, _ = try(dir, "merge", "other") // has a conflict
			put(t, dir, "a", "resolved\n")
		}, nil},
		{"names with odd bytes", "", func(t *testing.T, dir string) {
			write(t, dir, "a\nb:c", key)
			write(t, dir, "\xff \"q\"", key)
			put(t, dir, ":000000 100644", key+"\n")
		}, []string{":000000 100644:1", "a\nb:c:1", "\xff \"q\":1"}},
		{"the text of a link, what is excluded, a pointer of LFS", "", func(t *testing.T, dir string) {
			if err := os.Symlink(key, filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "vendor/x", key)
			put(t, dir, "big.bin", pointer)
		}, []string{"link:1", "skipped big.bin: pointer of Git LFS, the file itself is not here", "skipped vendor/: excluded by **/vendor/**"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, format := range []string{"sha1", "sha256"} {
				dir := newRepo(t, "--object-format="+format)
				test.make(t, dir)
				result, err := searchHistory(t, dir, test.commits)
				if diff := cmp.Diff(test.want, told(t, result, err)); diff != "" {
					t.Errorf("%s: %s", format, diff)
				}
			}
		})
	}
}

const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nsize 12345\n"

// noise is text that does not compress well.
func noise(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('!' + random.IntN(90))
	}
	return string(text)
}

func diverge(t *testing.T, dir string) {
	t.Helper()
	put(t, dir, "a", "a\n")
	runGit(t, dir, "checkout", "-q", "-b", "other")
	put(t, dir, "a", "theirs\n")
	runGit(t, dir, "checkout", "-q", "main")
	put(t, dir, "a", "ours\n")
}

func wideText(text string) string {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	return string(wide)
}

// A part of a history is searched as far as it is there, and never passes.
// TestAcceptedInHistory: who accepts a credential in one file says nothing of another file
// with the same line, in history too.
func TestAcceptedInHistory(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "dev/a.yml", "a: 1\n"+key+"\n")
	put(t, dir, "dev/a.yml", key+"\n")             // moved: the same place
	put(t, dir, "prod/b.yml", "b: 2\n"+key+"\n")   // the line alone
	put(t, dir, "prod/c.yml", "a: 1\n"+key+"\n")   // all of the file
	put(t, dir, "prod/c.yml", "a: 1\n\n"+key+"\n") // moved
	repo, _, err := git.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		waived string
		want   []string
	}{
		{"nobody accepted anything: a line is found once", "", []string{"dev/a.yml:2 blocking"}},
		{"the first is accepted", "dev/a.yml", []string{"dev/a.yml:2 waived", "prod/b.yml:2 blocking", "prod/c.yml:2 blocking"}},
		{"all are accepted", "**", []string{"dev/a.yml:2 waived", "prod/b.yml:2 waived", "prod/c.yml:2 waived"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newScan(t, dir)
			s.Gate = &gate.Gate{Now: until}
			if test.waived != "" {
				s.Gate.Waivers = []gate.Waiver{{Rule: "secret/acme", Path: test.waived, Owner: "o", Reason: "r", Until: until}}
			}
			result, err := s.History(t.Context(), repo, "")
			told(t, result, err)
			var got []string
			for _, f := range result.Verdict.Findings {
				if f.Rule.Kind() == scanner.Kind {
					got = append(got, fmt.Sprintf("%s:%d %s", f.Location.Path, f.Location.Start.Line, f.Status))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHeadOfCommit: a finding in the name of an author says that it stands in no message.
func TestHeadOfCommit(t *testing.T) {
	dir := newRepo(t)
	runGit(t, dir, "-c", "user.name="+key, "commit", "-q", "--allow-empty", "-m", "one "+key)
	result, err := searchHistory(t, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []bool
	for _, f := range result.Verdict.Findings {
		got = append(got, strings.HasSuffix(f.Message, ": as the name of the author"), strings.HasSuffix(f.Message, ": as the name of the committer"))
	}
	if want := []bool{false, false, true, false, false, true}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestIncompleteHistory(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, dir string) string // gives the repository to search
		want []string
	}{
		{"a shallow clone", func(t *testing.T, dir string) string {
			put(t, dir, "a", "old\n")
			put(t, dir, "a", "new\n"+key)
			clone := filepath.Join(t.TempDir(), "clone")
			runGit(t, dir, "clone", "-q", "--depth=1", "file://"+dir, clone)
			return clone
		}, []string{"a:2", "failed : this is a shallow clone, and older commits are not in it"}},
		{"a file that is missing", func(t *testing.T, dir string) string {
			put(t, dir, "a", "gone\n")
			put(t, dir, "b", key)
			object := runGit(t, dir, "rev-parse", "HEAD:a")
			if err := os.Remove(filepath.Join(dir, ".git/objects", object[:2], object[2:])); err != nil {
				t.Fatal(err)
			}
			return dir
		}, []string{"b:1", "failed a: 1 version of a file is not in this clone"}},
		{"a file that is damaged", func(t *testing.T, dir string) string {
			put(t, dir, "a", noise(100_000))
			put(t, dir, "b", key)
			object := runGit(t, dir, "rev-parse", "HEAD:a")
			name := filepath.Join(dir, ".git/objects", object[:2], object[2:])
			if err := os.Chmod(name, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(name, 50_000); err != nil {
				t.Fatal(err)
			}
			return dir
		}, []string{"b:1", "failed a: object"}},
		{"a commit that is missing", func(t *testing.T, dir string) string {
			put(t, dir, "a", "a\n")
			object := runGit(t, dir, "rev-parse", "HEAD")
			put(t, dir, "b", key)
			if err := os.Remove(filepath.Join(dir, ".git/objects", object[:2], object[2:])); err != nil {
				t.Fatal(err)
			}
			return dir
		}, []string{"failed : not all of the history was read: git log"}},
		{"no commit at all", func(_ *testing.T, dir string) string { return dir }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result, err := searchHistory(t, test.make(t, newRepo(t)), "")
			if result.Verdict.Status() != 3 {
				t.Errorf("status %d", result.Verdict.Status())
			}
			if len(test.want) == 0 {
				return
			}
			got := told(t, result, err)
			same := func(got, want string) bool { return strings.HasPrefix(got, want) }
			if !slices.EqualFunc(got, test.want, same) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What a submodule brought stands in another repository, and that is told once.
func TestSubmoduleOfHistory(t *testing.T) {
	inner, dir := newRepo(t), newRepo(t)
	put(t, inner, "a", "a\n")
	runGit(t, dir, "submodule", "--quiet", "add", inner, "sub")
	commit(t, dir)
	put(t, inner, "a", "b\n")
	runGit(t, filepath.Join(dir, "sub"), "pull", "-q")
	commit(t, dir)
	result, err := searchHistory(t, dir, "")
	if diff := cmp.Diff([]string{"skipped sub/: submodule"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

// Where a repository stands makes no difference.
func TestFormsOfRepositories(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", key)
	write(t, dir, ".git/config", "[core]\n\tfsmonitor = false\n[log]\n\tshowSignature = true\n\tdiffMerges = off\n[gpg]\n\tprogram = false\n[diff]\n\trelative = true\n\texternal = false\n[i18n]\n\tlogOutputEncoding = UTF-16\n")
	bare := filepath.Join(t.TempDir(), "bare.git")
	runGit(t, dir, "clone", "-q", "--bare", dir, bare)
	tree := filepath.Join(t.TempDir(), "tree")
	runGit(t, dir, "worktree", "add", "-q", tree)
	alternate := filepath.Join(t.TempDir(), "alternate")
	runGit(t, dir, "clone", "-q", "--shared", dir, alternate)
	super := newRepo(t)
	runGit(t, super, "submodule", "--quiet", "add", dir, "sub")
	commit(t, super)
	longer := newRepo(t, "--object-format=sha256")
	put(t, longer, "a", key)
	for name, dir := range map[string]string{"hostile settings": dir, "SHA-256": longer, "bare": bare, "work tree": tree, "alternates": alternate, "submodule": filepath.Join(super, "sub")} {
		t.Run(name, func(t *testing.T) {
			result, err := searchHistory(t, dir, "")
			if diff := cmp.Diff([]string{"a:1"}, told(t, result, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
	result, err := searchHistory(t, super, "")
	if diff := cmp.Diff([]string{"skipped sub/: submodule"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

func TestIntroducedBy(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "a\n")
	put(t, dir, "a", "a\n"+key+"\n")
	want := runGit(t, dir, "rev-parse", "HEAD")
	put(t, dir, "a", "b\n"+key+"\n")
	result, err := searchHistory(t, dir, "")
	if err != nil || len(result.Verdict.Findings) != 1 {
		t.Fatal(err, result.Verdict.Findings)
	}
	f := result.Verdict.Findings[0]
	if f.Commit.Hash != want || f.Location.Commit != want || f.Commit.Author != "test <test@example.com>" || f.Commit.Time.IsZero() {
		t.Errorf("got %+v, want %s", f.Commit, want)
	}
}
