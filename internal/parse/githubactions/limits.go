package githubactions

import (
	"fmt"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/regex"
)

// Limits of one workflow or action. What follows expressions has limits of its
// own, which a file within these does not reach.
const (
	maxEvents = 100       // GitHub has fewer
	maxWork   = 2_000_000 // bytes of expressions, repetitions by aliases and by variables counted
)

// tooComplex says why a file is left alone, if it is, and where.
func tooComplex(root *lint.Node) (lint.Span, string) {
	on := root.Get("on")
	if len(on.List()) > maxEvents || len(on.Object()) > maxEvents {
		return on.Span, fmt.Sprintf("the workflow names more than %d events, name each once", maxEvents)
	}
	if work(root) > maxWork {
		return root.Span, fmt.Sprintf("expressions, repeated by aliases and variables, come to more than %d KB; split the file", maxWork/1000)
	}
	return lint.Span{}, ""
}

// work is what following all expressions of a file takes at most. Variables of a
// step can refer to those of its job, and these to those of the workflow.
func work(root *lint.Node) int {
	outer := cost{}.within(root.Get("env"))
	total := outer.all(root, "env", "jobs", "runs")
	owners := []*lint.Node{root.Get("runs")}
	for _, field := range root.Get("jobs").Object() {
		owners = append(owners, field.Value)
	}
	for _, owner := range owners {
		if total > maxWork {
			return total
		}
		job := outer.within(owner.Get("env"))
		total += job.all(owner, "env", "steps") + outer.all(owner.Get("env"))
		for _, step := range owner.Get("steps").List() {
			if total > maxWork {
				return total
			}
			total += job.within(step.Get("env")).all(step, "env") + job.all(step.Get("env"))
		}
	}
	return total + cost{}.all(root.Get("env"))
}

// cost is what a reference to variables takes where some are set.
type cost struct {
	search int // to find a variable
	one    int // to follow the longest
	every  int // to follow all of them
}

// within adds the variables of one more level.
func (c cost) within(env *lint.Node) cost {
	inner := cost{search: c.search + len(env.Object()), one: c.one, every: c.every}
	for _, field := range env.Object() {
		if inner.every > maxWork {
			break
		}
		takes := c.text(field.Value.Text, false)
		inner.one = max(inner.one, takes)
		inner.every += takes
	}
	return inner
}

// passes is how often a condition is read; other texts are read once or twice.
const passes = 5

// all adds up what stands below a node, but for some keys of its own. Beyond the
// limit it stops: adding up must not take long either.
func (c cost) all(n *lint.Node, but ...string) int {
	if n == nil {
		return 0
	}
	total := c.text(n.Text, false)
	for _, item := range n.Items {
		if total > maxWork {
			return total
		}
		total += c.all(item)
	}
	for _, field := range n.Fields {
		switch {
		case total > maxWork:
			return total
		case slices.Contains(but, field.Key):
		case field.Key == "if":
			total += c.text(field.Value.Text, true)
		default:
			total += c.all(field.Value)
		}
	}
	return total
}

var (
	oneVariable = regex.Lazy(`(?i)\benv\s*\.\s*[a-z_]`)
	anyVariable = regex.Lazy(`(?i)\benv\b`)
)

// text is what one value takes: nothing, if it holds no expression.
func (c cost) text(s string, condition bool) int {
	fences := expression.Fences(s)
	size := 2 * len(s)
	switch {
	case condition:
		size = passes * len(s)
		fences = append(fences, expression.Fence{Inner: s})
	case len(fences) == 0:
		return 0
	}
	for _, fence := range fences {
		references := len(anyVariable().FindAllStringIndex(fence.Inner, -1))
		named := len(oneVariable().FindAllStringIndex(fence.Inner, -1))
		size += named*(c.search+c.one) + max(0, references-named)*(c.search+c.every)
	}
	return min(size, maxWork+1)
}
