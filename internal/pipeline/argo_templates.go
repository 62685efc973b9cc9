package pipeline

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// template reads one that runs something.
func (a *argo) template(n *lint.Node, id Text) {
	if a.full() {
		return
	}
	j, p := a.job(n, a.identify(id))
	j.Needs = a.needs[id.Value]
	a.Jobs = append(a.Jobs, j)
	a.inputs = argoValues(n.Get("inputs", "parameters"))
	for name, values := range a.given[n.Get("name").Str()] {
		a.inputs[name] = values
	}
	for _, param := range n.Get("inputs", "parameters").List() {
		for _, key := range []string{"default", "value"} {
			if value := param.Get(key); scalar(value) && !strings.Contains(value.Text, "{{") {
				name := text(param.Get("name"))
				a.literal(value, place{job: p.job, address: join(p.address, "inputs", name.Value), where: "default", variable: name})
			}
		}
	}
	if n.Get("suspend") == nil && n.Get("http") == nil && n.Get("plugin") == nil { // which have no pod
		a.accounts(n, p)
	}
	volumes := a.volumes(a.spec.Get("volumes"))
	maps.Copy(volumes, a.volumes(n.Get("volumes")))
	steps := a.runs(n, volumes, p)
	for _, key := range []string{"initContainers", "sidecars"} {
		for _, container := range n.Get(key).List() {
			a.beside(containerOf(container, nil, volumes), p)
		}
	}
	for _, key := range []string{"inputs", "outputs", "archiveLocation"} {
		at := p.at("setting")
		at.address = join(p.address, key)
		a.secretRefs(n.Get(key), at)
	}
	if steps > 0 {
		a.outputs(n, steps-1, p)
	}
	if patch := n.Get("podSpecPatch"); patch != nil {
		a.gap(patch.Span, "what the patch changes in the pod was not judged", "computed", p)
	}
}

func containerOf(n, template *lint.Node, volumes map[string][]volume) container {
	return container{Node: n, template: template, volumes: volumes}
}

// runs reads what a template runs, and gives the number of steps.
func (a *argo) runs(n *lint.Node, volumes map[string][]volume, p place) (steps int) {
	defaults := a.spec.Get("templateDefaults")
	set := n.Get("containerSet")
	switch {
	case n.Get("script") != nil:
		k := containerOf(n.Get("script"), defaults.Get("script"), volumes)
		k.script = k.Get("source")
		a.step(k, "script", 0, p)
		return 1
	case n.Get("container") != nil:
		a.step(containerOf(n.Get("container"), defaults.Get("container"), volumes), "container", 0, p)
		return 1
	case set != nil:
		for i, container := range set.Get("containers").List() {
			a.step(containerOf(container, set, volumes), container.Get("name").Str(), i, p)
		}
		return len(set.Get("containers").List())
	}
	return a.acts(n, p)
}

// acts reads what runs in no container of the template's own.
func (a *argo) acts(n *lint.Node, p place) (steps int) {
	for _, field := range n.Object() {
		kind := field.Key
		if !slices.Contains([]string{"http", "resource", "plugin", "data"}, kind) {
			continue
		}
		index := 0
		p.step, p.address = &index, join(p.address, kind)
		step := Step{At: field.Span, Address: p.address, Job: p.job, Kind: "component", Name: Text{Value: kind, At: field.Span}}
		a.Steps = append(a.Steps, step)
		a.secretRefs(field.Value, p.at("setting"))
		switch kind {
		case "resource":
			a.gap(field.Span, "the object that the template makes or changes was not judged", "computed", p)
		case "plugin":
			a.gap(field.Span, "what the plugin does was not judged", "remote", p)
		}
		return 1
	}
	if n.Kind != lint.Object || n.Get("suspend") == nil {
		a.gap(n.Span, "the template runs nothing that is known, and was not judged", "syntax", p)
	}
	return 0
}

func (a *argo) step(k container, name string, index int, p place) {
	if a.full() {
		return
	}
	p.step, p.address = &index, join(p.address, name)
	step := Step{At: k.Span, Address: p.address, Job: p.job, Index: index, Name: text(k.Get("name"))}
	a.program(k, step, p)
	step = a.Steps[len(a.Steps)-1]
	p.component = step.Component
	a.text(step.Script, p.at("inline"))
	if step.Kind == "component" {
		for _, word := range append(texts(k.get("command")), texts(k.get("args"))...) {
			a.text(word, p.at("input"))
		}
	}
	for _, item := range k.list("env") {
		if value := item.Get("value"); scalar(value) {
			at := p.at("step_env")
			at.variable = text(item.Get("name"))
			at.address = join(p.address, "env", at.variable.Value)
			a.text(text(value), at)
		}
	}
}

