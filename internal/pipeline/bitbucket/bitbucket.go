// Package bitbucket collects configurations of Bitbucket Pipelines.
package bitbucket

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one configuration of Bitbucket Pipelines. Each of its steps is a
// job: it has a machine of its own. A step that several pipelines share by an
// anchor is one job.
type collector struct {
	model.Reading
	root    *lint.Node
	jobs    map[stepKey]int // index in Jobs
	names   map[string]int  // how many jobs want an ID
	taken   map[string]bool
	deploys map[string]model.Text // by ID of a job
}

// stepKey tells steps apart: the same text can deploy to several places.
type stepKey struct {
	at         lint.Span
	deployment string
}

// way is where in a pipeline a step stands.
type way struct {
	pipeline string // "branches/main"
	count    int
	stage    *lint.Node
	after    []model.Text // the jobs that end before
}

// Collect reads one configuration.
func Collect(doc *lint.Document, _ model.Files) *model.Pipeline {
	b := &collector{root: doc.Root, jobs: map[stepKey]int{}, names: map[string]int{}, taken: map[string]bool{}, deploys: map[string]model.Text{}}
	b.Pipeline.At = doc.Root.Span
	b.Platform, b.Masking, b.Kind = "bitbucket", "some", "workflow"
	b.Traits = traits
	if doc.Root.Get("pipelines") == nil {
		b.Kind = "reusable"
	}
	b.each(func(_ model.Trigger, name string, pipeline *lint.Node) { b.count(pipeline, name) })
	b.each(func(trigger model.Trigger, name string, pipeline *lint.Node) {
		b.trigger(trigger)
		b.pipeline(name, pipeline)
	})
	exposures := len(b.Exposures)
	b.logins(b.root.Get("image"), model.Place{}) // for what it says literally; who gets the rest is said by jobs
	b.Exposures = b.Exposures[:exposures]
	b.conditions(doc.Root.Get("triggers"))
	b.AddAmbient(b.mention)
	if b.Limited {
		b.AddGap(lint.Span{}, "the configuration has more steps than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &b.Pipeline
}

// events says what starts the pipelines of a section. A pull request
// from a fork starts none in the repository that it is for.
var events = map[string]string{"default": "push", "branches": "push", "bookmarks": "push", "tags": "tag", "pull-requests": "pull_request", "custom": "manual"}

// each goes through all pipelines.
func (b *collector) each(visit func(trigger model.Trigger, name string, pipeline *lint.Node)) {
	for _, section := range b.root.Get("pipelines").Object() {
		event, known := events[section.Key]
		trigger := model.Trigger{At: section.Span, Event: event, Name: model.Text{Value: section.Key, At: section.Span}, FromFork: "no"}
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
		visit(model.Trigger{At: field.Span, Event: "call", Name: model.Text{Value: "import", At: field.Span}, FromFork: "unknown"}, "definitions/"+field.Key, field.Value)
	}
}

// conditions reads what starts pipelines of the section "custom" by itself.
func (b *collector) conditions(triggers *lint.Node) {
	for _, field := range triggers.Object() {
		t := model.Trigger{At: field.Span, Event: "other", Name: model.Text{Value: field.Key, At: field.Span}, FromFork: "no"}
		switch {
		case field.Key == "repository-push":
			t.Event = "push"
		case strings.HasPrefix(field.Key, "pullrequest-"):
			t.Event = "pull_request"
		}
		b.trigger(t)
	}
}

func (b *collector) trigger(t model.Trigger) {
	same := func(other model.Trigger) bool { return other.Name.Value == t.Name.Value }
	switch {
	case t.Event == "":
		b.AddGap(t.At, "this section of the pipelines is not known and was not judged", "syntax", model.Place{})
	case !slices.ContainsFunc(b.Triggers, same):
		b.Triggers = append(b.Triggers, t)
	}
}

// steps calls visit for each step of a list, those of stages and parallel groups
// included; group is called when those before have to end.
func stepsOf(list *lint.Node, stage *lint.Node, visit func(step, stage *lint.Node), next func()) {
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
				stepsOf(inner, stage, visit, func() {})
				next()
			case "stage":
				stepsOf(inner, field.Value, visit, next)
			}
		}
	}
}

// count finds the IDs that more than one job wants.
func (b *collector) count(pipeline *lint.Node, _ string) {
	stepsOf(pipeline, nil, func(step, stage *lint.Node) {
		key := stepKey{step.Span, deployment(step, stage).Value}
		if _, known := b.jobs[key]; !known && len(b.jobs) < model.MaxJobs {
			b.jobs[key] = -1
			b.names[model.TextOf(step.Get("name")).Value]++
		}
	}, func() {})
}

func deployment(step, stage *lint.Node) model.Text {
	for _, n := range []*lint.Node{step, stage} {
		for _, key := range []string{"deployment", "environment"} {
			if name := model.TextOf(n.Get(key)); name.Value != "" {
				return name
			}
			if name := model.TextOf(n.Get(key, "name")); name.Value != "" {
				return name
			}
		}
	}
	return model.Text{}
}

