package pipeline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// task reads the steps of a task. Its workspaces are those that are bound to
// secrets.
func (t *tekton) task(spec *lint.Node, bound map[string]*lint.Node, p place) {
	volumes, template := t.volumes(spec.Get("volumes")), spec.Get("stepTemplate")
	steps := spec.Get("steps")
	if len(steps.List()) == 0 {
		t.gap(t.place(spec), "the task has no list of steps that could be read", "syntax", p)
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

func (t *tekton) step(n, template *lint.Node, volumes map[string][]volume, index int, p place) {
	name := text(n.Get("name"))
	p.step = &index
	p.address = join(p.address, "steps", cmp.Or(name.Value, strconv.Itoa(index+1)))
	step := Step{At: n.Span, Address: p.address, Job: p.job, Index: index, Name: name, Kind: "unknown", Condition: written(n.Get("when"))}
	switch {
	case t.full():
	case n.Kind != lint.Object:
		t.Steps = append(t.Steps, step)
		t.gap(n.Span, "a step that is no mapping was not judged", "syntax", p)
	case n.Get("ref") != nil:
		step.Kind = "component"
		step.Component = t.refers(n.Get("ref"), "StepAction", "action", p)
		p.component = step.Component
		t.Steps = append(t.Steps, step)
		t.env(container{Node: n, template: template}, p.at("step_env"))
		t.pasted(n.Get("params"), p)
	default:
		k := container{Node: n, template: template, volumes: volumes, script: n.Get("script")}
		t.program(k, step, p)
		t.text(t.Steps[len(t.Steps)-1].Script, p.at("inline"))
		t.variables(k, p)
	}
}

// variables notes what texts of others the variables of a step hold.
func (t *tekton) variables(k container, p place) {
	for _, item := range k.list("env") {
		if value := item.Get("value"); scalar(value) && strings.ContainsAny(value.Text, "${") {
			at := p.at("step_env")
			at.variable = text(item.Get("name"))
			at.address = join(p.address, "env", at.variable.Value)
			t.text(text(value), at)
		}
	}
}

// workspace notes what the steps read of a Secret that a run binds, or that all of
// them get it.
func (t *tekton) workspace(name string, n, spec *lint.Node, steps []Step, p place) {
	folders := []string{"$(workspaces." + name + ".path)", "/workspace/" + name}
	for _, declared := range spec.Get("workspaces").List() {
		if path := declared.Get("mountPath").Str(); declared.Get("name").Str() == name && path != "" {
			folders = append(folders, path)
		}
	}
	for _, v := range volumeOf(n) {
		reads := false
		for _, step := range steps {
			at := p.at("file")
			at.step, at.address = &step.Index, join(step.Address, "workspaces", name)
			for _, folder := range folders {
				reads = t.readsFrom(v, folder, step, at) || reads
			}
		}
		if !reads {
			at := p.at("file")
			at.address = join(p.address, "workspaces", name)
			t.exposeFile(v, Text{}, folders[0], at)
		}
	}
}

// handOver notes the secrets that a called task gets as its workspaces.
func (t *tekton) handOver(bound map[string]*lint.Node, p place) {
	for _, name := range sortedKeys(bound) {
		for _, v := range volumeOf(bound[name]) {
			at := p.at("input")
			at.variable, at.address = Text{Value: name}, join(p.address, "workspaces", name)
			secret := t.secret(v.at.Span, v.name, nil)
			secret.Store = v.store
			t.expose(v.at.Span, secret, at)
		}
	}
}

// pasted reads the texts that what is called gets.
func (t *tekton) pasted(params *lint.Node, p place) {
	for _, param := range params.List() {
		at := p.at("input")
		at.variable = text(param.Get("name"))
		at.address = join(p.address, "params", at.variable.Value)
		t.text(text(param.Get("value")), at)
	}
}

// text reads what Tekton pastes into a text: results of others, and what an
// outsider wrote. It does so without quoting.
func (t *tekton) text(value Text, p place) {
	if !strings.Contains(value.Value, "$(") && !strings.Contains(value.Value, "{{") {
		return
	}
	src := newSource(value)
	for _, m := range tektonOutput().FindAllStringSubmatchIndex(value.Value, maxPaths) {
		t.result(value.Value, m, m[0], m[1]-m[0], src.part(m[0], m[1]), p)
	}
	t.outsider(value, src.part, p)
	for _, m := range tektonParam().FindAllStringSubmatchIndex(value.Value, maxPaths) {
		found, _ := t.scope.find(tektonName(value.Value, m))
		at := src.part(m[0], m[1])
		if r := tektonOutput().FindStringSubmatchIndex(found.Value); r != nil {
			t.result(found.Value, r, m[0], m[1]-m[0], at, p)
		}
		t.outsider(Text{Value: found.Value, At: value.At, Via: append(slices.Clip(value.Via), lint.Step{Message: "the parameter is set here", Span: found.At})},
			func(int, int) lint.Span { return at }, p)
	}
}

// result notes that a text takes what an earlier task or step made.
func (t *tekton) result(value string, m []int, offset, length int, at lint.Span, p place) {
	pass := Pass{
		At: at, Address: p.address, Where: p.where, Job: p.job, Step: p.step, Variable: p.variable, Component: p.component,
		FromJob: value[m[4]:m[5]], Offset: offset, Length: length,
	}
	if value[m[2]:m[3]] == "steps" {
		pass.FromJob = p.job.Value
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
var indexed = regex.Lazy(`\[(?:\d+|\*)\]`)

// tektonOutsiders are the names of Pipelines as Code for what an outsider chooses.
var tektonOutsiders = []string{"source_branch", "trigger_comment"}

func (t *tekton) outsider(value Text, part func(start, end int) lint.Span, p place) {
	for _, m := range tektonEvents().FindAllStringSubmatchIndex(value.Value, maxPaths) {
		start, end := m[2], m[3]
		if start < 0 {
			start, end = m[4], m[5]
		}
		name := value.Value[start:end]
		if !slices.Contains(tektonOutsiders, name) && !outsiderBody(name) {
			continue
		}
		t.Untrusted = append(t.Untrusted, Untrusted{
			At: value.At, Address: p.address, Expression: Text{Value: name, At: part(m[0], m[1]), Via: value.Via}, Where: p.where,
			Job: p.job, Step: p.step, Variable: p.variable, Component: p.component, Privileged: "unknown",
		})
	}
}

// outsiderBody says whether a part of the event of a repository is text that an
// outsider chooses.
func outsiderBody(name string) bool {
	rest, ok := strings.CutPrefix(name, "body.")
	if !ok || len(name) > maxReference {
		return false
	}
	name = indexed().ReplaceAllString("github.event."+rest, ".*")
	return slices.ContainsFunc(outsiderTexts, func(t outsiderText) bool { return t.path == name })
}

func sortedKeys(all map[string]*lint.Node) []string {
	var keys []string
	for key := range all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
