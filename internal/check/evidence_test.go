package check_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// gitOn runs git with no configuration but the test's own, on a day of 2026.
func gitOn(t *testing.T, dir string, day int, args ...string) {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)...)
	command.Dir = dir
	date := time.Date(2026, 1, day, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func commitOn(t *testing.T, dir string, day int) {
	t.Helper()
	gitOn(t, dir, day, "add", "-A")
	gitOn(t, dir, day, "commit", "-q", "-m", "test")
}

const declared = `apiVersion: policyctl.dev/v1
kind: SecretContract
metadata: {name: db}
spec:
  purpose: The shop reads its orders.
  class: db-password
  owner: {team: shop}
  runbook: docs/db.md#rotate
  environments:
    prod:
      references: {terraform: ["infra//aws_secretsmanager_secret.db"]}
status: {lastRotated: %s}
`

const counted = `resource "aws_secretsmanager_secret_version" "db" {
  secret_id                = aws_secretsmanager_secret.db.id
  secret_string_wo         = ephemeral.random_password.db.result
  secret_string_wo_version = %d
}
ephemeral "random_password" "db" {
  length = 32
}
`

// repository has a contract whose secret was rotated in several ways.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	file := func(name, text string) { write(t, filepath.Join(root, name), text) }
	gitOn(t, root, 1, "init", "-q")
	file("db.secret.yaml", fmt.Sprintf(declared, "2026-01-01"))
	file("docs/db.md", "# Rotate\n")
	file("infra/main.tf", "resource \"aws_secretsmanager_secret\" \"db\" {\n  name = \"shop/db\"\n}\n")
	file("infra/versions.tf", fmt.Sprintf(counted, 1))
	file(".github/workflows/ci.yml", "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n")
	file("CODEOWNERS", "* @acme/all\n!no @acme/all\n/*.secret.yaml @acme/shop\n")
	commitOn(t, root, 1)
	file("infra/versions.tf", fmt.Sprintf(counted, 2))
	commitOn(t, root, 2)
	file("db.secret.yaml", fmt.Sprintf(declared, "2026-01-03"))
	commitOn(t, root, 3)
	file(".github/workflows/ci.yml", "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps: [{run: make all}]\n")
	commitOn(t, root, 4)
	return root
}

func read(t *testing.T, root string) (check.Repository, *lint.Node) {
	t.Helper()
	c := check.Check{Files: discover.Options{Root: root}, Gate: &gate.Gate{Now: now}, Jobs: 1}
	r, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r, r.Graph.Document().Root
}

// day gives the day of January 2026 that a value names, or "".
func day(n *lint.Node) string {
	var ns int64
	if n == nil {
		return ""
	}
	fmt.Sscan(n.Text, &ns)
	return time.Unix(0, ns).UTC().Format("2")
}

func gaps(r check.Repository) []string {
	var all []string
	for _, gap := range r.Gaps {
		all = append(all, gap.Location.String()+": "+gap.Message)
	}
	return all
}

func TestTheGraphKnowsOwnersAndHistory(t *testing.T) {
	r, root := read(t, repository(t))
	contract := root.Get("contracts", "db")
	got := map[string]string{
		"history":  root.Get("history").Text,
		"first":    day(contract.Get("first_ns")),
		"changed":  day(contract.Get("changed_ns")),
		"status":   day(contract.Get("history_status_ns")),
		"rotated":  day(contract.Get("rotated_ns")),
		"runbook":  day(root.Get("runbooks", "docs/db.md#rotate", "changed_ns")),
		"found":    root.Get("runbooks", "docs/db.md#rotate", "found").Text,
		"pipeline": day(root.Get("workloads", "github:.github/workflows/ci.yml#build", "changed_ns")),
	}
	want := map[string]string{"history": "true", "first": "1", "changed": "3", "status": "3", "rotated": "3", "runbook": "1", "found": "true", "pipeline": "4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if owners := contract.Get("codeowners").List(); len(owners) != 1 || owners[0].Str() != "@acme/shop" {
		t.Errorf("owners are %v", owners)
	}
	wrong := `CODEOWNERS:2:1: code owners: GitHub knows no pattern that begins with "!"; the line has no effect`
	if diff := cmp.Diff([]string{wrong}, gaps(r)); diff != "" {
		t.Error(diff)
	}
}

