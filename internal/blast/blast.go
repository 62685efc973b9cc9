// Package blast says what depends on a secret: what breaks if it is revoked now,
// where its value is kept, and what replaces it. It knows what files say, and asks
// nobody whether the secret works.
package blast

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/graph"
	"github.com/policyctl/policyctl/internal/lint"
)

// undeclared is the state of what no contract declares.
const undeclared = "undeclared"

// Of reports on a secret: by the name of its contract, or by a slot or object of it.
func Of(g *graph.Graph, name string) (Report, error) {
	r := Report{
		Version: Version, Complete: g.Complete(), Environments: []Environment{}, NeededBy: []Dependent{}, Breaks: []string{},
		Holders: []Holder{}, Neighbours: []Neighbour{},
	}
	id, err := g.Find(name)
	if err != nil {
		return r, err
	}
	s, err := secretOf(g, id)
	switch {
	case err != nil:
		return r, err
	case s == nil:
		r.stray(g, id)
	default:
		r.declared(g, s)
	}
	r.shorten()
	return r, nil
}

// secretOf is the contract of a node, nil if it is a slot or object that none claims.
func secretOf(g *graph.Graph, id string) (*graph.Secret, error) {
	if name, is := strings.CutPrefix(id, "contract:"); is {
		return g.Secret(name), nil
	}
	i := slices.IndexFunc(g.Nodes(), func(n graph.Node) bool { return n.ID == id })
	if kind := g.Nodes()[i].Kind; kind != "slot" && kind != "object" {
		return nil, fmt.Errorf("%q is no secret but a node of kind %s; name a contract or a slot", id, kind)
	}
	var names []string
	for _, e := range g.Edges() {
		if name, is := strings.CutPrefix(e.From, "contract:"); is && e.To == id && (e.Kind == "declares" || e.Kind == "storedIn") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	switch names = slices.Compact(names); len(names) {
	case 0:
		return nil, nil
	case 1:
		return g.Secret(names[0]), nil
	}
	return nil, fmt.Errorf("%q belongs to the contracts %s; name one of them", id, strings.Join(names, ", "))
}

// stray reports on a slot that no contract claims.
func (r *Report) stray(g *graph.Graph, slot string) {
	r.Secret = Secret{Name: slot, State: undeclared}
	for _, u := range g.Uses {
		if u.Slot == slot {
			r.use(g, u, nil)
		}
	}
	for _, o := range g.Objects {
		if o.Slot == slot {
			r.hold(Holder{slot, "resource", o.Environment, placed(o.At)})
		}
	}
	r.sort()
}

func (r *Report) declared(g *graph.Graph, s *graph.Secret) {
	r.Secret = Secret{s.Name, s.State, s.Class, s.Owner, cmp.Or(s.Escalation, g.Catalog.Teams[s.Owner].Escalation), s.Rating, at(s.Place())}
	for _, i := range s.Uses {
		r.use(g, g.Uses[i], s)
	}
	for _, u := range g.Uses {
		// of those that get everything, the graph names only some contracts
		if s.Wildcard && u.Confidence == graph.Wildcard && u.Reaches > len(u.Claims) && !claims(u, s) {
			r.use(g, u, s)
		}
	}
	for _, reader := range g.Readers {
		if slices.Contains(reader.Contracts, s.Name) {
			r.reader(g, reader)
		}
	}
	r.Breaks = append(r.Breaks, s.Breaks...)
	r.dependents(g, s)
	r.holders(g, s)
	r.neighbours(g, s)
	r.Replacement = Replacement{
		Rotation: Procedure{s.Rotation.Method, s.Rotation.Automation, s.Rotation.Interval}, Renewal: s.Renewal,
		Revocation: Procedure{s.Revocation.Method, s.Revocation.Automation, s.Revocation.Within}, Runbook: s.Runbook, Successor: s.Successor,
	}
	r.sort()
}

func claims(u *graph.ResolvedUse, s *graph.Secret) bool {
	return slices.ContainsFunc(u.Claims, func(c graph.Claim) bool { return c.Secret == s })
}

// use adds a consumer. Its slot holds the value where the platform keeps it.
func (r *Report) use(g *graph.Graph, u *graph.ResolvedUse, s *graph.Secret) {
	c := Consumer{
		ID: u.Consumer, Confidence: string(u.Confidence), Delivery: u.Delivery, Place: placed(u.At), Path: []Step{}, Renewal: renewal(u),
		Listed: slices.ContainsFunc(u.Claims, func(c graph.Claim) bool { return c.Secret == s && c.Listed }),
	}
	if u.Name != "" {
		c.Slot = u.Slot
	}
	for _, step := range slices.Backward(u.Chain) {
		c.Path = append(c.Path, Step{step.ID, placed(step.At)})
	}
	c.Owners = append([]string{}, g.Owners(c.File)...)
	r.add(u.Environment, u.Tier, c)
	if u.HoldsValue && c.Slot != "" {
		r.hold(Holder{ID: u.Slot, Kind: "slot"})
	}
}

func (r *Report) reader(g *graph.Graph, reader *graph.ResolvedReader) {
	c := Consumer{
		ID: "app:" + reader.At.Location().Path, Confidence: string(graph.Derived), Slot: reader.Kind + ":" + reader.Name,
		Delivery: reader.Kind, Listed: true, Place: placed(reader.At), Path: []Step{}, Renewal: "unknown",
	}
	c.Owners = append([]string{}, g.Owners(c.File)...)
	r.add("", "", c)
}

func (r *Report) add(environment, tier string, c Consumer) {
	i := slices.IndexFunc(r.Environments, func(e Environment) bool { return e.Name == environment })
	if i < 0 {
		i = len(r.Environments)
		r.Environments = append(r.Environments, Environment{Name: environment, Tier: tier})
	}
	r.Environments[i].Consumers = append(r.Environments[i].Consumers, c)
}

// renewal is what it takes until a consumer uses a new value.
func renewal(u *graph.ResolvedUse) string {
	switch {
	case u.Delivery == "image" || u.Delivery == "build-arg":
		return "rebuild"
	case u.Platform == "terraform":
		return "apply"
	case u.Platform == "compose" || u.Platform == "docker":
		return "restart"
	case u.Platform != "kubernetes":
		return "next-run"
	case u.Workload == nil:
		return "unknown"
	case u.Workload.Kind == "Job" || u.Workload.Kind == "CronJob":
		return "next-run"
	case u.Workload.Restarts:
		return "none"
	}
	return "restart"
}

// dependents follows needs back. Each contract is there once, by what it needs
// itself: whole ways would grow with the square of their length.
func (r *Report) dependents(g *graph.Graph, s *graph.Secret) {
	needing := map[string][]*graph.Secret{}
	for _, other := range g.Contracts {
		for _, name := range other.Needs {
			needing[name] = append(needing[name], other)
		}
	}
	seen := map[string]bool{s.Name: true}
	next := []string{s.Name}
	for len(next) > 0 {
		from := next[0]
		next = next[1:]
		for _, other := range needing[from] {
			if seen[other.Name] {
				continue
			}
			seen[other.Name] = true
			through := ""
			if from != s.Name {
				through = from
			}
			r.NeededBy = append(r.NeededBy, Dependent{other.Name, through, at(other.Place())})
			next = append(next, other.Name)
		}
	}
}

func (r *Report) holders(g *graph.Graph, s *graph.Secret) {
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		e := s.Environments[name]
		if id := e.Object(); id != "" {
			r.hold(Holder{id, "object", name, placed(e.Span)})
		}
		for i, id := range e.Copies {
			path := slices.Concat(e.At, lint.Path{"copies", i})
			where, _ := s.Document.Locate(path, lint.Spot{})
			r.hold(Holder{id, "copy", name, at(where.Location)})
		}
	}
	for _, i := range s.Supplies {
		supply := g.Supplies[i]
		r.hold(Holder{supply.Slot, "synced", supply.Environment, placed(supply.At)})
	}
	for _, i := range s.Objects {
		o := g.Objects[i]
		r.hold(Holder{o.Slot, "resource", o.Environment, placed(o.At)})
	}
}

