package policies_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/made"
	"github.com/policyctl/policyctl/scanner"
)

// TestCases runs whole repositories past the policies, from the bytes of a file to
// the place of the finding: what a policy sees and what its own tests feed it cannot
// drift apart unnoticed. testdata/<platform>/<rule>.txtar holds small repositories, a
// top folder each (on a platform, in a state), and above them what the rule finds
// there, "<folder>/<file>:<line>:<col>: <message>"; folders that are not named there
// stay silent. -update rewrites what is above.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	policies := program(t)
	detectors, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		kind, rule := filepath.Base(filepath.Dir(name)), strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(kind+"/"+rule, func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := found(t, policies, detectors, kind+"/"+rule, repositories(t, archive))
			if *update {
				archive.Comment = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Comment), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestQuiet runs whole repositories in good order past all policies: no team is told
// of anything there on its first day.
func TestQuiet(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/quiet.txtar")
	if err != nil {
		t.Fatal(err)
	}
	detectors, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		t.Fatal(err)
	}
	policies, folders := program(t), repositories(t, archive)
	if len(folders) == 0 {
		t.Error("there are no repositories")
	}
	for top, folder := range folders {
		for _, f := range findings(t, policies, detectors, folder) {
			if f.Rule.Tier == lint.Default {
				t.Errorf("%s/%s: %s [%s]", top, f.Location, f.Message, f.Rule.ID)
			}
		}
	}
}

// repositories writes the files of an archive, and gives the folder of each repository.
func repositories(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	root, folders := t.TempDir(), map[string]string{}
	for _, file := range archive.Files {
		top, _, inside := strings.Cut(file.Name, "/")
		name := filepath.Join(root, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil || !inside {
			t.Fatal(file.Name, err)
		}
		if err := os.WriteFile(name, made.Up(file.Data), 0o666); err != nil {
			t.Fatal(err)
		}
		folders[top] = filepath.Join(root, top)
	}
	return folders
}

// found gives what a rule finds in repositories, sorted. It holds that the rule
// exists, fires somewhere and is silent somewhere, and that all files are in order.
func found(t *testing.T, policies *eval.Program, detectors *scanner.Scanner, id string, folders map[string]string) string {
	t.Helper()
	var lines []string
	fired := map[string]bool{}
	for top, folder := range folders {
		for _, f := range findings(t, policies, detectors, folder) {
			switch f.Rule.ID {
			case id:
				lines = append(lines, fmt.Sprintf("%s/%s: %s\n", top, f.Location, f.Message))
				fired[top] = true
			case lint.SyntaxError.ID, lint.TooComplex.ID:
				t.Errorf("%s/%s: %s", top, f.Location, f.Message)
			}
		}
	}
	if len(fired) == 0 || len(fired) == len(folders) {
		t.Errorf("%d of %d repositories have findings; want one that has, and one that has none", len(fired), len(folders))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func findings(t *testing.T, policies *eval.Program, detectors *scanner.Scanner, folder string) []gate.Judged {
	t.Helper()
	c := check.Check{
		Files: discover.Options{Root: folder}, Policies: policies, Scanner: detectors, Jobs: 1,
		Gate: &gate.Gate{Thresholds: gate.DefaultThresholds(), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	result, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range result.Verdict.Coverage.Failures {
		t.Errorf("%s: %+v", folder, failure)
	}
	return result.Verdict.Findings
}
