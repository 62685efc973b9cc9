package reports

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
)

// Run is a run that was read, and what the repository is called that it is of. Runs
// without a name are of one repository: shards of a check.
type Run struct {
	Name string
	Report
}

// Merge joins runs to one, whose verdict is the worst of theirs. What several of them
// found at one place is there once, as the strictest judged it; what one of them could
// not check was not checked. In front of the files of a named run stands its name.
func Merge(runs []Run) (Report, error) {
	if err := joinable(runs); err != nil {
		return Report{}, err
	}
	m := merger{owners: map[string][]string{}, rules: map[string]*lint.Rule{}}
	m.out.lineHashes = map[string]string{}
	for _, run := range runs {
		m.out.Confidence = max(m.out.Confidence, run.Confidence)
	}
	m.out.Verdict.Coverage = gate.Coverage{Documents: map[string]int{}, Nothing: true}
	for _, run := range runs {
		m.add(run)
	}
	return m.finish(runs), nil
}

func joinable(runs []Run) error {
	named, commit := map[string]bool{}, ""
	for _, run := range runs {
		switch {
		case (run.Name == "") != (runs[0].Name == ""):
			return errors.New("name all runs or none: without names they are of one repository")
		case named[run.Name] && run.Name != "":
			return fmt.Errorf("two runs are called %q", run.Name)
		case run.Name != "" && (path.IsAbs(run.Name) || path.Clean(run.Name) != run.Name || strings.HasPrefix(run.Name, "..")):
			return fmt.Errorf("the name %q cannot stand in front of files; want one such as shop or acme/shop", run.Name)
		case run.Name == "" && run.Commit != "" && commit != "" && run.Commit != commit:
			return errors.New("the runs are of different commits; if they are of different repositories, write NAME=FILE")
		}
		named[run.Name], commit = true, cmp.Or(commit, run.Commit)
	}
	return nil
}

type merger struct {
	out    Report
	owners map[string][]string
	rules  map[string]*lint.Rule
}

func (m *merger) add(run Run) {
	name, coverage, all := run.Name, run.Verdict.Coverage, &m.out.Verdict.Coverage
	all.Files += coverage.Files
	for _, file := range coverage.Paths {
		all.Paths = append(all.Paths, within(name, file))
	}
	all.Commits += coverage.Commits
	all.Nothing = all.Nothing && coverage.Nothing
	for platform, n := range coverage.Documents {
		all.Documents[platform] += n
	}
	for _, rule := range rules(run.Verdict) {
		if known := m.rules[rule.ID]; known == nil || known.Severity < rule.Severity {
			m.rules[rule.ID] = rule
		}
	}
	for _, failure := range coverage.Obstacles() {
		failure.Path = within(name, failure.Path)
		all.Failures = append(all.Failures, failure)
	}
	for _, skip := range coverage.Skipped {
		skip.Path = within(name, skip.Path)
		all.Skipped = append(all.Skipped, skip)
	}
	for _, gap := range coverage.Gaps {
		gap.Location.Path = within(name, gap.Location.Path)
		all.Gaps = append(all.Gaps, gap)
	}
	m.out.Verdict.Gone = append(m.out.Verdict.Gone, run.Verdict.Gone...)
	for _, f := range run.Verdict.Findings {
		m.finding(run, f)
	}
	m.repository(run)
}

func (m *merger) finding(run Run, f gate.Judged) {
	owners, hash := run.owners(f.Location), run.lineHashes[hashKey(f.Fingerprint, f.Location)]
	if run.Name != "" {
		f.Fingerprint = digest(run.Name, f.Fingerprint)
		if f.Former != "" {
			f.Former = digest(run.Name, f.Former)
		}
	}
	f.Location.Path = within(run.Name, f.Location.Path)
	f.Related, f.Flow = slices.Clone(f.Related), slices.Clone(f.Flow)
	for _, places := range f.Others() {
		for i := range places {
			places[i].Location.Path = within(run.Name, places[i].Location.Path)
		}
	}
	if f.Fix != nil {
		fix := *f.Fix
		fix.Location.Path = within(run.Name, fix.Location.Path)
		f.Fix = &fix
	}
	m.owners[f.Location.Path] = owners
	m.out.lineHashes[hashKey(f.Fingerprint, f.Location)] = hash
	m.out.Verdict.Findings = append(m.out.Verdict.Findings, f)
}

