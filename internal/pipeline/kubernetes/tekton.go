package kubernetes

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// tekton reads one object of Tekton, of its triggers or of Pipelines as Code. A
// task is a job; one that no run or pipeline holds has steps only.
type tekton struct {
	cluster
	files model.Files
	root  *lint.Node
	scope *tektonScope
	taken map[string]bool

	called *lint.Node // the task or pipeline that was referred to last, if it could be read
	looks  int        // definitions that were gone through for what they paste
}

// tektonScope is what parameters are set to, Text{} where a caller decides.
type tektonScope struct {
	params map[string]model.Text
	outer  *tektonScope
}

func (s *tektonScope) find(name string) (model.Text, bool) {
	for ; s != nil; s = s.outer {
		if value, ok := s.params[name]; ok {
			return value, true
		}
	}
	return model.Text{}, false
}

// tektonParam is a parameter, as it is named in texts.
var tektonParam = regex.Lazy(`\$\((?:tt\.|inputs\.)?params(?:\.([\w.-]+)|\[["']([^"'\])]+)["']\])(?:\[\*\])?\)`)

// tektonBegin is how an expression begins that is no command of a shell.
var tektonBegin = regex.Lazy(`\$\((?:tt\.|inputs\.)?(?:params|tasks|steps|workspaces|results|context)\.[\w-]`)

// declares says whether a parameter is declared, or one of which it is a field.
func (s *tektonScope) declares(name string) bool {
	for name != "" {
		if _, ok := s.find(name); ok {
			return true
		}
		name = name[:max(strings.LastIndexByte(name, '.'), 0)]
	}
	return false
}

func (t *tekton) parameter(value model.Text) (model.Text, bool) {
	m := tektonParam().FindStringSubmatchIndex(value.Value)
	if m == nil {
		return value, strings.Contains(value.Value, "$(")
	}
	found, _ := t.scope.find(tektonName(value.Value, m))
	if m[0] != 0 || m[1] != len(value.Value) || found.Value == "" {
		return value, true
	}
	via := append(slices.Clip(value.Via), lint.Step{Message: "the parameter is set here", Span: found.At})
	return model.Text{Value: found.Value, At: value.At, Via: append(via, found.Via...)}, strings.Contains(found.Value, "$(")
}

func tektonName(s string, m []int) string {
	if m[2] >= 0 {
		return s[m[2]:m[3]]
	}
	return s[m[4]:m[5]]
}

func tektonPipeline(doc *lint.Document, files model.Files) *model.Pipeline {
	t := &tekton{files: files, root: doc.Root, taken: map[string]bool{}}
	t.fill = t.parameter
	t.At, t.Platform, t.Masking, t.Kind = doc.Root.Span, "tekton", "none", "component"
	t.Traits = tektonTraits
	t.namespace = model.TextOf(doc.Root.Get("metadata", "namespace"))
	t.Name = model.TextOf(doc.Root.Get("metadata", "name"))
	spec := doc.Root.Get("spec")
	t.unended(spec, tektonBegin, ")")
	t.used(doc.Root, tektonParam, tektonName)
	switch kind := doc.Root.Get("kind").Str(); kind {
	case "Task", "ClusterTask":
		t.declare(spec)
		t.task(spec, nil, model.Place{})
	case "StepAction":
		t.declare(spec)
		t.step(spec, nil, nil, 0, model.Place{})
	case "Pipeline":
		t.Kind = "reusable"
		t.trigger("call", model.TextOf(doc.Root.Get("kind")), "unknown")
		t.pipeline(spec, nil)
	case "TaskRun", "PipelineRun", "Run", "CustomRun":
		t.Kind = "workflow"
		t.starts()
		t.run(doc.Root)
	case "TriggerTemplate":
		t.Kind = "reusable"
		t.trigger("call", model.TextOf(doc.Root.Get("kind")), "unknown")
		t.template(spec)
	case "EventListener", "Trigger", "Repository":
		t.Kind = "workflow"
		t.listens(spec)
	default:
		return nil
	}
	return t.finish()
}

// declare sets the parameters of a task or pipeline to their defaults.
func (t *tekton) declare(spec *lint.Node) {
	t.scope = &tektonScope{map[string]model.Text{}, t.scope}
	for _, list := range []*lint.Node{spec.Get("params"), spec.Get("inputs", "params")} {
		t.AddClosed(list)
		for _, param := range list.List() {
			name, value := model.TextOf(param.Get("name")), param.Get("default")
			t.scope.params[name.Value] = model.TextOf(value)
			if model.IsScalar(value) && !strings.Contains(value.Text, "$(") {
				t.addParameter(value, model.Place{Address: model.Join("params", name.Value), Where: "default", Variable: name})
			}
		}
	}
}

