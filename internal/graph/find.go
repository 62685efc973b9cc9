package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/suggest"
)

// Find gives the ID of the node that somebody means: by the name of a contract, by
// an ID, or by a name that only one node has.
func (g *Graph) Find(name string) (string, error) {
	if g.secrets[name] != nil {
		return contractID(name), nil
	}
	w := g.web()
	if _, known := w.known[name]; known {
		return name, nil
	}
	var ids, words []string
	for _, n := range w.nodes {
		if n.Name == name {
			ids = append(ids, n.ID)
		}
		words = append(words, n.ID, n.Name)
	}
	switch {
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", fmt.Errorf("%q may be %s; write one of them", name, strings.Join(ids, " or "))
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(a) - len(b) })
	if near := suggest.Nearest(name, words); near != "" {
		return "", fmt.Errorf("nothing is called %q, did you mean %q?", name, near)
	}
	return "", fmt.Errorf("nothing is called %q; name a contract, a slot or a workload, as policyctl graph lists them", name)
}
