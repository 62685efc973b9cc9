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