// given are the parameters that a run or a task of a pipeline gets, in words of
// its caller.
func (t *tekton) given(params *lint.Node, p model.Place) map[string]model.Text {
	all := map[string]model.Text{}
	for _, param := range params.List() {
		name, value := model.TextOf(param.Get("name")), param.Get("value")
		all[name.Value], _ = t.parameter(model.TextOf(value))
		p.Variable, p.Where, p.Address = name, "input", model.Join(p.Address, "params", name.Value)
		if model.IsScalar(value) && !strings.Contains(value.Text, "$(") && !strings.Contains(value.Text, "{{") {
			t.addParameter(value, p)
		}
	}
	return all
}

// run reads what starts a task or pipeline.
func (t *tekton) run(n *lint.Node) {
	spec := n.Get("spec")
	id := t.identify(n.Get("metadata", "name"), n.Get("metadata", "generateName"))
	bound := tektonWorkspaces(spec.Get("workspaces"))
	outer := t.scope
	switch {
	case spec.Get("pipelineSpec") != nil:
		params := t.given(spec.Get("params"), model.Place{})
		t.scope = &tektonScope{params, outer}
		t.pipeline(spec.Get("pipelineSpec"), &tektonRun{spec, bound, params})
	case t.full():
	default:
		j, p := t.job(n, id)
		t.account(spec, model.Text{}, p)
		t.taskOf(j, spec, bound, p)
	}
	t.scope = outer
}

// taskOf reads a task of a pipeline, or a run of one: its steps, or what it calls.
func (t *tekton) taskOf(j model.Job, n *lint.Node, bound map[string]*lint.Node, p model.Place) {
	outer := t.scope
	params := t.given(n.Get("params"), p)
	spec := n.Get("taskSpec")
	if spec.Get("spec") != nil && spec.Get("steps") == nil { // of a custom kind
		spec = nil
	}
	if spec == nil {
		j.Calls = t.calls(n, p)
		p.Component = j.Calls
		t.Jobs = append(t.Jobs, j)
		t.handOver(bound, p)
		t.pasted(n.Get("params"), p)
		return
	}
	t.Jobs = append(t.Jobs, j)
	t.declare(spec)
	for name, value := range params {
		if value.Value != "" {
			t.scope.params[name] = value
		}
	}
	t.task(spec, bound, p)
	t.scope = outer
}

// place is where something stands that should be there, or else all of it.
func (t *tekton) place(n *lint.Node) lint.Span {
	if n == nil {
		return t.root.Span
	}
	return n.Span
}

func (t *tekton) identify(names ...*lint.Node) model.Text {
	id := model.Text{}
	for _, name := range names {
		if id.Value == "" {
			id = model.TextOf(name)
		}
	}
	if id.Value == "" {
		id = model.Text{Value: fmt.Sprintf("task %d", len(t.Jobs)+1)}
	}
	for base, i := id.Value, 2; t.taken[id.Value]; i++ {
		id.Value = fmt.Sprintf("%s-%d", base, i)
	}
	t.taken[id.Value] = true
	return id
}

// tektonRun is what a run gives to its pipeline.
type tektonRun struct {
	spec   *lint.Node
	bound  map[string]*lint.Node
	params map[string]model.Text
}

// pipeline reads the tasks of a pipeline.
func (t *tekton) pipeline(spec *lint.Node, run *tektonRun) {
	outer := t.scope
	t.declare(spec)
	if run != nil {
		for name, value := range run.params {
			t.scope.params[name] = value
		}
	}
	var before []model.Text
	for _, n := range spec.Get("tasks").List() {
		if id := t.pipelineTask(n, run, nil); id.Value != "" {
			before = append(before, id)
		}
	}
	for _, n := range spec.Get("finally").List() {
		t.pipelineTask(n, run, before[:min(len(before), model.MaxWaits)])
	}
	if len(spec.Get("tasks").List()) == 0 {
		t.AddGap(t.place(spec), "the pipeline has no list of tasks that could be read", "syntax", model.Place{})
	}
	t.scope = outer
}

