package github

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// events says for each event what it is to other platforms, and whether
// somebody without the right to push can fire it. Others fire by those who have
// that right.
var events = map[string]struct{ event, fromFork string }{
	"push":                        {"push", "no"},
	"pull_request":                {"pull_request", "yes"},
	"pull_request_review":         {"pull_request", "yes"},
	"pull_request_review_comment": {"pull_request", "yes"},
	"pull_request_target":         {"pull_request_privileged", "yes"},
	"issue_comment":               {"comment", "yes"},
	"issues":                      {"comment", "yes"},
	"discussion":                  {"comment", "yes"},
	"discussion_comment":          {"comment", "yes"},
	"commit_comment":              {"comment", "yes"},
	"fork":                        {"other", "yes"},
	"watch":                       {"other", "yes"},
	"gollum":                      {"other", "unknown"}, // who may edit the wiki is a setting
	"schedule":                    {"schedule", "no"},
	"workflow_dispatch":           {"manual", "no"},
	"repository_dispatch":         {"api", "no"},
	"workflow_run":                {"upstream", "unknown"},
	"check_run":                   {"upstream", "unknown"},
	"check_suite":                 {"upstream", "unknown"},
	"status":                      {"upstream", "unknown"},
	"merge_group":                 {"merge_queue", "no"},
	"workflow_call":               {"call", "unknown"},
}

// others are the events that only somebody of the repository fires, or the platform.
var others = []string{
	"branch_protection_rule", "check_run", "create", "delete", "deployment", "deployment_status", "deployment_review", "image_version", "label", "member", "milestone", "page_build",
	"project", "project_card", "project_column", "public", "registry_package", "release", "pull_request_comment", "repository", "team_add",
}

// on is what starts the workflow. What reads the word as a truth value writes it as one.
func (g *collector) on() *lint.Node {
	if on := g.root.Get("on"); on != nil {
		return on
	}
	return g.root.Get("true")
}

func (g *collector) triggers() {
	on := g.on()
	if g.from != nil {
		g.Triggers, g.Kind = g.from.triggers, "workflow"
		return
	}
	for _, name := range model.TextsOf(on) {
		g.trigger(name, nil)
	}
	for _, field := range on.Object() {
		g.trigger(model.Text{Value: field.Key, At: field.Span}, field.Value)
	}
	if len(g.Triggers) == 0 {
		g.AddGap(g.root.Span, "nothing says what starts the workflow; what outsiders can do was not judged", "syntax", model.Place{})
	}
	g.closed()
	g.Kind = "workflow"
	if len(g.Triggers) == 1 && g.Triggers[0].Event == "call" {
		g.Kind = "reusable"
	}
}

func (g *collector) trigger(name model.Text, filters *lint.Node) {
	if len(g.Triggers) >= model.MaxTriggers {
		g.limited = true
		return
	}
	known, ok := events[name.Value]
	if !ok {
		known.event, known.fromFork = "other", "no"
		if !slices.Contains(others, name.Value) {
			g.AddGap(name.At, "an event that is not known; who can fire it was not judged", "syntax", model.Place{})
		}
	}
	if known.fromFork == "yes" && onlyMaintainers(filters.Get("types")) {
		known.fromFork = "no"
	}
	t := model.Trigger{At: name.At, Event: known.event, Name: name, FromFork: known.fromFork}
	if t.Event == "schedule" {
		t.Crons = crons(filters)
	}
	tags := filters.Get("tags") != nil || filters.Get("tags-ignore") != nil
	branches := filters.Get("branches") != nil || filters.Get("branches-ignore") != nil
	if t.Event == "push" && tags {
		tag := t
		tag.Event = "tag"
		g.Triggers = append(g.Triggers, tag)
		if !branches {
			return
		}
	}
	g.Triggers = append(g.Triggers, t)
}

