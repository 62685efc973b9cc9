package kubernetes

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/yaml"
)

// calls reads the task or pipeline that a job runs, and gives its reference.
func (t *tekton) calls(n *lint.Node, p model.Place) model.Text {
	for _, key := range []string{"taskRef", "pipelineRef", "ref", "customRef"} {
		if ref := n.Get(key); ref != nil {
			kind := cmp.Or(ref.Get("kind").Str(), map[string]string{"pipelineRef": "Pipeline"}[key], "Task")
			return t.refers(ref, kind, "reusable", p)
		}
	}
	at := p.Job.At // a run without a spec
	if n != nil {
		at = n.Span
	}
	t.AddGap(at, "what the task runs could not be read: it has neither steps nor a reference", "syntax", p)
	return model.Text{}
}

// refers reads a reference to a task, a pipeline or a step that stands elsewhere.
func (t *tekton) refers(ref *lint.Node, kind, component string, p model.Place) model.Text {
	c := model.Component{At: ref.Span, Address: model.Join(p.Address, "uses"), Kind: component, Pin: "unknown", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	version := ref.Get("apiVersion").Str()
	t.called = nil
	switch {
	case version != "" && !strings.HasPrefix(version, "tekton.dev/"):
		c.Ref, c.Name = model.TextOf(ref.Get("kind")), strings.ToLower(ref.Get("kind").Str())
		t.AddGap(ref.Span, "a task of a kind that is not Tekton's was not judged", "remote", p)
	case model.IsScalar(ref.Get("bundle")):
		t.bundle(&c, model.TextOf(ref.Get("bundle")))
		t.AddGap(ref.Span, "what stands in the bundle was not judged", "remote", p)
	case ref.Get("resolver") != nil:
		t.resolved(&c, ref)
		t.AddGap(ref.Span, "what the resolver fetches was not judged", "remote", p)
	default:
		c.Ref, _ = t.fill(model.TextOf(ref.Get("name")))
		c.Name, c.FirstParty = strings.ToLower(c.Ref.Value), true
		if t.called = t.found(kind, c.Ref.Value); t.called == nil {
			t.AddGap(ref.Span, "it stands in none of the files of this folder, and was not judged here", "remote", p)
		}
	}
	if c.Ref.Value == "" {
		c.Ref = model.Text{Value: kind, At: ref.Span}
	}
	t.Components = append(t.Components, c)
	return c.Ref
}

func (t *tekton) bundle(c *model.Component, image model.Text) {
	c.Ref, _ = t.fill(image)
	c.SetImage(c.Ref.Value)
	if strings.ContainsAny(c.Ref.Value, "${") {
		c.Pin = "unknown"
	}
}

// tektonCatalogs are those of Tekton's own project; without a word the hub looks
// into them.
var tektonCatalogs = map[string]bool{"": true, "tekton": true, "tekton-catalog-tasks": true, "tekton-catalog-pipelines": true, "tekton-catalog-stepactions": true}

// resolved reads what a resolver is asked for.
func (t *tekton) resolved(c *model.Component, ref *lint.Node) {
	params := map[string]model.Text{}
	for _, list := range []*lint.Node{ref.Get("params"), ref.Get("resource")} {
		for _, param := range list.List() {
			params[param.Get("name").Str()], _ = t.fill(model.TextOf(param.Get("value")))
		}
	}
	c.Ref = model.TextOf(ref.Get("resolver"))
	named := func(keys ...string) {
		for _, key := range keys {
			if params[key].Value != "" {
				c.Ref = params[key]
				return
			}
		}
	}
	switch resolver := ref.Get("resolver").Str(); resolver {
	case "bundles":
		named("bundle")
		t.bundle(c, c.Ref)
	case "git":
		named("url", "repo")
		c.Name, c.Version = strings.ToLower(params["pathInRepo"].Value), params["revision"].Value
		c.Owner = strings.ToLower(strings.TrimSuffix(c.Ref.Value, ".git"))
		c.Pin = tektonPin(c.Version, "branch")
	case "hub":
		named("name")
		c.Name, c.Version, c.Owner = strings.ToLower(c.Ref.Value), params["version"].Value, params["catalog"].Value
		c.FirstParty = tektonCatalogs[strings.ToLower(c.Owner)]
		c.Pin = tektonPin(c.Version, "none")
	case "http":
		named("url")
		c.Name, c.Pin = strings.ToLower(c.Ref.Value), "none"
	case "cluster":
		named("name")
		c.Name, c.FirstParty = strings.ToLower(c.Ref.Value), true
	default:
		c.Name = strings.ToLower(resolver)
	}
	if strings.Contains(c.Ref.Value+c.Version, "$(") {
		c.Pin = "unknown"
	}
}

func tektonPin(version, without string) string {
	switch {
	case version == "":
		return without
	case model.IsDigest(version):
		return "digest"
	case model.IsVersion(version):
		return "version"
	}
	return "branch"
}

// maxBeside bounds the files that are looked at for a task.
const maxBeside = 100

// found is the task of this name that stands in the file, or in one of its folder: that
// is judged on its own.
func (t *tekton) found(kind, name string) *lint.Node {
	src := t.root.Span.Source
	if src == nil || name == "" || len(name) > model.MaxReference {
		return nil
	}
	holds := func(src *lint.Source) *lint.Node {
		if !bytes.Contains(src.Data, []byte(name)) {
			return nil
		}
		docs, _ := yaml.Read(src) // what is wrong in it is reported for the file itself
		for _, n := range docs {
			if strings.TrimPrefix(n.Get("kind").Str(), "Cluster") == strings.TrimPrefix(kind, "Cluster") && n.Get("metadata", "name").Str() == name {
				return n
			}
		}
		return nil
	}
	if n := holds(src); n != nil {
		return n
	}
	if t.files == nil {
		return nil
	}
	folder := strings.TrimPrefix(path.Dir(src.Path)+"/", "./")
	if i := strings.Index("/"+folder, "/.tekton/"); i >= 0 {
		folder = folder[:i+len(".tekton/")]
	}
	files, _ := t.files.Below(folder)
	for i, file := range files {
		if i >= maxBeside {
			break
		}
		if ext := path.Ext(file); file == src.Path || ext != ".yaml" && ext != ".yml" {
			continue
		}
		if other := t.files.Read(file); other != nil {
			if n := holds(other); n != nil {
				return n
			}
		}
	}
	return nil
}

// pastes says whether a task pastes a parameter into a script, or a pipeline one that
// it hands on.
func (t *tekton) pastes(n *lint.Node, param string, depth int) bool {
	if t.looks++; n == nil || depth > maxPasted || t.looks > maxLooks {
		return false
	}
	names := func(text string) bool {
		return slices.ContainsFunc(tektonParam().FindAllStringSubmatchIndex(text, model.MaxPaths), func(m []int) bool { return tektonName(text, m) == param })
	}
	spec := n.Get("spec")
	for _, step := range append(slices.Clone(spec.Get("steps").List()), spec) { // of a task, or of a step

		if names(step.Get("script").Str()) {
			return true
		}
	}
	for _, task := range slices.Concat(spec.Get("tasks").List(), spec.Get("finally").List()) {
		inner := lint.NewObject(task.Span)
		if own := task.Get("taskSpec"); own != nil {
			inner.Set("spec", task.Span, own)
			if t.pastes(inner, param, depth+1) { // which sees the parameters of the pipeline
				return true
			}
		} else if t.looks++; t.looks > maxLooks {
			return false
		} else if inner = t.found("Task", task.Get("taskRef", "name").Str()); inner == nil {
			continue
		}
		for _, given := range task.Get("params").List() {
			if names(given.Get("value").Str()) && t.pastes(inner, given.Get("name").Str(), depth+1) {
				return true
			}
		}
	}
	return false
}

// How far parameters are followed into what is called, and how many definitions are
// looked at for that.
const (
	maxPasted = 4
	maxLooks  = 200
)
