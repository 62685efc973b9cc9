package kubernetes

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// task reads the steps of a task. Its workspaces are those that are bound to
// secrets.
func (t *tekton) task(spec *lint.Node, bound map[string]*lint.Node, p model.Place) {
	volumes, template := t.volumes(spec.Get("volumes")), spec.Get("stepTemplate")
	steps := spec.Get("steps")
	if len(steps.List()) == 0 {
		t.AddGap(t.place(spec), "the task has no list of steps that could be read", "syntax", p)
	}
	for i, n := range steps.List() {
		t.step(n, template, volumes, i, p)
	}
	for _, n := range spec.Get("sidecars").List() {
		t.beside(container{Node: n, volumes: volumes}, p)
	}
	first := len(t.Steps) - len(steps.List())
	if t.limited || first < 0 {
		return
	}
	for _, name := range sortedKeys(bound) {
		t.workspace(name, bound[name], spec, t.Steps[first:], p)
	}
}

func (t *tekton) step(n, template *lint.Node, volumes map[string][]volume, index int, p model.Place) {
	name := model.TextOf(n.Get("name"))
	p.Step = &index
	p.Address = model.Join(p.Address, "steps", cmp.Or(name.Value, strconv.Itoa(index+1)))
	step := model.Step{At: n.Span, Address: p.Address, Job: p.Job, Index: index, Name: name, Kind: "unknown", Condition: model.ConditionOf(n.Get("when"))}
	switch {
	case t.full():
	case n.Kind != lint.Object:
		t.Steps = append(t.Steps, step)
		t.AddGap(n.Span, "a step that is no mapping was not judged", "syntax", p)
	case n.Get("ref") != nil:
		step.Kind = "component"
		step.Component = t.refers(n.Get("ref"), "StepAction", "action", p)
		p.Component = step.Component
		t.Steps = append(t.Steps, step)
		t.env(container{Node: n, template: template}, p.At("step_env"))
		t.pasted(n.Get("params"), p)
	default:
		k := container{Node: n, template: template, volumes: volumes, script: n.Get("script")}
		t.program(k, step, p)
		t.text(t.Steps[len(t.Steps)-1].Script, p.At("inline"))
		t.variables(k, p)
	}
}

// variables notes what texts of others the variables of a step hold.
func (t *tekton) variables(k container, p model.Place) {
	for _, item := range k.list("env") {
		if value := item.Get("value"); model.IsScalar(value) && strings.ContainsAny(value.Text, "${") {
			at := p.At("step_env")
			at.Variable = model.TextOf(item.Get("name"))
			at.Address = model.Join(p.Address, "env", at.Variable.Value)
			t.text(model.TextOf(value), at)
		}
	}
}

// workspace notes what the steps read of a Secret that a run binds, or that all of
// them get it.
func (t *tekton) workspace(name string, n, spec *lint.Node, steps []model.Step, p model.Place) {
	folders := []string{"$(workspaces." + name + ".path)", "/workspace/" + name}
	for _, declared := range spec.Get("workspaces").List() {
		if path := declared.Get("mountPath").Str(); declared.Get("name").Str() == name && path != "" {
			folders = append(folders, path)
		}
	}
	for _, v := range volumeOf(n) {
		reads := false
		for _, step := range steps {
			at := p.At("file")
			at.Step, at.Address = &step.Index, model.Join(step.Address, "workspaces", name)
			for _, folder := range folders {
				reads = t.readsFrom(v, folder, step, at) || reads
			}
		}
		if !reads {
			at := p.At("file")
			at.Address = model.Join(p.Address, "workspaces", name)
			t.exposeFile(v, model.Text{}, folders[0], at)
		}
	}
}

// handOver notes the secrets that a called task gets as its workspaces.
func (t *tekton) handOver(bound map[string]*lint.Node, p model.Place) {
	for _, name := range sortedKeys(bound) {
		for _, v := range volumeOf(bound[name]) {
			at := p.At("input")
			at.Variable, at.Address = model.Text{Value: name}, model.Join(p.Address, "workspaces", name)
			secret := t.secret(v.at.Span, v.name, nil)
			secret.Store = v.store
			t.expose(v.at.Span, secret, at)
		}
	}
}

