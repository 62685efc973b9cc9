package policies_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/policies"
)

var update = flag.Bool("update", false, "rewrite README.md")

func program(t testing.TB) *eval.Program {
	t.Helper()
	program, err := eval.Load(context.Background(), eval.Options{
		// Not trusted: every policy is parsed and compiled at once.
		Packs: []eval.Pack{{Label: "policies", FS: policies.FS}}, Platforms: check.Platforms(),
		Tiers: []lint.Tier{lint.Default, lint.Strict, lint.Audit}, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// TestPolicies runs the tests that stand beside the policies.
func TestPolicies(t *testing.T) {
	report, err := program(t).Test(context.Background(), "policies")
	if err != nil {
		t.Fatal(err)
	}
	for _, failed := range report.Failed {
		t.Error(failed)
	}
	for _, line := range report.Uncovered {
		t.Errorf("%s: no test evaluates this line", line)
	}
	for _, id := range report.Silent {
		t.Errorf("rule %s: no test makes it fire", id)
	}
	if len(report.Skipped) > 0 || report.Passed == 0 {
		t.Errorf("%d tests passed, skipped: %v", report.Passed, report.Skipped)
	}
	t.Logf("%d tests passed", report.Passed)
}

// TestLayout holds the library to its layout, which tells what a file is without
// parsing it: <platform>/<rule_name>/<rule_name>.rego, a test beside it.
func TestLayout(t *testing.T) {
	tests := map[string]string{}
	err := fs.WalkDir(policies.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		dir := path.Dir(name)
		base := path.Base(dir)
		switch path.Base(name) {
		case base + ".rego":
			tests[dir] += "policy"
		case base + "_test.rego":
			tests[dir] += "test"
		default:
			t.Errorf("%s: want %s.rego or %s_test.rego", name, base, base)
		}
		text, err := fs.ReadFile(policies.FS, name)
		if want := "\npackage policyctl." + strings.ReplaceAll(dir, "/", ".") + strings.TrimPrefix(strings.TrimSuffix(path.Base(name), ".rego"), base); !strings.Contains("\n"+string(text), want+"\n") {
			t.Errorf("%s: want the package %s", name, strings.TrimPrefix(want, "\npackage "))
		}
		if suffix := strings.HasSuffix(name, "_test.rego"); suffix && strings.Count(string(text), "\ntest_") < 2 {
			t.Errorf("%s: want a test that fires and one that stays silent", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, have := range tests {
		if have != "policytest" {
			t.Errorf("%s: want a policy and its test, have %s", dir, have)
		}
	}
}

// TestCatalogue holds README.md to the METADATA of the policies.
func TestCatalogue(t *testing.T) {
	rules, err := program(t).AllRules()
	if err != nil {
		t.Fatal(err)
	}
	want := catalogue(rules)
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("README.md is stale; run go test ./policies -update:\n%s", diff)
	}
}

func catalogue(rules []*lint.Rule) string {
	var b strings.Builder
	b.WriteString("# Policies\n\nMade from the METADATA of the policies by `go test ./policies -update`.\n`policyctl explain RULE` says more about each.\n")
	tiers := map[lint.Tier]int{}
	kind := ""
	for _, rule := range rules {
		tiers[rule.Tier]++
	}
	fmt.Fprintf(&b, "\n%d rules: %d of tier default, %d strict, %d audit. Rules of tier strict and audit run when asked for.\n",
		len(rules), tiers[lint.Default], tiers[lint.Strict], tiers[lint.Audit])
	for _, rule := range rules {
		if rule.Kind() != kind {
			kind = rule.Kind()
			fmt.Fprintf(&b, "\n## %s\n\n| rule | severity | tier | finds |\n| --- | --- | --- | --- |\n", kind)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", rule.ID, rule.Severity, rule.Tier, rule.Title)
	}
	return b.String()
}

// TestMetadata holds what a report shows of a rule to the limits of its readers.
func TestMetadata(t *testing.T) {
	rules, err := program(t).AllRules()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, rule := range rules {
		if len(rule.Title) > 100 || strings.HasSuffix(rule.Title, ".") {
			t.Errorf("%s: the title is a headline: at most 100 characters, no full stop", rule.ID)
		}
		if len(rule.Description) > 1000 || !strings.HasSuffix(rule.Description, ".") || !strings.HasSuffix(rule.Fix, ".") {
			t.Errorf("%s: description and fix are sentences of at most 1000 characters", rule.ID)
		}
		for _, name := range append(slices.Clone(rule.Aliases), rule.ID) {
			if other := names[name]; other != "" {
				t.Errorf("%s and %s share the name %s", other, rule.ID, name)
			}
			names[name] = rule.ID
		}
	}
}
