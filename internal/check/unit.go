package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/flows"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/parse/terraform"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/scanner"
)

// part is what one unit of work gave.
type part struct {
	paths     []string // files that were read
	beyond    []string // what was asked for besides, also in vain; of one unit only
	documents map[string]int
	findings  []lint.Finding
	failures  []lint.Failure
	gaps      []lint.Gap
	skipped   []lint.Skip
	ignores   []gate.Ignore
	facts     []graph.Facts
	flows     []flows.Facts
	sensitive []lint.Location
	found     map[string]scanner.Result // in each file that was read to learn
	contracts []held
	moved     []gate.Move   // addresses that have others now
	counting  []string      // Terraform files that count versions of secrets
	beside    graph.Options // what is known beside the facts, once all files are read
	err       error
}

func (p *part) add(q part) {
	p.paths = append(p.paths, q.paths...)
	p.findings = append(p.findings, q.findings...)
	p.failures = append(p.failures, q.failures...)
	p.gaps = append(p.gaps, q.gaps...)
	p.skipped = append(p.skipped, q.skipped...)
	p.ignores = append(p.ignores, q.ignores...)
	p.facts = append(p.facts, q.facts...)
	p.flows = append(p.flows, q.flows...)
	p.sensitive = append(p.sensitive, q.sensitive...)
	p.contracts = append(p.contracts, q.contracts...)
	p.moved = append(p.moved, q.moved...)
	p.counting = append(p.counting, q.counting...)
	for platform, n := range q.documents {
		p.documents[platform] += n
	}
	for path, found := range q.found {
		p.found[path] = found
	}
	if p.err == nil {
		p.err = q.err
	}
}

// forEach calls work for 0 to n-1, from as many goroutines as there are jobs.
func (c *Check) forEach(n int, work func(int)) {
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(max(c.Jobs, 1), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
				if c.Progress != nil {
					c.Progress(int(done.Add(1)), n)
				}
			}
		})
	}
	workers.Wait()
}

// guarded turns a panic into a failure: a file that brings down its parser must
// not bring down the run, nor look as if it had been checked. What the panic says
// is not shown, for it may quote the file.
func guarded(paths []string, work func() part) (p part) {
	defer func() {
		if recover() == nil {
			return
		}
		p = part{documents: map[string]int{}}
		for _, path := range paths {
			p.failures = append(p.failures, lint.Failure{Path: path, Message: "policyctl broke down here; this is a mistake of policyctl, please report it"})
		}
	}()
	return work()
}

// allBelow at the end of a path asks for all files of the repository below it.
const allBelow = "**"

// below lists those of some paths that stand in a folder or below it.
func below(folder string, paths []string) *lint.Source {
	first, _ := slices.BinarySearch(paths, folder)
	var names bytes.Buffer
	for _, name := range paths[first:] {
		if !strings.HasPrefix(name, folder) {
			break
		}
		names.WriteString(name + "\n")
	}
	return &lint.Source{Path: folder + allBelow, Data: names.Bytes()}
}

