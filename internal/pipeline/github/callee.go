package github

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
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
	maxInnerSteps = 2_000
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
	if value := model.FieldFold(c.with, name); value != nil {
		return value
	}
	return nil
}

// argumentUses resolves an input of an action to what its caller gives.
func (g *collector) argumentUses(u use, c *call) []use {
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
func (g *collector) callAction(n *lint.Node, p place) {
	outer := p.scope.call
	name := path.Join(g.base(), p.Component.Value)
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
		if !g.cutShort {
			g.unfollowed(n, "more actions call each other than are followed; what this one and those behind it do with secrets was not judged", "limit", p)
		}
		g.cutShort = true
		return
	}
	root := g.callee(name)
	if root == nil {
		g.unfollowed(n, "there is no such action in the repository; what it does with secrets was not judged", "remote", p)
		return
	}
	inner := &call{with: n.Get("with"), inputs: root.Get("inputs"), scope: p.scope, root: g.root.Span.Source, path: name, steps: append(slices.Clone(steps), *p.Step)}
	g.into(root, inner, p)
}

// into reads the parts of an action that the caller's secrets can get into.
func (g *collector) into(root *lint.Node, c *call, p place) {
	literals, gaps, checks, checkouts := len(g.Literals), len(g.Gaps), len(g.ActorChecks), len(g.Checkouts)
	runs := root.Get("runs")
	p.scope = scope{matrix: p.scope.matrix, call: c}
	g.variables(runs.Get("env"), "env", p.At("step_env"))
	at := p
	at.Address, at.Component = model.Join(p.Address, "outputs"), model.Text{}
	for _, field := range root.Get("outputs").Object() {
		g.value(field.Value.Get("value"), at.Field(field, "").At("output"))
	}
	g.steps(runs.Get("steps"), place{
		Place: model.Place{Address: p.Address, Job: p.Job, Environment: p.Environment}, scope: p.scope, reach: p.reach,
	}, root)
	g.Literals, g.Gaps, g.ActorChecks = g.Literals[:literals], g.Gaps[:gaps], g.ActorChecks[:checks]
	own := func(c model.Checkout) bool { return c.Source != "change" } // only the caller knows who starts it
	g.Checkouts = append(g.Checkouts[:checkouts], slices.DeleteFunc(g.Checkouts[checkouts:], own)...)
}

// unfollowed notes what of a called file could not be followed.
func (g *collector) unfollowed(n *lint.Node, what, why string, p place) {
	g.unread = append(g.unread, model.Gap{At: n.Get("uses").Span, What: what, Why: why, Job: p.Job, Step: p.Step})
}

// base is the folder that local references count from.
func (g *collector) base() string {
	if before, _, found := strings.Cut("/"+g.path, "/.github/"); found {
		return strings.TrimPrefix(before, "/")
	}
	return ""
}