func (r *Report) hold(h Holder) {
	if !slices.ContainsFunc(r.Holders, func(known Holder) bool { return known.ID == h.ID && known.Environment == h.Environment }) {
		r.Holders = append(r.Holders, h)
	}
}

// neighbours are the contracts that name the same entry of a store, or another key
// of the same Secret: who replaces the whole replaces theirs.
func (r *Report) neighbours(g *graph.Graph, s *graph.Secret) {
	mine := map[string]bool{}
	for _, id := range entries(s.Contract) {
		mine[id] = true
	}
	for _, other := range g.Contracts {
		if other == s {
			continue
		}
		for _, id := range entries(other.Contract) {
			if mine[id] {
				r.Neighbours = append(r.Neighbours, Neighbour{other.Name, id})
			}
		}
	}
}

// entries are the entries of stores and the Secrets that a contract names, without
// keys, sorted.
func entries(c *contract.Contract) []string {
	var all []string
	for _, e := range c.Environments {
		e.Key = ""
		if id := e.Object(); id != "" {
			all = append(all, id)
		}
	}
	for _, claim := range c.Claims {
		if strings.HasPrefix(claim.Slot, "k8s-secret:") {
			whole, _, _ := strings.Cut(claim.Slot, "#")
			all = append(all, whole)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sort brings what was found in the order in which it is read.
func (r *Report) sort() {
	slices.SortFunc(r.Environments, func(a, b Environment) int {
		return unnamedLast(a.Name, b.Name)
	})
	sure := []string{string(graph.Exact), string(graph.Derived), string(graph.Wildcard)}
	for _, e := range r.Environments {
		slices.SortStableFunc(e.Consumers, func(a, b Consumer) int {
			return cmp.Or(slices.Index(sure, a.Confidence)-slices.Index(sure, b.Confidence), strings.Compare(a.ID, b.ID),
				strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
		})
	}
	slices.SortStableFunc(r.Holders, func(a, b Holder) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID), strings.Compare(a.Environment, b.Environment))
	})
}

// Most is how many rows a section has at most.
const Most = 100

// shorten counts what there is, and keeps the first rows of each section: one file
// can make thousands.
func (r *Report) shorten() {
	sure, maybe := map[string]bool{}, map[string]bool{}
	for i := range r.Environments {
		e := &r.Environments[i]
		for _, c := range e.Consumers {
			if c.Confidence == string(graph.Wildcard) {
				maybe[c.ID] = true
			} else {
				sure[c.ID] = true
			}
		}
		e.Consumers, e.Total = first(e.Consumers)
	}
	for id := range sure {
		delete(maybe, id)
	}
	r.Total.Consumers, r.Total.Perhaps = len(sure), len(maybe)
	r.NeededBy, r.Total.NeededBy = first(r.NeededBy)
	r.Breaks, r.Total.Breaks = first(r.Breaks)
	r.Holders, r.Total.Holders = first(r.Holders)
	r.Neighbours, r.Total.Neighbours = first(r.Neighbours)
}

func first[T any](all []T) ([]T, int) { return all[:min(len(all), Most)], len(all) }

// unnamedLast compares names of environments.
func unnamedLast(a, b string) int {
	if a == "" || b == "" {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}
