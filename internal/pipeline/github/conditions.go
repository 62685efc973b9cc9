package github

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
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

// judging works out conditions for one event.
type judging struct {
	event  string
	bot    hold                   // what a check of a bot's name is taken to be answered with
	rights func(path string) bool // says whether what an earlier step or job found may be a check of rights
}

func (j judging) judge(e *expression.Expr) hold {
	switch e.Kind {
	case expression.And:
		least := always
		for _, arg := range e.Args {
			least = min(least, j.judge(arg))
		}
		return least
	case expression.Or:
		greatest := never
		for _, arg := range e.Args {
			greatest = max(greatest, j.judge(arg))
		}
		return greatest
	case expression.Not:
		if strings.HasSuffix(dotted(e.Args[0]), ".head.repo.fork") {
			return guarded
		}
		return j.judge(e.Args[0]).not()
	case expression.Compare:
		return j.compared(e)
	case expression.Call:
		return j.called(e)
	}
	return j.truth(e)
}

// truth judges a value that stands alone.
func (j judging) truth(e *expression.Expr) hold {
	switch {
	case e.Kind == expression.Literal && e.Text == "true":
		return always
	case e.Kind == expression.Literal && e.Text == "false":
		return never
	case j.rights(dotted(e)) || dotted(e) == "github.event.pull_request.merged":
		return guarded
	}
	return open
}

func (j judging) compared(e *expression.Expr) hold {
	if e.Text != "==" && e.Text != "!=" {
		return open
	}
	equal := j.equals(dotted(e.Args[0]), e.Args[1])
	if equal == open {
		equal = j.equals(dotted(e.Args[1]), e.Args[0])
	}
	if e.Text == "!=" {
		return equal.not()
	}
	return equal
}

