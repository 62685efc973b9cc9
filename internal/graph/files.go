package graph

import "github.com/policyctl/policyctl/internal/lint"

// Files lists the files that nodes and edges stand in, and that of the catalogue,
// sorted: what shows the graph quotes them.
func (g *Graph) Files() []string {
	var all []string
	add := func(at lint.Span) {
		if at.Source != nil {
			all = append(all, at.Source.Path)
		}
	}
	for _, n := range g.Nodes() {
		add(n.At)
	}
	for _, e := range g.Edges() {
		add(e.At)
	}
	for _, s := range g.Supplies {
		add(s.At)
	}
	if g.Catalog.Document != nil {
		all = append(all, g.Catalog.Document.Path)
	}
	return sorted(all)
}
