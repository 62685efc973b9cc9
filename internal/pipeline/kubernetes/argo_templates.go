package kubernetes

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// template reads one that runs something.
func (a *argo) template(n *lint.Node, id model.Text) {
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
			if value := param.Get(key); model.IsScalar(value) && !strings.Contains(value.Text, "{{") {
				name := model.TextOf(param.Get("name"))
				a.addParameter(value, model.Place{Job: p.Job, Address: model.Join(p.Address, "inputs", name.Value), Where: "default", Variable: name})
			}
		}
	}
	if n.Get("suspend") == nil && n.Get("http") == nil && n.Get("plugin") == nil { // which have no pod
		a.accounts(n, p)
	}
	volumes := a.volumes(a.spec.Get("volumes"))
	maps.Copy(volumes, a.volumes(n.Get("volumes")))
	for _, artifact := range n.Get("inputs", "artifacts").List() {
		for _, from := range a.artifacts[n.Get("name").Str()][artifact.Get("name").Str()] {
			a.Restores = append(a.Restores, model.Restore{At: artifact.Span, Job: p.Job, Folder: artifact.Get("path").Str(), Name: from, Whole: true})
		}
	}
	steps := a.runs(n, volumes, p)
	for _, key := range []string{"initContainers", "sidecars"} {
		for _, container := range n.Get(key).List() {
			a.beside(containerOf(container, nil, volumes), p)
		}
	}
	for _, key := range []string{"inputs", "outputs", "archiveLocation"} {
		at := p.At("setting")
		at.Address = model.Join(p.Address, key)
		a.secretRefs(n.Get(key), at)
	}
	if steps > 0 {
		a.outputs(n, steps-1, p)
	}
	if patch := n.Get("podSpecPatch"); patch != nil {
		a.AddGap(patch.Span, "what the patch changes in the pod was not judged", "computed", p)
	}
}

func containerOf(n, template *lint.Node, volumes map[string][]volume) container {
	return container{Node: n, template: template, volumes: volumes}
}

