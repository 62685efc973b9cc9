package eval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestReport is what the tests of some packs gave.
type TestReport struct {
	Passed    int
	Failed    []string // file:line:column: test: what happened
	Skipped   []string // tests whose name begins with todo_
	Uncovered []string // file:line of policy that no test evaluates
	Silent    []string // IDs of rules that no test makes fire
	Coverage  float64  // per cent of lines
}

// OK says whether all tests passed, and each rule was seen to fire.
func (r TestReport) OK() bool { return len(r.Failed) == 0 && len(r.Silent) == 0 && r.Passed > 0 }

// Test runs the tests of the packs named in subjects, over all packs: a user's
// policies may use the built-in library, whose own tests do not run again.
func (p *Program) Test(ctx context.Context, subjects ...string) (TestReport, error) {
	modules, own, err := p.testModules(subjects)
	if err != nil {
		return TestReport{}, err
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithEnablePrintStatements(true)
	coverage := cover.New()
	store := inmem.NewFromObject(map[string]any{"run": map[string]any{"now_ns": p.options.Now.UnixNano()}})
	runner := tester.NewRunner().SetCompiler(compiler).SetStore(store).CapturePrintOutput(true).
		SetTimeout(60 * p.options.Deadline).SetCoverageQueryTracer(coverage).SetModules(modules)
	var results chan *tester.Result
	err = storage.Txn(ctx, store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		if results, err = runner.RunTests(ctx, txn); err != nil {
			return regoError(err)
		}
		return nil
	})
	if err != nil {
		return TestReport{}, fmt.Errorf("compile tests: %w", err)
	}
	report := TestReport{}
	for result := range results {
		report.add(result)
	}
	p.cover(&report, coverage.Report(own), own)
	slices.Sort(report.Failed)
	return report, nil
}

func (r *TestReport) add(result *tester.Result) {
	name := fmt.Sprintf("%s%s.%s", at(result.Location), result.Package, result.Name)
	output := strings.TrimRight("\n"+string(result.Output), "\n")
	switch {
	case result.Skip:
		r.Skipped = append(r.Skipped, name)
	case result.Error != nil:
		r.Failed = append(r.Failed, fmt.Sprintf("%s: %v%s", name, result.Error, output))
	case result.Fail && result.FailedAt != nil:
		r.Failed = append(r.Failed, fmt.Sprintf("%s: is false at line %d: %s%s", name, result.FailedAt.Location.Row, result.FailedAt, output))
	case result.Fail:
		r.Failed = append(r.Failed, name+": failed"+output)
	default:
		r.Passed++
	}
}

// testModules parses all policies, and the tests of the subjects. own are the
// subjects' policies, whose coverage counts.
func (p *Program) testModules(subjects []string) (modules, own map[string]*ast.Module, err error) {
	modules, own = map[string]*ast.Module{}, map[string]*ast.Module{}
	for i := range p.options.Packs {
		pack := &p.options.Packs[i]
		policies, err := pack.files(false)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range policies {
			if modules[f.label()], err = p.module(f); err != nil {
				return nil, nil, err
			}
			if slices.Contains(subjects, pack.Label) {
				own[f.label()] = modules[f.label()]
			}
		}
		tests, err := pack.files(true)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range tests {
			if !slices.Contains(subjects, pack.Label) {
				continue
			}
			if modules[f.label()], err = f.parse(); err != nil {
				return nil, nil, err
			}
		}
	}
	if len(own) == len(modules) {
		return nil, nil, errors.New("no test stands beside the policies; write *_test.rego")
	}
	return modules, own, nil
}

// cover adds to a report the lines that no test evaluates, and the rules of
// which no body ever produced a result.
func (p *Program) cover(report *TestReport, coverage cover.Report, own map[string]*ast.Module) {
	covered, total := 0, 0
	for _, name := range slices.Sorted(maps.Keys(own)) {
		file := coverage.Files[name]
		if file == nil {
			continue
		}
		covered += file.CoveredLines
		total += file.CoveredLines + file.NotCoveredLines
		for _, lines := range file.NotCovered {
			report.Uncovered = append(report.Uncovered, fmt.Sprintf("%s:%d", name, lines.Start.Row))
		}
	}
	if total > 0 {
		report.Coverage = 100 * float64(covered) / float64(total)
	}
	fired := map[string]bool{}
	for name, module := range own {
		platform, rule, err := identity(module, p.options.Platforms)
		if err != nil || platform == libraryPlatform {
			continue
		}
		id := ruleID(platform, rule)
		for _, r := range module.Rules {
			if isDeny(r) {
				fired[id] = fired[id] || coverage.IsCovered(name, r.Head.Location.Row)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(fired)) {
		if !fired[id] {
			report.Silent = append(report.Silent, id)
		}
	}
}
