package check

import (
	"context"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// Repository is what a repository declares and uses, read but not judged.
type Repository struct {
	contract.Set
	Graph  *graph.Graph
	Owners func(path string) []string // handles of CODEOWNERS; nil without
	// What could not be read or resolved: whoever shows the rest shows this too.
	Unread   []lint.Finding
	Skipped  []lint.Skip
	Gaps     []lint.Gap
	Failures []lint.Failure
}

// Read reads a repository without judging it.
func (c *Check) Read(ctx context.Context) (Repository, error) {
	quiet := *c
	quiet.Policies, quiet.Scanner = nil, nil
	all, set, err := quiet.read(ctx)
	if err != nil {
		return Repository{}, err
	}
	return Repository{Set: set, Graph: quiet.graph(&all), Owners: all.beside.Owners, Unread: all.findings, Skipped: all.skipped, Gaps: all.gaps, Failures: all.failures}, all.err
}
