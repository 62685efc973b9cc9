package policies_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/policies"
	"github.com/policyctl/policyctl/scanner"
)

// TestFixes makes each change that a rule proposes for the repositories of TestCases, alone:
// afterwards the finding is gone, and nothing is found that was not found before. Every rule
// with a change has a case in which it is known to the letter.
func TestFixes(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	policies := program(t)
	detectors, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		t.Fatal(err)
	}
	fixing := rulesWithFix(t)
	made := map[string]int{}
	for _, name := range names {
		rule := filepath.Base(filepath.Dir(name)) + "/" + strings.TrimSuffix(filepath.Base(name), ".txtar")
		if !slices.Contains(fixing, rule) {
			continue
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for top, folder := range repositories(t, archive) {
			made[rule] += fixEach(t, policies, detectors, top, folder, rule)
		}
	}
	for _, rule := range fixing {
		if made[rule] == 0 {
			t.Errorf("%s: no case of testdata has a change that is known to the letter", rule)
		}
	}
}

// fixEach makes the changes of a rule in a repository, one at a time, and says how many.
func fixEach(t *testing.T, policies *eval.Program, detectors *scanner.Scanner, top, folder, rule string) (made int) {
	t.Helper()
	before := findings(t, policies, detectors, folder)
	for _, f := range before {
		if f.Rule.ID != rule || f.Fix == nil || f.Fix.Replacement == nil {
			continue
		}
		name := filepath.Join(folder, filepath.FromSlash(f.Fix.Location.Path))
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := &lint.Source{Data: data}
		fixed := string(data[:src.Offset(f.Fix.Location.Start)]) + *f.Fix.Replacement + string(data[src.Offset(f.Fix.Location.End):])
		write(t, name, fixed)
		after := findings(t, policies, detectors, folder)
		if gone(t, before, after, f, top) {
			made++
		} else {
			t.Logf("%s:\n%s", top, fixed)
		}
		write(t, name, string(data))
	}
	return made
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// behind are rules that are silent where another says worse of the same place.
var behind = map[string]string{"pipeline/hidden-files-in-artifact": "pipeline/persisted-credential-in-artifact"}

// gone holds if a finding is gone and none came. One that names several things may stand at
// another of them.
func gone(t *testing.T, before, after []gate.Judged, fixed gate.Judged, top string) bool {
	t.Helper()
	left := map[[3]string]int{}
	for _, f := range before {
		left[[3]string{f.Rule.ID, f.Location.Path, f.Subject}]++
	}
	left[[3]string{fixed.Rule.ID, fixed.Location.Path, fixed.Subject}]--
	for _, f := range after {
		left[[3]string{f.Rule.ID, f.Location.Path, f.Subject}]--
		if left[[3]string{f.Rule.ID, f.Location.Path, f.Subject}] < 0 && behind[f.Rule.ID] != fixed.Rule.ID {
			t.Errorf("%s/%s: %s [%s] is there after the fix of %s", top, f.Location, f.Message, f.Rule.ID, fixed.Rule.ID)
			return false
		}
	}
	return true
}

var proposes = regexp.MustCompile(`(?m)^[^#]*(?:"fix"|\bfix :=|pipeline\.(?:limit|unpersist|pin)\(|ansible\.hide\()`)

// rulesWithFix are the IDs of those whose text proposes a change, contracts left out: what
// these allow is for people to decide.
func rulesWithFix(t *testing.T) (ids []string) {
	t.Helper()
	all, err := program(t).AllRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range all {
		kind, name, _ := strings.Cut(rule.ID, "/")
		folder := strings.ReplaceAll(name, "-", "_")
		text, err := policies.FS.ReadFile(kind + "/" + folder + "/" + folder + ".rego")
		if err == nil && kind != "graph" && proposes.Match(text) {
			ids = append(ids, rule.ID)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no rule proposes a change")
	}
	return ids
}
