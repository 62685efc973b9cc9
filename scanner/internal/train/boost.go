package main

import (
	"fmt"
	"io"
	"math"
	"sort"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

const (
	rounds  = 90
	depth   = 4
	rate    = 0.1
	ridge   = 4.0 // pulls leaves of few samples towards nothing
	leaf    = 6.0 // the least weight of a leaf
	maxBins = 48
)

type node struct {
	feature     int
	limit       float64
	left, right int
	value       float64
}

type forest struct {
	bias  float64
	trees [][]node
}

func (f *forest) score(v *judge.Figures) float64 {
	sum := f.bias
	for _, tree := range f.trees {
		n := &tree[0]
		for n.feature >= 0 {
			if v[n.feature] < n.limit {
				n = &tree[n.left]
			} else {
				n = &tree[n.right]
			}
		}
		sum += n.value
	}
	return sum
}

// boost learns trees, each on what the ones before it got wrong. Equal input
// gives equal trees.
func boost(samples []sample) *forest {
	var used []sample
	for _, s := range samples {
		if !s.certain {
			used = append(used, s)
		}
	}
	f := &forest{}
	limits := bins(used)
	yes, all := 0.0, 0.0
	for _, s := range used {
		all += s.weight
		if s.truth {
			yes += s.weight
		}
	}
	f.bias = round(math.Log(yes / (all - yes)))
	scores := make([]float64, len(used))
	for i := range scores {
		scores[i] = f.bias
	}
	g, h := make([]float64, len(used)), make([]float64, len(used))
	index := make([]int, len(used))
	for range rounds {
		for i, s := range used {
			p := 1 / (1 + math.Exp(-scores[i]))
			y := 0.0
			if s.truth {
				y = 1
			}
			g[i], h[i], index[i] = s.weight*(y-p), s.weight*p*(1-p), i
		}
		grower := grower{used, limits, g, h, nil}
		grower.grow(index, depth)
		f.trees = append(f.trees, grower.tree)
		one := forest{trees: [][]node{grower.tree}}
		for i := range used {
			scores[i] += one.score(&used[i].figures)
		}
	}
	return f
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// bins gives the limits that a figure is worth being compared with.
func bins(samples []sample) [][]float64 {
	limits := make([][]float64, len(judge.Names))
	for f := range limits {
		values := make([]float64, len(samples))
		for i := range samples {
			values[i] = samples[i].figures[f]
		}
		sort.Float64s(values)
		for b := 1; b < maxBins; b++ {
			at := len(values) * b / maxBins
			v := round(values[at])
			if n := len(limits[f]); v > values[0] && (n == 0 || v > limits[f][n-1]) {
				limits[f] = append(limits[f], v)
			}
		}
		if n := len(limits[f]); n == 0 && len(values) > 0 && values[len(values)-1] > values[0] {
			limits[f] = append(limits[f], round(values[len(values)-1]))
		}
	}
	return limits
}

type grower struct {
	samples []sample
	limits  [][]float64
	g, h    []float64
	tree    []node
}

func (t *grower) grow(index []int, left int) int {
	at := len(t.tree)
	var g, h, w float64
	for _, i := range index {
		g, h, w = g+t.g[i], h+t.h[i], w+t.samples[i].weight
	}
	t.tree = append(t.tree, node{feature: -1, value: round(rate * g / (h + ridge))})
	if left == 0 || w < 2*leaf {
		return at
	}
	feature, limit, gain := -1, 0.0, 1e-3
	for f, limits := range t.limits {
		if l, won := t.split(index, f, limits, g, h, w); won > gain {
			feature, limit, gain = f, l, won
		}
	}
	if feature < 0 {
		return at
	}
	var below, above []int
	for _, i := range index {
		if t.samples[i].figures[feature] < limit {
			below = append(below, i)
		} else {
			above = append(above, i)
		}
	}
	t.tree[at] = node{feature: feature, limit: limit}
	l := t.grow(below, left-1)
	r := t.grow(above, left-1)
	t.tree[at].left, t.tree[at].right = l, r
	return at
}

// split gives the best limit of a figure, and what it gains.
func (t *grower) split(index []int, f int, limits []float64, g, h, w float64) (limit, gain float64) {
	if len(limits) == 0 {
		return 0, 0
	}
	sums := make([][3]float64, len(limits)+1)
	for _, i := range index {
		v := t.samples[i].figures[f]
		b := sort.Search(len(limits), func(k int) bool { return v < limits[k] })
		sums[b][0] += t.g[i]
		sums[b][1] += t.h[i]
		sums[b][2] += t.samples[i].weight
	}
	whole := g * g / (h + ridge)
	var lg, lh, lw float64
	for b, l := range limits {
		lg, lh, lw = lg+sums[b][0], lh+sums[b][1], lw+sums[b][2]
		if lw < leaf || w-lw < leaf {
			continue
		}
		rg, rh := g-lg, h-lh
		if won := lg*lg/(lh+ridge) + rg*rg/(rh+ridge) - whole; won > gain {
			limit, gain = l, won
		}
	}
	return limit, gain
}

func write(out io.Writer, f *forest) {
	fmt.Fprintf(out, "bias %g\n", f.bias)
	for _, tree := range f.trees {
		fmt.Fprintln(out, "tree")
		for _, n := range tree {
			fmt.Fprintf(out, "%d %g %d %d %g\n", n.feature, n.limit, n.left, n.right, n.value)
		}
	}
}
