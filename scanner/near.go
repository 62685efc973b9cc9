package scanner

import (
	"cmp"
	"slices"
	"sort"

	"github.com/policyctl/policyctl/internal/lint"
)

// complete leaves out what has to stand near something else, and does not, and
// what only serves others.
func (e *engine) complete(src *lint.Source, matches []match) []match {
	var near *neighbours
	var kept []match
	for _, m := range matches {
		if len(m.required) > 0 && near == nil {
			near = newNeighbours(src, matches)
		}
		missing := func(need required) bool { return !near.has(src.Position(m.at.lo), need) }
		if !m.silent && !slices.ContainsFunc(m.required, missing) {
			kept = append(kept, m)
		}
	}
	return kept
}

// neighbours are the places of matches by rule, in order: in the file, and within
// lines whichever line it is.
type neighbours struct {
	placed, flat map[string][]lint.Position
}

func newNeighbours(src *lint.Source, matches []match) *neighbours {
	n := &neighbours{map[string][]lint.Position{}, map[string][]lint.Position{}}
	for _, m := range matches {
		at := src.Position(m.at.lo)
		n.placed[m.id] = append(n.placed[m.id], at)
		n.flat[m.id] = append(n.flat[m.id], lint.Position{Column: at.Column})
	}
	for _, all := range []map[string][]lint.Position{n.placed, n.flat} {
		for _, places := range all {
			slices.SortFunc(places, inOrder)
		}
	}
	return n
}

// has says whether what is needed stands near a place. It looks a place up for each
// line that is near enough, so that many matches cost little.
func (n *neighbours) has(at lint.Position, need required) bool {
	places := n.placed[need.id]
	if need.lines < 0 {
		places, at.Line = n.flat[need.id], 0
	}
	from := func(line, column int) int {
		return sort.Search(len(places), func(i int) bool { return inOrder(places[i], lint.Position{Line: line, Column: column}) >= 0 })
	}
	for i := from(at.Line-max(need.lines, 0), 0); i < len(places) && places[i].Line <= at.Line+max(need.lines, 0); {
		line := places[i].Line
		if need.columns < 0 {
			return true
		}
		i = from(line, at.Column-need.columns)
		if i < len(places) && places[i].Line == line && places[i].Column <= at.Column+need.columns {
			return true
		}
		i = from(line+1, 0)
	}
	return false
}

func inOrder(a, b lint.Position) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) }