// runs reads what a template runs, and gives the number of steps.
func (a *argo) runs(n *lint.Node, volumes map[string][]volume, p model.Place) (steps int) {
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
func (a *argo) acts(n *lint.Node, p model.Place) (steps int) {
	for _, field := range n.Object() {
		kind := field.Key
		if !slices.Contains([]string{"http", "resource", "plugin", "data"}, kind) {
			continue
		}
		index := 0
		p.Step, p.Address = &index, model.Join(p.Address, kind)
		step := model.Step{At: field.Span, Address: p.Address, Job: p.Job, Kind: "component", Name: model.Text{Value: kind, At: field.Span}}
		a.Steps = append(a.Steps, step)
		first := len(a.Exposures)
		a.secretRefs(field.Value, p.At("setting"))
		switch kind {
		case "http":
			a.requests(field.Value, a.Exposures[first:], p)
		case "resource":
			a.AddGap(field.Span, "the object that the template makes or changes was not judged", "computed", p)
		case "plugin":
			a.AddGap(field.Span, "what the plugin does was not judged", "remote", p)
		}
		return 1
	}
	if n.Kind != lint.Object || n.Get("suspend") == nil {
		a.AddGap(n.Span, "the template runs nothing that is known, and was not judged", "syntax", p)
	}
	return 0
}

// requests notes that the secrets of a request go to its host.
func (a *argo) requests(n *lint.Node, secrets []model.Exposure, p model.Place) {
	to, _ := a.fill(model.TextOf(n.Get("url")))
	address, err := url.Parse(to.Value)
	if err != nil {
		address = &url.URL{}
	}
	unverified := n.Get("insecureSkipVerify")
	for _, e := range secrets {
		a.Flows = append(a.Flows, model.Flow{
			At: e.Secret.At, Way: []lint.Step{{Message: "it is sent here", Span: e.Secret.At}}, Address: model.Join(p.Address, "flows", "network"), Secret: e.Secret,
			Sink: "network", Command: "http", Host: model.Text{Value: address.Host, At: to.At}, Scheme: strings.ToLower(address.Scheme),
			Unverified: unverified != nil && unverified.Text == "true", Transformed: []string{}, Masked: "no", Confidence: "exact", Job: p.Job, Step: p.Step,
		})
	}
}

func (a *argo) step(k container, name string, index int, p model.Place) {
	if a.full() {
		return
	}
	p.Step, p.Address = &index, model.Join(p.Address, name)
	step := model.Step{At: k.Span, Address: p.Address, Job: p.Job, Index: index, Name: model.TextOf(k.Get("name"))}
	a.program(k, step, p)
	step = a.Steps[len(a.Steps)-1]
	p.Component = step.Component
	a.text(step.Script, p.At("inline"))
	if step.Kind == "component" {
		for _, word := range append(model.TextsOf(k.get("command")), model.TextsOf(k.get("args"))...) {
			a.text(word, p.At("input"))
		}
	}
	for _, item := range k.list("env") {
		if value := item.Get("value"); model.IsScalar(value) {
			at := p.At("step_env")
			at.Variable = model.TextOf(item.Get("name"))
			at.Address = model.Join(p.Address, "env", at.Variable.Value)
			a.text(model.TextOf(value), at)
		}
	}
}

// text notes the outputs of other jobs that Argo pastes into a text, without
// quoting.
func (a *argo) text(value model.Text, p model.Place) {
	if !strings.Contains(value.Value, "{{") {
		return
	}
	src := model.NewPlacedText(value)
	for _, m := range argoComputed().FindAllStringIndex(value.Value, model.MaxPaths) {
		a.AddGap(src.Part(m[0], m[1]), "an expression is worked out when the workflow runs; what it gives was not judged", "computed", p)
	}
	for _, m := range argoParameter().FindAllStringSubmatchIndex(value.Value, model.MaxPaths) {
		if chosen := a.chosenBy(value.Value, m, map[string]bool{}); chosen.Value != "" {
			a.Untrusted = append(a.Untrusted, model.Untrusted{
				At: value.At, Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component, Privileged: "unknown",
				Expression: model.Text{Value: chosen.Value, At: src.Part(m[0], m[1]), Via: append(slices.Clip(value.Via), lint.Step{Message: "the event sets the parameter here", Span: chosen.At})},
			})
		}
		for _, v := range a.values(value.Value, m) {
			if v.job == "" {
				continue
			}
			a.Passes = append(a.Passes, model.Pass{
				At: src.Part(m[0], m[1]), Address: p.Address, Where: p.Where, Job: p.Job, Step: p.Step, Variable: p.Variable, Component: p.Component,
				FromJob: v.job, Name: v.output, Offset: m[0], Length: m[1] - m[0],
			})
		}
	}
}

// outputs reads what is kept of a job: files that become parameters of others,
// which everybody can read who can see the workflow, and artifacts.
func (a *argo) outputs(n *lint.Node, step int, p model.Place) {
	var paths []model.Text
	for _, param := range n.Get("outputs", "parameters").List() {
		if path := model.TextOf(param.Get("valueFrom", "path")); path.Value != "" {
			paths = append(paths, path)
			a.Artifacts = append(a.Artifacts, model.Artifact{
				At: param.Span, Address: model.Join(p.Address, "outputs", param.Get("name").Str()), Job: p.Job, Step: step,
				Paths: []model.Text{path}, Hidden: "yes", Output: model.TextOf(param.Get("name")),
			})
		}
	}
	for _, artifact := range n.Get("outputs", "artifacts").List() {
		if path := model.TextOf(artifact.Get("path")); path.Value != "" {
			a.Artifacts = append(a.Artifacts, model.Artifact{
				At: artifact.Span, Address: model.Join(p.Address, "outputs", artifact.Get("name").Str()), Job: p.Job, Step: step, Paths: []model.Text{path}, Hidden: "yes",
				Name: keptBy(p.Job.Value, artifact.Get("name").Str()), Root: path.Value,
			})
		}
	}
	if memo := n.Get("memoize"); memo != nil {
		a.Caches = append(a.Caches, model.Cache{At: memo.Span, Address: model.Join(p.Address, "memoize"), Job: p.Job, Paths: paths, Key: model.TextOf(memo.Get("key"))})
	}
}

// accounts are what the pod of a template runs as, and what reports for it.
func (a *argo) accounts(n *lint.Node, p model.Place) {
	defaults := a.spec.Get("templateDefaults")
	first := func(keys ...string) *lint.Node {
		for _, from := range []*lint.Node{n, defaults, a.spec} {
			if value := from.Get(keys...); model.IsScalar(value) {
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

func (a *argo) account(name, n *lint.Node, p model.Place) {
	i := model.Identity{At: n.Span, Address: model.Join(p.Address, "identities", "service_account"), Job: p.Job, Kind: "service_account", Name: model.Text{Value: "default"}}
	if name != nil {
		i.At, i.Name, i.Explicit, i.DeclaredAt = name.Span, model.TextOf(name), true, "pipeline"
	}
	a.Identities = append(a.Identities, i)
}

// events reads a source of events, or a sensor with the workflows that it starts.
func (a *argo) events(spec *lint.Node) {
	a.secretRefs(spec, model.Place{Address: "spec", Where: "setting", Environment: a.namespace})
	for _, trigger := range spec.Get("triggers").List() {
		for _, key := range []string{"k8s", "argoWorkflow"} {
			object := trigger.Get("template", key, "source", "resource")
			kind := object.Get("kind").Str()
			if strings.HasPrefix(object.Get("apiVersion").Str(), "argoproj.io/") && strings.HasSuffix(kind, "Workflow") {
				inner := object.Get("spec")
				if kind == "CronWorkflow" {
					inner = inner.Get("workflowSpec")
				}
				a.chosen = chosenParameters(trigger.Get("template", key, "parameters"), inner)
				a.workflow(inner)
			}
		}
	}
}

var (
	argoSlot  = regex.Lazy(`^spec(?:\.workflowSpec)?\.arguments\.parameters\.(\d+)\.value$`)
	argoInput = regex.Lazy(`\.Input\.(body\.[\w.-]+)`)
)

// chosenParameters are the parameters of a workflow that get text of an event which an
// outsider writes, by name.
func chosenParameters(params, spec *lint.Node) map[string]model.Text {
	all := map[string]model.Text{}
	slots := spec.Get("arguments", "parameters").List()
	for _, param := range params.List() {
		m := argoSlot().FindStringSubmatch(param.Get("dest").Str())
		if m == nil {
			continue
		}
		index, err := strconv.Atoi(m[1])
		if err != nil || index >= len(slots) {
			continue
		}
		keys := [][]string{{"", param.Get("src", "dataKey").Str()}}
		keys = append(keys, argoInput().FindAllStringSubmatch(param.Get("src", "dataTemplate").Str(), model.MaxPaths)...)
		for _, key := range keys {
			if outsiderBody(key[1]) {
				all[slots[index].Get("name").Str()] = model.Text{Value: key[1], At: param.Span}
			}
		}
	}
	return all
}

// chosenBy is the part of an event that a parameter holds, if an outsider writes it.
func (a *argo) chosenBy(text string, m []int, seen map[string]bool) model.Text {
	if len(a.chosen) == 0 || seen[text[m[0]:m[1]]] {
		return model.Text{}
	}
	seen[text[m[0]:m[1]]] = true
	if text[m[2]:m[3]] == "workflow" {
		return a.chosen[argoName(text, m)]
	}
	for _, v := range a.values(text, m) {
		for _, within := range argoParameter().FindAllStringSubmatchIndex(v.Value, model.MaxPaths) {
			if found := a.chosenBy(v.Value, within, seen); found.Value != "" {
				return found
			}
		}
	}
	return model.Text{}
}
