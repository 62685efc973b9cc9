package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// bitbucket reads one configuration of Bitbucket Pipelines. Each of its steps is a
// job: it has a machine of its own. A step that several pipelines share by an
// anchor is one job.
type bitbucket struct {
	reading
	root    *lint.Node
	jobs    map[bitbucketKey]int // index in Jobs
	names   map[string]int       // how many jobs want an ID
	taken   map[string]bool
	deploys map[string]Text // by ID of a job
}

// bitbucketKey tells steps apart: the same text can deploy to several places.
type bitbucketKey struct {
	at         lint.Span
	deployment string
}

// bitbucketWay is where in a pipeline a step stands.
type bitbucketWay struct {
	pipeline string // "branches/main"
	count    int
	stage    *lint.Node
	after    []Text // the jobs that end before
}

func bitbucketPipelines(doc *lint.Document, _ Files) *Pipeline {
	b := &bitbucket{root: doc.Root, jobs: map[bitbucketKey]int{}, names: map[string]int{}, taken: map[string]bool{}, deploys: map[string]Text{}}
	b.Pipeline.At = doc.Root.Span
	b.Platform, b.Masking, b.Kind = "bitbucket", "some", "workflow"
	b.Traits = bitbucketTraits
	if doc.Root.Get("pipelines") == nil {
		b.Kind = "reusable"
	}
	b.each(func(_ Trigger, name string, pipeline *lint.Node) { b.count(pipeline, name) })
	b.each(func(trigger Trigger, name string, pipeline *lint.Node) {
		b.trigger(trigger)
		b.pipeline(name, pipeline)
	})
	b.conditions(doc.Root.Get("triggers"))
	b.ambient(b.mention)
	if b.limited {
		b.gap(lint.Span{}, "the configuration has more steps than are followed; what is behind the limit was not judged", "limit", place{})
	}
	return &b.Pipeline
}

// bitbucketEvents says what starts the pipelines of a section. A pull request
// from a fork starts none in the repository that it is for.
var bitbucketEvents = map[string]string{"default": "push", "branches": "push", "bookmarks": "push", "tags": "tag", "pull-requests": "pull_request", "custom": "manual"}

// each goes through all pipelines.
func (b *bitbucket) each(visit func(trigger Trigger, name string, pipeline *lint.Node)) {
	for _, section := range b.root.Get("pipelines").Object() {
		event, known := bitbucketEvents[section.Key]
		trigger := Trigger{At: section.Span, Event: event, Name: Text{Value: section.Key, At: section.Span}, FromFork: "no"}
		switch {
		case !known:
			trigger.Event = ""
			visit(trigger, section.Key, nil)
		case section.Key == "default":
			visit(trigger, section.Key, section.Value)
		default:
			for _, field := range section.Value.Object() {
				visit(trigger, section.Key+"/"+field.Key, field.Value)
			}
		}
	}
	for _, field := range b.root.Get("definitions", "pipelines").Object() {
		visit(Trigger{At: field.Span, Event: "call", Name: Text{Value: "import", At: field.Span}, FromFork: "unknown"}, "definitions/"+field.Key, field.Value)
	}
}

// conditions reads what starts pipelines of the section "custom" by itself.
func (b *bitbucket) conditions(triggers *lint.Node) {
	for _, field := range triggers.Object() {
		t := Trigger{At: field.Span, Event: "other", Name: Text{Value: field.Key, At: field.Span}, FromFork: "no"}
		switch {
		case field.Key == "repository-push":
			t.Event = "push"
		case strings.HasPrefix(field.Key, "pullrequest-"):
			t.Event = "pull_request"
		}
		b.trigger(t)
	}
}

func (b *bitbucket) trigger(t Trigger) {
	same := func(other Trigger) bool { return other.Name.Value == t.Name.Value }
	switch {
	case t.Event == "":
		b.gap(t.At, "this section of the pipelines is not known and was not judged", "syntax", place{})
	case !slices.ContainsFunc(b.Triggers, same):
		b.Triggers = append(b.Triggers, t)
	}
}

// steps calls visit for each step of a list, those of stages and parallel groups
// included; group is called when those before have to end.
func bitbucketSteps(list *lint.Node, stage *lint.Node, visit func(step, stage *lint.Node), next func()) {
	for _, item := range list.List() {
		for _, field := range item.Object() {
			inner := field.Value
			if steps := inner.Get("steps"); steps != nil {
				inner = steps
			}
			switch field.Key {
			case "step":
				visit(field.Value, stage)
				next()
			case "parallel":
				bitbucketSteps(inner, stage, visit, func() {})
				next()
			case "stage":
				bitbucketSteps(inner, field.Value, visit, next)
			}
		}
	}
}

// count finds the IDs that more than one job wants.
func (b *bitbucket) count(pipeline *lint.Node, _ string) {
	bitbucketSteps(pipeline, nil, func(step, stage *lint.Node) {
		key := bitbucketKey{step.Span, deployment(step, stage).Value}
		if _, known := b.jobs[key]; !known && len(b.jobs) < maxJobs {
			b.jobs[key] = -1
			b.names[text(step.Get("name")).Value]++
		}
	}, func() {})
}

