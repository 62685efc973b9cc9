package judge

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// weights are the trees of the classifier, written by internal/train.
//
//go:embed weights.txt
var weights string

// model is a sum of small decision trees. It is the same on every machine: it
// compares and adds, and nothing else.
type model struct {
	bias  float64
	trees [][]node
}

// node asks whether a figure is below a limit. A leaf has no question and adds
// its value.
type node struct {
	feature     int // -1 for a leaf
	limit       float64
	left, right int
	value       float64
}

// readModel panics if the text is wrong: it is part of the program, and a test
// reads it.
func readModel(text string) *model {
	m := &model{}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		var err error
		switch {
		case len(words) == 2 && words[0] == "bias":
			m.bias, err = strconv.ParseFloat(words[1], 64)
		case len(words) == 1 && words[0] == "tree":
			m.trees = append(m.trees, nil)
		case len(words) == 5 && len(m.trees) > 0:
			var n node
			n, err = readNode(words)
			tree := &m.trees[len(m.trees)-1]
			*tree = append(*tree, n)
		default:
			err = errors.New("want bias, tree or a node")
		}
		if err != nil {
			panic(fmt.Errorf("weights, line %d: %w", i+1, err))
		}
	}
	if err := m.check(); err != nil {
		panic(err)
	}
	return m
}

func readNode(words []string) (n node, err error) {
	var numbers [5]float64
	for i, word := range words {
		if numbers[i], err = strconv.ParseFloat(word, 64); err != nil {
			return n, err
		}
	}
	return node{int(numbers[0]), numbers[1], int(numbers[2]), int(numbers[3]), numbers[4]}, nil
}

// check makes sure that every way through a tree ends.
func (m *model) check() error {
	for t, tree := range m.trees {
		for i, n := range tree {
			if n.feature >= int(features) || n.feature >= 0 && (n.left <= i || n.right <= i || n.left >= len(tree) || n.right >= len(tree)) {
				return fmt.Errorf("weights: node %d of tree %d leads nowhere", i, t)
			}
		}
		if len(tree) == 0 {
			return fmt.Errorf("weights: tree %d is empty", t)
		}
	}
	return nil
}

func (m *model) score(v *Figures) float64 {
	sum := m.bias
	for _, tree := range m.trees {
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

// Confidence is how likely a candidate is a credential.
func (m *model) Confidence(c *Candidate) float64 {
	if c.sure > 0 {
		return c.sure
	}
	return 1 / (1 + math.Exp(-m.score(&c.Figures)))
}
