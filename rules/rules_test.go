package rules_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/rules"
	"github.com/policyctl/policyctl/scanner"
)

var update = flag.Bool("update", false, "rewrite README.md")

// TestCatalogue holds README.md to the detectors that run.
func TestCatalogue(t *testing.T) {
	want := catalogue(t)
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
		t.Errorf("README.md is stale; run go test ./rules -update:\n%s", diff)
	}
}

func catalogue(t *testing.T) string {
	t.Helper()
	names, err := fs.Glob(rules.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	theirs := described(t)
	var tables strings.Builder
	count := 0
	for _, name := range names {
		data, err := fs.ReadFile(rules.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&tables, "\n## %s\n\n| rule | severity | finds |\n| --- | --- | --- |\n", strings.TrimSuffix(name, ".yaml"))
		for _, rule := range described(t, fstest.MapFS{name: {Data: data}}) {
			same := func(other *lint.Rule) bool { return other.ID == rule.ID }
			if !slices.ContainsFunc(theirs, same) {
				fmt.Fprintf(&tables, "| `%s` | %s | %s |\n", rule.ID, rule.Severity, rule.Title)
				count++
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Detectors\n\nMade from the detectors by `go test ./rules -update`.\n`policyctl explain RULE` says more about each.\n")
	fmt.Fprintf(&b, "\n%d detectors: %d of policyctl, one file a family, and the %d of gitleaks' default configuration.\n", count+len(theirs), count, len(theirs))
	b.WriteString(tables.String())
	b.WriteString("\n## From gitleaks\n\nTheir names are those of gitleaks. What has a provider's form is critical, what is told by the words around it high.\n")
	for _, severity := range []lint.Severity{lint.Critical, lint.High} {
		fmt.Fprintf(&b, "\n%s: %s.\n", severity, strings.Join(ids(theirs, severity), ", "))
	}
	return b.String()
}

// described are the rules of a scanner with these detectors beside those of gitleaks.
func described(t *testing.T, packs ...fs.FS) []*lint.Rule {
	t.Helper()
	s, err := scanner.New(scanner.Options{Packs: packs})
	if err != nil {
		t.Fatal(err)
	}
	return s.Rules()
}

func ids(all []*lint.Rule, severity lint.Severity) []string {
	var names []string
	for _, rule := range all {
		if rule.Severity == severity {
			names = append(names, "`"+rule.ID+"`")
		}
	}
	return names
}
