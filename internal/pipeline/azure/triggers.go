package azure

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// triggers reads what starts the pipeline. Without "trigger" each push does; pull
// requests do without "pr" where the repository lies on GitHub or Bitbucket, and
// in Azure's own repositories a policy of the branch decides, which no file shows.
func (a *collector) triggers(root *lint.Node) {
	a.pushes(root.Field("trigger"))
	if pr := root.Field("pr"); pr == nil || !isNone(pr.Value) {
		a.trigger("pull_request", "unknown", pr, "pr")
	}
	for _, schedule := range root.Get("schedules").List() {
		cron := model.TextOf(schedule.Get("cron"))
		if cron.Value != "" && len(a.Triggers) < model.MaxTriggers {
			a.Triggers = append(a.Triggers, model.Trigger{At: schedule.Span, Event: "schedule", Name: model.Text{Value: "schedules", At: root.Field("schedules").Span}, FromFork: "no", Crons: []model.Text{cron}})
		}
	}
	for _, kind := range []struct{ key, event string }{{"pipelines", "upstream"}, {"webhooks", "api"}, {"containers", "other"}, {"packages", "other"}, {"repositories", "push"}} {
		for _, resource := range root.Get("resources", kind.key).List() {
			trigger := resource.Field("trigger")
			if kind.key == "webhooks" || trigger != nil && !isNone(trigger.Value) && trigger.Value.Text != "false" {
				a.trigger(kind.event, "no", trigger, kind.key)
			}
		}
	}
	if len(a.Triggers) == 0 {
		a.trigger("manual", "no", root.Field("trigger"), "trigger")
	}
}

// pushes reads "trigger": none, a list of branches, or branches and tags.
func (a *collector) pushes(trigger *lint.Field) {
	if trigger == nil {
		a.trigger("push", "no", nil, "trigger")
		return
	}
	if isNone(trigger.Value) {
		return
	}
	tags := trigger.Value.Get("tags") != nil
	if tags {
		a.trigger("tag", "no", trigger, "trigger")
	}
	if !tags || trigger.Value.Get("branches") != nil {
		a.trigger("push", "no", trigger, "trigger")
	}
}

func isNone(n *lint.Node) bool { return strings.EqualFold(n.Str(), "none") }

func (a *collector) trigger(event, fromFork string, field *lint.Field, name string) {
	if len(a.Triggers) >= model.MaxTriggers {
		at := lint.Span{}
		if field != nil {
			at = field.Span
		}
		a.limit(at, place{})
		return
	}
	t := model.Trigger{Event: event, Name: model.Text{Value: name}, FromFork: fromFork}
	if field != nil {
		t.At, t.Name.At = field.Span, field.Span
	}
	a.Triggers = append(a.Triggers, t)
}

// proposed holds for pipelines that ask for pull requests by "pr", which only
// those do whose repository lies on GitHub or Bitbucket. In Azure's own, outsiders
// can propose nothing unless settings let them.
func (a *collector) proposed() bool {
	return slices.ContainsFunc(a.Triggers, func(t model.Trigger) bool { return t.Event == "pull_request" && t.At.Source != nil })
}

// aliases notes the names that a file gives to other repositories.
func (a *collector) aliases(root *lint.Node) {
	for _, repository := range root.Get("resources", "repositories").List() {
		a.repositories[strings.ToLower(repository.Get("repository").Str())] = repository
	}
}

// resources reads the repositories and containers that others name.
func (a *collector) resources(n *lint.Node, w world, p place) {
	for _, repository := range n.Get("repositories").List() {
		a.connection(repository.Get("endpoint"), p.below("resources"))
	}
	for _, container := range a.expand(n.Get("containers"), w, p).List() {
		a.containers[strings.ToLower(container.Get("container").Str())] = container
	}
}
