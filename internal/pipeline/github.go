package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// gitHub reads one workflow or action.
type gitHub struct {
	Pipeline
	files      Files
	root       *lint.Node
	scalars    map[scalarKey][]located
	jobs       map[string]*lint.Node
	reached    map[string]reach   // by the ID of a job
	fetches    map[scalarKey]bool // scripts that check out a pull request
	parameters map[string]bool    // secrets that callers fill
	work       int
	limited    bool // something was left out

	path      string                      // of the file
	callees   map[string]*lint.Node       // what local references mean, by their paths
	workflows map[string]*workflowSecrets // likewise
	next      int                         // the index of the job's next step
	inner     int                         // steps of called actions
	unread    []Gap                       // what of called files could not be followed
	cutShort  bool                        // there are more of them than are followed
}

func github(doc *lint.Document, files Files) *Pipeline {
	g := &gitHub{
		files: files, root: doc.Root, scalars: map[scalarKey][]located{}, jobs: map[string]*lint.Node{},
		reached: map[string]reach{}, fetches: map[scalarKey]bool{},
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
	g.Traits = githubTraits
	g.Name = text(doc.Root.Get("name"))
	if doc.Root.Get("jobs") != nil {
		g.workflow()
	} else {
		g.action()
	}
	g.Gaps = append(g.Gaps, g.unread...)
	if g.limited {
		g.gap(lint.Span{}, "the file has more triggers, conditions or variables than are followed; what is behind the limit was not judged", "limit", place{})
	}
	return &g.Pipeline
}

func (g *gitHub) workflow() {
	g.triggers()
	p := githubPlace{scope: scope{inputs: g.choosable()}, reach: g.fired()}
	env := g.root.Get("env")
	g.variables(env, "env", p.at("pipeline_env"))
	p.scope = p.scope.with(env)
	g.inputDefaults(g.root.Get("on", "workflow_dispatch", "inputs"), p)
	g.inputDefaults(g.root.Get("on", "workflow_call", "inputs"), p)
	g.rest(g.root, p, "env", "jobs", "permissions")
	for _, field := range g.root.Get("jobs").Object() {
		if field.Value.Kind != lint.Object {
			g.gap(field.Span, "a job that is no mapping was not judged", "syntax", place{})
			continue
		}
		g.job(field, p)
	}
}

// action reads an action that is made of steps. One that runs a program of its
// own has nothing to see but its inputs and variables.
func (g *gitHub) action() {
	g.Kind = "component"
	p := githubPlace{}
	runs := g.root.Get("runs")
	g.inputDefaults(g.root.Get("inputs"), p)
	g.variables(g.root.Get("inputs"), "inputs", p.at("setting"))
	g.variables(runs.Get("env"), "env", p.at("step_env"))
	p.scope = p.scope.with(runs.Get("env"))
	g.image(runs.Get("image"), p)
	g.rest(runs, p, "env", "steps", "image")
	g.steps(runs.Get("steps"), p, g.root)
	g.variables(g.root.Get("outputs"), "outputs", p.at("output"))
}

func (g *gitHub) job(field lint.Field, p githubPlace) {
	job := field.Value
	p.job = Text{Value: field.Key, At: field.Span}
	p.address = join("jobs", field.Key)
	p.scope.matrix = job.Get("strategy", "matrix")
	fired := p.reach
	p.reach = g.reachOf(field.Key, fired)
	env := job.Get("env")
	j := Job{
		At: field.Span, ID: p.job, Name: text(job.Get("name")), Needs: texts(job.Get("needs")),
		Condition: text(job.Get("if")), Runner: g.runner(job.Get("runs-on"), p.scope), Calls: text(job.Get("uses")),
		OpenTo: g.openTo(p.reach),
	}
	j.Environment = environment(job.Get("environment"))
	if j.Environment != nil {
		p.inJob = j.Environment.Name
	}
	g.identities(job, p)
	g.condition(job.Get("if"), p)
	g.actorCheck(job.Get("if"), p, fired)
	g.rest(job, p, "env", "permissions", "steps", "container", "services", "outputs", "secrets", "with", "if", "uses")
	g.variables(env, "env", p.at("job_env"))
	p.scope = p.scope.with(env)
	j.Container = g.container(job.Get("container"), "container", p)
	for _, service := range job.Get("services").Object() {
		g.container(service.Value, join("services", service.Key), p)
	}
	g.call(job, p)
	g.Jobs = append(g.Jobs, j)
	g.next = 0
	g.steps(job.Get("steps"), p, job)
	g.variables(job.Get("outputs"), "outputs", p.at("output"))
}

// call reads a job that runs another workflow in place of steps.
func (g *gitHub) call(job *lint.Node, p githubPlace) {
	uses := job.Get("uses")
	if uses.Str() == "" {
		return
	}
	p.component = text(uses)
	c := g.component(uses, "reusable", p)
	c.Inputs = inputs(job.Get("with"))
	if c.Pin == "local" {
		c.Called = g.called(uses, job.Get("secrets"), p)
	}
	g.Components = append(g.Components, c)
	if c.Pin != "local" {
		g.gap(uses.Span, "the called workflow is named by its repository, not by a path in this one; what it does with its inputs and secrets was not judged", "remote", p.place)
	}
	g.variables(job.Get("with"), "with", p.at("input"))
	secrets := job.Get("secrets")
	if secrets.Str() != "inherit" {
		g.variables(secrets, "secrets", p.at("forwarded"))
		return
	}
	p.address = join(p.address, "secrets")
	all := Secret{At: secrets.Span, Via: secrets.Via, All: true}
	g.Exposures = append(g.Exposures, p.at("forwarded").exposure(secrets.Span, all))
}

// container reads the image of a job or service, its login and its variables.
func (g *gitHub) container(n *lint.Node, within string, p githubPlace) Text {
	if n == nil {
		return Text{}
	}
	p.address = join(p.address, within)
	image := n
	if n.Kind == lint.Object {
		image = n.Get("image")
	}
	g.image(image, p)
	if n.Kind != lint.Object {
		g.value(n, p.at("setting"))
		return text(image)
	}
	g.variables(n.Get("credentials"), "credentials", p.at("container_credential"))
	g.variables(n.Get("env"), "env", p.at("container_env"))
	g.rest(n, p, "credentials", "env")
	return text(image)
}

// steps reads the steps of a job or action; owner says which shell they have.
func (g *gitHub) steps(list *lint.Node, p githubPlace, owner *lint.Node) {
	if list != nil && list.Kind != lint.List {
		g.gap(list.Span, "the steps are no list and were not judged", "syntax", p.place)
		return
	}
	for _, n := range list.List() {
		index := g.next
		g.next++
		if n.Kind != lint.Object {
			g.gap(n.Span, "a step that is no mapping was not judged", "syntax", p.place)
			continue
		}
		g.step(index, n, p, owner)
	}
}

func (g *gitHub) step(index int, n *lint.Node, p githubPlace, owner *lint.Node) {
	p.step = &index
	p.address = join(p.address, "steps", stepLabel(n))
	p.component = text(n.Get("uses"))
	step := Step{
		At: n.Span, Address: p.address, Job: p.job, Index: index, ID: text(n.Get("id")), Name: text(n.Get("name")), Kind: "unknown",
		Script: text(n.Get("run")), Component: p.component, Condition: text(n.Get("if")),
	}
	env := n.Get("env")
	g.condition(n.Get("if"), p)
	g.actorCheck(n.Get("if"), p, p.reach)
	p.reach = p.reach.through(g.conditionOf(n.Get("if")))
	step.OpenTo = g.openTo(p.reach)
	g.variables(env, "env", p.at("step_env"))
	p.scope = p.scope.with(env)
	switch {
	case p.component.Value != "":
		step.Kind = "component"
		g.stepComponent(n, p)
	case scalar(n.Get("run")):
		step.Kind = "shell"
		step.Shell, step.Folder = g.runs(n, owner, "shell"), g.runs(n, owner, "working-directory")
		g.value(n.Get("run"), p.at("inline"))
		g.scriptCheckouts(n.Get("run"), p)
	default:
		g.gap(n.Span, `a step with neither "run" nor "uses" was not judged`, "syntax", p.place)
	}
	g.rest(n, p, "env", "run", "uses", "with", "if", "id")
	if c := p.scope.call; c != nil {
		step.Inner, step.Within, step.EnvOf = true, c.within(), c.steps
		g.inner++
	}
	g.Steps = append(g.Steps, step)
	if strings.HasPrefix(p.component.Value, "./") {
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
func (g *gitHub) runs(step, owner *lint.Node, key string) Text {
	for _, n := range []*lint.Node{step.Get(key), owner.Get("defaults", "run", key), g.root.Get("defaults", "run", key)} {
		if n.Str() != "" {
			return text(n)
		}
	}
	return Text{}
}

// condition reads an "if", which is an expression without marks.
func (g *gitHub) condition(n *lint.Node, p githubPlace) {
	p.address = join(p.address, "if")
	p.bare = true
	g.value(n, p.at("condition"))
}

// variables reads a map from names to values.
func (g *gitHub) variables(n *lint.Node, within string, p githubPlace) {
	if n == nil || n.Kind == lint.Null {
		return
	}
	if n.Kind != lint.Object {
		p.variable = Text{Value: within}
		p.address = join(p.address, within)
		g.value(n, p)
		g.gap(n.Span, "the entries of this "+within+" are known only when it runs and were not judged", "computed", p.place)
		return
	}
	for _, field := range n.Fields {
		g.value(field.Value, p.of(field, within))
	}
}

// rest reads whatever else may hold an expression: names, folders, conditions
// of concurrency.
func (g *gitHub) rest(n *lint.Node, p githubPlace, but ...string) {
	for _, field := range n.Object() {
		if !slices.Contains(but, field.Key) {
			g.value(field.Value, p.of(field, "").at("setting"))
		}
	}
}

// value reads a scalar, or everything below a list or map.
func (g *gitHub) value(n *lint.Node, p githubPlace) {
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

func (g *gitHub) literal(n *lint.Node, p githubPlace) {
	if !p.assigns(n) {
		return
	}
	g.Pipeline.literal(n, p.place)
}

// inputDefaults reads what inputs are when nobody fills them in.
func (g *gitHub) inputDefaults(inputs *lint.Node, p githubPlace) {
	for _, field := range inputs.Object() {
		if value := field.Value.Get("default"); value != nil && !strings.Contains(value.Text, "${{") {
			g.literal(value, p.of(field, "inputs").at("default"))
		}
	}
}
