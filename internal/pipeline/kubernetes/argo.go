package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// argo reads one object of Argo Workflows or Argo Events. A template that runs
// something is a job; those that only put others in order say who waits for whom.
type argo struct {
	cluster
	root      *lint.Node
	spec      *lint.Node            // of the workflow that is read
	templates map[string]*lint.Node // by name
	given     map[string]map[string][]argoValue
	needs     map[string][]model.Text
	inputs    map[string][]argoValue // of the template that is read
	taken     map[string]bool
	inlines   []argoInline
	artifacts map[string]map[string][]string // what a template gets as its inputs: job and name
	chosen    map[string]model.Text          // parameters of the workflow that hold an outsider's text
}

// argoValue is what a parameter is set to: a text, or an output of a job.
type argoValue struct {
	model.Text
	job, output string
}

// argoInline is a template that stands where it is called.
type argoInline struct {
	id   model.Text
	node *lint.Node
}

func argoWorkflow(doc *lint.Document) *model.Pipeline {
	a := &argo{root: doc.Root, taken: map[string]bool{}}
	a.fill = a.parameter
	a.At, a.Platform, a.Masking, a.Kind = doc.Root.Span, "argo", "none", "workflow"
	a.Traits = argoTraits
	a.used(doc.Root, argoParameter, argoName)
	a.namespace = model.TextOf(doc.Root.Get("metadata", "namespace"))
	a.Name = model.TextOf(doc.Root.Get("metadata", "name"))
	kind, spec := model.TextOf(doc.Root.Get("kind")), doc.Root.Get("spec")
	switch kind.Value {
	case "Workflow":
		a.trigger("manual", kind, "no")
		a.workflow(spec)
	case "WorkflowTemplate", "ClusterWorkflowTemplate":
		a.Kind = "reusable"
		a.trigger("call", kind, "unknown")
		a.workflow(spec)
	case "CronWorkflow":
		a.Triggers = append(a.Triggers, model.Trigger{At: kind.At, Event: "schedule", Name: kind, FromFork: "no", Crons: append(model.TextsOf(spec.Get("schedule")), model.TextsOf(spec.Get("schedules"))...)})
		a.workflow(spec.Get("workflowSpec"))
	case "WorkflowEventBinding":
		a.trigger("api", kind, "unknown")
		a.call(spec.Get("submit", "workflowTemplateRef"), model.Text{Value: "submit"})
	case "Sensor", "EventSource":
		a.trigger("api", kind, "unknown")
		a.events(spec)
	default:
		return nil
	}
	return a.finish()
}

// workflow reads the templates of a workflow.
func (a *argo) workflow(spec *lint.Node) {
	a.spec = spec
	a.artifacts = map[string]map[string][]string{}
	a.templates, a.given, a.needs = map[string]*lint.Node{}, map[string]map[string][]argoValue{}, map[string][]model.Text{}
	for _, n := range spec.Get("templates").List() {
		a.templates[n.Get("name").Str()] = n
	}
	a.unended(spec, argoBegin, "}}")
	for _, key := range []string{"entrypoint", "onExit"} {
		a.named(spec.Get(key))
	}
	for _, n := range spec.Get("templates").List() {
		a.order(n)
	}
	a.hooks(spec, model.Text{Value: "workflow"})
	for _, n := range spec.Get("templates").List() {
		if !argoOrders(n) {
			a.template(n, model.TextOf(n.Get("name")))
		}
	}
	for _, inline := range a.inlines {
		a.template(inline.node, inline.id)
	}
	if ref := spec.Get("workflowTemplateRef"); ref != nil {
		a.call(ref, model.Text{Value: "workflow"})
	} else if len(spec.Get("templates").List()) == 0 {
		at := a.root.Span
		if spec != nil {
			at = spec.Span
		}
		a.AddGap(at, "the workflow has no list of templates that could be read", "syntax", model.Place{})
	}
	a.whole(spec)
}

// whole reads what all pods of a workflow get.
func (a *argo) whole(spec *lint.Node) {
	a.AddClosed(spec.Get("arguments", "parameters"))
	for _, param := range spec.Get("arguments", "parameters").List() {
		name, value := model.TextOf(param.Get("name")), param.Get("value")
		if model.IsScalar(value) && !strings.Contains(value.Text, "{{") {
			a.addParameter(value, model.Place{Address: model.Join("arguments", name.Value), Where: "default", Variable: name})
		}
	}
	for _, item := range spec.Get("imagePullSecrets").List() {
		if item.Get("name").Str() != "" {
			a.expose(item.Span, a.secret(item.Span, item.Get("name"), nil), model.Place{Address: "imagePullSecrets", Where: "container_credential", Environment: a.namespace})
		}
	}
	for _, key := range []string{"arguments", "artifactGC"} {
		a.secretRefs(spec.Get(key), model.Place{Address: key, Where: "setting", Environment: a.namespace})
	}
	if patch := spec.Get("podSpecPatch"); patch != nil {
		a.AddGap(patch.Span, "what the patch changes in the pods was not judged", "computed", model.Place{})
	}
}

