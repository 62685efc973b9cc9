// Package draft writes what contracts should say by what a repository does: a
// first contract for each secret that nobody declares, and changes to contracts
// that say something else. A graph goes in, files and edits come out. What a secret
// is for it leaves to people, and it judges nothing.
package draft

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// Options say what is known beside the graph.
type Options struct {
	Dir    string                                  // for new contracts, relative to the root
	Owner  string                                  // team of contracts whose owner nothing tells
	Owners func(file string) []string              // handles that own a file; nil without CODEOWNERS
	Class  func(name string) contract.Expectations // what a class makes of a contract
	Taken  func(file string) bool                  // whether a file exists: none is overwritten
}

// File is a file to be written.
type File struct{ Path, Text string }

// Stub is a contract that a person has to complete.
type Stub struct {
	File
	Name, Owner string // Owner is "" if nothing tells it
}

// Result is what there is to write, and what a person should know about it.
type Result struct {
	Catalog *File // nil if the repository has one
	Stubs   []Stub

	Unsure   []string       // environments of Catalog whose tier their name does not tell
	Homeless []string       // teams that own contracts and are not in the catalogue
	Known    []Known        // what belongs to contracts that exist
	Slower   []Slower       // rotations whose interval the class does not allow
	Denied   []Denied       // ways of delivery that the class does not allow
	Unfit    []lint.Related // names that cannot stand in a contract
	Wide     []lint.Related // what asks for every secret in reach
}

// Known is an undeclared name of a secret that a contract exists for.
type Known struct {
	Contract, Name string
	At             lint.Location
}

// Slower is a rotation that is slower than a class allows.
type Slower struct {
	Contract, Interval string
	At                 lint.Location
}

// Denied is a way in which a secret arrives that its class denies.
type Denied struct {
	Contract, Delivery string
	At                 lint.Location
}

// Stubs drafts a contract for each secret of a graph that no contract declares.
func Stubs(g *graph.Graph, o Options) Result {
	var result Result
	catalog := g.Catalog
	if catalog.Document == nil {
		p := propose(g, o)
		result.Catalog, result.Unsure, catalog = p.file, p.unsure, p.catalog
	}
	grouper := newGrouper(g, catalog)
	groups := grouper.groups()
	w := newWriter(g, catalog, grouper, o, &result)
	for _, gr := range groups {
		if len(gr.contracts) > 0 {
			w.known(gr)
			continue
		}
		w.stub(gr)
	}
	for _, u := range g.Uses {
		if u.Confidence == graph.Wildcard && u.Name == "" {
			result.Wide = append(result.Wide, lint.Related{Message: u.Consumer, Location: u.At.Location()})
		}
	}
	result.sort()
	return result
}

func (r *Result) sort() {
	slices.SortFunc(r.Stubs, func(a, b Stub) int { return strings.Compare(a.Path, b.Path) })
	slices.Sort(r.Homeless)
	r.Homeless = slices.Compact(r.Homeless)
	for _, all := range []*[]lint.Related{&r.Wide, &r.Unfit} {
		slices.SortStableFunc(*all, func(a, b lint.Related) int {
			return cmp.Or(a.Location.Compare(b.Location), strings.Compare(a.Message, b.Message))
		})
		*all = slices.Compact(*all)
	}
}

// known notes what of a group nobody declares although a contract for the rest
// exists.
func (w *writer) known(gr *group) {
	if len(gr.contracts) > 1 {
		return // which of them it belongs to, a person knows
	}
	for _, m := range gr.undeclared() {
		if !fits(m.slot) {
			w.unfit(m.name, m.at)
			continue
		}
		w.result.Known = append(w.result.Known, Known{gr.contracts[0], m.name, m.at.Location()})
	}
}

// file is where a contract of a name is written.
func (o Options) file(name string) string { return path.Join(o.Dir, name+".secret.yaml") }
