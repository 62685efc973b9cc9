package check

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/flows"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	declaring "github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/scanner"
)

// Repository is what a repository declares and uses, read but not judged.
type Repository struct {
	contract.Set
	Graph  *graph.Graph
	Flows  flows.List
	Owners func(path string) []string // handles of CODEOWNERS; nil without
	// What could not be read or resolved: whoever shows the rest shows this too.
	Unread   []lint.Finding
	Skipped  []lint.Skip
	Gaps     []lint.Gap
	Failures []lint.Failure

	Found map[string]scanner.Result // the credentials of each file that was read
}

// Read reads a repository without judging it. What the detectors and policies find tells
// only what must not be shown: whatever they say, the scanner knows the credentials then.
func (c *Check) Read(ctx context.Context) (Repository, error) {
	if c.Deadline > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, c.Deadline)
		defer done()
	}
	quiet := *c
	quiet.learns, quiet.flows = true, true
	here, err := quiet.openWorkTree(ctx)
	if err != nil {
		return Repository{}, err
	}
	defer here.close()
	r, err := quiet.read(ctx, here, nil)
	if err = cmp.Or(err, ctx.Err()); err != nil { // a part of it would look whole
		return Repository{}, err
	}
	all := r.all
	hides := func(skip lint.Skip) bool { return skip.Reason != "binary" && !harmless(skip) }
	whole := len(all.findings)+len(all.failures)+len(all.gaps) == 0 && !slices.ContainsFunc(Repository{Skipped: all.skipped}.Unasked(), hides)
	return Repository{Set: r.set, Graph: quiet.graph(&all), Flows: flows.Of(all.flows, whole), Owners: all.beside.Owners, Unread: all.findings, Skipped: all.skipped, Gaps: compactGaps(all.gaps), Failures: all.failures, Found: all.found}, all.err
}

// Unasked is what was left out although nobody asked for it.
func (r Repository) Unasked() []lint.Skip {
	return slices.DeleteFunc(slices.Clone(r.Skipped), discover.IsExcluded)
}

// Undecided lists what of that can declare something, by its name: what it says is
// not known.
func (r Repository) Undecided() []string {
	var files []string
	for _, skip := range r.Unasked() {
		if declares(skip.Path) || declaring.MayClaim(skip.Path) && !harmless(skip) {
			files = append(files, skip.Path+" ("+skip.Reason+")")
		}
	}
	return files
}

// harmless says whether a file that was left out cannot hide a declaration.
func harmless(skip lint.Skip) bool {
	return strings.HasSuffix(skip.Reason, "searched for credentials only") || slices.Contains([]string{"symlink (its target is checked itself)", "symlink to nothing", "symlink loop"}, skip.Reason)
}