// equals judges whether the value at a path is another.
func (j judging) equals(path string, other *expression.Expr) hold {
	isText := other.Kind == expression.String
	switch {
	case path == "github.event_name" && isText && strings.EqualFold(other.Text, j.event):
		return always
	case path == "github.event_name" && isText:
		return never
	case notOnRef(path, other, j.event):
		return never
	case path == "github.event.workflow_run.event" && isText && events[other.Text].fromFork == "yes":
		return open
	case strings.HasSuffix(path, ".head.repo.fork") && strings.EqualFold(other.Text, "true"):
		return open
	case isBotCheck(path, other):
		return j.bot
	case j.rights(path) || isGuard(path):
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

// called judges contains(list, value), a list of labels or of people, and tests
// of the actor's name.
func (j judging) called(e *expression.Expr) hold {
	if len(e.Args) == 2 && e.Text != "contains" && isActor(dotted(e.Args[0])) && strings.Contains(strings.ToLower(e.Args[1].Text), "bot") {
		return j.bot // startsWith, endsWith
	}
	if e.Text == "startswith" && len(e.Args) == 2 && dotted(e.Args[0]) == "github.ref" && e.Args[1].Kind == expression.String {
		prefix := strings.ToLower(e.Args[1].Text)
		if _, privileged := events[j.event]; privileged && events[j.event].fromFork != "no" && strings.HasPrefix(prefix, "refs/tags") {
			return never // only a push of a tag, or somebody who may push, runs on one
		}
		if notOnRef("github.ref", e.Args[1], j.event) && !strings.HasPrefix("refs/pull/", prefix) {
			return never
		}
	}
	if e.Text != "contains" {
		return open
	}
	if list := listed(e); list != nil { // whichever it equals
		greatest := never
		for _, item := range list {
			greatest = max(greatest, j.equals(dotted(e.Args[1]), item))
		}
		return greatest
	}
	if len(e.Args) == 2 && e.Args[0].Kind == expression.String {
		if held := partOf(e.Args[0].Text, dotted(e.Args[1]), j.event); held != open {
			return held
		}
	}
	for _, arg := range e.Args {
		path := dotted(arg)
		if isGuard(path) || strings.Contains(path, ".labels.") || j.rights(path) {
			return guarded
		}
	}
	return open
}

// listed are the texts of contains(fromJSON('["a", "b"]'), value).
func listed(e *expression.Expr) []*expression.Expr {
	if e.Text != "contains" || len(e.Args) != 2 || e.Args[0].Kind != expression.Call || e.Args[0].Text != "fromjson" || len(e.Args[0].Args) != 1 {
		return nil
	}
	var texts []string
	if err := json.Unmarshal([]byte(e.Args[0].Args[0].Text), &texts); err != nil {
		return nil
	}
	var all []*expression.Expr
	for _, text := range texts {
		all = append(all, &expression.Expr{Kind: expression.String, Text: text})
	}
	return all
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
	if g.from != nil {
		return g.from.fired
	}
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
func (r reach) through(condition *expression.Expr, rights func(path string) bool) reach {
	if condition == nil {
		return r
	}
	left := reach{}
	for event, was := range r {
		left[event] = min(was, judging{event, guarded, rights}.judge(condition))
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
	r := fired.through(condition, g.rights(nil))
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

// actorCheck notes what a condition says of bots, if an event passes only because
// one is said to have fired it.
func (g *collector) actorCheck(n *lint.Node, p place, before reach) {
	condition := g.conditionOf(n)
	if condition == nil {
		return
	}
	passed, rights := reach{}, g.rights(p.steps)
	for event, was := range before {
		if (judging{event, never, rights}).judge(condition) < open {
			passed[event] = min(was, judging{event, always, rights}.judge(condition))
		}
	}
	events, found := g.openTo(passed), g.expressions(n, place{bare: true})
	if len(events) == 0 || len(found) == 0 {
		return
	}
	for _, bot := range botsIn(condition) {
		g.ActorChecks = append(g.ActorChecks, model.ActorCheck{
			At: n.Span, Address: model.Join(p.Address, "if"), Condition: model.Text{Value: n.Text, At: found[0].part(bot.test), Via: n.Via},
			Job: p.Job, Step: p.Step, Actor: bot.name, Events: events,
		})
	}
}

// botTest is a part of a condition that asks for a bot.
type botTest struct {
	test *expression.Expr
	name string
}

// botsIn finds the bots that a condition asks for, and must have.
func botsIn(e *expression.Expr) []botTest {
	if e.Kind == expression.Not || e.Kind == expression.Compare && e.Text != "==" {
		return nil
	}
	if list := listed(e); list != nil {
		if i := slices.IndexFunc(list, func(item *expression.Expr) bool { return isBotCheck(dotted(e.Args[1]), item) }); i >= 0 {
			return []botTest{{e, nameOfBot(list[i])}}
		}
	}
	if len(e.Args) == 2 {
		for i, side := range e.Args {
			if isBotCheck(dotted(side), e.Args[1-i]) {
				return []botTest{{e, nameOfBot(e.Args[1-i])}}
			}
		}
		if e.Kind == expression.Call && isActor(dotted(e.Args[0])) {
			return []botTest{{e, e.Args[1].Text}}
		}
	}
	var all []botTest
	for _, arg := range e.Args {
		all = append(all, botsIn(arg)...)
	}
	return all
}

func nameOfBot(e *expression.Expr) string { return cmp.Or(botIDs[e.Text], e.Text) }

// rights says of an output whether it may be a check of rights: that of a step or
// job that looks at who did something, or of which nothing is known. Steps are those
// beside the condition.
func (g *collector) rights(steps *lint.Node) func(path string) bool {
	return func(path string) bool {
		parts := strings.Split(path, ".")
		if len(parts) < 4 || parts[2] != "outputs" {
			return false
		}
		switch parts[0] {
		case "steps":
			return stepLooks(steps, parts[1])
		case "needs":
			return g.jobLooks(parts[1], parts[3])
		}
		return false
	}
}

// jobLooks is rights for an output of a job.
func (g *collector) jobLooks(id, output string) bool {
	for name, job := range g.jobs {
		if !strings.EqualFold(name, id) {
			continue
		}
		if job.Get("uses") != nil {
			return true
		}
		found := g.expressions(model.FieldFold(job.Get("outputs"), output), place{})
		return slices.ContainsFunc(found, func(l located) bool { return anyPath(l.expr, g.rights(job.Get("steps"))) }) ||
			slices.ContainsFunc(found, func(l located) bool { return anyPath(l.expr, isGuard) })
	}
	return false
}

func anyPath(e *expression.Expr, holds func(path string) bool) bool {
	return holds(dotted(e)) || slices.ContainsFunc(e.Args, func(arg *expression.Expr) bool { return anyPath(arg, holds) })
}

// who finds in a script that it may look at who did something: it names people and
// their rights, asks a server, or runs what is not seen here.
var who = regex.Lazy(`(?i)actor|sender|author|user|login|owner|member|team|collab|permission|associat|role|rights|label|fork|repo|approv|allow|trust|authori[sz]|github\.event\b|\bcurl\b|\bwget\b|\bgh\b|\.(?:sh|py|js|ts|rb)\b|\bmake\b|(?:^|\s)\./`)

// blind are actions that look at files, caches and tools only.
var blind = []string{"dorny/paths-filter", "tj-actions/changed-files", "docker/metadata-action", "step-security/changed-files"}

// stepLooks is rights for an output of a step.
func stepLooks(steps *lint.Node, id string) bool {
	for _, step := range steps.List() {
		if !strings.EqualFold(step.Get("id").Str(), id) {
			continue
		}
		uses, _, _ := strings.Cut(strings.ToLower(step.Get("uses").Str()), "@")
		if uses != "" {
			return uses == "actions/github-script" || !strings.HasPrefix(uses, "actions/") && !slices.Contains(blind, uses)
		}
		texts := step.Get("run").Str() + "\n" + step.Get("if").Str()
		for _, field := range step.Get("env").Object() {
			texts += "\n" + field.Value.Str()
		}
		return who().MatchString(texts)
	}
	return false
}
