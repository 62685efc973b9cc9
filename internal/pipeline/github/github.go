// Package github collects workflows and actions of GitHub Actions. Actions and
// workflows of the repository that they call are followed.
package github

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one workflow or action.
type collector struct {
	model.Pipeline
	from       *entry // of a workflow that is seen as its caller starts it
	files      model.Files
	root       *lint.Node
	scalars    map[scalarKey][]located
	jobs       map[string]*lint.Node
	reached    map[string]reach     // by the ID of a job
	fetches    map[scalarKey][2]int // what names the pull request that a script checks out
	parameters map[string]bool      // secrets that callers fill
	work       int
	limited    bool // something was left out

	path      string                      // of the file
	callees   map[string]*lint.Node       // what local references mean, by their paths
	workflows map[string]*workflowSecrets // likewise
	next      int                         // the index of the job's next step
	inner     int                         // steps of called actions
	unread    []model.Gap                 // what of called files could not be followed
	cutShort  bool                        // there are more of them than are followed
}

// Collect reads one workflow or action.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline { return collect(doc, files, nil) }

func collect(doc *lint.Document, files model.Files, from *entry) *model.Pipeline {
	g := &collector{
		from: from, files: files, root: doc.Root, scalars: map[scalarKey][]located{}, jobs: map[string]*lint.Node{},
		reached: map[string]reach{}, fetches: map[scalarKey][2]int{},
		parameters: map[string]bool{}, path: doc.Path, callees: map[string]*lint.Node{}, workflows: map[string]*workflowSecrets{},
	}
	for _, field := range doc.Root.Get("on", "workflow_call", "secrets").Object() {
		g.parameters[strings.ToUpper(field.Key)] = true
	}
	for _, field := range doc.Root.Get("jobs").Object() {
		g.jobs[field.Key] = field.Value
	}
	g.Pipeline.At = doc.Root.Span
	g.Platform, g.Masking = "githubactions", "values"
	g.Traits = traits
	g.Name = model.TextOf(doc.Root.Get("name"))
	if doc.Root.Get("jobs") != nil {
		g.workflow()
	} else {
		g.action()
	}
	g.Gaps = append(g.Gaps, g.unread...)
	if g.limited {
		g.AddGap(lint.Span{}, "the file has more triggers, conditions or variables than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &g.Pipeline
}

func (g *collector) workflow() {
	g.triggers()
	p := place{scope: scope{inputs: g.choosable()}, reach: g.fired()}
	env := g.root.Get("env")
	g.variables(env, "env", p.At("pipeline_env"))
	p.scope = p.scope.with(env)
	g.inputDefaults(g.on().Get("workflow_dispatch", "inputs"), p)
	g.inputDefaults(g.on().Get("workflow_call", "inputs"), p)
	for _, field := range g.on().Get("workflow_call", "outputs").Object() {
		g.value(field.Value.Get("value"), p.Field(field, "outputs").At("output"))
	}
	g.rest(g.root, p, "env", "jobs", "permissions", "on")
	for _, field := range g.root.Get("jobs").Object() {
		if field.Value.Kind != lint.Object {
			g.AddGap(field.Span, "a job that is no mapping was not judged", "syntax", model.Place{})
			continue
		}
		g.job(field, p)
	}
}

// action reads an action that is made of steps. One that runs a program of its
// own has nothing to see but its inputs and variables.
func (g *collector) action() {
	g.Kind = "component"
	p := place{}
	runs := g.root.Get("runs")
	g.inputDefaults(g.root.Get("inputs"), p)
	g.variables(g.root.Get("inputs"), "inputs", p.At("setting"))
	g.variables(runs.Get("env"), "env", p.At("step_env"))
	p.scope = p.scope.with(runs.Get("env"))
	g.image(runs.Get("image"), "", p)
	g.rest(runs, p, "env", "steps", "image")
	g.steps(runs.Get("steps"), p, g.root)
	g.variables(g.root.Get("outputs"), "outputs", p.At("output"))
}

func (g *collector) job(field lint.Field, p place) {
	job := field.Value
	p.Job = model.Text{Value: field.Key, At: field.Span}
	p.Address = model.Join("jobs", field.Key)
	p.scope.matrix = job.Get("strategy", "matrix")
	fired := p.reach
	p.reach = g.reachOf(field.Key, fired)
	env := job.Get("env")
	j := model.Job{
		At: field.Span, ID: p.Job, Name: model.TextOf(job.Get("name")), Needs: model.TextsOf(job.Get("needs")),
		Condition: model.TextOf(job.Get("if")), Runner: g.runner(job.Get("runs-on"), p.scope), Calls: model.TextOf(job.Get("uses")),
		OpenTo: g.openTo(p.reach),
	}
	j.Environment = model.EnvironmentOf(job.Get("environment"))
	if j.Environment != nil {
		p.Environment = j.Environment.Name
	}
	g.identities(job, p)
	g.condition(job.Get("if"), p)
	g.actorCheck(job.Get("if"), p, fired)
	g.rest(job, p, "env", "permissions", "steps", "container", "services", "outputs", "secrets", "with", "if", "uses")
	g.variables(env, "env", p.At("job_env"))
	p.scope = p.scope.with(env)
	j.Container = g.container(job.Get("container"), "container", p)
	for _, service := range job.Get("services").Object() {
		g.container(service.Value, model.Join("services", service.Key), p)
	}
	if job.Get("steps") == nil && job.Get("uses") == nil {
		g.AddGap(field.Span, `a job with neither "steps" nor "uses" was not judged`, "syntax", model.Place{Job: p.Job})
	}
	g.call(job, p)
	g.Jobs = append(g.Jobs, j)
	g.next = 0
	g.steps(job.Get("steps"), p, job)
	g.variables(job.Get("outputs"), "outputs", p.At("output"))
}

// call reads a job that runs another workflow in place of steps.
func (g *collector) call(job *lint.Node, p place) {
	uses := job.Get("uses")
	if uses.Str() == "" {
		return
	}
	p.Component = model.TextOf(uses)
	c := g.component(uses, "reusable", p)
	c.Inputs = model.InputsOf(job.Get("with"))
	if c.Pin == "local" {
		c.Called = g.called(uses, job.Get("secrets"), p)
	}
	g.Components = append(g.Components, c)
	if c.Pin != "local" {
		g.AddGap(uses.Span, "the called workflow is named by its repository, not by a path in this one; what it does with its inputs and secrets was not judged", "remote", p.Place)
	}
	g.variables(job.Get("with"), "with", p.At("input"))
	secrets := job.Get("secrets")
	if secrets.Str() != "inherit" {
		g.variables(secrets, "secrets", p.At("forwarded"))
		return
	}
	p.Address = model.Join(p.Address, "secrets")
	all := model.Secret{At: secrets.Span, Via: secrets.Via, All: true}
	g.Exposures = append(g.Exposures, p.At("forwarded").Exposure(secrets.Span, all))
}

// container reads the image of a job or service, its login and its variables.
func (g *collector) container(n *lint.Node, within string, p place) model.Text {
	if n == nil {
		return model.Text{}
	}
	p.Address = model.Join(p.Address, within)
	image := n
	if n.Kind == lint.Object {
		image = n.Get("image")
	}
	g.image(image, n.Get("options").Str(), p)
	if n.Kind != lint.Object {
		g.value(n, p.At("setting"))
		return model.TextOf(image)
	}
	g.variables(n.Get("credentials"), "credentials", p.At("container_credential"))
	g.variables(n.Get("env"), "env", p.At("container_env"))
	g.rest(n, p, "credentials", "env")
	return model.TextOf(image)
}

// steps reads the steps of a job or action; owner says which shell they have.
func (g *collector) steps(list *lint.Node, p place, owner *lint.Node) {
	if list != nil && list.Kind != lint.List {
		g.AddGap(list.Span, "the steps are no list and were not judged", "syntax", p.Place)
		return
	}
	p.steps = list
	for _, n := range list.List() {
		index := g.next
		g.next++
		if n.Kind != lint.Object {
			g.AddGap(n.Span, "a step that is no mapping was not judged", "syntax", p.Place)
			continue
		}
		g.step(index, n, p, owner)
	}
}

func (g *collector) step(index int, n *lint.Node, p place, owner *lint.Node) {
	p.Step = &index
	p.Address = model.Join(p.Address, "steps", stepLabel(n))
	p.Component = model.TextOf(n.Get("uses"))
	step := model.Step{
		At: n.Span, Address: p.Address, Job: p.Job, Index: index, ID: model.TextOf(n.Get("id")), Name: model.TextOf(n.Get("name")), Kind: "unknown",
		Script: model.TextOf(n.Get("run")), Component: p.Component, Condition: model.TextOf(n.Get("if")),
	}
	env := n.Get("env")
	g.condition(n.Get("if"), p)
	g.actorCheck(n.Get("if"), p, p.reach)
	p.reach = p.reach.through(g.conditionOf(n.Get("if")), g.rights(p.steps))
	step.OpenTo = g.openTo(p.reach)
	g.variables(env, "env", p.At("step_env"))
	p.scope = p.scope.with(env)
	switch {
	case p.Component.Value != "":
		step.Kind = "component"
		if strings.HasPrefix(strings.ToLower(p.Component.Value), "actions/github-script@") {
			step.Program, step.ProgramShell = model.TextOf(n.Get("with", "script")), "node"
		}
		g.stepComponent(n, p)
	case model.IsScalar(n.Get("run")):
		step.Kind = "shell"
		step.Shell, step.Folder = g.runs(n, owner, "shell"), g.runs(n, owner, "working-directory")
		g.value(n.Get("run"), p.At("inline"))
		g.scriptCheckouts(n.Get("run"), p)
	default:
		g.AddGap(n.Span, `a step with neither "run" nor "uses" was not judged`, "syntax", p.Place)
	}
	g.rest(n, p, "env", "run", "uses", "with", "if", "id")
	if c := p.scope.call; c != nil {
		step.Inner, step.Within, step.EnvOf = true, c.within(), c.steps
		g.inner++
	}
	g.Steps = append(g.Steps, step)
	if strings.HasPrefix(p.Component.Value, "./") {
		g.callAction(n, p)
	}
}

// stepLabel is what the step's author calls it, as far as that is no expression.
func stepLabel(n *lint.Node) string {
	for _, key := range []string{"id", "name"} {
		if label, ok := plain(n.Get(key)); ok && label != "" {
			return label
		}
	}
	if uses, _, _ := strings.Cut(n.Get("uses").Str(), "@"); uses != "" {
		return uses
	}
	return "run"
}

// runs is how or where the step says that it runs, or else its job, or the workflow.
func (g *collector) runs(step, owner *lint.Node, key string) model.Text {
	for _, n := range []*lint.Node{step.Get(key), owner.Get("defaults", "run", key), g.root.Get("defaults", "run", key)} {
		if n.Str() != "" {
			return model.TextOf(n)
		}
	}
	return model.Text{}
}

// condition reads an "if", which is an expression without marks.
func (g *collector) condition(n *lint.Node, p place) {
	p.Address = model.Join(p.Address, "if")
	p.bare = true
	g.value(n, p.At("condition"))
}

// variables reads a map from names to values.
func (g *collector) variables(n *lint.Node, within string, p place) {
	if n == nil || n.Kind == lint.Null {
		return
	}
	if n.Kind != lint.Object {
		p.Variable = model.Text{Value: within}
		p.Address = model.Join(p.Address, within)
		g.value(n, p)
		g.AddGap(n.Span, "the entries of this "+within+" are known only when it runs and were not judged", "computed", p.Place)
		return
	}
	for _, field := range n.Fields {
		g.value(field.Value, p.Field(field, within))
	}
}

// rest reads whatever else may hold an expression: names, folders, conditions
// of concurrency.
func (g *collector) rest(n *lint.Node, p place, but ...string) {
	for _, field := range n.Object() {
		if !slices.Contains(but, field.Key) {
			g.value(field.Value, p.Field(field, "").At("setting"))
		}
	}
}

// value reads a scalar, or everything below a list or map.
func (g *collector) value(n *lint.Node, p place) {
	if n == nil {
		return
	}
	found := g.expressions(n, p)
	for _, l := range found {
		g.expose(l, n, p)
	}
	if len(found) == 0 && !strings.Contains(n.Text, "${{") {
		g.literal(n, p)
	}
	for _, item := range n.Items {
		g.value(item, p)
	}
	for _, field := range n.Fields {
		g.value(field.Value, p)
	}
}

func (g *collector) literal(n *lint.Node, p place) {
	if !p.Assigns(n) {
		return
	}
	g.Pipeline.AddLiteral(n, p.Place)
}

// inputDefaults reads what inputs are when nobody fills them in.
func (g *collector) inputDefaults(inputs *lint.Node, p place) {
	for _, field := range inputs.Object() {
		if value := field.Value.Get("default"); value != nil && !strings.Contains(value.Text, "${{") {
			g.literal(value, p.Field(field, "inputs").At("default"))
		}
	}
}