// text notes the outputs of other jobs that Argo pastes into a text, without
// quoting.
func (a *argo) text(value Text, p place) {
	if !strings.Contains(value.Value, "{{") {
		return
	}
	src := newSource(value)
	for _, m := range argoParameter().FindAllStringSubmatchIndex(value.Value, maxPaths) {
		for _, v := range a.values(value.Value, m) {
			if v.job == "" {
				continue
			}
			a.Passes = append(a.Passes, Pass{
				At: src.part(m[0], m[1]), Address: p.address, Where: p.where, Job: p.job, Step: p.step, Variable: p.variable, Component: p.component,
				FromJob: v.job, Name: v.output, Offset: m[0], Length: m[1] - m[0],
			})
		}
	}
}

// outputs reads what is kept of a job: files that become parameters of others,
// which everybody can read who can see the workflow, and artifacts.
func (a *argo) outputs(n *lint.Node, step int, p place) {
	var paths []Text
	for _, param := range n.Get("outputs", "parameters").List() {
		if path := text(param.Get("valueFrom", "path")); path.Value != "" {
			paths = append(paths, path)
			a.Artifacts = append(a.Artifacts, Artifact{
				At: param.Span, Address: join(p.address, "outputs", param.Get("name").Str()), Job: p.job, Step: step,
				Paths: []Text{path}, Hidden: "yes", Output: text(param.Get("name")),
			})
		}
	}
	for _, artifact := range n.Get("outputs", "artifacts").List() {
		if path := text(artifact.Get("path")); path.Value != "" {
			a.Artifacts = append(a.Artifacts, Artifact{
				At: artifact.Span, Address: join(p.address, "outputs", artifact.Get("name").Str()), Job: p.job, Step: step, Paths: []Text{path}, Hidden: "yes",
			})
		}
	}
	if memo := n.Get("memoize"); memo != nil {
		a.Caches = append(a.Caches, Cache{At: memo.Span, Address: join(p.address, "memoize"), Job: p.job, Paths: paths, Key: text(memo.Get("key"))})
	}
}

// accounts are what the pod of a template runs as, and what reports for it.
func (a *argo) accounts(n *lint.Node, p place) {
	defaults := a.spec.Get("templateDefaults")
	first := func(keys ...string) *lint.Node {
		for _, from := range []*lint.Node{n, defaults, a.spec} {
			if value := from.Get(keys...); scalar(value) {
				return value
			}
		}
		return nil
	}
	if mounts := first("automountServiceAccountToken"); mounts == nil || mounts.Text != "false" {
		a.account(first("serviceAccountName"), n, p)
	}
	if executor := first("executor", "serviceAccountName"); executor != nil {
		a.account(executor, n, p)
	}
}

func (a *argo) account(name, n *lint.Node, p place) {
	i := Identity{At: n.Span, Address: join(p.address, "identities", "service_account"), Job: p.job, Kind: "service_account", Name: Text{Value: "default"}}
	if name != nil {
		i.At, i.Name, i.Explicit, i.DeclaredAt = name.Span, text(name), true, "pipeline"
	}
	a.Identities = append(a.Identities, i)
}

// events reads a source of events, or a sensor with the workflows that it starts.
func (a *argo) events(spec *lint.Node) {
	a.secretRefs(spec, place{address: "spec", where: "setting", inJob: a.namespace})
	for _, trigger := range spec.Get("triggers").List() {
		for _, key := range []string{"k8s", "argoWorkflow"} {
			object := trigger.Get("template", key, "source", "resource")
			kind := object.Get("kind").Str()
			if strings.HasPrefix(object.Get("apiVersion").Str(), "argoproj.io/") && strings.HasSuffix(kind, "Workflow") {
				inner := object.Get("spec")
				if kind == "CronWorkflow" {
					inner = inner.Get("workflowSpec")
				}
				a.workflow(inner)
			}
		}
	}
}