// unit reads the files of a unit, searches them and judges their documents. all are the
// files of the repository, sorted.
func (c *Check) unit(ctx context.Context, from tree, all func() []string, paths []string) part {
	p := part{documents: map[string]int{}, found: map[string]scanner.Result{}}
	if ctx.Err() != nil {
		for _, path := range paths {
			p.failures = append(p.failures, lint.Failure{Path: path, Message: "the run ended before the file was checked: " + ctx.Err().Error()})
		}
		return p
	}
	var sources []*lint.Source
	var scans []scanner.Result
	for _, path := range paths {
		src, skip, unreadable := from.read(path)
		if unreadable != nil {
			p.findings = append(p.findings, *unreadable)
		}
		switch {
		case skip != nil:
			if why := parse.Packaged(path); why != "" && discover.IsBinary(*skip) {
				skip.Reason = why
			}
			p.skipped = append(p.skipped, *skip)
			if c.Scanner != nil && !c.learns {
				p.findings = append(p.findings, c.Scanner.Named(path, "")...)
			}
		case src != nil:
			sources = append(sources, src)
			scans = append(scans, c.search(&p, src, opener(from)))
			if counts(src) {
				p.counting = append(p.counting, path)
			}
		}
	}
	others := map[string]*lint.Source{}
	for _, src := range sources {
		others[src.Path] = src
	}
	files := func(path string) *lint.Source {
		if path == terraform.Environment {
			return c.variables()
		}
		src, known := others[path]
		if known {
			return src
		}
		if folder, listed := strings.CutSuffix(path, allBelow); listed {
			src = below(folder, all())
		} else {
			src, _, _ = from.read(path)
		}
		others[path] = src
		return src
	}
	docs, findings := parse.Parse(sources, files)
	for _, doc := range docs {
		p.skipped = append(p.skipped, doc.Skipped...)
	}
	p.findings = append(p.findings, findings...)
	p.sensitive = append(p.sensitive, pasted(findings, sources)...)
	for _, doc := range docs {
		if contract.Inherits(doc) {
			p.contracts = append(p.contracts, held{doc, sources, scans})
			continue
		}
		if doc.Name != terraform.PlanName && !doc.Again { // the configuration has the same facts
			p.facts = append(p.facts, graph.Collect(doc))
		}
		p.add(c.judge(ctx, doc))
		if linked := c.Components.Link(doc, files); linked != nil {
			p.findings = append(p.findings, linked.Findings...)
			p.facts = append(p.facts, graph.Collect(linked))
			if c.flows {
				p.flows = append(p.flows, flows.Collect(linked))
			}
			p.add(c.judge(ctx, linked))
		}
	}
	for _, src := range sources {
		delete(others, src.Path)
	}
	p.beyond = slices.Sorted(maps.Keys(others))
	for _, path := range p.beyond {
		if src := others[path]; src != nil && c.Scanner != nil && !strings.HasSuffix(path, "/") && !strings.HasSuffix(path, allBelow) { // what is said about them must not show their credentials
			sources, scans = append(sources, src), append(scans, c.Scanner.Scan(src))
		}
	}
	p.tag(c.Scanner, sources)
	p.redact(scans)
	return p
}

// tag gives the credentials that policies found a tag for the baseline, as the
// scanner gives it to those that it finds. A value that comes from elsewhere is told by
// what stands there: password = local.x says the same whatever x is.
func (p *part) tag(s *scanner.Scanner, sources []*lint.Source) {
	if s == nil {
		return
	}
	for i := range p.findings {
		f := &p.findings[i]
		if f.Tag != "" || !f.Rule.PointsAtSecret() {
			continue
		}
		places := []lint.Location{f.Location} // if where it comes from is in no file of the unit
		if len(f.Flow) > 0 {
			places = append(places, f.Flow[0].Location)
		}
		for _, at := range places {
			for _, src := range sources {
				if src.Path == at.Path {
					value := src.Data[src.Offset(at.Start):src.Offset(at.End)]
					f.Tag = s.Tag(bytes.Trim(value, "\"'"))
				}
			}
		}
	}
}

// search looks for credentials, with a scanner, and for comments that waive
// findings.
func (c *Check) search(p *part, src *lint.Source, files parse.Files) scanner.Result {
	p.paths = append(p.paths, src.Path)
	if why := parse.Unsupported(src, files); why != "" {
		p.skipped = append(p.skipped, lint.Skip{Path: src.Path, Reason: why})
	}
	switch {
	case c.Scanner == nil:
		return scanner.Result{}
	case c.learns:
		p.found[src.Path] = c.Scanner.Scan(src)
		return p.found[src.Path]
	}
	ignores, wrong := gate.Ignores(src)
	p.ignores = append(p.ignores, ignores...)
	p.findings = append(p.findings, wrong...)
	found := c.Scanner.Scan(src)
	if found.Cut != "" {
		p.failures = append(p.failures, lint.Failure{Path: src.Path, Message: found.Cut})
	}
	p.findings = append(p.findings, found.Findings...)
	for _, f := range found.Findings {
		p.sensitive = append(p.sensitive, f.Location)
	}
	return found
}

// link searches the text of a symlink: whoever has the repository can read it.
func (c *Check) link(src *lint.Source) (p part) {
	if src == nil || c.Scanner == nil {
		return p
	}
	found := c.Scanner.Scan(src).Findings
	if c.learns {
		return p
	}
	p.findings = found
	for _, f := range p.findings {
		p.sensitive = append(p.sensitive, f.Location)
	}
	return p
}

