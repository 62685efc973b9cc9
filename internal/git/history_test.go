package git

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// day n of the history that a test makes.
func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

func commitOn(t *testing.T, dir string, n int) {
	t.Helper()
	run(t, dir, "add", "-A")
	runOn(t, dir, n, "commit", "-q", "-m", "test")
}

func runOn(t *testing.T, dir string, n int, args ...string) {
	t.Helper()
	date := day(n).Format(time.RFC3339)
	t.Setenv("GIT_AUTHOR_DATE", date)
	t.Setenv("GIT_COMMITTER_DATE", date)
	run(t, dir, args...)
}

// versions reads lines of the form "name = value".
func versions(text []byte) map[string]string {
	found := map[string]string{}
	for _, match := range regexp.MustCompile(`(?m)^(\w+) = (\w+)$`).FindAllSubmatch(text, -1) {
		found[string(match[1])] = string(match[2])
	}
	return found
}

func history(t *testing.T, dir string, files ...string) *History {
	t.Helper()
	wanted := map[string]Values{}
	for _, file := range files {
		wanted[file] = versions
	}
	h, err := open(t, dir).History(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func changed(name string, n int) map[string]time.Time { return map[string]time.Time{name: day(n)} }

func same(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHistory(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "sub/a.tf", "a = 1\nb = 1\n")
	write(t, dir, `sub/strange "näme" x.tf`, "a = 1\n")
	write(t, dir, "runbook.md", "text\n")
	put(t, dir, "other")
	commitOn(t, dir, 1)
	write(t, dir, "sub/a.tf", "# moved\n\na = 1\nb = 2")
	commitOn(t, dir, 2)
	write(t, dir, "sub/a.tf", "b = 2\n\n# moved\na = 1\nc = 1\n")
	write(t, dir, `sub/strange "näme" x.tf`, "a = 2\n")
	commitOn(t, dir, 3)
	put(t, dir, "other2", "sub/untracked.tf")
	run(t, dir, "add", "other2")
	runOn(t, dir, 4, "commit", "-q", "-m", "test")
	write(t, dir, "sub/a.tf", "b = 9\n") // in the work tree only

	names := []string{"sub/a.tf", `sub/strange "näme" x.tf`, "runbook.md", "sub/untracked.tf", "gone", "sub"}
	want := &History{Files: map[string]Commits{
		"sub/a.tf":                {First: day(1), Last: day(3), Changed: changed("b", 2)},
		`sub/strange "näme" x.tf`: {First: day(1), Last: day(3), Changed: changed("a", 3)},
		"runbook.md":              {First: day(1), Last: day(1)},
	}}
	same(t, want, history(t, dir, names...))

	// paths are relative to the directory that is asked
	want = &History{Files: map[string]Commits{"a.tf": {First: day(1), Last: day(3), Changed: changed("b", 2)}}}
	same(t, want, history(t, filepath.Join(dir, "sub"), "a.tf"))

	// another work tree of the same repository has its own HEAD
	tree := filepath.Join(t.TempDir(), "tree")
	run(t, dir, "worktree", "add", "-q", "--detach", tree, "HEAD~2")
	want = &History{Files: map[string]Commits{"sub/a.tf": {First: day(1), Last: day(2), Changed: changed("b", 2)}}}
	same(t, want, history(t, tree, "sub/a.tf"))
}

func TestHistoryWithoutCommits(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a")
	same(t, &History{Files: map[string]Commits{}}, history(t, dir, "a"))
}

func TestARenamedFileIsNew(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "a", "v = 1\n")
	commitOn(t, dir, 1)
	write(t, dir, "a", "v = 2\n")
	commitOn(t, dir, 2)
	run(t, dir, "mv", "a", "b")
	commitOn(t, dir, 3)
	run(t, dir, "config", "log.follow", "true")
	run(t, dir, "config", "diff.renames", "copies")
	same(t, &History{Files: map[string]Commits{"b": {First: day(3), Last: day(3)}}}, history(t, dir, "b"))
}

func TestHistoryOfMerges(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "v", "x = 1\n")
	write(t, dir, "w", "x = 1\n")
	commitOn(t, dir, 1)
	run(t, dir, "checkout", "-q", "-b", "side")
	write(t, dir, "v", "x = 2\n")
	write(t, dir, "w", "x = 2\n")
	commitOn(t, dir, 2)
	run(t, dir, "checkout", "-q", "-")
	write(t, dir, "w", "x = 3\n")
	commitOn(t, dir, 3)
	if _, err := try(dir, "merge", "-q", "side"); err == nil {
		t.Fatal("the merge has no conflict")
	}
	write(t, dir, "w", "x = 4\n")
	commitOn(t, dir, 5)
	// v was changed on the side; of w, the merge itself makes something new
	want := &History{Files: map[string]Commits{
		"v": {First: day(1), Last: day(2), Changed: changed("x", 2)},
		"w": {First: day(1), Last: day(5), Changed: changed("x", 5)},
	}}
	same(t, want, history(t, dir, "v", "w"))
}