func (t *tekton) pipelineTask(n *lint.Node, run *tektonRun, after []model.Text) model.Text {
	switch {
	case t.full():
		return model.Text{}
	case n.Kind != lint.Object:
		t.AddGap(n.Span, "a task that is no mapping was not judged", "syntax", model.Place{})
		return model.Text{}
	}
	id := t.identify(n.Get("name"))
	j, p := t.job(n, id)
	j.Needs = append(slices.Clip(after), tektonNeeds(n)...)
	for _, key := range []string{"when", "conditions"} {
		if condition := n.Get(key); condition != nil {
			j.Condition = model.ConditionOf(condition)
		}
	}
	for _, w := range n.Get("workspaces").List() {
		if name := w.Get("name").Str(); name != "" {
			shared := path.Join(cmp.Or(w.Get("workspace").Str(), name), w.Get("subPath").Str())
			j.Shared = append(j.Shared, model.Shared{Name: "workspace " + shared, Folder: "/workspace/" + name})
		}
	}
	bound := map[string]*lint.Node{}
	if run != nil {
		t.account(run.spec, id, p)
		for _, w := range n.Get("workspaces").List() {
			name := w.Get("workspace").Str()
			if name == "" {
				name = w.Get("name").Str()
			}
			if from := run.bound[name]; from != nil {
				bound[w.Get("name").Str()] = from
			}
		}
		for name, from := range run.bound { // a task in the pipeline sees its workspaces
			if n.Get("taskSpec") != nil && bound[name] == nil && len(bound) < model.MaxPaths && names(n, name) {
				bound[name] = from
			}
		}
	}
	t.taskOf(j, n, bound, p)
	return id
}

// names says whether a task names a workspace without declaring it.
func names(n *lint.Node, workspace string) bool {
	found := false
	n.Walk(func(_ lint.Path, n *lint.Node) bool {
		found = found || n.Kind == lint.String && strings.Contains(n.Text, "$(workspaces."+workspace+".")
		return !found
	})
	return found
}

var tektonOutput = regex.Lazy(`\$\((tasks|steps|finally)\.([\w-]+)\.results(?:\.([\w.-]+)|\[["']([^"'\])]+)["']\])(?:\[\*\])?\)`)

// tektonNeeds are the tasks that a task runs after, or whose results it takes.
func tektonNeeds(n *lint.Node) []model.Text {
	needs := model.TextsOf(n.Get("runAfter"))
	for _, key := range []string{"params", "when", "matrix"} {
		n.Get(key).Walk(func(_ lint.Path, n *lint.Node) bool {
			if n == nil || n.Kind != lint.String || len(needs) > model.MaxWaits {
				return n != nil
			}
			for _, m := range tektonOutput().FindAllStringSubmatch(n.Text, model.MaxPaths) {
				if !slices.ContainsFunc(needs, func(need model.Text) bool { return need.Value == m[2] }) {
					needs = append(needs, model.Text{Value: m[2], At: n.Span})
				}
			}
			return true
		})
	}
	return needs[:min(len(needs), model.MaxWaits)]
}

// tektonWorkspaces are those of a run that are made of secrets, by name.
func tektonWorkspaces(list *lint.Node) map[string]*lint.Node {
	all := map[string]*lint.Node{}
	for _, n := range list.List() {
		if len(volumeOf(n)) > 0 && len(all) < model.MaxPaths {
			all[n.Get("name").Str()] = n
		}
	}
	return all
}

// account is what the pods of a task run as. Without a word of the run it is the
// account that is set up for the cluster, or the namespace's.
func (t *tekton) account(spec *lint.Node, task model.Text, p model.Place) {
	found := []*lint.Node{spec.Get("taskRunTemplate", "serviceAccountName"), spec.Get("serviceAccountName"), spec.Get("serviceAccount")}
	for _, n := range spec.Get("taskRunSpecs").List() {
		if n.Get("pipelineTaskName").Str() == task.Value && task.Value != "" {
			found = slices.Insert(found, 0, n.Get("serviceAccountName"), n.Get("taskServiceAccountName"))
		}
	}
	i := slices.IndexFunc(found, model.IsScalar)
	account := model.Identity{At: t.place(spec), Address: model.Join(p.Address, "identities", "service_account"), Job: p.Job, Kind: "service_account", Name: model.Text{Value: "default"}}
	if i >= 0 {
		account.At, account.Name, account.Explicit, account.DeclaredAt = found[i].Span, model.TextOf(found[i]), true, "pipeline"
	}
	t.Identities = append(t.Identities, account)
}