// callee reads the metadata of an action in a folder, nil if there is none.
func (g *collector) callee(folder string) *lint.Node {
	root, seen := g.callees[folder]
	if seen {
		return root
	}
	for _, name := range []string{"action.yml", "action.yaml"} {
		src := g.files.Read(path.Join(folder, name))
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

// called reads a workflow of the repository that a job calls, nil if it cannot.
func (g *collector) called(uses, secrets *lint.Node, p place) *model.Called {
	name := path.Join(g.base(), uses.Text)
	read := g.workflows[name]
	if read == nil {
		src := g.files.Read(name)
		if src == nil {
			g.unread = append(g.unread, model.Gap{At: uses.Span, What: "there is no such workflow in the repository; what it does with secrets was not judged", Why: "remote", Job: p.Job})
			return nil
		}
		docs, _ := yaml.Read(src)
		if len(docs) == 0 || docs[0].Get("jobs") == nil {
			g.unread = append(g.unread, model.Gap{At: uses.Span, What: "the called workflow cannot be read; what it does with secrets was not judged", Why: "syntax", Job: p.Job})
			return nil
		}
		read = secretsOf(&lint.Document{Platform: g.Platform, Path: name, Root: docs[0]})
		g.workflows[name] = read
	}
	called := &model.Called{Path: name, Inherit: secrets.Str() == "inherit", Secrets: []model.CalledSecret{}}
	g.enter(called, read.doc, uses, p)
	given := map[string]lint.Field{}
	for _, field := range secrets.Object() {
		given[strings.ToUpper(field.Key)] = field
	}
	for _, name := range slices.Sorted(maps.Keys(read.names(given))) {
		field, isGiven := given[name]
		s := model.CalledSecret{At: uses.Span, Name: model.Text{Value: name}, Given: isGiven, Read: model.YesOrNo(read.reads[name])}
		s.Required, s.Declared = read.declared[name], read.isDeclared(name)
		if isGiven {
			s.At, s.Name.At = field.Span, field.Span
		}
		if s.Read == "no" && read.unsure {
			s.Read = "unknown"
		}
		called.Secrets = append(called.Secrets, s)
	}
	return called
}

// entry is how a job starts a workflow: by the events of the caller, with its inputs.
type entry struct {
	triggers []model.Trigger
	fired    reach
	inputs   *lint.Node
	paths    []string // of the callers, the outermost first
	left     *int     // how many more are followed
}

// Limits on the workflows that one file may start, within each other and in all.
const (
	maxCalls  = 10
	maxCalled = 100
)

// enter notes what a called workflow checks out, and runs on, by the events of its caller.
func (g *collector) enter(called *model.Called, doc *lint.Document, uses *lint.Node, p place) {
	left := maxCalled
	from := &entry{paths: []string{g.path}, left: &left}
	if g.from != nil {
		from = &entry{paths: append(slices.Clip(g.from.paths), g.path), left: g.from.left}
	}
	if slices.Contains(from.paths, doc.Path) {
		g.unread = append(g.unread, model.Gap{At: uses.Span, What: "the workflow calls itself, which GitHub refuses", Why: "syntax", Job: p.Job})
		return
	}
	if g.files == nil || len(g.openTo(p.reach)) == 0 {
		return
	}
	if *from.left--; *from.left < 0 || len(from.paths) > maxCalls {
		g.unread = append(g.unread, model.Gap{At: uses.Span, What: "more workflows call each other than are followed; what this one checks out and runs on was not judged", Why: "limit", Job: p.Job})
		return
	}
	from.triggers, from.fired = g.Triggers, p.reach
	from.inputs = inputsOf(doc.Root.Get("on", "workflow_call", "inputs"), g.jobs[p.Job.Value].Get("with"))
	inner := collect(doc, g.files, from)
	open := map[string][]string{}
	for _, job := range inner.Jobs {
		open[job.ID.Value] = job.OpenTo
		if job.Runner.Kind == "self_hosted" && len(job.OpenTo) > 0 {
			called.SelfHosted = append(called.SelfHosted, model.CalledRunner{At: job.Runner.At, Job: job.ID, OpenTo: job.OpenTo})
		}
	}
	for _, c := range inner.Components {
		if c.Called != nil {
			called.SelfHosted = append(called.SelfHosted, c.Called.SelfHosted...)
		}
	}
	for _, c := range inner.Checkouts {
		if c.Source != "change" || !slices.ContainsFunc(open[c.Job.Value], func(event string) bool { return event != "pull_request" }) {
			continue
		}
		if c.Runs == nil {
			c.Runs = inner.RunsAfter(c.Job.Value, c.Step)
		}
		g.Checkouts = append(g.Checkouts, model.Checkout{At: uses.Span, Address: p.Address, Job: p.Job, Step: -1, Source: "change", Credential: "unknown", Runs: c.Runs})
	}
}

// inputsOf gives inputs the form of a choice of what they are given, or are without.
func inputsOf(declared, given *lint.Node) *lint.Node {
	all := &lint.Node{Kind: lint.Object}
	for _, field := range declared.Object() {
		value := model.FieldFold(given, field.Key)
		if value == nil {
			value = field.Value.Get("default")
		}
		if value != nil {
			options := &lint.Node{Kind: lint.List, Items: []*lint.Node{value}}
			all.Fields = append(all.Fields, lint.Field{Key: field.Key, Value: &lint.Node{Kind: lint.Object, Fields: []lint.Field{{Key: "options", Value: options}}}})
		}
	}
	return all
}

// workflowSecrets are those of a workflow that others call, in capitals.
type workflowSecrets struct {
	doc      *lint.Document
	declared map[string]bool // and whether callers must give it
	reads    map[string]bool
	unsure   bool // it may read others
}

func secretsOf(doc *lint.Document) *workflowSecrets {
	w := &workflowSecrets{doc: doc, declared: map[string]bool{}, reads: map[string]bool{}}
	for _, field := range doc.Root.Get("on", "workflow_call", "secrets").Object() {
		w.declared[strings.ToUpper(field.Key)] = field.Value.Get("required") != nil && field.Value.Get("required").Text == "true"
	}
	p := Collect(doc, nil)
	for _, e := range p.Exposures {
		if w.unsure = w.unsure || e.Secret.All; !e.PlatformToken && e.Secret.Name.Value != "" {
			w.reads[e.Secret.Name.Value] = true
		}
	}
	w.unsure = w.unsure || slices.ContainsFunc(p.Gaps, func(gap model.Gap) bool { return gap.Why != "remote" })
	return w
}

func (w *workflowSecrets) isDeclared(name string) bool {
	_, declared := w.declared[name]
	return declared
}

// names are those that the workflow declares, reads or is given.
func (w *workflowSecrets) names(given map[string]lint.Field) map[string]bool {
	all := maps.Clone(w.reads)
	for name := range w.declared {
		all[name] = true
	}
	for name := range given {
		all[name] = true
	}
	return all
}
