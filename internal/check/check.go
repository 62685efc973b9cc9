// Package check is a whole run: from the files of a repository to a verdict. It
// holds the order of the steps; what a step does stands in its package.
package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/model"
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

	// Variables are those that the environment gives Terraform: they decide conditions,
	// and are shown nowhere. Nil if nobody asked for them.
	Variables map[string]string

	Jobs     int           // how many units are worked on at a time
	Deadline time.Duration // for the whole run; zero for none

	// Base is the commit with which the files are compared: what was found in it
	// already does not block. If it is empty, everything counts as new, and what comes
	// with time alone is compared with HEAD.
	Base string
	// Declared is what holds in place of the catalogue, classes and defaults of the files;
	// nil if these hold.
	Declared *Declared
	// Trusted says that whoever made the change is not trusted to waive findings: a
	// comment that ignores some holds once Base has it.
	Trusted bool
	// Staged checks the index in place of the work tree: the units that the next
	// commit changes a file of.
	Staged bool
	// Progress is called when a unit is done, from many goroutines.
	Progress func(done, total int)

	beside  []lint.Skip // what is staged and left out
	merging []string    // commits that the next one is to join, besides Base
	flows   bool        // keep where secrets of pipelines go
	learns  bool        // detectors and policies find only what must not be shown
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

// Names lists every rule there is by its ID, without much else: to know that a name is one
// of them needs no more, and costs a hundredth.
func Names(policies *eval.Program, s *scanner.Scanner) []*lint.Rule {
	return slices.Concat(policies.IDs(), s.Rules(), lint.Own(), contract.Rules())
}