// judge runs the policies, if there are any, over a document.
func (c *Check) judge(ctx context.Context, doc *lint.Document) part {
	if c.Policies == nil {
		return part{documents: map[string]int{doc.Platform: 1}, gaps: doc.Gaps}
	}
	learn := func([]string) {}
	if c.Scanner != nil {
		learn = c.Scanner.Learn
	}
	findings, failures, err := c.Policies.Evaluate(ctx, doc, learn)
	if c.learns {
		findings = nil
	}
	for i := range findings {
		f := &findings[i]
		if doc.Platform == pipeline.Platform && f.Instance == "" {
			f.Made = nil // the same secret again, by another job or pipeline that shares a file, is no other matter
		}
		if (doc.Platform == pipeline.Platform || doc.Name == terraform.PlanName) && f.Location.Path != doc.Path {
			f.Includer = doc.Path
		}
		if doc.Name == terraform.PlanName || doc.Again { // nobody edits a plan, and the words of a fix are not those of the file
			f.Fix = nil
		}
	}
	gaps, cut := cutShort(doc.Gaps)
	return part{
		documents: map[string]int{doc.Platform: 1},
		moved:     moves(doc),
		findings:  findings, failures: append(failures, cut...), gaps: gaps, err: err,
	}
}

// cutShort tells the texts of which only a part was read: they were not checked.
func cutShort(all []lint.Gap) (gaps []lint.Gap, failures []lint.Failure) {
	for _, gap := range all {
		if !gap.Cut {
			gaps = append(gaps, gap)
			continue
		}
		failures = append(failures, lint.Failure{Path: gap.Location.Path, Message: fmt.Sprintf("line %d: %s", gap.Location.Start.Line, gap.Message)})
	}
	return gaps, failures
}

// redact takes the credentials that the scanner found out of everything that is
// said about the same files: policies put parts of their input into messages.
func (p *part) redact(scans []scanner.Result) {
	for _, scan := range scans {
		if scan.Empty() {
			continue
		}
		for i := range p.findings {
			f := &p.findings[i]
			f.Redact(scan.Redact)
			if f.Fix != nil {
				redactFix(scan, f.Fix)
			}
		}
		for i := range p.failures {
			p.failures[i].Message = scan.Redact(p.failures[i].Message)
		}
		for i := range p.gaps {
			p.gaps[i].Message = scan.Redact(p.gaps[i].Message)
		}
	}
}

// redactFix keeps what a fix proposes, unless a credential is part of it.
func redactFix(scan scanner.Result, fix *lint.Fix) {
	if text := fmt.Sprint(fix.Value); scan.Redact(text) != text {
		fix.Value, fix.Replacement = lint.Mask, nil
	}
	if text := fix.Replacement; text != nil && scan.Redact(*text) != *text {
		fix.Replacement = nil
	}
}

// variables are those of the environment, as the parser of Terraform reads them.
func (c *Check) variables() *lint.Source {
	if c.Variables == nil {
		return nil
	}
	data, err := json.Marshal(c.Variables)
	if err != nil {
		return nil
	}
	return &lint.Source{Path: terraform.Environment, Data: data}
}

// run gives the actions that were left out and that what was judged runs: a glob says whose
// text they are, and not that they do nothing. They are left out no more.
func (c *Check) run(from tree, parts []part, all *part) (units [][]string) {
	filter, err := c.filter()
	if err != nil || len(c.Files.Paths) > 0 && !c.Staged {
		return nil
	}
	seen := map[string]bool{}
	for _, file := range all.paths {
		seen[file] = true
	}
	for _, p := range parts {
		for _, file := range p.beyond {
			if base := path.Base(file); seen[file] || base != "action.yml" && base != "action.yaml" || filter.Wants(file) || !from.exists(file) {
				continue
			}
			seen[file] = true
			units = append(units, []string{file})
			all.skipped = without(all.skipped, file)
		}
	}
	return units
}

// filter tells what is left out wherever it stands.
func (c *Check) filter() (*discover.Filter, error) {
	return discover.NewFilter(discover.Options{Exclude: c.Files.Exclude, Include: c.Files.Include, Vendored: c.Files.Vendored})
}

// without takes a file from what was left out.
func without(skipped []lint.Skip, file string) []lint.Skip {
	for i := range skipped {
		skip := &skipped[i]
		switch folder := strings.HasSuffix(skip.Path, "/") && strings.HasPrefix(file, skip.Path); {
		case skip.Path == file, folder && skip.Files == 1:
			return slices.Delete(skipped, i, i+1)
		case folder && skip.Files > 1:
			skip.Files--
			return skipped
		}
	}
	return skipped
}