// closed notes the inputs that are no text, whether a person or another workflow fills
// them in.
func (g *collector) closed() {
	person, caller := g.on().Get("workflow_dispatch", "inputs"), g.on().Get("workflow_call", "inputs")
	if person == nil || caller == nil {
		g.AddClosed(person)
		g.AddClosed(caller)
		return
	}
	var both model.Pipeline
	both.AddClosed(caller)
	g.AddClosed(person)
	g.Closed = slices.DeleteFunc(g.Closed, func(name string) bool {
		return model.FieldFold(caller, name) != nil && !slices.Contains(both.Closed, name)
	})
}

func crons(schedule *lint.Node) []model.Text {
	var all []model.Text
	for _, item := range schedule.List() {
		if cron := model.TextOf(item.Get("cron")); cron.Value != "" && len(all) < model.MaxTriggers {
			all = append(all, cron)
		}
	}
	return all
}

// onlyMaintainers holds for activities that take the right to triage.
func onlyMaintainers(types *lint.Node) bool {
	activities := model.TextsOf(types)
	return len(activities) > 0 && !slices.ContainsFunc(activities, func(t model.Text) bool {
		return !slices.Contains([]string{"labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned", "locked", "unlocked", "pinned", "unpinned", "transferred", "deleted"}, t.Value)
	})
}

// choosable are the inputs whose values only a person picks. If other workflows
// can call this one, they may pass anything.
func (g *collector) choosable() *lint.Node {
	if g.from != nil {
		return g.from.inputs
	}
	if g.on().Get("workflow_call") != nil {
		return nil
	}
	return g.on().Get("workflow_dispatch", "inputs")
}

// untrusted notes a use of outsider's text, if an event of this workflow has it,
// once for each expression: first is where that of this one begin.
func (g *collector) untrusted(first int, u use, l located, n *lint.Node, p place) {
	if !u.flows || u.path[0] != "github" && u.path[0] != "inputs" {
		return
	}
	use := model.Untrusted{
		At: n.Span, Address: p.Address, Expression: model.Text{Value: strings.Join(u.path, "."), At: l.at, Via: u.via}, Where: p.Where, Job: p.Job, Step: p.Step,
		Variable: p.Variable, Component: p.Component, Offset: l.offset, Length: l.length,
	}
	switch {
	case u.path[0] == "inputs":
		if u.call == nil && len(u.path) == 2 && g.on().Get("workflow_call") != nil {
			g.Sources = append(g.Sources, model.Source{Untrusted: use, Kind: "input"})
		}
		return
	case among(changes, u):
		g.Sources = append(g.Sources, model.Source{Untrusted: use, Kind: "change"})
	}
	privileged := ""
	for _, row := range model.OutsiderTexts {
		if matches(strings.Split(row.Path, "."), u) {
			privileged = worse(privileged, g.privileged(row.Events, p))
		}
	}
	same := func(other model.Untrusted) bool { return other.Expression.Value == use.Expression.Value }
	if use.Privileged = privileged; privileged == "" || slices.ContainsFunc(g.Untrusted[first:], same) {
		return
	}
	g.Untrusted = append(g.Untrusted, use)
}

// matches says whether a use is the value at a path, or holds it: as JSON, a
// whole object is text.
func matches(want []string, u use) bool {
	if len(u.path) > len(want) || len(u.path) < len(want) && !slices.Contains(u.transformed, "to_json") {
		return false
	}
	for i, part := range u.path {
		if part != want[i] && want[i] != "*" && part != "*" {
			return false
		}
	}
	return true
}

// privileged says whether one of the events lets an outsider use the job's
// secrets: "" if the workflow has none of them.
func (g *collector) privileged(events []string, p place) string {
	if g.Kind == "component" {
		return "unknown"
	}
	answer := ""
	for _, t := range g.Triggers {
		switch {
		case t.Event == "call":
			answer = worse(answer, "unknown")
		case !slices.Contains(events, t.Name.Value) || p.reach[t.Name.Value] == never:
		case t.Event == "pull_request" || p.reach[t.Name.Value] < open:
			answer = worse(answer, "no")
		case t.Name.Value == "gollum":
			answer = worse(answer, "unknown")
		default:
			answer = worse(answer, "yes")
		}
	}
	return answer
}

