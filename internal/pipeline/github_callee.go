package pipeline

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// call is a step that runs an action of the repository, seen from within it.
type call struct {
	with, inputs *lint.Node // what it is given, and what the action declares
	scope        scope      // of the caller
	root         *lint.Source
	path         string // of the action
	steps        []int  // that call, the outermost first
}

// Limits on what one file may call. GitHub allows ten actions within each other.
const (
	maxActions    = 10
	maxInnerSteps = 10_000
)

// within sets the IDs of the steps of an action apart from those of its caller.
func (c *call) within() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%d/", c.steps[len(c.steps)-1])
}

// given says whether a value comes from the file that is judged. What an action has
// of its own is judged with the action.
func (c *call) given(u use) bool {
	return c == nil || slices.ContainsFunc(u.via, func(s lint.Step) bool { return s.Span.Source == c.root })
}

// argument is what an input is filled with, nil if it is not.
func (c *call) argument(name string) *lint.Node {
	if value := variable(c.with, name); value != nil {
		return value
	}
	return nil
}

// argumentUses resolves an input of an action to what its caller gives.
func (g *gitHub) argumentUses(u use, c *call) []use {
	if len(u.path) == 1 || u.path[1] == "*" {
		return nil
	}
	value, from := c.argument(u.path[1]), c.scope
	if value == nil {
		return nil
	}
	var all []use
	for _, l := range g.expressions(value, place{}) {
		for _, inner := range g.uses(l.expr, from, u.transformed, u.flows) {
			inner.expr = u.expr
			inner.via = append([]lint.Step{{Message: "the input is given here", Span: l.at}}, inner.via...)
			all = append(all, inner)
		}
	}
	return all
}

// callAction follows a step into an action of the repository: its steps run in the
// job of the caller.
func (g *gitHub) callAction(n *lint.Node, p place) {
	outer := p.scope.call
	name := path.Join(g.base(), p.component.Value)
	var steps []int
	for c := outer; c != nil; c = c.scope.call {
		if c.path == name {
			g.unfollowed(n, "the action calls itself, which GitHub refuses", "syntax", p)
			return
		}
	}
	if outer != nil {
		steps = outer.steps
	}
	if len(steps) >= maxActions || g.inner >= maxInnerSteps {
		g.unfollowed(n, "more actions call each other than are followed; what this one does with secrets was not judged", "limit", p)
		return
	}
	root := g.callee(name)
	if root == nil {
		g.unfollowed(n, "there is no such action in the repository; what it does with secrets was not judged", "remote", p)
		return
	}
	inner := &call{with: n.Get("with"), inputs: root.Get("inputs"), scope: p.scope, root: g.root.Span.Source, path: name, steps: append(slices.Clone(steps), *p.step)}
	g.into(root, inner, p)
}

// into reads the parts of an action that the caller's secrets can get into.
func (g *gitHub) into(root *lint.Node, c *call, p place) {
	literals, gaps, checks, checkouts := len(g.Literals), len(g.Gaps), len(g.ActorChecks), len(g.Checkouts)
	runs := root.Get("runs")
	p.scope = scope{matrix: p.scope.matrix, call: c}
	g.variables(runs.Get("env"), "env", p.at("step_env"))
	at := p
	at.address, at.component = join(p.address, "outputs"), Text{}
	for _, field := range root.Get("outputs").Object() {
		g.value(field.Value.Get("value"), at.of(field, "").at("output"))
	}
	before := g.next
	g.steps(runs.Get("steps"), place{
		address: p.address, job: p.job, inJob: p.inJob, scope: p.scope, reach: p.reach,
	}, root)
	g.inner += g.next - before
	g.Literals, g.Gaps, g.ActorChecks, g.Checkouts = g.Literals[:literals], g.Gaps[:gaps], g.ActorChecks[:checks], g.Checkouts[:checkouts]
}

// unfollowed notes what of a called file could not be followed.
func (g *gitHub) unfollowed(n *lint.Node, what, why string, p place) {
	g.unread = append(g.unread, Gap{At: n.Get("uses").Span, What: what, Why: why, Job: p.job, Step: p.step})
}

// base is the folder that local references count from.
func (g *gitHub) base() string {
	if before, _, found := strings.Cut("/"+g.path, "/.github/"); found {
		return strings.TrimPrefix(before, "/")
	}
	return ""
}

// callee reads the metadata of an action in a folder, nil if there is none.
func (g *gitHub) callee(folder string) *lint.Node {
	root, seen := g.callees[folder]
	if seen {
		return root
	}
	for _, name := range []string{"action.yml", "action.yaml"} {
		src := g.files.read(path.Join(folder, name))
		if src == nil {
			continue
		}
		if docs, _ := yaml.Read(src); len(docs) > 0 && docs[0].Get("runs") != nil {
			root = docs[0]
			break
		}
	}
	g.callees[folder] = root
	return root
}
