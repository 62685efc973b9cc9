package scan

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/policyctl/policyctl/internal/archive"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/scanner"
)

// key is what the tests look for.
const key = "ACME-123456"

var finder = sync.OnceValues(func() (*scanner.Scanner, error) {
	const acme = `[{id: acme, title: ACME key, severity: high, fix: Revoke it., keywords: [acme-], regex: 'ACME-[0-9]{6}', match: [ACME-654321], ignore: [ACME-x]}]`
	return scanner.New(scanner.Options{Packs: []fs.FS{fstest.MapFS{"acme.yaml": {Data: []byte(acme)}}}})
})

func newScan(t testing.TB, dir string) *Scan {
	t.Helper()
	found, err := finder()
	if err != nil {
		t.Fatal(err)
	}
	return &Scan{Files: discover.Options{Root: dir}, Scanner: found, Gate: &gate.Gate{}, Jobs: 2, Budget: archive.DefaultBudget()}
}

// told is what a run says, a line each: path:line of a finding, why something was left
// out, why something could not be checked.
func told(t testing.TB, result Result, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range result.Verdict.Findings {
		at := f.Location
		lines = append(lines, fmt.Sprintf("%s:%d", at.Path, at.Start.Line))
		if src := result.Source; src != nil && src(at) != nil && f.Rule.Kind() == scanner.Kind {
			if text := string(src(at).Data[src(at).Offset(at.Start):src(at).Offset(at.End)]); text != key {
				t.Errorf("at %s stands %q", at, text)
			}
		}
	}
	for _, skip := range result.Verdict.Coverage.Skipped {
		lines = append(lines, "skipped "+skip.Path+": "+skip.Reason)
	}
	for _, failure := range result.Verdict.Coverage.Failures {
		lines = append(lines, "failed "+failure.Path+": "+failure.Message)
	}
	if failed := len(result.Verdict.Coverage.Failures) > 0; failed != (result.Verdict.Status() == gate.ExitNotChecked) {
		t.Errorf("status %d", result.Verdict.Status())
	}
	slices.Sort(lines)
	return lines
}

func searchHistory(t testing.TB, dir, commits string) (Result, error) {
	t.Helper()
	repo, ok, err := git.OpenBare(t.Context(), dir)
	if err == nil && !ok {
		repo, ok, err = git.Open(t.Context(), dir)
	}
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return newScan(t, dir).History(t.Context(), repo, commits)
}

// settings keep the machine's git out.
var settings = []string{
	"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "protocol.file.allow=always",
	"-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false",
}

func try(dir string, args ...string) (string, error) {
	command := exec.CommandContext(context.Background(), "git", append(settings[:len(settings):len(settings)], args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "LC_ALL=C")
	out, err := command.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func runGit(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := try(dir, args...)
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

func newRepo(t testing.TB, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	runGit(t, dir, append([]string{"init", "-q"}, args...)...)
	return dir
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
	runGit(t, dir, "add", "-A")
	runGit(t, dir, "commit", "-q", "--allow-empty", "-m", "test")
}

// put commits a file.
func put(t testing.TB, dir, file, text string) {
	t.Helper()
	write(t, dir, file, text)
	commit(t, dir)
}