// argoOrders holds for templates that run nothing themselves.
func argoOrders(n *lint.Node) bool { return n.Get("steps") != nil || n.Get("dag") != nil }

// order reads who waits for whom in a template, and what each gets.
func (a *argo) order(n *lint.Node) {
	within := n.Get("name").Str()
	tasks := map[string]*lint.Node{}
	var names []string
	add := func(task *lint.Node) {
		if name := task.Get("name").Str(); tasks[name] == nil {
			tasks[name] = task
			names = append(names, name)
		}
	}
	var groups [][]*lint.Node
	for _, group := range n.Get("steps").List() {
		groups = append(groups, group.List())
		for _, task := range group.List() {
			add(task)
		}
	}
	for _, task := range n.Get("dag", "tasks").List() {
		add(task)
	}
	jobs := map[string][]model.Text{}
	for _, name := range names {
		jobs[name] = a.invoked(within, tasks[name])
	}
	for _, name := range names {
		a.arguments(jobs, tasks[name])
		a.kept(jobs, tasks[name])
		for _, before := range argoDepends(tasks[name]) {
			a.wait(jobs[name], jobs[before])
		}
	}
	for i := 1; i < len(groups); i++ {
		for _, task := range groups[i] {
			for _, before := range groups[i-1] {
				a.wait(jobs[task.Get("name").Str()], jobs[before.Get("name").Str()])
			}
		}
	}
}

var argoTask = regex.Lazy(`[A-Za-z][\w-]*`)

// argoDepends are the tasks that a task of a graph waits for.
func argoDepends(task *lint.Node) []string {
	var all []string
	for _, name := range model.TextsOf(task.Get("dependencies")) {
		all = append(all, name.Value)
	}
	return append(all, argoTask().FindAllString(task.Get("depends").Str(), model.MaxPaths)...)
}

func (a *argo) wait(jobs, before []model.Text) {
	for _, job := range jobs {
		for _, need := range before {
			same := func(t model.Text) bool { return t.Value == need.Value }
			if needs := a.needs[job.Value]; need.Value != job.Value && len(needs) < model.MaxWaits && !slices.ContainsFunc(needs, same) {
				a.needs[job.Value] = append(needs, need)
			}
		}
	}
}

// invoked are the jobs that a task starts.
func (a *argo) invoked(within string, task *lint.Node) []model.Text {
	at := model.TextOf(task.Get("name"))
	switch {
	case len(a.inlines) >= model.MaxJobs || len(a.Jobs) >= model.MaxJobs:
		a.limited = true
	case task.Get("inline") != nil:
		id := model.Text{Value: model.Join(within, at.Value), At: at.At}
		a.inlines = append(a.inlines, argoInline{id, task.Get("inline")})
		return []model.Text{id}
	case task.Get("templateRef") != nil:
		return []model.Text{a.call(task.Get("templateRef"), model.Text{Value: model.Join(within, at.Value), At: at.At})}
	}
	a.hooks(task, model.Text{Value: model.Join(within, at.Value, "hooks")})
	a.named(task.Get("template"))
	return a.leaves(task.Get("template").Str(), at.At, map[string]bool{})
}

// named notes a template that there is not. Where the workflow is made of one that is kept
// in the cluster, it may stand there.
func (a *argo) named(n *lint.Node) {
	if name := n.Str(); name != "" && a.templates[name] == nil && !strings.Contains(name, "{{") && a.spec.Get("workflowTemplateRef") == nil {
		a.AddGap(n.Span, "the workflow has no template of this name; what it runs was not judged", "syntax", model.Place{})
	}
}

// hooks reads what runs at the end of a workflow or task and stands elsewhere.
func (a *argo) hooks(n *lint.Node, id model.Text) {
	for _, field := range n.Get("hooks").Object() {
		if ref := field.Value.Get("templateRef"); ref != nil {
			a.call(ref, model.Text{Value: model.Join(id.Value, field.Key), At: field.Span})
		}
	}
}

// leaves are the templates that run something, by the one that a task names.
func (a *argo) leaves(name string, at lint.Span, seen map[string]bool) []model.Text {
	n := a.templates[name]
	if n == nil || seen[name] || len(seen) > model.MaxWaits {
		return nil
	}
	seen[name] = true
	if !argoOrders(n) {
		return []model.Text{{Value: name, At: at}}
	}
	var all []model.Text
	for _, group := range append(slices.Clone(n.Get("steps").List()), n.Get("dag", "tasks")) {
		for _, task := range group.List() {
			if len(all) < model.MaxWaits && task.Get("template").Str() != "" {
				all = append(all, a.leaves(task.Get("template").Text, at, seen)...)
			}
		}
	}
	return all
}

var (
	argoParameter = regex.Lazy(`\{\{=?\s*(inputs|workflow)\.parameters(?:\.([\w-]+)|\[['"]([\w.-]+)['"]\])\s*\}\}`)
	argoOutput    = regex.Lazy(`^\{\{=?\s*(?:tasks|steps)\.([\w-]+)\.outputs\.(?:parameters|artifacts)\.([\w-]+)\s*\}\}$`)
)

