package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// buildkite reads one pipeline of Buildkite. Each command step is a job; its
// plugins and commands are the job's steps.
type buildkite struct {
	reading
	files  Files
	root   *lint.Node
	taken  map[string]bool
	keys   map[string][]Text  // jobs, by the key of their step or group
	before []Text             // the jobs before the last wait
	since  []Text             // those after it
	run    []buildkiteMention // variables that scripts name
}

func buildkitePipeline(doc *lint.Document, files Files) *Pipeline {
	b := &buildkite{files: files, root: doc.Root, taken: map[string]bool{}, keys: map[string][]Text{}}
	b.Pipeline.At = doc.Root.Span
	b.Platform, b.Masking, b.Kind = "buildkite", "some", "workflow"
	b.Traits = buildkiteTraits
	b.Triggers = []Trigger{ // settings say which of them there are
		{At: doc.Root.Span, Event: "push", Name: Text{Value: "push"}, FromFork: "no"},
		{At: doc.Root.Span, Event: "pull_request", Name: Text{Value: "pull request"}, FromFork: "unknown"},
	}
	whole := place{}
	b.variables(doc.Root.Get("env"), whole.at("pipeline_env"))
	b.secrets(doc.Root.Get("secrets"), whole.at("pipeline_env"))
	steps := doc.Root.Get("steps")
	if doc.Root.Kind == lint.List {
		steps = doc.Root
	}
	b.list(steps, Text{}, 0)
	b.resolve()
	b.atRun()
	if b.limited {
		b.gap(lint.Span{}, "the pipeline has more steps than are followed; what is behind the limit was not judged", "limit", place{})
	}
	return &b.Pipeline
}

// list reads the steps of a pipeline or group, and gives their jobs.
func (b *buildkite) list(steps *lint.Node, group Text, depth int) (jobs []Text) {
	for _, n := range steps.List() {
		if len(b.Jobs) >= maxJobs || len(b.Steps) >= maxSteps || depth > maxDepth {
			b.limited = true
			return jobs
		}
		label := n.Get("group")
		if label == nil {
			jobs = append(jobs, b.step(n, group)...)
			continue
		}
		inner := b.list(n.Get("steps"), text(label), depth+1)
		if key := buildkiteKey(n); key.Value != "" {
			b.keys[key.Value] = append(b.keys[key.Value], inner...)
		}
		jobs = append(jobs, inner...)
	}
	return jobs
}

func buildkiteKey(n *lint.Node) Text {
	for _, key := range []string{"key", "id", "identifier"} {
		if value := text(n.Get(key)); value.Value != "" {
			return value
		}
	}
	return Text{}
}

// waits are the steps that let nothing pass until all before have ended; of all
// but the first, somebody has to let the pipeline go on.
var waits = []string{"wait", "waiter", "block", "manual", "input"}

// step reads a step by what it is.
func (b *buildkite) step(n *lint.Node, group Text) []Text {
	kind := n.Str()
	for _, field := range n.Object() {
		if slices.Contains(waits, field.Key) {
			kind = field.Key
		}
	}
	if named := n.Get("type").Str(); slices.Contains(waits, named) {
		kind = named
	}
	switch {
	case kind == "wait" || kind == "waiter":
		b.wait()
		return nil
	case slices.Contains(waits, kind):
		id := b.job(n, group, n.Get(kind))
		if kind != "input" { // which is waited for by those that depend on it
			b.wait()
		}
		return []Text{id}
	case n.Kind != lint.Object:
		b.gap(n.Span, "a step that is neither a mapping nor a word like \"wait\" was not judged", "syntax", place{})
		return nil
	}
	return []Text{b.job(n, group, n.Get("label"))}
}

func (b *buildkite) wait() {
	if len(b.since) > 0 {
		b.before, b.since = b.since, nil
	}
}

// job reads a step that has a job of its own, or waits for a person.
func (b *buildkite) job(n *lint.Node, group Text, label *lint.Node) Text {
	id := b.identify(n, label)
	p := place{job: id, address: join("jobs", id.Value)}
	j := Job{At: n.Span, ID: id, Name: text(label), Stage: group, Condition: buildkiteCondition(n), Runner: b.runner(n), Needs: b.needs(n)}
	j.Calls = text(n.Get("trigger"))
	b.Jobs = append(b.Jobs, j)
	b.since = append(b.since, id)
	if key := buildkiteKey(n); key.Value != "" {
		b.keys[key.Value] = append(b.keys[key.Value], id)
	}
	b.body(n, len(b.Jobs)-1, p)
	return id
}

