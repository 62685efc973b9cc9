// Package azure collects pipelines of Azure DevOps and their templates. Templates of
// the repository are expanded as the service does; those of other repositories and
// the settings of variable groups are gaps.
package azure

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one pipeline or template, with the templates that it includes.
type collector struct {
	model.Pipeline
	files        model.Files
	repositories map[string]*lint.Node // by alias in lower case
	containers   map[string]*lint.Node
	templates    map[string]*template
	parts        map[*lint.Node][]pasted // of scalars that expansion made
	sources      map[*lint.Node]model.PlacedText
	closed       map[*lint.Node]bool // pull requests do not get there
	noted        map[lint.Span]bool
	set          map[string]bool // variables that scripts set, in lower case
	stepNames    map[string]bool // of steps and jobs, whose outputs are no settings
	ids          map[string]int  // of jobs
	includes     int
	expanded     int
	pastedBytes  int
	limited      bool
}

// place is a place in a pipeline of Azure.
type place struct {
	model.Place
	scope         *scope
	file          string      // which paths of templates are relative to
	within        []string    // the files that include this one
	via           []lint.Step // the includes on the way
	closed        bool        // pull requests do not get here
	stage         model.Text  // its name
	stageSettings []setting   // its variables, which each of its jobs gets
	pool          *lint.Node  // of the stage or pipeline, where a job has none
	image         *lint.Node  // the container, where a job has none
	steps         *counter    // of the job
}

// counter counts the steps of a job.
type counter struct {
	next    int
	windows string // "yes", "no" or "unknown"
}

// into is the place in an included template.
func (p place) into(t *template, ref *lint.Node) place {
	p.via = extend(p.via, "the template is included here", ref.Span)
	p.within = append(p.within[:len(p.within):len(p.within)], p.file)
	p.file = t.path
	return p
}

// At is the place as what gets a value.
func (p place) At(where string) place {
	p.Where = where
	return p
}

// Field is the place of an entry of a map.
func (p place) Field(field lint.Field, within string) place {
	p.Place = p.Place.Field(field, within)
	return p
}

func (p place) below(parts ...string) place {
	p.Address = model.Join(append([]string{p.Address}, parts...)...)
	return p
}

// text is a scalar with its place and the includes on the way.
func (a *collector) text(n *lint.Node, p place) model.Text {
	t := model.TextOf(n)
	if n != nil && t.Value != "" {
		t.Via = slices.Concat(n.Via, p.via)
		if parts := a.parts[n]; len(parts) == 1 {
			t.At, t.Via = a.where(n, 0, len(n.Text))
			t.Via = slices.Concat(t.Via, p.via)
		}
	}
	return t
}

// Collect reads one pipeline or template, with the templates that it includes.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline {
	a := &collector{
		files: files, repositories: map[string]*lint.Node{}, containers: map[string]*lint.Node{}, templates: map[string]*template{},
		parts: map[*lint.Node][]pasted{}, sources: map[*lint.Node]model.PlacedText{}, closed: map[*lint.Node]bool{}, noted: map[lint.Span]bool{},
		set: map[string]bool{}, stepNames: map[string]bool{}, ids: map[string]int{},
	}
	root := doc.Root
	a.Pipeline.At, a.Platform, a.Masking = root.Span, "azure", "values"
	a.Traits = traits
	a.Name = model.TextOf(root.Get("name"))
	a.Kind = kindOf(root, doc.Path)
	p := place{scope: (*scope)(nil).within(), file: doc.Path}
	w := a.open(root)
	if a.Kind == "workflow" {
		a.triggers(root)
	}
	a.aliases(root)
	a.resources(root.Get("resources"), w, p)
	a.defaults(root, p)
	a.body(root, w, p)
	return &a.Pipeline
}

// ofPipelines are the keys that templates do not have.
var ofPipelines = []string{"trigger", "pr", "schedules", "name", "pool", "appendCommitMessageToRunName", "lockBehavior"}

