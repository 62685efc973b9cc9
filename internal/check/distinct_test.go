package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// Whichever finding of a credential stays, it tells what the scanner knows of it.
func TestDistinctKeepsFacts(t *testing.T) {
	at := lint.Location{Path: "a.yaml", Start: lint.Position{Line: 2, Column: 3}, End: lint.Position{Line: 2, Column: 9}}
	elsewhere := lint.Location{Path: "a.yaml", Start: lint.Position{Line: 5, Column: 3}, End: lint.Position{Line: 5, Column: 9}}
	policy := &lint.Rule{ID: "kubernetes/literal-secret", Severity: lint.High, Tags: []string{"secret-value"}}
	detector := &lint.Rule{ID: "secret/aws-access-token", Severity: lint.High, Tags: []string{"credential"}}
	got := distinct([]lint.Finding{
		{Rule: policy, Location: at}, {Rule: policy, Location: elsewhere},
		{Rule: detector, Location: at, Confidence: 1, Facts: []string{"AWS account 123456789012"}},
	})
	want := []lint.Finding{
		{Rule: policy, Location: at, Confidence: 1, Facts: []string{"AWS account 123456789012"}}, {Rule: policy, Location: elsewhere},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOnce(t *testing.T) {
	rule, other, plan := &lint.Rule{ID: "pipeline/a"}, &lint.Rule{ID: "pipeline/b"}, &lint.Rule{ID: "terraform/a"}
	at := func(path string, line int) lint.Location {
		return lint.Location{Path: path, Start: lint.Position{Line: line, Column: 1}, End: lint.Position{Line: line, Column: 2}}
	}
	findings := []lint.Finding{
		{Rule: rule, Location: at("t.yml", 1), Message: `step 2 of job "z" does`, Includer: "z.yml"},
		{Rule: rule, Location: at("t.yml", 1), Message: `step "x" of job "t" does`},
		{Rule: rule, Location: at("t.yml", 2), Message: `job "z" does`, Includer: "z.yml"},
		{Rule: rule, Location: at("t.yml", 2), Message: `job "a" does`, Includer: "a.yml"},
		{Rule: rule, Location: at("t.yml", 2), Message: `job "b" does`, Includer: "a.yml"},
		{Rule: rule, Location: at("t.yml", 2), Message: `job "z" prints secret A`, Includer: "z.yml"},
		{Rule: rule, Location: at("t.yml", 2), Message: `job "z" does`, Includer: "z.yml", Secret: lint.SecretID{Group: "another"}},
		{Rule: other, Location: at("t.yml", 1), Message: "another rule", Includer: "z.yml"},
		{Rule: rule, Location: at("t.yml", 3), Message: `step 2 prints secret A`, Secret: lint.SecretID{Store: "azure", Name: "A"}},
		{Rule: rule, Location: at("t.yml", 3), Message: `step 2 of job "p" prints secret A`, Includer: "p.yml", Secret: lint.SecretID{Store: "azure", Group: "prod", Name: "A"}},
		{Rule: rule, Location: at("t.yml", 3), Message: `step 2 of job "q" prints secret A`, Includer: "q.yml", Secret: lint.SecretID{Store: "azure", Group: "test", Name: "A"}},
		{Rule: rule, Location: at("a.yml", 1), Message: "two at one place"},
		{Rule: rule, Location: at("a.yml", 1), Message: "in one file"},
		{Rule: plan, Location: at("a.tf", 1), Message: "said of the configuration"},
		{Rule: plan, Location: at("a.tf", 1), Message: "said of the plan, with values", Includer: "plan.json"},
	}
	var got []string
	for _, f := range once(findings) {
		got = append(got, f.Message)
	}
	want := []string{
		`step "x" of job "t" does`, `job "a" does`, `job "b" does`, `job "z" prints secret A`, `job "z" does`,
		"another rule", `step 2 of job "p" prints secret A`, `step 2 of job "q" prints secret A`, "two at one place", "in one file", "said of the configuration",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTogetherLeavesOneFindingOfOnePlace(t *testing.T) {
	rule, other := &lint.Rule{ID: "pipeline/a"}, &lint.Rule{ID: "kubernetes/a"}
	at := func(line int) lint.Location {
		return lint.Location{Path: "t.yml", Start: lint.Position{Line: line, Column: 1}, End: lint.Position{Line: line, Column: 2}}
	}
	findings := []lint.Finding{
		{Rule: rule, Location: at(1), Message: `secret A in step 10 of job "a"`, Anchor: "x"},
		{Rule: rule, Location: at(1), Message: `secret A in step 2 of job "a"`, Anchor: "y"},
		{Rule: rule, Location: at(1), Message: `secret B in step 2 of job "a"`},
		{Rule: rule, Location: at(2), Message: `secret A in step 2 of job "a"`},
		{Rule: rule, Location: at(2), Message: `secret A in step 2 of job "b"`},
		{Rule: rule, Location: at(3), Message: `secret A in step 2 of job "a"`, Secret: lint.SecretID{Group: "one"}},
		{Rule: rule, Location: at(3), Message: `secret A in step 2 of job "b"`, Secret: lint.SecretID{Group: "another"}},
		{Rule: rule, Location: lint.Location{Path: "t.yml"}, Message: `job "a" does`},
		{Rule: rule, Location: lint.Location{Path: "t.yml"}, Message: `job "b" does`},
		{Rule: other, Location: at(1), Message: `step 2`, Anchor: "x"},
		{Rule: other, Location: at(1), Message: `step 3`, Anchor: "y"},
	}
	var got []string
	for _, f := range together(findings) {
		got = append(got, f.Message)
	}
	want := []string{
		`job "a" does`, `job "b" does`, "step 2", "step 3", `secret A in step 2 of job "a"`, `secret B in step 2 of job "a"`,
		`secret A in step 2 of job "a" (job "a" and job "b")`,
		`secret A in step 2 of job "a"`, `secret A in step 2 of job "b"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOfRulesThatSayTheSameTheMostSevereStays(t *testing.T) {
	low := &lint.Rule{ID: "pipeline/a", Severity: lint.Medium, Tags: []string{"short-lived"}}
	high := &lint.Rule{ID: "graph/b", Severity: lint.High, Tags: []string{"short-lived"}}
	other := &lint.Rule{ID: "pipeline/c", Severity: lint.Low}
	at := func(start, end int) lint.Location {
		return lint.Location{Path: "t.yml", Start: lint.Position{Line: 1, Column: start}, End: lint.Position{Line: 1, Column: end}}
	}
	var got []string
	for _, f := range distinct([]lint.Finding{
		{Rule: low, Location: at(1, 20), Message: "about the same"}, {Rule: high, Location: at(5, 10), Message: "knows more"},
		{Rule: other, Location: at(5, 10), Message: "another matter"}, {Rule: low, Location: at(30, 40), Message: "another place"},
	}) {
		got = append(got, f.Message)
	}
	if diff := cmp.Diff([]string{"knows more", "another matter", "another place"}, got); diff != "" {
		t.Error(diff)
	}
}
