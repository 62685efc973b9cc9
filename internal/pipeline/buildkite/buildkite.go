// Package buildkite collects pipelines of Buildkite, with what they upload from files
// of the repository.
package buildkite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one pipeline of Buildkite. Each command step is a job; its
// plugins and commands are the job's steps.
type collector struct {
	model.Reading
	files  model.Files
	root   *lint.Node
	taken  map[string]bool
	keys   map[string][]model.Text // jobs, by the key of their step or group
	before []model.Text            // the jobs before the last wait
	since  []model.Text            // those after it
	run    []mention               // variables that scripts name
}

// Collect reads one pipeline.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline {
	b := &collector{files: files, root: doc.Root, taken: map[string]bool{}, keys: map[string][]model.Text{}}
	b.Pipeline.At = doc.Root.Span
	b.Platform, b.Masking, b.Kind = "buildkite", "some", "workflow"
	b.Traits = traits
	b.Triggers = []model.Trigger{ // settings say which of them there are
		{At: doc.Root.Span, Event: "push", Name: model.Text{Value: "push"}, FromFork: "no"},
		{At: doc.Root.Span, Event: "pull_request", Name: model.Text{Value: "pull request"}, FromFork: "unknown"},
	}
	whole := model.Place{}
	b.variables(doc.Root.Get("env"), whole.At("pipeline_env"))
	b.secrets(doc.Root.Get("secrets"), whole.At("pipeline_env"))
	steps := doc.Root.Get("steps")
	if doc.Root.Kind == lint.List {
		steps = doc.Root
	}
	b.list(steps, model.Text{}, 0)
	b.resolve()
	b.atRun()
	if b.Limited {
		b.AddGap(lint.Span{}, "the pipeline has more steps than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &b.Pipeline
}

// list reads the steps of a pipeline or group, and gives their jobs.
func (b *collector) list(steps *lint.Node, group model.Text, depth int) (jobs []model.Text) {
	for _, n := range steps.List() {
		if len(b.Jobs) >= model.MaxJobs || len(b.Steps) >= model.MaxSteps || depth > model.MaxDepth {
			b.Limited = true
			return jobs
		}
		label := n.Get("group")
		if label == nil {
			jobs = append(jobs, b.step(n, group)...)
			continue
		}
		if len(n.Get("steps").List()) == 0 {
			b.AddGap(n.Span, "a group without a list of steps was not judged", "syntax", model.Place{})
		}
		inner := b.list(n.Get("steps"), model.TextOf(label), depth+1)
		if key := keyOf(n); key.Value != "" {
			b.keys[key.Value] = append(b.keys[key.Value], inner...)
		}
		jobs = append(jobs, inner...)
	}
	return jobs
}

func keyOf(n *lint.Node) model.Text {
	for _, key := range []string{"key", "id", "identifier"} {
		if value := model.TextOf(n.Get(key)); value.Value != "" {
			return value
		}
	}
	return model.Text{}
}

// waits are the steps that let nothing pass until all before have ended; of all
// but the first, somebody has to let the pipeline go on.
var waits = []string{"wait", "waiter", "block", "manual", "input"}

// step reads a step by what it is.
func (b *collector) step(n *lint.Node, group model.Text) []model.Text {
	kind := kindOf(n)
	switch {
	case kind == "wait" || kind == "waiter":
		b.wait()
		return nil
	case slices.Contains(waits, kind):
		id := b.job(n, group, n.Get(kind))
		if kind != "input" { // which is waited for by those that depend on it
			b.wait()
		}
		return []model.Text{id}
	case n.Kind != lint.Object:
		b.AddGap(n.Span, "a step that is neither a mapping nor a word like \"wait\" was not judged", "syntax", model.Place{})
		return nil
	}
	return []model.Text{b.job(n, group, n.Get("label"))}
}

// kindOf is the word for what a step is, where it is more than a command.
func kindOf(n *lint.Node) string {
	kind := n.Str()
	for _, field := range n.Object() {
		if slices.Contains(waits, field.Key) {
			kind = field.Key
		}
	}
	if named := n.Get("type").Str(); slices.Contains(waits, named) {
		kind = named
	}
	return kind
}

func (b *collector) wait() {
	if len(b.since) > 0 {
		b.before, b.since = b.since, nil
	}
}

// job reads a step that has a job of its own, or waits for a person.
func (b *collector) job(n *lint.Node, group model.Text, label *lint.Node) model.Text {
	id := b.identify(n, label)
	p := model.Place{Job: id, Address: model.Join("jobs", id.Value)}
	j := model.Job{At: n.Span, ID: id, Name: model.TextOf(label), Stage: group, Condition: conditionOf(n), Runner: b.runner(n), Needs: b.needs(n)}
	j.Calls = model.TextOf(n.Get("trigger"))
	b.Jobs = append(b.Jobs, j)
	b.since = append(b.since, id)
	if key := keyOf(n); key.Value != "" {
		b.keys[key.Value] = append(b.keys[key.Value], id)
	}
	b.body(n, len(b.Jobs)-1, p)
	return id
}

func (b *collector) body(n *lint.Node, index int, p model.Place) {
	j := &b.Jobs[index]
	b.variables(n.Get("env"), p.At("job_env"))
	b.secrets(n.Get("secrets"), p.At("job_env"))
	if j.Calls.Value != "" {
		p.Component = j.Calls
		b.variables(n.Get("build", "env"), p.At("forwarded"))
		b.AddGap(j.Calls.At, "the triggered pipeline is none of this repository's files; what it does with its variables was not judged", "remote", p)
		return
	}
	j.Container = model.TextOf(n.Get("image"))
	b.image(n.Get("image"), p)
	steps := b.plugins(n.Get("plugins"), j, p)
	steps = b.commands(n, steps, p)
	if steps == 0 {
		if !slices.Contains(waits, kindOf(n)) {
			b.AddGap(n.Span, "a step that neither runs nor triggers anything was not judged", "syntax", p)
		}
		return
	}
	b.handOver(n.Get("plugins"), steps-1, p)
	if paths := pathsOf(n.Get("artifact_paths")); len(paths) > 0 {
		b.Artifacts = append(b.Artifacts, model.Artifact{
			At: n.Get("artifact_paths").Span, Address: model.Join(p.Address, "artifact_paths"), Job: p.Job, Step: steps - 1, Paths: paths, Hidden: "yes",
		})
	}
	if cache := n.Get("cache"); cache != nil {
		paths := model.TextsOf(cache)
		if cache.Kind == lint.Object {
			paths = model.TextsOf(cache.Get("paths"))
		}
		b.Caches = append(b.Caches, model.Cache{At: cache.Span, Address: model.Join(p.Address, "cache"), Job: p.Job, Paths: paths, Key: model.TextOf(cache.Get("name"))})
	}
}

// pathsOf reads a list of paths, or one in which they are apart by
// semicolons.
func pathsOf(n *lint.Node) []model.Text {
	if n == nil || n.Kind == lint.List {
		return model.TextsOf(n)
	}
	var paths []model.Text
	for path := range strings.SplitSeq(n.Text, ";") {
		if path = strings.TrimSpace(path); path != "" && len(paths) < model.MaxPaths {
			paths = append(paths, model.Text{Value: path, At: n.Span, Via: n.Via})
		}
	}
	return paths
}

// identify gives a job its ID: the key of its step, or else its label, or its
// number.
func (b *collector) identify(n, label *lint.Node) model.Text {
	id := keyOf(n)
	for _, name := range []model.Text{model.TextOf(label), model.TextOf(n.Get("label")), model.TextOf(n.Get("name"))} {
		if id.Value == "" {
			id = name
		}
	}
	if id.Value == "" {
		id = model.Text{Value: fmt.Sprintf("step %d", len(b.Jobs)+1), At: n.Span}
	}
	for base, i := id.Value, 2; b.taken[id.Value]; i++ {
		id.Value = fmt.Sprintf("%s-%d", base, i)
	}
	b.taken[id.Value] = true
	return id
}

// needs are the keys that a step depends on; resolve makes them the jobs of
// these. Without them it waits for what is before the last wait.
func (b *collector) needs(n *lint.Node) []model.Text {
	depends := n.Get("depends_on")
	if depends == nil {
		return b.before[:min(len(b.before), model.MaxWaits)]
	}
	keys := model.TextsOf(depends)
	for _, item := range depends.List() {
		if key := model.TextOf(item.Get("step")); key.Value != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

func (b *collector) resolve() {
	for i := range b.Jobs {
		var needs []model.Text
		for _, need := range b.Jobs[i].Needs {
			jobs, isKey := b.keys[need.Value]
			if !isKey {
				jobs = []model.Text{need}
			}
			for _, job := range jobs {
				if len(needs) < model.MaxWaits && !slices.ContainsFunc(needs, func(t model.Text) bool { return t.Value == job.Value }) {
					needs = append(needs, model.Text{Value: job.Value, At: need.At})
				}
			}
		}
		b.Jobs[i].Needs = needs
	}
}

func conditionOf(n *lint.Node) model.Text {
	for _, key := range []string{"if", "branches", "if_changed"} {
		if condition := n.Get(key); condition != nil {
			return model.ConditionOf(condition)
		}
	}
	return model.Text{}
}

// runner: agents are the organisation's own machines, unless their queue says
// that Buildkite hosts it.
func (b *collector) runner(n *lint.Node) model.Runner {
	agents := n.Get("agents")
	if agents == nil {
		agents = b.root.Get("agents")
	}
	r := model.Runner{Kind: "self_hosted"}
	if agents == nil {
		return r
	}
	r.At = agents.Span
	r.Labels = model.TextsOf(agents)
	for _, field := range agents.Object() {
		if model.IsScalar(field.Value) {
			r.Labels = append(r.Labels, model.Text{Value: field.Key + "=" + field.Value.Text, At: field.Value.Span})
		}
	}
	for _, label := range r.Labels {
		queue, isQueue := strings.CutPrefix(label.Value, "queue=")
		switch {
		case isQueue && strings.Contains(queue, "hosted") && !strings.Contains(queue, "self"):
			r.Kind = "hosted"
		case isQueue && strings.Contains(queue, "$"):
			r.Kind = "unknown"
		}
	}
	return r
}