// kindOf tells pipelines from templates: of jobs, or of parts of them.
func kindOf(root *lint.Node, file string) string {
	isPipeline := strings.HasPrefix(strings.ToLower(path.Base(file)), "azure-pipelines")
	for _, key := range ofPipelines {
		isPipeline = isPipeline || root.Get(key) != nil
	}
	noTemplate := root.Get("parameters") == nil && (root.Get("variables") != nil || root.Get("resources") != nil)
	switch hasJobs := root.Get("stages") != nil || root.Get("jobs") != nil || root.Get("extends") != nil; {
	case isPipeline || noTemplate && (hasJobs || root.Get("steps") != nil):
		return "workflow"
	case hasJobs:
		return "reusable"
	}
	return "component"
}

// defaults reads what parameters are when nobody fills them in.
func (a *collector) defaults(root *lint.Node, p place) {
	a.AddClosed(root.Get("parameters"))
	for _, field := range declared(root) {
		if field.Value != nil && model.IsScalar(field.Value) && !strings.Contains(field.Value.Text, "$") {
			a.literal(field.Value, p.Field(field, "parameters").At("default"))
		}
	}
}

// body reads a pipeline, or a template that one extends.
func (a *collector) body(root *lint.Node, w world, p place) {
	a.settings(a.declare(root.Get("variables"), w, p), p, "pipeline_env")
	w.variables = p.scope.texts()
	top := &lint.Node{Kind: lint.Object}
	for _, field := range root.Fields {
		if word, _ := directive(field.Key); word != "" || slices.Contains([]string{"pool", "container", "stages", "jobs", "steps", "extends", "strategy", "services"}, field.Key) {
			top.Fields = append(top.Fields, field)
		}
	}
	top = a.expand(top, w, p)
	if top == nil {
		return
	}
	if pool := top.Get("pool"); pool != nil {
		p.pool = pool
	}
	if image := top.Get("container"); image != nil {
		p.image = image
	}
	for _, field := range top.Fields {
		switch field.Key {
		case "extends":
			a.extends(field.Value, w, p)
		case "stages":
			a.each(field.Value, "stages", w, p, a.stage)
		case "jobs":
			a.each(field.Value, "jobs", w, p, a.job)
		case "steps":
			a.loose(top, w, p)
		}
	}
}

// extends reads the template that a pipeline is made from.
func (a *collector) extends(n *lint.Node, w world, p place) {
	var ref *lint.Node
	read := false
	for _, field := range n.Object() { // a condition may leave several
		if field.Key != "template" {
			continue
		}
		ref = field.Value
		if t := a.load(ref, p.below("extends")); t != nil {
			a.body(t.root, a.bind(t.root, n.Get("parameters"), w), p.into(t, ref))
			read = true
		}
	}
	switch {
	case ref == nil:
		a.AddGap(n.Span, `"extends" names no template`, "syntax", p.Place)
	case !read:
		a.given(n.Get("parameters"), w, p.below("extends"), ref)
	}
}

// given reads what a template gets that cannot be followed: secrets, and lists of
// steps and jobs, which it may run or not.
func (a *collector) given(parameters *lint.Node, w world, p place, ref *lint.Node) {
	for _, field := range parameters.Object() {
		switch list := field.Value; {
		case list.Kind == lint.List && holds(list, "stage"):
			a.each(list, "stages", w, p, a.stage)
		case list.Kind == lint.List && holds(list, "job", "deployment"):
			a.each(list, "jobs", w, p, a.job)
		case list.Kind == lint.List && holds(list, lists...):
			a.loose(&lint.Node{Kind: lint.Object, Span: list.Span, Fields: []lint.Field{{Key: "steps", Span: field.Span, Value: list}}}, w, p)
		default:
			at := p.Field(field, "parameters").At("input")
			at.Component = model.Text{Value: ref.Text, At: ref.Span}
			a.value(list, at)
		}
	}
}

// lists are the keys of steps.
var lists = []string{"script", "bash", "pwsh", "powershell", "checkout", "task", "download", "publish"}

func holds(list *lint.Node, keys ...string) bool {
	return slices.ContainsFunc(list.Items, func(item *lint.Node) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return item.Field(key) != nil })
	})
}