func (b *buildkite) body(n *lint.Node, index int, p place) {
	j := &b.Jobs[index]
	b.variables(n.Get("env"), p.at("job_env"))
	b.secrets(n.Get("secrets"), p.at("job_env"))
	if j.Calls.Value != "" {
		p.component = j.Calls
		b.variables(n.Get("build", "env"), p.at("forwarded"))
		b.gap(j.Calls.At, "the triggered pipeline is none of this repository's files; what it does with its variables was not judged", "remote", p)
		return
	}
	j.Container = text(n.Get("image"))
	b.image(n.Get("image"), p)
	steps := b.plugins(n.Get("plugins"), j, p)
	steps = b.commands(n, steps, p)
	if steps == 0 {
		return
	}
	if paths := buildkitePaths(n.Get("artifact_paths")); len(paths) > 0 {
		b.Artifacts = append(b.Artifacts, Artifact{
			At: n.Get("artifact_paths").Span, Address: join(p.address, "artifact_paths"), Job: p.job, Step: steps - 1, Paths: paths, Hidden: "yes",
		})
	}
	if cache := n.Get("cache"); cache != nil {
		paths := texts(cache)
		if cache.Kind == lint.Object {
			paths = texts(cache.Get("paths"))
		}
		b.Caches = append(b.Caches, Cache{At: cache.Span, Address: join(p.address, "cache"), Job: p.job, Paths: paths, Key: text(cache.Get("name"))})
	}
}

// buildkitePaths reads a list of paths, or one in which they are apart by
// semicolons.
func buildkitePaths(n *lint.Node) []Text {
	if n == nil || n.Kind == lint.List {
		return texts(n)
	}
	var paths []Text
	for path := range strings.SplitSeq(n.Text, ";") {
		if path = strings.TrimSpace(path); path != "" && len(paths) < maxPaths {
			paths = append(paths, Text{Value: path, At: n.Span, Via: n.Via})
		}
	}
	return paths
}

// identify gives a job its ID: the key of its step, or else its label, or its
// number.
func (b *buildkite) identify(n, label *lint.Node) Text {
	id := buildkiteKey(n)
	for _, name := range []Text{text(label), text(n.Get("label")), text(n.Get("name"))} {
		if id.Value == "" {
			id = name
		}
	}
	if id.Value == "" {
		id = Text{Value: fmt.Sprintf("step %d", len(b.Jobs)+1), At: n.Span}
	}
	for base, i := id.Value, 2; b.taken[id.Value]; i++ {
		id.Value = fmt.Sprintf("%s-%d", base, i)
	}
	b.taken[id.Value] = true
	return id
}

// needs are the keys that a step depends on; resolve makes them the jobs of
// these. Without them it waits for what is before the last wait.
func (b *buildkite) needs(n *lint.Node) []Text {
	depends := n.Get("depends_on")
	if depends == nil {
		return b.before[:min(len(b.before), maxWaits)]
	}
	keys := texts(depends)
	for _, item := range depends.List() {
		if key := text(item.Get("step")); key.Value != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

func (b *buildkite) resolve() {
	for i := range b.Jobs {
		var needs []Text
		for _, need := range b.Jobs[i].Needs {
			jobs, isKey := b.keys[need.Value]
			if !isKey {
				jobs = []Text{need}
			}
			for _, job := range jobs {
				if len(needs) < maxWaits && !slices.ContainsFunc(needs, func(t Text) bool { return t.Value == job.Value }) {
					needs = append(needs, Text{Value: job.Value, At: need.At})
				}
			}
		}
		b.Jobs[i].Needs = needs
	}
}

func buildkiteCondition(n *lint.Node) Text {
	for _, key := range []string{"if", "branches", "if_changed"} {
		if condition := n.Get(key); condition != nil {
			return written(condition)
		}
	}
	return Text{}
}

// runner: agents are the organisation's own machines, unless their queue says
// that Buildkite hosts it.
func (b *buildkite) runner(n *lint.Node) Runner {
	agents := n.Get("agents")
	if agents == nil {
		agents = b.root.Get("agents")
	}
	r := Runner{Kind: "self_hosted"}
	if agents == nil {
		return r
	}
	r.At = agents.Span
	r.Labels = texts(agents)
	for _, field := range agents.Object() {
		if scalar(field.Value) {
			r.Labels = append(r.Labels, Text{Value: field.Key + "=" + field.Value.Text, At: field.Value.Span})
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
