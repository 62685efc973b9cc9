package diagram

import (
	"cmp"
	"slices"
)

// columns are the layers of the picture, from who answers for a secret to where it
// ends. Fixed layers put things of one kind below each other, so that a reader
// knows where to look.
var columns = []struct {
	title string
	kinds []string
}{
	{"Owners and automation", []string{"team", "runbook", "automation"}},
	{"Contracts", []string{"contract"}},
	{"Store objects", []string{"object"}},
	{"Names on platforms", []string{"slot"}},
	{"Consumers", []string{"consumer"}},
	{"Identities and environments", []string{"identity", "subject", "environment"}},
}

// vertex is a node, or where an edge passes through a column.
type vertex struct {
	node        int // -1 for an edge that passes
	column      int
	height      float64
	y           float64 // of its middle
	left, right []int   // neighbours in the columns beside it
}

// layout places nodes in columns.
type layout struct {
	vertices []vertex
	columns  [][]int // of vertices, from top to bottom
	titles   []string
	of       map[string]int // vertices, by id of the node
	routes   [][]int        // of edges: the vertices from the leftmost to the rightmost
}

const (
	nodeHeight = 26
	passHeight = 8
	between    = 8 // free space between vertices
	sweeps     = 12
)

func newLayout(d Diagram) *layout {
	l := &layout{of: map[string]int{}}
	for _, c := range columns {
		var column []int
		for i, n := range d.Nodes {
			if slices.Contains(c.kinds, n.Kind) {
				l.of[n.ID] = len(l.vertices)
				column = append(column, len(l.vertices))
				l.vertices = append(l.vertices, vertex{node: i, column: len(l.columns), height: nodeHeight})
			}
		}
		if column != nil {
			l.columns = append(l.columns, column)
			l.titles = append(l.titles, c.title)
		}
	}
	for _, e := range d.Edges {
		l.route(e)
	}
	l.order()
	l.place()
	return l
}

// route leads an edge through the columns between its ends. Edges of one pair of
// ends share their way.
func (l *layout) route(e Edge) {
	from, known := l.of[e.From]
	to, alsoKnown := l.of[e.To]
	if !known || !alsoKnown {
		l.routes = append(l.routes, nil)
		return
	}
	if l.vertices[from].column > l.vertices[to].column {
		from, to = to, from
	}
	way := []int{from}
	for column := l.vertices[from].column + 1; column < l.vertices[to].column; column++ {
		way = append(way, len(l.vertices))
		l.columns[column] = append(l.columns[column], len(l.vertices))
		l.vertices = append(l.vertices, vertex{node: -1, column: column, height: passHeight})
	}
	way = append(way, to)
	for i := range way[1:] {
		if a, b := way[i], way[i+1]; l.vertices[a].column != l.vertices[b].column {
			l.vertices[a].right = append(l.vertices[a].right, b)
			l.vertices[b].left = append(l.vertices[b].left, a)
		}
	}
	l.routes = append(l.routes, way)
}

// order sorts columns so that few edges cross: each vertex goes to the mean of
// its neighbours, from left to right and back, and the best order is kept.
func (l *layout) order() {
	best, least := l.copied(), l.crossings()
	for sweep := range sweeps {
		for i := range l.columns {
			if sweep%2 == 0 {
				l.sort(i, func(v vertex) []int { return v.left })
			} else {
				l.sort(len(l.columns)-1-i, func(v vertex) []int { return v.right })
			}
		}
		if n := l.crossings(); n < least {
			best, least = l.copied(), n
		}
	}
	l.columns = best
}

func (l *layout) copied() [][]int {
	var all [][]int
	for _, column := range l.columns {
		all = append(all, slices.Clone(column))
	}
	return all
}

// ranks gives the position of each vertex in its column, as a part of its height:
// columns are of different length.
func (l *layout) ranks() []float64 {
	ranks := make([]float64, len(l.vertices))
	for _, column := range l.columns {
		for i, v := range column {
			ranks[v] = float64(i)
		}
	}
	return ranks
}

// sort orders a column by the mean of neighbours. What has none stays where it is.
func (l *layout) sort(column int, neighbours func(vertex) []int) {
	ranks := l.ranks()
	wanted := map[int]float64{}
	for _, v := range l.columns[column] {
		wanted[v] = ranks[v]
		if near := neighbours(l.vertices[v]); len(near) > 0 {
			wanted[v] = mean(near, func(i int) float64 { return ranks[i] })
		}
	}
	slices.SortStableFunc(l.columns[column], func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
}

func mean(all []int, of func(int) float64) float64 {
	sum := 0.0
	for _, i := range all {
		sum += of(i)
	}
	return sum / float64(len(all))
}

// crossings counts pairs of edges between neighbouring columns that cross.
func (l *layout) crossings() int {
	ranks := l.ranks()
	n := 0
	for _, column := range l.columns[:max(0, len(l.columns)-1)] {
		var ends []float64 // of edges, in the order of their starts
		for _, v := range column {
			right := slices.Clone(l.vertices[v].right)
			slices.SortFunc(right, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
			for _, other := range right {
				ends = append(ends, ranks[other])
			}
		}
		n += inversions(ends)
	}
	return n
}

// inversions counts the pairs that stand in the wrong order, by keeping those so
// far sorted.
func inversions(values []float64) int {
	var sorted []float64
	n := 0
	for _, v := range values {
		at, _ := slices.BinarySearch(sorted, v+0.5)
		n += len(sorted) - at
		sorted = slices.Insert(sorted, at, v)
	}
	return n
}

// place gives each vertex the height of its neighbours, as far as the order and
// the space between vertices allow.
func (l *layout) place() {
	for _, column := range l.columns {
		l.settle(column, func(v vertex) []int { return nil })
	}
	both := func(v vertex) []int { return slices.Concat(v.left, v.right) }
	for sweep := range sweeps {
		for i := range l.columns {
			if sweep%2 == 1 {
				i = len(l.columns) - 1 - i
			}
			l.settle(l.columns[i], both)
		}
	}
	top := 0.0
	for _, v := range l.vertices {
		top = min(top, v.y-v.height/2)
	}
	for i := range l.vertices {
		l.vertices[i].y -= top
	}
}

// settle moves the vertices of a column to the mean of their neighbours. Those
// that would come too close form a block, which moves to the mean of its wishes:
// so the sum of squares of what each is off is the least possible.
func (l *layout) settle(column []int, neighbours func(vertex) []int) {
	type block struct {
		first, size int
		wish        float64 // for the first
	}
	var blocks []block
	offsets := make([]float64, len(column)) // at which each stands if all stand close
	for i, v := range column {
		if i > 0 {
			offsets[i] = offsets[i-1] + (l.vertices[column[i-1]].height+l.vertices[v].height)/2 + between
		}
		wish := l.vertices[v].y
		if near := neighbours(l.vertices[v]); len(near) > 0 {
			wish = mean(near, func(i int) float64 { return l.vertices[i].y })
		}
		blocks = append(blocks, block{i, 1, wish - offsets[i]})
		for n := len(blocks); n > 1 && blocks[n-2].wish >= blocks[n-1].wish; n = len(blocks) {
			a, b := blocks[n-2], blocks[n-1]
			size := a.size + b.size
			blocks = append(blocks[:n-2], block{a.first, size, (a.wish*float64(a.size) + b.wish*float64(b.size)) / float64(size)})
		}
	}
	for _, b := range blocks {
		for i := b.first; i < b.first+b.size; i++ {
			l.vertices[column[i]].y = b.wish + offsets[i]
		}
	}
}