// argoBegin is how an expression begins, and argoComputed one that is more than a name.
var (
	argoBegin    = regex.Lazy(`\{\{=?\s*(?:inputs|outputs|workflow|tasks|steps|item|pod|node)\b`)
	argoComputed = regex.Lazy(`\{\{=\s*[^}]*[^}\s\w.\[\]'"-][^}]*\}\}`)
)

// arguments notes what a task hands to the template that it starts.
func (a *argo) arguments(jobs map[string][]model.Text, task *lint.Node) {
	name := task.Get("template").Str()
	if a.given[name] == nil {
		a.given[name] = map[string][]argoValue{}
	}
	for _, param := range task.Get("arguments", "parameters").List() {
		parameter, value := param.Get("name").Str(), argoValue{Text: model.TextOf(param.Get("value"))}
		if m := argoOutput().FindStringSubmatch(value.Value); m != nil && len(jobs[m[1]]) == 1 {
			value.job, value.output = jobs[m[1]][0].Value, m[2]
		}
		if values := a.given[name][parameter]; value.Value != "" && len(values) < model.MaxPaths {
			a.given[name][parameter] = append(values, value)
		}
	}
}

// kept notes the files that a task hands to the template that it starts.
func (a *argo) kept(jobs map[string][]model.Text, task *lint.Node) {
	name := task.Get("template").Str()
	if a.artifacts[name] == nil {
		a.artifacts[name] = map[string][]string{}
	}
	for _, artifact := range task.Get("arguments", "artifacts").List() {
		m := argoOutput().FindStringSubmatch(artifact.Get("from").Str())
		if m == nil {
			continue
		}
		for _, job := range jobs[m[1]] {
			if all, input := a.artifacts[name], artifact.Get("name").Str(); len(all[input]) < model.MaxPaths {
				all[input] = append(all[input], keptBy(job.Value, m[2]))
			}
		}
	}
}

// keptBy is what an artifact of a job is found by.
func keptBy(job, name string) string { return job + " " + name }

// argoName is the parameter that a text names.
func argoName(text string, m []int) string {
	for _, group := range []int{4, 6} {
		if m[group] >= 0 {
			return text[m[group]:m[group+1]]
		}
	}
	return ""
}

// values are what a parameter may be set to.
func (a *argo) values(text string, m []int) []argoValue {
	name := argoName(text, m)
	if text[m[2]:m[3]] == "inputs" {
		return a.inputs[name]
	}
	return argoValues(a.spec.Get("arguments", "parameters"))[name]
}

func argoValues(params *lint.Node) map[string][]argoValue {
	all := map[string][]argoValue{}
	for _, param := range params.List() {
		for _, key := range []string{"default", "value"} {
			if value := param.Get(key); model.IsScalar(value) {
				all[param.Get("name").Str()] = []argoValue{{Text: model.TextOf(value)}}
			}
		}
	}
	return all
}

// parameter gives the value of a text that is a parameter with one value.
func (a *argo) parameter(value model.Text) (model.Text, bool) {
	open := strings.Contains(value.Value, "{{")
	m := argoParameter().FindStringSubmatchIndex(value.Value)
	if m == nil || m[0] != 0 || m[1] != len(value.Value) {
		return value, open
	}
	found := a.values(value.Value, m)
	if len(found) != 1 || strings.Contains(found[0].Value, "{{") || found[0].Value == "" {
		return value, true
	}
	via := append(slices.Clip(value.Via), lint.Step{Message: "the parameter is set here", Span: found[0].At})
	return model.Text{Value: found[0].Value, At: value.At, Via: via}, false
}

func (a *argo) identify(id model.Text) model.Text {
	if id.Value == "" {
		id.Value = fmt.Sprintf("template %d", len(a.Jobs)+1)
	}
	for base, i := id.Value, 2; a.taken[id.Value]; i++ {
		id.Value = fmt.Sprintf("%s-%d", base, i)
	}
	a.taken[id.Value] = true
	return id
}

// call reads a reference to a template that is kept in the cluster.
func (a *argo) call(ref *lint.Node, id model.Text) model.Text {
	if ref == nil || a.full() {
		return model.Text{}
	}
	j, p := a.job(ref, a.identify(id))
	name := model.TextOf(ref.Get("name"))
	c := model.Component{At: ref.Span, Address: model.Join(p.Address, "uses"), Ref: name, Kind: "reusable", Name: strings.ToLower(name.Value), FirstParty: true, Pin: "unknown", Job: p.Job, Inputs: model.InputsOf(nil)}
	if template := ref.Get("template").Str(); template != "" {
		c.Ref.Value, c.Name = name.Value+"/"+template, strings.ToLower(name.Value+"/"+template)
	}
	j.Calls, j.Needs = c.Ref, a.needs[j.ID.Value]
	a.Jobs = append(a.Jobs, j)
	a.Components = append(a.Components, c)
	a.AddGap(ref.Span, "the template is kept in the cluster; where its file is checked, it is judged by itself", "remote", p)
	return j.ID
}