func (b *collector) pipeline(name string, pipeline *lint.Node) {
	if imported := pipeline.Get("import"); imported != nil {
		b.AddGap(imported.Span, "the pipeline is imported from another repository and was not judged", "remote", model.Place{})
	}
	way := way{pipeline: name}
	var group []model.Text
	stepsOf(pipeline, nil, func(step, stage *lint.Node) {
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
func (b *collector) item(n *lint.Node) {
	for _, variable := range n.Get("variables").List() {
		if value := variable.Get("default"); model.IsScalar(value) {
			name := model.TextOf(variable.Get("name"))
			b.AddLiteral(value, model.Place{Address: model.Join("variables", name.Value), Variable: name, Where: "default"})
		}
	}
	if n.Get("step") == nil && n.Get("parallel") == nil && n.Get("stage") == nil && n.Get("variables") == nil {
		b.AddGap(n.Span, `an item of a pipeline that is no "step", "parallel", "stage" or "variables" was not judged`, "syntax", model.Place{})
	}
}

// step reads a step, unless it was read in another pipeline, and gives its ID.
func (b *collector) step(n *lint.Node, way way) model.Text {
	env := deployment(n, way.stage)
	index, known := b.jobs[stepKey{n.Span, env.Value}]
	switch {
	case !known || len(b.Steps) > model.MaxSteps:
		b.Limited = true
		return model.Text{}
	case index >= 0:
		b.need(index, way.after)
		b.also(index, conditionOf(n, way))
		return b.Jobs[index].ID
	case n.Kind != lint.Object:
		b.AddGap(n.Span, "a step that is no mapping was not judged", "syntax", model.Place{})
		return model.Text{}
	}
	id := b.identify(n, way)
	p := model.Place{Job: id, Address: model.Join("jobs", id.Value), Environment: env}
	j := model.Job{
		At: n.Span, ID: id, Name: model.TextOf(n.Get("name")), Stage: model.TextOf(way.stage.Get("name")), Condition: conditionOf(n, way),
		Runner: runnerOf(n), Calls: model.TextOf(n.Get("custom")),
	}
	if env.Value != "" {
		b.deploys[id.Value] = env
		j.Environment = &model.Environment{At: env.At, Name: env}
	}
	j.Container = b.image(n.Get("image"), p)
	if n.Get("image") == nil {
		j.Container = b.image(b.root.Get("image"), p)
	}
	b.jobs[stepKey{n.Span, env.Value}] = len(b.Jobs)
	b.Jobs = append(b.Jobs, j)
	b.need(len(b.Jobs)-1, way.after)
	b.within(n, p)
	return id
}

// identify gives a job its ID: the name of the step, with its pipeline if others
// have that name, or else its number there.
func (b *collector) identify(n *lint.Node, way way) model.Text {
	name := model.TextOf(n.Get("name"))
	id := model.Text{Value: name.Value, At: name.At}
	switch {
	case name.Value == "":
		id = model.Text{Value: fmt.Sprintf("%s/%d", way.pipeline, way.count), At: n.Span}
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

// also says what else a job runs on that several pipelines have: without a condition in one
// of them, on everything.
func (b *collector) also(index int, condition model.Text) {
	j := &b.Jobs[index]
	switch known := j.Condition.Value; {
	case known == "" || condition.Value == "":
		j.Condition = model.Text{}
	case !slices.Contains(strings.Split(known, " || "), condition.Value) && len(known) < model.MaxReference:
		j.Condition.Value += " || " + condition.Value
	}
}

func (b *collector) need(index int, after []model.Text) {
	j := &b.Jobs[index]
	for _, id := range after {
		if len(j.Needs) < model.MaxWaits && id.Value != j.ID.Value && !slices.ContainsFunc(j.Needs, func(t model.Text) bool { return t.Value == id.Value }) {
			j.Needs = append(j.Needs, id)
		}
	}
}

// conditionOf is what keeps a step from running by itself.
func conditionOf(step *lint.Node, w way) model.Text {
	for _, n := range []*lint.Node{step, w.stage} {
		if trigger := n.Get("trigger"); trigger.Str() == "manual" {
			return model.TextOf(trigger)
		}
		if condition := n.Get("condition"); condition != nil {
			return model.ConditionOf(condition)
		}
	}
	if strings.HasPrefix(w.pipeline, "branches/") {
		return model.Text{Value: w.pipeline, At: step.Span}
	}
	return model.Text{}
}

func runnerOf(n *lint.Node) model.Runner {
	labels := n.Get("runs-on")
	r := model.Runner{Kind: "hosted", Labels: model.TextsOf(labels)}
	if labels == nil {
		return r
	}
	r.At = labels.Span
	if slices.ContainsFunc(r.Labels, func(t model.Text) bool { return t.Value == "self.hosted" }) {
		r.Kind = "self_hosted"
	}
	return r
}