// pasted reads the texts that what is called gets.
func (t *tekton) pasted(params *lint.Node, p model.Place) {
	for _, param := range params.List() {
		at := p.At("input")
		at.Variable = model.TextOf(param.Get("name"))
		at.Address = model.Join(p.Address, "params", at.Variable.Value)
		first := len(t.Untrusted)
		t.text(model.TextOf(param.Get("value")), at)
		for i := range t.Untrusted[first:] { // what is called pastes it into a script
			if t.pastes(t.called, at.Variable.Value, 0) {
				t.Untrusted[first+i].Where = "inline"
			}
		}
	}
}

// text reads what Tekton pastes into a text: results of others, and what an
// outsider wrote. It does so without quoting.
func (t *tekton) text(value model.Text, p model.Place) {
	if !strings.Contains(value.Value, "$(") && !strings.Contains(value.Value, "{{") {
		return
	}
	src := model.NewPlacedText(value)
	for _, m := range tektonOutput().FindAllStringSubmatchIndex(value.Value, model.MaxPaths) {
		t.result(value.Value, m, m[0], m[1]-m[0], src.Part(m[0], m[1]), p)
	}
	t.outsider(value, src.Part, p)
	for _, m := range tektonParam().FindAllStringSubmatchIndex(value.Value, model.MaxPaths) {
		found, _ := t.scope.find(tektonName(value.Value, m))
		at := src.Part(m[0], m[1])
		if !t.scope.declares(tektonName(value.Value, m)) {
			t.AddGap(at, "nothing declares this parameter; what it stands for was not judged", "syntax", p)
		}
		if r := tektonOutput().FindStringSubmatchIndex(found.Value); r != nil {
			t.result(found.Value, r, m[0], m[1]-m[0], at, p)
		}
		t.outsider(model.Text{Value: found.Value, At: value.At, Via: append(slices.Clip(value.Via), lint.Step{Message: "the parameter is set here", Span: found.At})},
			func(int, int) lint.Span { return at }, p)
	}
}

// result notes that a text takes what an earlier task or step made.
func (t *tekton) result(value string, m []int, offset, length int, at lint.Span, p model.Place) {
	pass := model.Pass{
		At: at, Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component,
		FromJob: value[m[4]:m[5]], Offset: offset, Length: length,
	}
	if value[m[2]:m[3]] == "steps" {
		pass.FromJob = p.Job.Value
	}
	if m[6] >= 0 {
		pass.Name = value[m[6]:m[7]]
	} else {
		pass.Name = value[m[8]:m[9]]
	}
	t.Passes = append(t.Passes, pass)
}

// tektonEvents is how texts name parts of the event that started them: of
// bindings, and of Pipelines as Code.
var tektonEvents = regex.Lazy(`\$\((body\.[^()]+)\)|\{\{\s*((?:body\.)?[\w.-]+)\s*\}\}`)

// indexed finds the items of a list.
var indexed = regex.Lazy(`\[(?:\d+|\*)\]|\.\d+\b`)

// tektonOutsiders are the names of Pipelines as Code for what an outsider chooses.
var tektonOutsiders = []string{"source_branch", "trigger_comment"}

func (t *tekton) outsider(value model.Text, part func(start, end int) lint.Span, p model.Place) {
	for _, m := range tektonEvents().FindAllStringSubmatchIndex(value.Value, model.MaxPaths) {
		start, end := m[2], m[3]
		if start < 0 {
			start, end = m[4], m[5]
		}
		name := value.Value[start:end]
		if !slices.Contains(tektonOutsiders, name) && !outsiderBody(name) {
			continue
		}
		t.Untrusted = append(t.Untrusted, model.Untrusted{
			At: value.At, Address: p.Address, Expression: model.Text{Value: name, At: part(m[0], m[1]), Via: value.Via}, Where: p.Where,
			Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component, Privileged: "unknown",
		})
	}
}

// outsiderFields are the same of GitLab's events.
var outsiderFields = []string{
	"body.object_attributes.title", "body.object_attributes.description", "body.object_attributes.note", "body.object_attributes.source_branch",
	"body.object_attributes.last_commit.message", "body.merge_request.title", "body.merge_request.source_branch",
}

// outsiderBody says whether a part of the event of a repository is text that an
// outsider chooses.
func outsiderBody(name string) bool {
	rest, ok := strings.CutPrefix(name, "body.")
	if !ok || len(name) > model.MaxReference {
		return false
	}
	path := indexed().ReplaceAllString("github.event."+rest, ".*")
	return slices.Contains(outsiderFields, name) || slices.ContainsFunc(model.OutsiderTexts, func(t model.OutsiderText) bool { return t.Path == path })
}

func sortedKeys(all map[string]*lint.Node) []string {
	var keys []string
	for key := range all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