// loose reads steps without a job: those of a template, or of a pipeline with
// one job.
func (a *collector) loose(top *lint.Node, w world, p place) {
	if a.Kind != "workflow" && p.Job.Value == "" {
		p.steps = &counter{windows: "unknown"}
		a.each(top.Get("steps"), "steps", w, p, a.step)
		return
	}
	if p.steps != nil {
		a.each(top.Get("steps"), "steps", w, p, a.step)
		return
	}
	job := &lint.Node{Kind: lint.Object, Span: top.Get("steps").Span}
	for _, field := range top.Fields {
		if slices.Contains([]string{"steps", "strategy", "services"}, field.Key) {
			job.Fields = append(job.Fields, field)
		}
	}
	job.Fields = append(job.Fields, lint.Field{Key: "job", Value: lint.NewString("Job", top.Field("steps").Span)})
	a.job(job, w, p)
}

// each reads the entries of a list, those of included templates among them.
func (a *collector) each(list *lint.Node, key string, w world, p place, read func(*lint.Node, world, place)) {
	if list == nil || list.Kind == lint.Null {
		return
	}
	if list.Kind != lint.List {
		a.AddGap(list.Span, "the "+key+" are no list, or known only when the pipeline is started, and were not judged", "computed", p.Place)
		return
	}
	for _, item := range list.Items {
		at := p
		at.via = slices.Concat(item.Via, p.via)
		at.closed = p.closed || a.closed[item]
		switch {
		case a.limited:
			return
		case item.Kind == lint.Null:
		case item.Kind != lint.Object:
			a.AddGap(item.Span, "an entry of the "+key+" is known only when the pipeline is started and was not judged", "computed", p.Place)
		case item.Get("template") != nil:
			a.include(item, key, w, at, read)
		default:
			read(item, w, at)
		}
	}
}

func (a *collector) include(item *lint.Node, key string, w world, p place, read func(*lint.Node, world, place)) {
	ref := item.Get("template")
	t := a.load(ref, p)
	if t == nil {
		a.given(item.Get("parameters"), w, p, ref)
		return
	}
	inner := a.bind(t.root, item.Get("parameters"), w)
	p = p.into(t, ref)
	content := t.root.Get(key)
	if content == nil {
		a.AddGap(ref.Span, "the template has no "+key+"; it was not judged", "syntax", p.Place)
		return
	}
	a.each(a.expand(content, inner, p), key, inner, p, read)
}

func (a *collector) stage(n *lint.Node, w world, p place) {
	p.stage = a.text(n.Get("stage"), p)
	if p.stage.Value == "" {
		p.stage = model.Text{Value: "stage", At: n.Span}
	}
	p.Address = model.Join("stages", p.stage.Value)
	p.scope = p.scope.within()
	p.stageSettings = a.declare(n.Get("variables"), w, p)
	if pool := n.Get("pool"); pool != nil {
		p.pool = pool
	}
	p.closed = p.closed || a.keepsOut(n.Get("condition"), w)
	a.condition(n.Get("condition"), p)
	a.each(n.Get("jobs"), "jobs", w, p, a.job)
	if n.Get("jobs") == nil {
		a.AddGap(n.Span, "a stage without jobs was not judged", "syntax", p.Place)
	}
}

// id makes the name of a job unique: jobs of two stages may have the same one.
func (a *collector) id(name model.Text, p place) model.Text {
	if p.stage.Value != "" {
		name.Value = p.stage.Value + "." + name.Value
	}
	a.ids[name.Value]++
	if count := a.ids[name.Value]; count > 1 {
		name.Value = fmt.Sprintf("%s (%d)", name.Value, count)
	}
	return name
}

// maxJobs bounds the jobs of one pipeline.
const maxJobs = 10_000

