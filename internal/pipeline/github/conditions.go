package github

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// hold says how a condition stands to an event that an outsider fires. The order
// matters: "and" takes the least of its operands, "or" the greatest.
type hold int

const (
	never   hold = iota // the event does not pass
	guarded             // it passes if the repository's people, or its settings, had a say
	open                // nothing is known to keep it out
	always
)

func (h hold) not() hold {
	switch h {
	case never:
		return always
	case always:
		return never
	}
	return open
}

// judge works out a condition for one event. A check of a bot's name is taken to
// be answered with bot.
func judge(e *expression.Expr, event string, bot hold) hold {
	switch e.Kind {
	case expression.And:
		least := always
		for _, arg := range e.Args {
			least = min(least, judge(arg, event, bot))
		}
		return least
	case expression.Or:
		greatest := never
		for _, arg := range e.Args {
			greatest = max(greatest, judge(arg, event, bot))
		}
		return greatest
	case expression.Not:
		if strings.HasSuffix(dotted(e.Args[0]), ".head.repo.fork") {
			return guarded
		}
		return judge(e.Args[0], event, bot).not()
	case expression.Compare:
		return compared(e, event, bot)
	case expression.Call:
		return called(e, event, bot)
	}
	return truth(e)
}

// truth judges a value that stands alone.
func truth(e *expression.Expr) hold {
	switch {
	case e.Kind == expression.Literal && e.Text == "true":
		return always
	case e.Kind == expression.Literal && e.Text == "false":
		return never
	case worksOut(dotted(e)) || dotted(e) == "github.event.pull_request.merged":
		return guarded
	}
	return open
}

func compared(e *expression.Expr, event string, bot hold) hold {
	if e.Text != "==" && e.Text != "!=" {
		return open
	}
	equal := equals(dotted(e.Args[0]), e.Args[1], event, bot)
	if equal == open {
		equal = equals(dotted(e.Args[1]), e.Args[0], event, bot)
	}
	if e.Text == "!=" {
		return equal.not()
	}
	return equal
}

// equals judges whether the value at a path is another.
func equals(path string, other *expression.Expr, event string, bot hold) hold {
	isText := other.Kind == expression.String
	switch {
	case path == "github.event_name" && isText && strings.EqualFold(other.Text, event):
		return always
	case path == "github.event_name" && isText:
		return never
	case notOnRef(path, other, event):
		return never
	case path == "github.event.workflow_run.event" && isText && events[other.Text].fromFork == "yes":
		return open
	case strings.HasSuffix(path, ".head.repo.fork") && strings.EqualFold(other.Text, "true"):
		return open
	case isBotCheck(path, other):
		return bot
	case worksOut(path) || isGuard(path):
		return guarded
	}
	return open
}

// notOnRef says whether an event never runs on a ref: that of a pull request is
// refs/pull/1/merge, and its short name 1/merge.
func notOnRef(path string, other *expression.Expr, event string) bool {
	if events[event].event != "pull_request" {
		return false
	}
	if other.Kind == expression.Call && other.Text == "format" && len(other.Args) > 0 {
		other = other.Args[0]
	}
	switch path {
	case "github.ref":
		return other.Kind == expression.String && !strings.HasPrefix(strings.ToLower(other.Text), "refs/pull/")
	case "github.ref_name":
		return dotted(other) == "github.event.repository.default_branch" || other.Kind == expression.String && !strings.HasSuffix(strings.ToLower(other.Text), "/merge")
	}
	return false
}

// guards are the values whose comparison lets somebody of the repository decide:
// who wrote it, where it comes from, which label a maintainer gave.
var guards = []string{
	".author_association", ".user.login", ".user.id", ".user.type", ".sender.login", ".label.name", ".merged",
	"github.actor", "github.actor_id", "github.triggering_actor", ".workflow_run.actor.login", ".workflow_run.triggering_actor.login",
	".head.repo.full_name", ".head.repo.owner.login", ".head.repo.id", ".head.repo.fork",
	".head_repository.full_name", ".head_repository.owner.login", ".head_repository.id", ".head_repository.fork",
	"github.event.workflow_run.event",
}

