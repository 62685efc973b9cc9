// Package check is a whole run: from the files of a repository to a verdict. It
// holds the order of the steps; what a step does stands in its package.
package check

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/scanner"
)

// Check is a run. All fields but Deadline and Progress are required by Run; Read
// needs Files, Jobs and the Gate's time.
type Check struct {
	Files    discover.Options
	Policies *eval.Program
	Scanner  *scanner.Scanner
	Gate     *gate.Gate
	Findings []lint.Finding // what is wrong with the settings themselves

	// Components is what the repository says of components that its pipelines use.
	Components pipeline.Components

	Jobs     int           // how many units are worked on at a time
	Deadline time.Duration // for the whole run; zero for none

	// Base is the commit with which the files are compared: those that differ are
	// what the change touches. If it is empty that is HEAD.
	Base string
	// Progress is called when a unit is done, from many goroutines.
	Progress func(done, total int)

	flows bool // keep where secrets of pipelines go
}

// Platforms lists everything that policies can be written for.
func Platforms() []string {
	return append(parse.Platforms(), pipeline.Platform, graph.Platform)
}

// Rules lists every rule there is, sorted by ID, those that do not run included.
func Rules(policies *eval.Program, s *scanner.Scanner) ([]*lint.Rule, error) {
	rules, err := policies.AllRules()
	if err != nil {
		return nil, err
	}
	return sorted(slices.Concat(rules, s.Rules(), lint.Own(), contract.Rules())), nil
}

func sorted(rules []*lint.Rule) []*lint.Rule {
	slices.SortFunc(rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Result is a verdict, and what a report must not show.
type Result struct {
	Verdict   gate.Verdict
	Sensitive []lint.Location // where credentials stand
	Graph     *graph.Graph    // what the repository declares and uses
}

// Run checks the files. Each unit is read, searched for credentials, parsed and
// judged by itself, and then forgotten but for its findings and the facts that
// the graph joins, so that memory does not grow with the repository.
func (c *Check) Run(ctx context.Context) (Result, error) {
	if c.Deadline > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, c.Deadline)
		defer done()
	}
	all, set, err := c.read(ctx)
	if err != nil {
		return Result{}, err
	}
	all.add(guarded([]string{"."}, func() part { return c.judgeContracts(ctx, all.contracts, set) }))
	g := c.judgeGraph(ctx, &all)
	all.findings = inherited(all.findings, set)
	if len(c.Files.Paths) > 0 {
		all.findings = about(all.findings, all.paths)
	}
	if all.err != nil {
		return Result{}, all.err
	}
	verdict, err := c.verdict(ctx, all)
	return Result{Verdict: verdict, Sensitive: all.sensitive, Graph: g}, err
}

// read reads all units, judges those that stand for themselves, and resolves the
// contracts.
func (c *Check) read(ctx context.Context) (part, contract.Set, error) {
	files, err := discover.Files(ctx, c.Files)
	if err != nil {
		return part{}, contract.Set{}, err
	}
	dir, err := os.OpenRoot(c.Files.Root)
	if err != nil {
		return part{}, contract.Set{}, err
	}
	defer dir.Close()

	units := parse.Units(files.Files)
	parts := make([]part, len(units))
	c.forEach(len(units), func(i int) {
		parts[i] = guarded(units[i], func() part { return c.unit(ctx, dir, units[i]) })
	})
	all := part{findings: slices.Concat(c.Findings, files.Findings), skipped: files.Skipped, documents: map[string]int{}}
	for _, p := range parts {
		all.add(p)
	}
	elsewhere, err := c.declarations(ctx, dir, files.Files)
	if err != nil {
		return part{}, contract.Set{}, err
	}
	var set contract.Set
	all.add(guarded([]string{"."}, func() part {
		set = c.resolve(&all, elsewhere)
		return part{}
	}))
	all.beside, err = c.evidence(ctx, dir, &all)
	return all, set, err
}

// judgeGraph joins the facts of all files, and judges what they say together.
func (c *Check) judgeGraph(ctx context.Context, all *part) *graph.Graph {
	joined := graph.Join(nil, graph.Options{})
	all.add(guarded([]string{"."}, func() part {
		joined = c.graph(all)
		return c.judge(ctx, joined.Document())
	}))
	return joined
}

func (c *Check) graph(all *part) *graph.Graph {
	options := all.beside
	options.Complete = c.complete(all)
	return graph.Join(all.facts, options)
}

// verdict has the gate mark what was found.
func (c *Check) verdict(ctx context.Context, all part) (gate.Verdict, error) {
	rules, err := c.rules(all.documents)
	if err != nil {
		return gate.Verdict{}, err
	}
	g := *c.Gate
	if g.Ignores = slices.Concat(g.Ignores, all.ignores); len(g.Ignores) > 0 && g.Rules == nil {
		if g.Rules, err = Rules(c.Policies, c.Scanner); err != nil {
			return gate.Verdict{}, err
		}
	}
	findings := inContracts(distinct(once(all.findings)), all.contracts)
	if g.Touched, err = c.touched(ctx, findings); err != nil {
		return gate.Verdict{}, err
	}
	return g.Judge(findings, gate.Coverage{
		Files: len(all.paths), Paths: all.paths, Documents: all.documents, Rules: rules,
		Skipped: all.skipped, Gaps: compactGaps(all.gaps), Failures: compact(all.failures), Whole: len(c.Files.Paths) == 0,
	}), nil
}

// complete says whether the whole repository was read: only then does it mean
// anything that something is nowhere.
func (c *Check) complete(all *part) bool {
	unread := func(f lint.Finding) bool {
		return f.Rule == lint.SyntaxError || f.Rule == lint.TooComplex || f.Rule == lint.UnreadableFile
	}
	return len(c.Files.Paths) == 0 && len(all.failures) == 0 && !slices.ContainsFunc(all.findings, unread)
}

// rules lists what was evaluated: the policies of the platforms that occurred,
// the detectors, and policyctl's own.
func (c *Check) rules(documents map[string]int) ([]*lint.Rule, error) {
	rules := slices.Concat(c.Scanner.Rules(), lint.Own(), contract.Rules())
	for platform := range documents {
		evaluated, err := c.Policies.Rules(platform)
		if err != nil {
			return nil, err
		}
		rules = append(rules, evaluated...)
	}
	return sorted(rules), nil
}