func TestHistoryOfAShallowClone(t *testing.T) {
	from := newRepo(t)
	write(t, from, "a", "x = 1\n")
	commitOn(t, from, 1)
	write(t, from, "a", "x = 2\n")
	commitOn(t, from, 2)
	write(t, from, "a", "x = 3\n")
	write(t, from, "b", "x = 1\n")
	commitOn(t, from, 3)
	dir := filepath.Join(t.TempDir(), "clone")
	run(t, from, "clone", "-q", "--depth=2", "file://"+from, dir)
	want := &History{Cut: "this is a shallow clone", Since: day(2), Files: map[string]Commits{
		"a": {Last: day(3), Changed: changed("x", 3)},
		"b": {First: day(3), Last: day(3)},
	}}
	same(t, want, history(t, dir, "a", "b"))

	// of what came behind the boundary everything is known
	same(t, &History{Files: map[string]Commits{"b": {First: day(3), Last: day(3)}}}, history(t, dir, "b"))

	dir = filepath.Join(t.TempDir(), "clone")
	run(t, from, "clone", "-q", "--depth=1", "file://"+from, dir)
	same(t, &History{Cut: "this is a shallow clone", Since: day(3), Files: map[string]Commits{}}, history(t, dir, "a", "b"))
}

func TestLimitsCutTheHistory(t *testing.T) {
	dir := newRepo(t)
	for n := range 5 {
		write(t, dir, "a", fmt.Sprintf("x = %d\n%s", n, strings.Repeat("line\n", 100)))
		commitOn(t, dir, n+1)
	}
	repo := open(t, dir)
	files := map[string]Values{"a": versions}
	h, err := repo.history(t.Context(), files, limits{time.Minute, 1500})
	if err != nil {
		t.Fatal(err)
	}
	want := &History{Cut: "it is larger than 0 MB", Since: day(4), Files: map[string]Commits{"a": {Last: day(5), Changed: changed("x", 5)}}}
	same(t, want, h)

	h, err = repo.history(t.Context(), files, limits{time.Nanosecond, 1 << 20})
	if err != nil || !strings.HasPrefix(h.Cut, "reading took longer than ") || !h.Since.IsZero() {
		t.Errorf("got %+v, %v", h, err)
	}
}

// A repository may lack objects: a partial clone fetches them when asked to, and
// here nothing is fetched.
func TestMissingObjectsCutTheHistory(t *testing.T) {
	from := newRepo(t)
	run(t, from, "config", "uploadpack.allowFilter", "true")
	for n := range 3 {
		write(t, from, "a", fmt.Sprintf("x = %d\n", n))
		commitOn(t, from, n+1)
	}
	dir := filepath.Join(t.TempDir(), "clone")
	run(t, from, "clone", "-q", "--filter=blob:none", "file://"+from, dir)
	h := history(t, dir, "a")
	if !strings.HasPrefix(h.Cut, "git stopped: ") || len(h.Files) > 0 && !h.Files["a"].First.IsZero() {
		t.Errorf("got %+v", h)
	}
}