func isGuard(path string) bool {
	return slices.ContainsFunc(guards, func(guard string) bool { return strings.HasSuffix(path, guard) })
}

// worksOut holds for what an earlier step or job found: it may be a check of
// rights.
func worksOut(path string) bool {
	return (strings.HasPrefix(path, "steps.") || strings.HasPrefix(path, "needs.")) && strings.Contains(path, ".outputs.")
}

// called judges contains(list, value), a list of labels or of people, and tests
// of the actor's name.
func called(e *expression.Expr, event string, bot hold) hold {
	if len(e.Args) == 2 && e.Text != "contains" && isActor(dotted(e.Args[0])) && strings.Contains(strings.ToLower(e.Args[1].Text), "bot") {
		return bot // startsWith, endsWith
	}
	if e.Text == "startswith" && len(e.Args) == 2 && dotted(e.Args[0]) == "github.ref" && e.Args[1].Kind == expression.String {
		prefix := strings.ToLower(e.Args[1].Text)
		if _, privileged := events[event]; privileged && events[event].fromFork != "no" && strings.HasPrefix(prefix, "refs/tags") {
			return never // only a push of a tag, or somebody who may push, runs on one
		}
		if notOnRef("github.ref", e.Args[1], event) && !strings.HasPrefix("refs/pull/", prefix) {
			return never
		}
	}
	if e.Text != "contains" {
		return open
	}
	if len(e.Args) == 2 && e.Args[0].Kind == expression.String {
		if held := partOf(e.Args[0].Text, dotted(e.Args[1]), event); held != open {
			return held
		}
	}
	for _, arg := range e.Args {
		path := dotted(arg)
		if isGuard(path) || strings.Contains(path, ".labels.") || worksOut(path) {
			return guarded
		}
	}
	return open
}

// partOf judges whether a value is a part of a text: contains('push issues',
// github.event_name) compares no words. The ref of a pull request is refs/pull/1/merge.
func partOf(text, path, event string) hold {
	text = strings.ToLower(text)
	switch {
	case path == "github.event_name" && strings.Contains(text, event):
		return always
	case path == "github.event_name":
		return never
	case path == "github.ref" && events[event].event == "pull_request" && !strings.Contains(text, "refs/pull/"):
		return never
	}
	return open
}

// isBotCheck holds for github.actor == 'x[bot]'. The actor is whoever did last
// something to a pull request, and a bot can be made to do that.
func isBotCheck(path string, other *expression.Expr) bool {
	switch other.Kind {
	case expression.String, expression.Literal:
		return isActor(path) && strings.HasSuffix(other.Text, "[bot]") || path == "github.actor_id" && botIDs[other.Text] != ""
	}
	return false
}

func isActor(path string) bool { return slices.Contains(actors, path) }

// actors are the names of whoever fired the event, or that of the run before.
var actors = []string{
	"github.actor", "github.triggering_actor", "github.event.sender.login",
	"github.event.workflow_run.actor.login", "github.event.workflow_run.triggering_actor.login",
}

// botIDs are the accounts of well-known bots.
var botIDs = map[string]string{"49699333": "dependabot[bot]", "29139614": "renovate[bot]", "41898282": "github-actions[bot]"}

func dotted(e *expression.Expr) string {
	path, _ := e.Path()
	return strings.Join(path, ".")
}

// conditionOf gives the expression of an "if". One that is pasted into other
// text is no condition: such a text is always true. A line break behind the
// braces is such a text.
func (g *collector) conditionOf(n *lint.Node) *expression.Expr {
	if n != nil && n.Kind == lint.Bool {
		return &expression.Expr{Kind: expression.Literal, Text: n.Text}
	}
	found := g.expressions(n, place{bare: true})
	if len(found) != 1 {
		return nil
	}
	if strings.Contains(n.Text, "${{") && !(strings.HasPrefix(n.Text, "${{") && strings.HasSuffix(n.Text, "}}")) {
		return nil
	}
	return found[0].expr
}