// repository takes over the inventory and the graph. Of one repository any run that
// knows them knows all.
func (m *merger) repository(run Run) {
	if run.Name == "" && m.out.Secrets != nil {
		return
	}
	for _, secret := range run.Secrets {
		secret.File = within(run.Name, secret.File)
		m.out.Secrets = append(m.out.Secrets, secret)
	}
	if run.Graph == nil {
		return
	}
	if m.out.Graph == nil {
		m.out.Graph = &diagram.Diagram{Version: run.Graph.Version, Complete: true}
	}
	d := m.out.Graph
	d.Complete, d.LeftOut = d.Complete && run.Graph.Complete, d.LeftOut+run.Graph.LeftOut
	for _, node := range run.Graph.Nodes {
		node.ID, node.File = within(run.Name, node.ID), within(run.Name, node.File)
		d.Nodes = append(d.Nodes, node)
	}
	for _, edge := range run.Graph.Edges {
		edge.From, edge.To, edge.File = within(run.Name, edge.From), within(run.Name, edge.To), within(run.Name, edge.File)
		d.Edges = append(d.Edges, edge)
	}
}

// within puts a name in front of a path. What has no path is about all of the run.
func within(name, file string) string {
	switch {
	case name == "":
		return file
	case file == "":
		return name + "/"
	default:
		return name + "/" + file
	}
}

func (m *merger) finish(runs []Run) Report {
	var versions, commits, links []string
	for _, run := range runs {
		versions, commits, links = append(versions, run.Version), append(commits, run.Commit), append(links, run.Link)
		if m.out.AsOf.IsZero() || run.AsOf.Before(m.out.AsOf) {
			m.out.AsOf = run.AsOf
		}
	}
	m.out.Version = strings.Join(slices.Compact(versions), ", ")
	if runs[0].Name == "" {
		m.out.Commit, m.out.Link = cmp.Or(commits...), cmp.Or(links...)
		m.out.Verdict.Settings = common(runs)
	}
	m.out.Owners = func(path string) []string { return m.owners[path] }
	v := &m.out.Verdict
	for i := range v.Findings {
		v.Findings[i].Rule = m.rules[v.Findings[i].Rule.ID]
	}
	v.Findings = strictest(v.Findings)
	c := &v.Coverage
	several := len(c.Paths)
	c.Paths = distinct(c.Paths, func(file string) string { return file })
	c.Files -= several - len(c.Paths) // shards may overlap
	for _, rule := range m.rules {
		c.Rules = append(c.Rules, rule)
	}
	slices.SortFunc(c.Rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	c.Failures = distinct(c.Failures, func(f lint.Failure) string { return f.Path + "\x00" + f.Rule + "\x00" + f.Message })
	c.Skipped = distinct(c.Skipped, func(s lint.Skip) string { return s.Path + "\x00" + s.Reason })
	c.Gaps = distinct(c.Gaps, func(g lint.Gap) string { return placeKey(g.Location) + "\x00" + g.Message })
	slices.SortStableFunc(m.out.Secrets, func(a, b inventory.Secret) int { return strings.Compare(a.Name, b.Name) })
	return m.out
}

// common is what all shards were judged by. How many would block by other settings none of
// them knows of all.
func common(runs []Run) gate.Settings {
	s := runs[0].Verdict.Settings
	for _, run := range runs {
		other := run.Verdict.Settings
		if other.Base != s.Base || other.Trusted != s.Trusted {
			return gate.Settings{}
		}
		s.Changed = append(slices.Clone(s.Changed), other.Changed...)
	}
	slices.Sort(s.Changed)
	s.Changed = slices.Compact(s.Changed)
	if len(runs) > 1 {
		s.Then = -1
	}
	return s
}

// strictest sorts findings, and of those that are the same keeps the one that the
// strictest run judged.
func strictest(all []gate.Judged) []gate.Judged {
	slices.SortStableFunc(all, func(a, b gate.Judged) int {
		return cmp.Or(a.Compare(&b.Finding), strings.Compare(a.Fingerprint, b.Fingerprint), int(a.Status)-int(b.Status))
	})
	return slices.CompactFunc(all, func(a, b gate.Judged) bool { return a.Compare(&b.Finding) == 0 && a.Fingerprint == b.Fingerprint })
}

// distinct sorts a list and drops what is in it twice.
func distinct[T any](all []T, key func(T) string) []T {
	slices.SortStableFunc(all, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	return slices.CompactFunc(all, func(a, b T) bool { return key(a) == key(b) })
}

// placeKey sorts as places do.
func placeKey(at lint.Location) string {
	return fmt.Sprintf("%s\x00%09d\x00%09d\x00%s", at.Path, at.Start.Line, at.Start.Column, at.Commit)
}