func deployment(step, stage *lint.Node) Text {
	for _, n := range []*lint.Node{step, stage} {
		for _, key := range []string{"deployment", "environment"} {
			if name := text(n.Get(key)); name.Value != "" {
				return name
			}
			if name := text(n.Get(key, "name")); name.Value != "" {
				return name
			}
		}
	}
	return Text{}
}

func (b *bitbucket) pipeline(name string, pipeline *lint.Node) {
	if imported := pipeline.Get("import"); imported != nil {
		b.gap(imported.Span, "the pipeline is imported from another repository and was not judged", "remote", place{})
	}
	way := bitbucketWay{pipeline: name}
	var group []Text
	bitbucketSteps(pipeline, nil, func(step, stage *lint.Node) {
		way.count++
		way.stage = stage
		if id := b.step(step, way); id.Value != "" {
			group = append(group, id)
		}
	}, func() { way.after, group = group, nil })
	for _, item := range pipeline.List() {
		b.item(item)
	}
}

// item reads what stands beside the steps: the variables that a person fills in.
func (b *bitbucket) item(n *lint.Node) {
	for _, variable := range n.Get("variables").List() {
		if value := variable.Get("default"); scalar(value) {
			name := text(variable.Get("name"))
			b.literal(value, place{address: join("variables", name.Value), variable: name, where: "default"})
		}
	}
	if n.Get("step") == nil && n.Get("parallel") == nil && n.Get("stage") == nil && n.Get("variables") == nil {
		b.gap(n.Span, `an item of a pipeline that is no "step", "parallel", "stage" or "variables" was not judged`, "syntax", place{})
	}
}

// step reads a step, unless it was read in another pipeline, and gives its ID.
func (b *bitbucket) step(n *lint.Node, way bitbucketWay) Text {
	env := deployment(n, way.stage)
	index, known := b.jobs[bitbucketKey{n.Span, env.Value}]
	switch {
	case !known || len(b.Steps) > maxSteps:
		b.limited = true
		return Text{}
	case index >= 0:
		b.need(index, way.after)
		return b.Jobs[index].ID
	case n.Kind != lint.Object:
		b.gap(n.Span, "a step that is no mapping was not judged", "syntax", place{})
		return Text{}
	}
	id := b.identify(n, way)
	p := place{job: id, address: join("jobs", id.Value), inJob: env}
	j := Job{
		At: n.Span, ID: id, Name: text(n.Get("name")), Stage: text(way.stage.Get("name")), Condition: bitbucketCondition(n, way.stage),
		Runner: bitbucketRunner(n), Calls: text(n.Get("custom")),
	}
	if env.Value != "" {
		b.deploys[id.Value] = env
		j.Environment = &Environment{At: env.At, Name: env}
	}
	j.Container = b.image(n.Get("image"), p)
	if n.Get("image") == nil {
		j.Container = b.image(b.root.Get("image"), p)
	}
	b.jobs[bitbucketKey{n.Span, env.Value}] = len(b.Jobs)
	b.Jobs = append(b.Jobs, j)
	b.need(len(b.Jobs)-1, way.after)
	b.within(n, p)
	return id
}

// identify gives a job its ID: the name of the step, with its pipeline if others
// have that name, or else its number there.
func (b *bitbucket) identify(n *lint.Node, way bitbucketWay) Text {
	name := text(n.Get("name"))
	id := Text{Value: name.Value, At: name.At}
	switch {
	case name.Value == "":
		id = Text{Value: fmt.Sprintf("%s/%d", way.pipeline, way.count), At: n.Span}
	case b.names[name.Value] > 1:
		id.Value = way.pipeline + "/" + name.Value
	}
	if env := deployment(n, way.stage); b.taken[id.Value] && env.Value != "" {
		id.Value += "/" + env.Value
	}
	for base, i := id.Value, 2; b.taken[id.Value]; i++ {
		id.Value = fmt.Sprintf("%s-%d", base, i)
	}
	b.taken[id.Value] = true
	return id
}

func (b *bitbucket) need(index int, after []Text) {
	j := &b.Jobs[index]
	for _, id := range after {
		if len(j.Needs) < maxWaits && id.Value != j.ID.Value && !slices.ContainsFunc(j.Needs, func(t Text) bool { return t.Value == id.Value }) {
			j.Needs = append(j.Needs, id)
		}
	}
}

// bitbucketCondition is what keeps a step from running by itself.
func bitbucketCondition(step, stage *lint.Node) Text {
	for _, n := range []*lint.Node{step, stage} {
		if trigger := n.Get("trigger"); trigger.Str() == "manual" {
			return text(trigger)
		}
		if condition := n.Get("condition"); condition != nil {
			return written(condition)
		}
	}
	return Text{}
}

func bitbucketRunner(n *lint.Node) Runner {
	labels := n.Get("runs-on")
	r := Runner{Kind: "hosted", Labels: texts(labels)}
	if labels == nil {
		return r
	}
	r.At = labels.Span
	if slices.ContainsFunc(r.Labels, func(t Text) bool { return t.Value == "self.hosted" }) {
		r.Kind = "self_hosted"
	}
	return r
}