func worse(a, b string) string {
	order := []string{"", "no", "unknown", "yes"}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// identities notes the job's token and what it may do.
func (g *collector) identities(job *lint.Node, p place) {
	permissions, declared := job.Get("permissions"), "job"
	if permissions == nil {
		permissions, declared = g.root.Get("permissions"), "pipeline"
	}
	token := model.Identity{At: p.Job.At, Address: model.Join(p.Address, "identities", "platform_token"), Job: p.Job, Kind: "platform_token"}
	if permissions == nil {
		g.Identities = append(g.Identities, token)
		return
	}
	token.At, token.Explicit, token.DeclaredAt = permissions.Span, true, declared
	if level, ok := strings.CutSuffix(permissions.Str(), "-all"); ok {
		token.All = model.Text{Value: level, At: permissions.Span, Via: permissions.Via}
	}
	oidc := model.Identity{At: permissions.Span, Address: model.Join(p.Address, "identities", "oidc"), Job: p.Job, Kind: "oidc", Explicit: true, DeclaredAt: declared}
	mayAsk := token.All.Value == "write"
	for _, field := range permissions.Object() {
		scope := model.Scope{At: field.Span, Name: model.Text{Value: field.Key, At: field.Span}, Level: model.TextOf(field.Value)}
		if !slices.Contains(scopes, field.Key) || !slices.Contains([]string{"read", "write", "none"}, scope.Level.Value) {
			g.AddGap(field.Span, "a permission that is not known, which GitHub refuses", "syntax", p.Place)
		}
		token.Scopes = append(token.Scopes, scope)
		if field.Key == "id-token" && scope.Level.Value == "write" {
			oidc.At, mayAsk = field.Span, true
		}
	}
	g.Identities = append(g.Identities, token)
	if mayAsk {
		g.Identities = append(g.Identities, oidc)
	}
}

// scopes are what a token can be given rights to.
var scopes = []string{
	"actions", "artifact-metadata", "attestations", "checks", "contents", "copilot-requests", "deployments", "discussions", "id-token", "issues", "models", "packages", "pages",
	"pull-requests", "repository-projects", "security-events", "statuses", "vulnerability-alerts",
}

// runner tells GitHub's own machines from others by their labels.
func (g *collector) runner(n *lint.Node, s scope) model.Runner {
	r := model.Runner{Kind: "unknown"}
	if n == nil {
		return r
	}
	r.At = n.Span
	labels := n
	if n.Kind == lint.Object {
		labels = n.Get("labels")
	}
	complete := true
	for _, label := range model.TextsOf(labels) {
		names, known := g.labels(label, s)
		complete = complete && known
		r.Labels = append(r.Labels, names...)
	}
	switch {
	case slices.ContainsFunc(r.Labels, func(l model.Text) bool { return strings.EqualFold(l.Value, "self-hosted") }):
		r.Kind = "self_hosted"
	case complete && len(r.Labels) > 0 && !slices.ContainsFunc(r.Labels, func(l model.Text) bool { return !hosted(l.Value) }):
		r.Kind = "hosted"
	}
	return r
}

// labels works out a computed label, as far as a matrix or choice spells it out.
func (g *collector) labels(label model.Text, s scope) ([]model.Text, bool) {
	if !strings.Contains(label.Value, "${{") {
		return []model.Text{label}, true
	}
	found := g.expressions(&lint.Node{Kind: lint.String, Text: label.Value, Span: label.At}, place{})
	if len(found) != 1 || !strings.HasPrefix(label.Value, "${{") || !strings.HasSuffix(label.Value, "}}") {
		return nil, false
	}
	values, known := s.values(found[0].expr)
	var all []model.Text
	for _, value := range values {
		all = append(all, model.Text{Value: value, At: label.At, Via: label.Via})
	}
	return all, known
}

// hosted holds for ubuntu-24.04, windows-latest and the like. An organisation may
// call machines of its own whatever it likes.
func hosted(label string) bool {
	system, version, _ := strings.Cut(strings.ToLower(label), "-")
	isSystem := system == "ubuntu" || system == "windows" || system == "macos"
	return isSystem && (model.IsVersion(version) || strings.HasPrefix(version, "latest") || version == "slim")
}
