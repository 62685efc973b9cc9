package judge

import (
	_ "embed"
	"fmt"
	"math"
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

func readModel(text string) (*model, error) {
	m := &model{}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line == "" {
			continue
		}
		var n node
		switch kind, rest, _ := strings.Cut(line, " "); kind {
		case "bias":
			if _, err := fmt.Sscan(rest, &m.bias); err != nil {
				return nil, fmt.Errorf("weights, line %d: %w", i+1, err)
			}
		case "tree":
			m.trees = append(m.trees, nil)
		default:
			if len(m.trees) == 0 {
				return nil, fmt.Errorf("weights, line %d: a node outside of a tree", i+1)
			}
			if _, err := fmt.Sscan(line, &n.feature, &n.limit, &n.left, &n.right, &n.value); err != nil {
				return nil, fmt.Errorf("weights, line %d: %w", i+1, err)
			}
			last := len(m.trees) - 1
			m.trees[last] = append(m.trees[last], n)
		}
	}
	return m, nil
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
