package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Node is one thing of the graph. The IDs of consumers, identities and
// automations are the locators that contracts write.
type Node struct {
	ID, Name   string
	Kind       string    // contract, slot, object, consumer, identity, subject, environment, team, runbook or automation
	At         lint.Span // where it is written; zero if nowhere of its own
	Attributes map[string]string
}

// Edge is what a file says of two nodes.
type Edge struct {
	From, To string
	// Kind is declares (contract to slot or object), storedIn (contract to
	// object), suppliedBy (slot to slot or object), consumes (consumer to slot),
	// runsAs (consumer to identity), runsIn (consumer to environment), mayRead
	// (identity to object), trusts (identity to those who become it by a token), rotatedBy and revokedBy (contract to automation),
	// ownedBy (contract to team), documentedBy (contract to runbook) or needs
	// (contract to contract).
	Kind       string
	Label      string // delivery, mechanism, action or environment
	Confidence Confidence
	At         lint.Span
}

func (e Edge) compare(f Edge) int {
	return cmp.Or(strings.Compare(e.From, f.From), strings.Compare(e.Kind, f.Kind), strings.Compare(e.To, f.To),
		strings.Compare(e.Label, f.Label), cmp.Compare(e.Confidence.rank(), f.Confidence.rank()))
}

// rank orders confidences, the surest first.
func (c Confidence) rank() int { return slices.Index([]Confidence{Exact, Derived, Wildcard}, c) }

// Nodes lists the nodes by ID.
func (g *Graph) Nodes() []Node { return g.web().nodes }

// Edges lists the edges by the IDs of their ends; each pair has one of a kind.
func (g *Graph) Edges() []Edge { return g.web().edges }

// web is the graph as nodes and edges.
type web struct {
	nodes     []Node
	edges     []Edge
	known     map[string]int // indices of nodes
	out, into map[string][]int
}

// weave makes nodes and edges of what was resolved.
func (g *Graph) weave() *web {
	w := &weaver{Graph: g, nodes: map[string]Node{}}
	for _, s := range g.Contracts {
		w.contract(s)
	}
	for _, o := range g.Objects {
		w.node(Node{ID: o.Slot, Kind: "object", Name: cmp.Or(o.Name, withoutKind(o.Slot)), At: o.At, Attributes: attributes("type", o.Type, "environment", o.Environment)})
		w.declared(o.Claims, o.Slot, o.At)
	}
	for _, s := range g.Supplies {
		w.supply(s)
	}
	for _, u := range g.Uses {
		w.use(u)
	}
	for _, r := range g.Readers {
		w.reader(r)
	}
	for _, r := range g.Rotations {
		w.node(Node{ID: r.Slot, Kind: "automation", Name: withoutKind(r.Slot), At: r.At})
		for _, name := range names(r.Claims) {
			w.edge(Edge{From: contractID(name), To: r.Slot, Kind: "rotatedBy", Confidence: Exact, At: r.At})
		}
	}
	w.rights()
	w.trusted()
	return w.done()
}

// weaver collects nodes and edges.
type weaver struct {
	*Graph
	nodes map[string]Node
	edges []Edge
}

// node adds a node, unless it is known with its place.
func (w *weaver) node(n Node) {
	if known, found := w.nodes[n.ID]; found && (known.At.Source != nil || n.At.Source == nil) {
		return
	}
	w.nodes[n.ID] = n
}

func (w *weaver) edge(e Edge) { w.edges = append(w.edges, e) }

// attributes makes a map of pairs, without those that have no value.
func attributes(pairs ...string) map[string]string {
	all := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all[pairs[i]] = pairs[i+1]
		}
	}
	return all
}

func contractID(name string) string { return "contract:" + name }