// reach says of each event, by GitHub's name for it, how it stands to a place.
type reach map[string]hold

// fired is how events come to the workflow: those that an outsider cannot fire
// had somebody's say.
func (g *collector) fired() reach {
	r := reach{}
	for _, t := range g.Triggers {
		r[t.Name.Value] = always
		if t.FromFork == "no" {
			r[t.Name.Value] = guarded
		}
	}
	return r
}

// through is what a condition leaves of the events.
func (r reach) through(condition *expression.Expr) reach {
	if condition == nil {
		return r
	}
	left := reach{}
	for event, was := range r {
		left[event] = min(was, judge(condition, event, guarded))
	}
	return left
}

// least joins what both leave: a job runs only where the one that it needs did.
func (r reach) least(other reach) reach {
	left := reach{}
	for event, was := range r {
		left[event] = min(was, other[event])
	}
	return left
}

// reachOf says which events start a job. It runs only if those that it needs
// did, unless its condition asks for their failure, and an environment may wait
// for an approval. Jobs that need each other never run.
func (g *collector) reachOf(id string, fired reach) reach {
	if known, ok := g.reached[id]; ok {
		return known
	}
	g.reached[id] = nil
	job := g.jobs[id]
	condition := g.conditionOf(job.Get("if"))
	r := fired.through(condition)
	for _, need := range model.TextsOf(job.Get("needs")) {
		if g.jobs[need.Value] != nil && !ignoresFailure(condition) {
			r = r.least(g.reachOf(need.Value, fired))
		}
	}
	if model.EnvironmentOf(job.Get("environment")) != nil {
		r = maps.Clone(r)
		for event, was := range r {
			r[event] = min(was, guarded)
		}
	}
	g.reached[id] = r
	return r
}

func ignoresFailure(e *expression.Expr) bool {
	if e == nil {
		return false
	}
	if e.Kind == expression.Call && slices.Contains([]string{"always", "failure", "cancelled"}, e.Text) {
		return true
	}
	return slices.ContainsFunc(e.Args, ignoresFailure)
}

// openTo lists, in the model's words, the events that nothing keeps out.
func (g *collector) openTo(r reach) []string {
	var events []string
	for _, t := range g.Triggers {
		if r[t.Name.Value] >= open && !slices.Contains(events, t.Event) {
			events = append(events, t.Event)
		}
	}
	return events
}

// actorCheck notes a condition that an event passes only because a bot is said
// to have fired it.
func (g *collector) actorCheck(n *lint.Node, p place, before reach) {
	condition := g.conditionOf(n)
	if condition == nil {
		return
	}
	passed := reach{}
	for event, was := range before {
		if judge(condition, event, never) < open {
			passed[event] = min(was, judge(condition, event, always))
		}
	}
	events := g.openTo(passed)
	if actor := botIn(condition); actor != "" && len(events) > 0 {
		g.ActorChecks = append(g.ActorChecks, model.ActorCheck{
			At: n.Span, Address: model.Join(p.Address, "if"), Condition: model.TextOf(n), Job: p.Job, Step: p.Step, Actor: actor, Events: events,
		})
	}
}

// botIn finds the bot that a condition asks for.
func botIn(e *expression.Expr) string {
	if len(e.Args) == 2 {
		for i, side := range e.Args {
			other := e.Args[1-i]
			switch {
			case isBotCheck(dotted(side), other) && botIDs[other.Text] != "":
				return botIDs[other.Text]
			case isBotCheck(dotted(side), other):
				return other.Text
			}
		}
		if e.Kind == expression.Call && isActor(dotted(e.Args[0])) {
			return e.Args[1].Text
		}
	}
	for _, arg := range e.Args {
		if actor := botIn(arg); actor != "" {
			return actor
		}
	}
	return ""
}