func (a *collector) job(n *lint.Node, w world, p place) {
	if len(a.Jobs) >= maxJobs {
		a.limit(n.Span, p)
		return
	}
	name := a.text(n.Get("job"), p)
	if n.Get("deployment") != nil {
		name = a.text(n.Get("deployment"), p)
	}
	if name.Value == "" {
		name = model.Text{Value: fmt.Sprintf("Job%d", len(a.Jobs)+1), At: n.Span}
	}
	a.stepNames[strings.ToLower(name.Value)] = true
	p.Job = a.id(name, p)
	p.Address = model.Join(p.Address, "jobs", name.Value)
	p.scope = p.scope.within()
	pool := n.Get("pool")
	if pool == nil {
		pool = p.pool
	}
	j := model.Job{
		At: n.Span, ID: p.Job, Name: a.text(n.Get("displayName"), p), Stage: p.stage, Condition: a.text(n.Get("condition"), p), Runner: a.runner(pool, p),
	}
	if j.At.Source == nil {
		j.At = name.At
	}
	for _, need := range model.TextsOf(n.Get("dependsOn")) {
		if p.stage.Value != "" {
			need.Value = p.stage.Value + "." + need.Value
		}
		j.Needs = append(j.Needs, need)
	}
	j.Environment = a.environment(n.Get("environment"), p)
	if j.Environment != nil {
		p.Environment = j.Environment.Name
	}
	a.matrix(n.Get("strategy", "matrix"), p)
	a.settings(append(a.declare(n.Get("variables"), w, p), p.stageSettings...), p, "job_env")
	p.closed = p.closed || a.keepsOut(n.Get("condition"), w)
	a.condition(n.Get("condition"), p)
	if !p.closed && j.Environment == nil && a.proposed() {
		j.OpenTo = []string{"pull_request"}
	}
	image := n.Get("container")
	if image == nil {
		image = p.image
	}
	j.Container = a.container(image, "container", p)
	for _, service := range n.Get("services").Object() {
		a.container(service.Value, model.Join("services", service.Key), p)
	}
	a.Identities = append(a.Identities, model.Identity{
		At: name.At, Address: model.Join(p.Address, "identities", "platform_token"), Job: p.Job, Kind: "platform_token", Name: model.Text{Value: tokenName},
	})
	a.Jobs = append(a.Jobs, j)
	p.steps = &counter{windows: windows(j.Runner)}
	a.each(n.Get("steps"), "steps", w, p, a.step)
	a.deploy(n.Get("strategy"), w, p)
}

// hooks are the parts of a deployment, in the order in which they run.
var hooks = []string{"preDeploy", "deploy", "routeTraffic", "postRouteTraffic"}

// deploy reads the steps of a deployment: strategy, hook, steps.
func (a *collector) deploy(strategy *lint.Node, w world, p place) {
	for _, kind := range []string{"runOnce", "rolling", "canary"} {
		plan := strategy.Get(kind)
		for _, hook := range hooks {
			if hook == "deploy" && plan.Get(hook) != nil && !downloadsNone(plan.Get(hook, "steps")) { // by itself, before the steps
				a.Restores = append(a.Restores, model.Restore{At: plan.Get(hook).Span, Job: p.Job, Step: p.steps.next, Folder: "$(Pipeline.Workspace)", Apart: true})
			}
			a.each(plan.Get(hook, "steps"), "steps", w, p.below(hook), a.step)
		}
		for _, outcome := range []string{"failure", "success"} {
			a.each(plan.Get("on", outcome, "steps"), "steps", w, p.below("on", outcome), a.step)
		}
	}
}

func downloadsNone(steps *lint.Node) bool {
	return slices.ContainsFunc(steps.List(), func(n *lint.Node) bool { return isNone(n.Get("download")) })
}

// matrix declares the variables that the copies of a job get.
func (a *collector) matrix(n *lint.Node, p place) {
	for _, leg := range n.Object() {
		for _, field := range leg.Value.Object() {
			key := strings.ToLower(field.Key)
			p.scope.values[key] = append(p.scope.values[key], field.Value)
		}
	}
	for _, leg := range n.Object() {
		for _, field := range leg.Value.Object() {
			a.value(field.Value, p.Field(field, model.Join("matrix", leg.Key)).At("job_env"))
		}
	}
	if n != nil && n.Kind == lint.String {
		a.AddGap(n.Span, "the matrix is known only when it runs; its variables were not judged", "computed", p.Place)
	}
}

func (a *collector) environment(n *lint.Node, p place) *model.Environment {
	name := n
	if n != nil && n.Kind == lint.Object {
		name = n.Get("name")
	}
	if !model.IsScalar(name) {
		return nil
	}
	at := name.Span
	return &model.Environment{At: at, Name: a.text(name, p)}
}