func (w *weaver) contract(s *Secret) {
	id, at := contractID(s.Name), named(s.Contract)
	w.node(Node{ID: id, Kind: "contract", Name: s.Name, At: at, Attributes: attributes(
		"class", s.Class, "state", s.State, "owner", s.Owner, "rating", s.Rating, "lifetime", s.Lifetime)})
	for _, c := range s.Claims {
		slots, certain := w.byAddress.slotsOf(c.Slot)
		if !certain {
			slots = []string{c.Slot}
		}
		for _, slot := range slots {
			w.edge(Edge{From: id, To: w.slot(slot), Kind: "declares", Label: c.Environment, Confidence: Exact, At: c.Span})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		if e := s.Environments[name]; e.Object() != "" {
			w.node(Node{ID: e.Object(), Kind: "object", Name: object(e.Path, e.Key), Attributes: attributes("store", e.Store, "environment", name)})
			w.edge(Edge{From: id, To: e.Object(), Kind: "storedIn", Label: name, Confidence: Exact, At: e.Span})
		}
	}
	w.person(id, s, at)
	for _, needed := range s.Needs {
		if w.secrets[needed] != nil {
			w.edge(Edge{From: id, To: contractID(needed), Kind: "needs", Confidence: Exact, At: at})
		}
	}
}

// person adds who and what stands behind a contract.
func (w *weaver) person(id string, s *Secret, at lint.Span) {
	for _, relation := range []struct{ kind, node, id, name string }{
		{"ownedBy", "team", "team:" + s.Owner, s.Owner},
		{"documentedBy", "runbook", "runbook:" + s.Runbook, s.Runbook},
		{"rotatedBy", "automation", s.Rotation.Automation, s.Rotation.Automation},
		{"revokedBy", "automation", s.Revocation.Automation, s.Revocation.Automation},
	} {
		if relation.name != "" {
			w.node(Node{ID: relation.id, Kind: relation.node, Name: relation.name})
			w.edge(Edge{From: id, To: relation.id, Kind: relation.kind, Confidence: Exact, At: at})
		}
	}
}

// slot adds a slot, or an object if it is one.
func (w *weaver) slot(id string) string {
	kind := "slot"
	if prefix, _, _ := strings.Cut(id, ":"); slices.Contains([]string{"tf", "cfn-secret", "arm-secret"}, prefix) {
		kind = "object"
	}
	w.node(Node{ID: id, Kind: kind, Name: withoutKind(id)})
	return id
}

// declared adds which contracts declare something that is used or made.
func (w *weaver) declared(claims []Claim, slot string, at lint.Span) {
	for _, c := range claims {
		if !c.ViaStore {
			w.edge(Edge{From: contractID(c.Secret.Name), To: slot, Kind: "declares", Label: c.Environment, Confidence: Exact, At: at})
		}
	}
}

func (w *weaver) supply(s *ResolvedSupply) {
	target := s.home()
	if target == s.From && w.nodes[target].ID == "" {
		w.node(Node{ID: target, Kind: "object", Name: s.From})
	}
	w.edge(Edge{From: w.slot(s.Slot), To: target, Kind: "suppliedBy", Label: s.Mechanism, Confidence: Exact, At: s.At})
	for _, c := range s.Claims {
		if target == s.From {
			w.edge(Edge{From: contractID(c.Secret.Name), To: target, Kind: "declares", Label: c.Environment, Confidence: Exact, At: s.At})
		}
	}
}

func (w *weaver) use(u *ResolvedUse) {
	w.consumer(u)
	if u.Name == "" {
		w.wildcard(u)
		return
	}
	for _, slot := range u.slots() {
		w.edge(Edge{From: u.Consumer, To: w.slot(slot), Kind: "consumes", Label: u.Delivery, Confidence: u.Confidence, At: u.At})
	}
	if u.bound != nil {
		return // whoever binds the slots says the rest
	}
	w.declared(u.Claims, u.Slot, u.At)
	if len(u.Chain) > 1 {
		w.suppliedBy(u, u.Chain[1].ID)
	}
	for _, c := range u.Claims {
		if id := c.Secret.Environments[c.Environment].Object(); c.ViaStore && id != "" {
			w.suppliedBy(u, id)
		}
	}
}

// slots are those that a use gets: one, or what callers bind to a parameter.
func (u *ResolvedUse) slots() []string {
	if u.bound != nil {
		return u.bound
	}
	return []string{u.Slot}
}

// suppliedBy adds where the slot of a use comes from: it may be a whole Secret of
// which only single keys are supplied.
func (w *weaver) suppliedBy(u *ResolvedUse, id string) {
	w.node(Node{ID: id, Kind: "object", Name: id})
	w.edge(Edge{From: u.Slot, To: id, Kind: "suppliedBy", Confidence: u.Confidence, At: u.Chain[min(1, len(u.Chain)-1)].At})
}

func (w *weaver) consumer(u *ResolvedUse) {
	n := Node{ID: u.Consumer, Kind: "consumer", Name: withoutKind(u.Consumer), At: u.At, Attributes: attributes("platform", u.Platform)}
	if u.Workload != nil {
		n.At, n.Attributes = u.Workload.At, attributes("platform", u.Platform, "kind", u.Workload.Kind)
		if u.Workload.Identity != "" {
			w.node(Node{ID: u.Workload.Identity, Kind: "identity", Name: withoutKind(u.Workload.Identity)})
			w.edge(Edge{From: u.Consumer, To: u.Workload.Identity, Kind: "runsAs", Confidence: Exact, At: u.Workload.At})
		}
	}
	w.node(n)
	if u.Environment != "" {
		id := "environment:" + u.Environment
		w.node(Node{ID: id, Kind: "environment", Name: u.Environment, Attributes: attributes("tier", u.Tier)})
		w.edge(Edge{From: u.Consumer, To: id, Kind: "runsIn", Confidence: Exact, At: u.At})
	}
}

// wildcard adds an edge to each slot that a contract declares within reach.
func (w *weaver) wildcard(u *ResolvedUse) {
	for _, c := range u.Claims {
		for _, claimed := range c.Secret.Claims {
			if strings.HasPrefix(claimed.Slot, github) && claimed.Environment == c.Environment {
				w.edge(Edge{From: u.Consumer, To: w.slot(claimed.Slot), Kind: "consumes", Label: u.Delivery, Confidence: Wildcard, At: u.At})
			}
		}
	}
}

func (w *weaver) reader(r *ResolvedReader) {
	if len(r.Contracts) == 0 {
		return
	}
	id := "app:" + r.At.Location().Path
	w.node(Node{ID: id, Kind: "consumer", Name: r.At.Location().Path, At: r.At, Attributes: attributes("platform", "app")})
	slot := r.Kind + ":" + r.Name
	w.edge(Edge{From: id, To: w.slot(slot), Kind: "consumes", Label: r.Kind, Confidence: Derived, At: r.At})
	for _, name := range r.Contracts {
		w.edge(Edge{From: contractID(name), To: slot, Kind: "declares", Confidence: Derived, At: r.At})
	}
}

// rights adds what identities may read.
func (w *weaver) rights() {
	for _, r := range w.Grants {
		w.node(Node{ID: r.Identity, Kind: "identity", Name: withoutKind(r.Identity)})
		confidence := Exact
		if r.Wildcard {
			confidence = Wildcard
		}
		for _, name := range r.Contracts[:min(len(r.Contracts), most)] {
			for _, id := range w.secrets[name].readable() {
				w.edge(Edge{From: r.Identity, To: id, Kind: "mayRead", Label: r.Action, Confidence: confidence, At: r.At})
			}
		}
		for _, consumer := range r.Consumers {
			runner := w.workloads[consumer]
			w.node(Node{ID: consumer, Kind: "consumer", Name: withoutKind(consumer), At: runner.At, Attributes: attributes("platform", runner.Platform, "kind", runner.Kind)})
			w.edge(Edge{From: consumer, To: r.Identity, Kind: "runsAs", Confidence: Exact, At: runner.At})
		}
	}
}

// trusted adds who becomes an identity by a token.
func (w *weaver) trusted() {
	for _, t := range w.Trusts {
		id := "subject:" + cmp.Or(t.Issuer, "unknown") + "/" + cmp.Or(t.Subject, "*")
		w.node(Node{ID: t.Identity, Kind: "identity", Name: withoutKind(t.Identity)})
		w.node(Node{ID: id, Kind: "subject", Name: withoutKind(id), At: t.At})
		w.edge(Edge{From: t.Identity, To: id, Kind: "trusts", Confidence: Exact, At: t.At})
	}
}

// readable are the objects of a contract, or the contract if it names none.
func (s *Secret) readable() []string {
	var all []string
	for _, e := range s.Environments {
		if id := e.Object(); id != "" {
			all = append(all, id)
		}
	}
	if all == nil {
		all = []string{contractID(s.Name)}
	}
	return sorted(all)
}

// done sorts, drops repetitions and makes the maps for walks.
func (w *weaver) done() *web {
	out := &web{known: map[string]int{}, out: map[string][]int{}, into: map[string][]int{}}
	for i, id := range slices.Sorted(maps.Keys(w.nodes)) {
		out.nodes = append(out.nodes, w.nodes[id])
		out.known[id] = i
	}
	slices.SortStableFunc(w.edges, Edge.compare)
	same := func(a, b Edge) bool { return a.From == b.From && a.To == b.To && a.Kind == b.Kind }
	out.edges = slices.CompactFunc(w.edges, same)
	for i, e := range out.edges {
		out.out[e.From] = append(out.out[e.From], i)
		out.into[e.To] = append(out.into[e.To], i)
	}
	return out
}