// What the version counter of Terraform shows counts for the secret that it is a
// version of, also in another file.
func TestACounterIsEvidenceOfRotation(t *testing.T) {
	from := repository(t)
	file := filepath.Join(from, "infra", "versions.tf")
	write(t, file, fmt.Sprintf(counted, 3))
	commitOn(t, from, 9)
	_, root := read(t, from)
	if got := day(root.Get("contracts", "db", "rotated_ns")); got != "9" {
		t.Errorf("rotated on %q", got)
	}
}

func TestAShallowCloneKnowsNoFirstCommit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "clone")
	gitOn(t, ".", 1, "clone", "-q", "--depth=2", "file://"+repository(t), dir)
	r, root := read(t, dir)
	contract := root.Get("contracts", "db")
	for _, key := range []string{"first_ns", "changed_ns", "rotated_ns"} {
		if n := contract.Get(key); n != nil {
			t.Errorf("%s is known: %s", key, n.Text)
		}
	}
	if got := day(root.Get("workloads", "github:.github/workflows/ci.yml#build", "changed_ns")); got != "4" {
		t.Errorf("the pipeline changed on %q", got)
	}
	want := ".git: git history was read only back to 2026-01-03, because this is a shallow clone: what is older counts as not known"
	if !slices.Contains(gaps(r), want) {
		t.Errorf("got %q", gaps(r))
	}
}

// Without contracts, and without anything overdue, git is asked which files there
// are, and nothing else.
func TestGitIsAskedOnlyWhereItMatters(t *testing.T) {
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	root, bin := repository(t), t.TempDir()
	calls := filepath.Join(t.TempDir(), "calls")
	write(t, filepath.Join(bin, "git"), "#!/bin/sh\necho \"$@\" >>'"+calls+"'\nexec '"+real+"' \"$@\"\n")
	if err := os.Chmod(filepath.Join(bin, "git"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	asked := func() (history, objects int) {
		os.Remove(calls)
		run(t, check.Check{Files: discover.Options{Root: root}, Jobs: 1})
		text, err := os.ReadFile(calls)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), " log "), strings.Count(string(text), " cat-file ")
	}
	if history, objects := asked(); history != 1 || objects != 1 {
		t.Errorf("with an overdue contract: %d, %d", history, objects)
	}
	if err := os.Remove(filepath.Join(root, "db.secret.yaml")); err != nil {
		t.Fatal(err)
	}
	if history, objects := asked(); history != 0 || objects != 0 {
		t.Errorf("without contracts: %d, %d", history, objects)
	}
}

func TestWithoutGitThereIsNoHistory(t *testing.T) {
	root := repository(t)
	if err := os.RemoveAll(filepath.Join(root, ".git")); err != nil {
		t.Fatal(err)
	}
	_, doc := read(t, root)
	if doc.Get("history").Text != "false" || doc.Get("contracts", "db", "first_ns") != nil {
		t.Error("there is a history")
	}
}

// A path in a contract leads nowhere but into the repository.
func TestExistsStaysInTheRepository(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(filepath.Dir(root), "outside.md"), "x")
	write(t, filepath.Join(root, "db.secret.yaml"), strings.Replace(fmt.Sprintf(declared, "2026-01-01"), "docs/db.md#rotate", "../outside.md", 1))
	_, doc := read(t, root)
	if found := doc.Get("runbooks", "../outside.md", "found"); found == nil || found.Text != "false" {
		t.Errorf("got %v", found)
	}
}