func TestManyFilesAreAskedForByDirectory(t *testing.T) {
	dir := newRepo(t)
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("many/%d", i), fmt.Sprintf("dir%d/a", i))
	}
	put(t, dir, names...)
	commitOn(t, dir, 1)
	if h := history(t, dir, names...); len(h.Files) != 400 || h.Files["many/7"].First != day(1) {
		t.Errorf("got %d files", len(h.Files))
	}
	same(t, []string{"few/a", "many"}, pathspecs([]string{"few/a", "new\nline", "many/1", "many/2", "many/3", "many/4", "many/5", "many/6", "many/7", "many/8", "many/9"}))
	if got := pathspecs(names); len(got) != 201 {
		t.Errorf("got %d", len(got))
	}
}

func TestHistoryRunsNothingAndReadsNoConfiguration(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "a", "x = 1\n\n\ny = 1\n")
	commitOn(t, dir, 1)
	write(t, dir, "a", "x = 2\n\n\ny = 1\n")
	write(t, dir, ".gitattributes", "* diff=evil filter=evil -text\n*.bin binary\n")
	write(t, dir, "b.bin", "x = 1\n")
	commitOn(t, dir, 2)
	write(t, dir, "b.bin", "x = 2\n")
	commitOn(t, dir, 3)

	proof := filepath.Join(t.TempDir(), "ran")
	hook := filepath.Join(dir, ".git", "hook.sh")
	write(t, dir, ".git/hook.sh", "#!/bin/sh\ntouch '"+proof+"'\ncat\n")
	if err := os.Chmod(hook, 0o755); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{
		"diff.external": hook, "diff.evil.command": hook, "diff.evil.textconv": hook, "filter.evil.clean": hook, "filter.evil.smudge": hook,
		"gpg.program": hook, "log.showSignature": "true", "core.pager": hook, "pager.log": "true", "core.fsmonitor": hook, "core.hooksPath": dir,
		"diff.suppressBlankEmpty": "true", "log.showRoot": "false", "diff.mnemonicPrefix": "true", "diff.orderFile": "/nowhere", "diff.context": "0",
		"log.diffMerges": "off", "diff.relative": "false", "color.ui": "always", "format.pretty": "oneline", "log.decorate": "full", "diff.wsErrorHighlight": "all",
		"diff.evil.binary": "true", "diff.evil.xfuncname": ".*",
	} {
		run(t, dir, "config", key, value)
	}
	sign(t, dir)
	if _, err := try(dir, "-c", "diff.orderFile=/dev/null", "log", "-p"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(proof); err != nil {
		t.Fatalf("plain git runs nothing, so this proves nothing: %v", err)
	}
	want := &History{Files: map[string]Commits{
		"a":     {First: day(1), Last: day(2), Changed: changed("x", 2)},
		"b.bin": {First: day(2), Last: day(3), Changed: changed("x", 3)},
	}}
	same(t, want, history(t, dir, "a", "b.bin"))
	repo := open(t, dir)
	_, base, err := repo.MergeBase(t.Context(), "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Objects(t.Context(), base, []string{"a", "b.bin"}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(proof); err == nil {
		t.Error("git ran a program that the repository names")
	}
}

// sign gives the last commit a signature, for git to verify if it is told to.
func sign(t *testing.T, dir string) {
	t.Helper()
	raw, err := try(dir, "cat-file", "commit", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	signature := "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n"
	write(t, dir, ".git/signed", strings.Replace(raw, "\n\n", signature, 1))
	id, err := try(dir, "hash-object", "-t", "commit", "-w", filepath.Join(".git", "signed"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, "update-ref", "HEAD", strings.TrimSpace(id))
}
