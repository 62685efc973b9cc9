package graph

import (
	"fmt"
	"slices"
)

// shared are the kinds of nodes that many others have in common: from one of them
// it is two edges to almost everything.
var shared = []string{"team", "environment", "runbook"}

// Around gives what is at most depth edges away from a node, and the edges
// between all that. It goes on from nothing that is shared, unless that is the
// node.
func (g *Graph) Around(id string, depth int) (nodes []Node, edges []Edge, err error) {
	w := g.web()
	if _, found := w.known[id]; !found {
		return nil, nil, fmt.Errorf("the graph has no %q", id)
	}
	near := map[string]bool{id: true}
	for ring := []string{id}; depth > 0 && len(ring) > 0; depth-- {
		var next []string
		for _, from := range ring {
			if from != id && slices.Contains(shared, w.nodes[w.known[from]].Kind) {
				continue
			}
			for _, other := range w.neighbours(from) {
				if !near[other] {
					near[other] = true
					next = append(next, other)
				}
			}
		}
		ring = next
	}
	for _, n := range w.nodes {
		if near[n.ID] {
			nodes = append(nodes, n)
		}
	}
	for _, e := range w.edges {
		if near[e.From] && near[e.To] {
			edges = append(edges, e)
		}
	}
	return nodes, edges, nil
}

func (w *web) neighbours(id string) []string {
	var all []string
	for _, i := range w.out[id] {
		all = append(all, w.edges[i].To)
	}
	for _, i := range w.into[id] {
		all = append(all, w.edges[i].From)
	}
	return all
}

// Reached is a node that depends on another.
type Reached struct {
	Node       Node
	Confidence Confidence // of the least sure edge of the way there

	from *Reached // nil for the start
	edge Edge
}

// Path gives the edges from the start to the node.
func (r *Reached) Path() []Edge {
	var path []Edge
	for ; r.from != nil; r = r.from {
		path = append(path, r.edge)
	}
	slices.Reverse(path)
	return path
}

// reaches says which edges pass on what happens to a secret, and whether they do
// so from their start to their end, or back.
var reaches = map[string]bool{
	"declares": true, "storedIn": true, "runsIn": true, "mayRead": true,
	"suppliedBy": false, "consumes": false, "needs": false, "runsAs": false,
}

// Reach gives what depends on a node: what breaks if a secret is revoked, and
// what is open to whoever has it. Surer ways go before shorter ones.
func (g *Graph) Reach(from string) []*Reached {
	w := g.web()
	start, found := w.known[from]
	if !found {
		return nil
	}
	seen := map[string]bool{from: true}
	all := []*Reached{{Node: w.nodes[start], Confidence: Exact}}
	for _, level := range []Confidence{Exact, Derived, Wildcard} {
		for i := 0; i < len(all); i++ {
			for _, next := range w.onward(all[i].Node.ID, level) {
				if !seen[next.id] {
					seen[next.id] = true
					all = append(all, &Reached{Node: w.nodes[w.known[next.id]], Confidence: level, from: all[i], edge: next.edge})
				}
			}
		}
	}
	return all[1:]
}

type hop struct {
	id   string
	edge Edge
}

// onward gives where what happens to a node goes next, by edges at least as sure
// as level.
func (w *web) onward(id string, level Confidence) []hop {
	var hops []hop
	for _, i := range w.out[id] {
		if e := w.edges[i]; reaches[e.Kind] && e.Confidence.rank() <= level.rank() {
			hops = append(hops, hop{e.To, e})
		}
	}
	for _, i := range w.into[id] {
		e := w.edges[i]
		if forward, passes := reaches[e.Kind]; passes && !forward && e.Confidence.rank() <= level.rank() {
			hops = append(hops, hop{e.From, e})
		}
	}
	return hops
}