func sorted(rules []*lint.Rule) []*lint.Rule {
	slices.SortFunc(rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// Result is a verdict, and what a report must not show.
type Result struct {
	Verdict   gate.Verdict
	Sensitive []lint.Location // where credentials stand
	Graph     *graph.Graph    // what the repository declares and uses; nil if nothing was read

	// Source gives a file again as it was checked. It is nil for what is on the disk.
	Source func(lint.Location) *lint.Source
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
	if c.Policies != nil {
		go c.Policies.Prepare(graph.Platform) // every run ends with it
	}
	here, err := c.open(ctx)
	if err != nil {
		return Result{}, err
	}
	defer here.close()
	c.Components = c.Components.Within(model.Files(opener(here)))
	if c.Staged && len(c.Files.Paths) == 0 {
		return c.nothing(ctx, here)
	}
	r, err := c.read(ctx, here, nil)
	if err != nil {
		return Result{}, err
	}
	for _, skip := range c.beside {
		if !slices.ContainsFunc(r.all.skipped, func(s lint.Skip) bool { return s.Path == skip.Path }) {
			r.all.skipped = append(r.all.skipped, skip)
		}
	}
	unread, err := c.unread(ctx, here, &r.all.skipped)
	if err != nil {
		return Result{}, err
	}
	r.all.failures = append(r.all.failures, unread...)
	if c.judgeAll(ctx, &r); r.all.err != nil {
		return Result{}, r.all.err
	}
	verdict, err := c.verdict(ctx, r)
	return Result{Verdict: verdict, Sensitive: r.all.sensitive, Graph: r.graph, Source: c.source(here, verdict.Findings)}, err
}

// open opens what is checked: the work tree, or of the index the units that the next
// commit changes a file of.
func (c *Check) open(ctx context.Context) (tree, error) {
	if !c.Staged {
		return c.openWorkTree(ctx)
	}
	repo, ok, err := git.Open(ctx, c.Files.Root)
	if err == nil && !ok {
		err = fmt.Errorf("%s is in no git repository: nothing is staged", c.Files.Root)
	}
	if err != nil {
		return nil, err
	}
	var files []git.File
	var versions []git.Version
	var gone []string
	var failed [3]error
	var answers sync.WaitGroup // git takes longer to start than to answer
	answers.Go(func() { files, failed[0] = repo.Index(ctx) })
	answers.Go(func() { versions, gone, failed[1] = repo.Staged(ctx) })
	answers.Go(func() { c.Base, c.merging, failed[2] = repo.Heads(ctx) })
	answers.Wait()
	if err := cmp.Or(failed[:]...); err != nil {
		return nil, err
	}
	index := newGitTree(ctx, repo, files, c.Files.MaxSize)
	c.Files.Paths, err = c.staged(ctx, repo, index, versions, gone)
	return index, err
}

func (c *Check) openWorkTree(ctx context.Context) (tree, error) {
	repo, ok, err := git.Open(ctx, c.Files.Root)
	if err != nil && !errors.Is(err, git.ErrNotInstalled) {
		return nil, err
	}
	t := workTree{max: c.Files.MaxSize}
	if ok {
		var files []git.File
		if files, t.converted, err = repo.Converted(ctx); err != nil {
			return nil, err
		}
		if len(files) > 0 {
			t.stored = newGitTree(ctx, repo, files, c.Files.MaxSize)
		}
	}
	t.root, err = os.OpenRoot(c.Files.Root)
	return t, err
}

// opener gives the files of a tree that can be read.
func opener(t tree) parse.Files {
	return func(path string) *lint.Source {
		src, _, _ := t.read(path)
		return src
	}
}

// staged lists the files of all units that the next commit changes a file of, and those that
// may read one: what a Dockerfile copies and what a kustomization names is judged there. What is
// left out is judged nowhere else than where a workflow or a module reads it along.
func (c *Check) staged(ctx context.Context, repo *git.Repo, index *gitTree, versions []git.Version, gone []string) ([]string, error) {
	listing, err := index.list(ctx, c.Files)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, v := range versions {
		if v.Object == "" {
			return nil, fmt.Errorf("%s: there is a conflict in the index: resolve it first", v.Path)
		}
		files = append(files, v.Path)
	}
	changed := map[string]bool{}
	for _, v := range versions {
		changed[v.Path] = true
	}
	for _, commit := range c.merging { // what another branch has already is its own
		merged, err := repo.Objects(ctx, commit, files)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			changed[v.Path] = changed[v.Path] && v.Object != merged[v.Path]
		}
	}
	altered := &gitTree{files: index.files}
	for name := range index.files {
		if changed[name] {
			altered.names = append(altered.names, name)
		}
	}
	slices.Sort(altered.names)
	beside, err := altered.list(ctx, c.Files)
	if err != nil {
		return nil, err
	}
	c.beside = beside.Skipped
	filter, err := c.filter()
	if err != nil {
		return nil, err
	}
	var paths []string
	isChanged := func(path string) bool { return changed[path] }
	others := slices.Concat(altered.names, gone)
	leftOut := slices.ContainsFunc(others, func(file string) bool { return !filter.Wants(file) })
	reads := func(file string) bool { return leftOut && parse.Named(file) || parse.ReadsAnother(file, others) }
	index.readAhead(parse.Leading(listing.Files, isChanged))
	for _, unit := range parse.UnitsOf(listing.Files, opener(index), isChanged) {
		if slices.ContainsFunc(unit, isChanged) || slices.ContainsFunc(unit, reads) {
			paths = append(paths, unit...)
		}
	}
	index.ahead = nil
	for _, link := range listing.Links {
		if changed[link] {
			paths = append(paths, link)
		}
	}
	return paths, nil
}

// nothing is the result of a run over a change of which nothing can be read.
func (c *Check) nothing(ctx context.Context, index tree) (Result, error) {
	unread, err := c.unread(ctx, index, &c.beside)
	if err != nil {
		return Result{}, err
	}
	rules, err := c.rules(nil)
	return Result{Verdict: c.Gate.Judge(nil, gate.Coverage{Nothing: true, Rules: rules, Skipped: c.beside, Failures: unread})}, err
}

// reading is what the files of a tree gave.
type reading struct {
	tree  tree
	units map[string]part // what each unit gave, by its paths
	all   part
	set   contract.Set
	graph *graph.Graph
}

// unitKey is what a unit is known by.
func unitKey(paths []string) string { return strings.Join(paths, "\x00") }

// read reads all units, judges those that stand for themselves, and resolves the
// contracts. What a unit gave may be known already.
func (c *Check) read(ctx context.Context, from tree, known func(unit []string) (part, bool)) (reading, error) {
	r := reading{tree: from, units: map[string]part{}}
	files, err := from.list(ctx, c.Files)
	if err != nil {
		return r, err
	}
	everything := sync.OnceValue(func() []string { return c.everything(ctx, from, files.Files) })
	r.all = part{findings: slices.Concat(c.Findings, files.Findings), skipped: files.Skipped, documents: map[string]int{}, found: map[string]scanner.Result{}}
	for units := parse.Units(files.Files, opener(from)); len(units) > 0; {
		parts := make([]part, len(units))
		c.forEach(len(units), func(i int) {
			if known != nil {
				if p, ok := known(units[i]); ok {
					parts[i] = p
					return
				}
			}
			parts[i] = guarded(units[i], func() part { return c.unit(ctx, from, everything, units[i]) })
		})
		for i, p := range parts {
			r.units[unitKey(units[i])] = p
			r.all.add(p)
		}
		units = c.run(from, parts, &r.all)
	}
	for _, link := range files.Links {
		r.all.add(guarded([]string{link}, func() part { return c.link(from.link(link)) }))
	}
	r.all.failures = append(r.all.failures, tooLarge(r.all.skipped)...)
	elsewhere, err := c.declarations(ctx, from, files.Files)
	if err != nil {
		return r, err
	}
	r.all.add(guarded([]string{"."}, func() part {
		r.set = c.resolve(&r.all, elsewhere)
		return part{}
	}))
	r.all.beside, err = c.evidence(ctx, from, &r.all)
	return r, err
}

// everything lists the files of the repository, whatever part of it is checked.
func (c *Check) everything(ctx context.Context, from tree, checked []string) []string {
	if len(c.Files.Paths) == 0 {
		return checked
	}
	all := c.Files
	all.Paths = nil
	files, err := from.list(ctx, all)
	if err != nil {
		return checked
	}
	return files.Files
}

// judgeAll judges what files say together: the contracts, and the facts that the graph
// joins.
func (c *Check) judgeAll(ctx context.Context, r *reading) {
	all := &r.all
	all.add(guarded([]string{"."}, func() part { return c.judgeContracts(ctx, all.contracts, r.set) }))
	if all.beside.Adopted, all.err = c.adopted(ctx, r); all.err != nil {
		return
	}
	all.add(guarded([]string{"."}, func() part {
		r.graph = c.graph(all)
		return c.judge(ctx, r.graph.Document())
	}))
	all.findings = inherited(all.findings, r.set)
	all.findings = readAlong(all.findings, all.paths, len(c.Files.Paths) == 0 || c.Staged)
	if len(c.Files.Paths) > 0 {
		all.findings = about(all.findings, all.paths)
	}
	all.findings = inContracts(distinct(together(once(all.findings))), all.contracts)
}

func (c *Check) graph(all *part) *graph.Graph {
	options := all.beside
	options.Complete = c.complete(all)
	return graph.Join(all.facts, options)
}

// verdict has the gate mark what was found. What it is compared with is read only if
// that makes a difference.
func (c *Check) verdict(ctx context.Context, r reading) (gate.Verdict, error) {
	all := r.all
	rules, err := c.rules(all.documents)
	if err != nil {
		return gate.Verdict{}, err
	}
	g := *c.Gate
	g.Trusted = c.Trusted
	if c.Scanner != nil {
		g.Name = c.Scanner.Hide
	}
	g.Moved = all.moved
	if c.Base == "" {
		g.Gone = func(path string) bool { return !r.tree.exists(path) && !strings.Contains(path, lint.Mask) }
	}
	if g.Ignores = slices.Concat(g.Ignores, all.ignores); len(g.Ignores) > 0 && g.Rules == nil {
		g.Rules = Names(c.Policies, c.Scanner)
		if !named(g.Rules, g.Ignores) {
			if g.Rules, err = Rules(c.Policies, c.Scanner); err != nil {
				return gate.Verdict{}, err
			}
		}
	}
	if g.Touched, err = c.touched(ctx, r, g.Lapsed()); err != nil {
		return gate.Verdict{}, err
	}
	coverage := gate.Coverage{
		Nothing: c.Staged, Files: len(all.paths), Paths: all.paths, Documents: all.documents, Rules: rules,
		Skipped: all.skipped, Gaps: compactGaps(all.gaps), Failures: compact(all.failures), Whole: len(c.Files.Paths) == 0,
	}
	verdict := g.Judge(all.findings, coverage)
	if c.Base == "" || len(verdict.Findings) == 0 {
		return verdict, nil
	}
	base, err := c.openBase(ctx, c.Base)
	if err != nil {
		return gate.Verdict{}, err
	}
	defer base.close()
	blocks := verdict.Count(gate.Blocking) > 0
	if !blocks && !slices.ContainsFunc(verdict.Findings, func(j gate.Judged) bool { return !base.exists(j.Location.Path) }) {
		return verdict, nil
	}
	d, err := c.differ(ctx, r.tree, base)
	if err != nil {
		return gate.Verdict{}, err
	}
	if blocks {
		before, err := c.before(ctx, r, base, d)
		if err != nil {
			return gate.Verdict{}, err
		}
		if c.Trusted { // the settings are those of the base, mistakes included
			before = append(before, c.Findings...)
		}
		g.Base = gate.BaseOf(before)
		verdict = g.Judge(all.findings, coverage)
	}
	d.formerly(verdict.Findings)
	return verdict, nil
}

// named says whether comments name nothing but rules that are among some.
func named(rules []*lint.Rule, ignores []gate.Ignore) bool {
	ids := map[string]bool{}
	for _, rule := range rules {
		ids[rule.ID] = true
	}
	return !slices.ContainsFunc(ignores, func(i gate.Ignore) bool {
		return slices.ContainsFunc(i.Rules, func(name string) bool { return !ids[name] })
	})
}

// complete says whether the whole repository was read: only then does it mean
// anything that something is nowhere.
func (c *Check) complete(all *part) bool {
	return len(c.Files.Paths) == 0 && len(all.failures) == 0 && !slices.ContainsFunc(all.findings, IsUnread)
}

// IsUnread says whether a finding is about a file, or a part of one, that was not read.
func IsUnread(f lint.Finding) bool {
	return f.Rule == lint.SyntaxError || f.Rule == lint.TooComplex || f.Rule == lint.UnreadableFile
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