// runner tells the platform's own machines from others.
func (a *collector) runner(n *lint.Node, p place) model.Runner {
	r := model.Runner{Kind: "unknown"}
	if n == nil {
		return r
	}
	r.At = n.Span
	if model.IsScalar(n) {
		r.Labels = []model.Text{a.text(n, p)}
		r.Kind = poolKind(n.Text)
		return r
	}
	name, image := n.Get("name"), n.Get("vmImage")
	if model.IsScalar(name) {
		r.Labels = append(r.Labels, a.text(name, p))
		r.Kind = poolKind(name.Text)
	}
	if model.IsScalar(image) {
		r.Labels = append(r.Labels, a.text(image, p))
		if name == nil && !strings.Contains(image.Text, "${{") {
			r.Kind = "hosted"
		}
	}
	for _, key := range []string{"image", "os", "demands"} {
		r.Labels = append(r.Labels, model.TextsOf(n.Get(key))...)
	}
	return r
}

// poolKind: pools of Microsoft's machines have fixed names; any other is one's own.
func poolKind(name string) string {
	lower := strings.ToLower(name)
	switch {
	case strings.Contains(name, "$"):
		return "unknown"
	case lower == "azure pipelines", lower == "server", strings.HasPrefix(lower, "hosted"):
		return "hosted"
	}
	return "self_hosted"
}

// windows says whether scripts without a shell of their own are for cmd.
func windows(r model.Runner) string {
	answer := "unknown"
	for _, label := range r.Labels {
		switch lower := strings.ToLower(label.Value); {
		case strings.Contains(label.Value, "$"):
		case strings.Contains(lower, "win"), strings.Contains(lower, "vs20"):
			return "yes"
		case strings.Contains(lower, "ubuntu"), strings.Contains(lower, "linux"), strings.Contains(lower, "mac"):
			answer = "no"
		}
	}
	return answer
}

// container reads the image of a job or service, its login and its variables.
func (a *collector) container(n *lint.Node, within string, p place) model.Text {
	if n == nil || n.Kind == lint.Null {
		return model.Text{}
	}
	p = p.below(within)
	if named := a.containers[strings.ToLower(n.Str())]; named != nil {
		n = named
	}
	image := n
	if n.Kind == lint.Object {
		image = n.Get("image")
		a.connection(n.Get("endpoint"), p)
		for _, field := range n.Get("env").Object() {
			a.value(field.Value, p.Field(field, "env").At("container_env"))
		}
	}
	name := a.text(image, p)
	if name.Value == "" {
		return name
	}
	c := model.Component{At: image.Span, Address: model.Join(p.Address, "image"), Ref: name, Kind: "image", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	c.SetImage(name.Value)
	if strings.Contains(name.Value, "$") {
		c.Pin = "unknown"
	}
	a.Components = append(a.Components, c)
	return name
}

// connection notes that a job acts by a connection that the platform keeps.
func (a *collector) connection(n *lint.Node, p place) {
	if !model.IsScalar(n) || n.Text == "" {
		return
	}
	name := a.text(n, p)
	for i, other := range a.Identities {
		if other.Kind == "service_connection" && other.Job.Value == p.Job.Value && other.Name.Value == name.Value {
			a.Identities[i].Closed = other.Closed && p.closed
			return
		}
	}
	a.Identities = append(a.Identities, model.Identity{
		At: name.At, Address: model.Join(p.Address, "identities", name.Value), Job: p.Job, Kind: "service_connection", Name: name, Closed: p.closed,
	})
}

// condition reads a "condition", which is an expression without marks.
func (a *collector) condition(n *lint.Node, p place) {
	if n == nil || n.Kind != lint.String || strings.Contains(n.Text, "${{") || strings.TrimSpace(n.Text) == "" {
		return
	}
	p = p.below("condition").At("condition")
	e, err := expression.Parse(n.Text)
	if err != nil {
		a.AddGap(n.Span, "a condition cannot be read: "+err.Error(), "syntax", p.Place)
		return
	}
	for _, ref := range namedIn(e, n.Text, 0, nil, nil) {
		a.use(ref, n, p)
	}
}

// keepsOut says whether a condition keeps the pull requests of outsiders out.
func (a *collector) keepsOut(n *lint.Node, w world) bool {
	if n != nil && n.Kind == lint.Bool {
		return n.Text == "false"
	}
	if n == nil || n.Kind != lint.String {
		return false
	}
	e, err := expression.Parse(n.Text)
	if err != nil {
		return false
	}
	w = w.pullRequest()
	w.runs = true
	value, ok := w.eval(e)
	return ok && !truthy(value)
}
