package gitlab

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// event is a way in which a pipeline starts. Those who cannot push start
// none: a merge request from a fork runs in the fork, without this project's
// variables, until a member runs it here.
type event struct {
	event  string
	source string // as $CI_PIPELINE_SOURCE
	name   string // of the trigger, and the word for it in "only"
	ref    string // "branch", "tag", "merge_request" or "" (a branch or a tag)
}

var events = []event{
	{"push", "push", "push", "branch"},
	{"tag", "push", "tag", "tag"},
	{"pull_request", "merge_request_event", "merge_request_event", "merge_request"},
	{"pull_request", "external_pull_request_event", "external_pull_request_event", "branch"},
	{"schedule", "schedule", "schedule", ""},
	{"manual", "web", "web", ""},
	{"api", "api", "api", ""},
	{"api", "trigger", "trigger", ""},
	{"upstream", "pipeline", "pipeline", ""},
	{"call", "parent_pipeline", "parent_pipeline", ""},
}

// started notes the events by which at least one job starts.
func (g *collector) started() {
	workflow := g.root.Get("workflow", "rules")
	for _, event := range events {
		if event.source == "parent_pipeline" && g.Kind == "workflow" || event.source == "external_pull_request_event" && !g.speaksOf(event.source) {
			continue
		}
		if !ruled(workflow, event) || !g.anyJob(event, workflow != nil) {
			continue
		}
		t := model.Trigger{Event: event.event, Name: model.Text{Value: event.name}, FromFork: "no"}
		if workflow != nil {
			t.At, t.Name.At = workflow.Span, workflow.Span
		}
		g.Triggers = append(g.Triggers, t)
	}
}

// speaksOf says whether a rule names a source that hardly any project has.
func (g *collector) speaksOf(source string) bool {
	found := false
	g.root.Walk(func(_ lint.Path, n *lint.Node) bool {
		found = found || model.IsScalar(n) && (strings.Contains(n.Text, source) || n.Text == "external_pull_requests")
		return !found
	})
	return found
}

func (g *collector) anyJob(event event, workflow bool) bool {
	if g.open { // other files may add jobs
		return true
	}
	for _, job := range g.jobs {
		if startsBy(job, event, workflow) {
			return true
		}
	}
	return false
}

// startsBy says whether a job may start by an event. Without rules a job runs for
// branches and tags; where the workflow has rules, whenever there is a pipeline.
func startsBy(job *lint.Node, event event, workflow bool) bool {
	only, except := job.Get("only"), job.Get("except")
	switch {
	case job.Get("rules") != nil:
		return ruled(job.Get("rules"), event)
	case only == nil && except == nil:
		return workflow || event.ref != "merge_request"
	case means(except, event) == yes:
		return false
	case only == nil:
		return event.ref != "merge_request"
	}
	return refsOf(only) == nil || means(only, event) != no
}

// refsOf gives the words of "only" or "except".
func refsOf(n *lint.Node) *lint.Node {
	if n != nil && n.Kind == lint.Object {
		return n.Get("refs")
	}
	return n
}

// means says whether the words of "only" or "except" mean an event. What else
// stands beside them may let it through.
func means(n *lint.Node, event event) odds {
	result := no
	for _, word := range model.TextsOf(refsOf(n)) {
		switch one := event.called(word.Value); {
		case one == yes && n.Kind != lint.Object:
			return yes
		case one != no:
			result = maybe
		}
	}
	return result
}

// called says whether a word means the event.
func (e event) called(word string) odds {
	switch name, _, _ := strings.Cut(word, "@"); {
	case name == "branches":
		return e.is("branch")
	case name == "tags":
		return e.is("tag")
	case refs[name] != "":
		return oddsOf(refs[name] == e.source)
	case e.ref == "merge_request":
		return no
	}
	return maybe // the name of a branch or tag, or a pattern of names
}

// refs are what "only" and "except" call the sources.
var refs = map[string]string{
	"merge_requests": "merge_request_event", "external_pull_requests": "external_pull_request_event", "pushes": "push",
	"schedules": "schedule", "web": "web", "api": "api", "triggers": "trigger", "pipelines": "pipeline", "chat": "chat",
}

// ruled says whether a list of rules may let an event pass. The first that holds
// decides.
func ruled(rules *lint.Node, event event) bool {
	if rules == nil {
		return true
	}
	for _, rule := range flatLines(rules, 0) {
		holds := event.judge(rule.Get("if"))
		if holds == no {
			continue
		}
		if rule.Get("changes") != nil || rule.Get("exists") != nil {
			holds = maybe
		}
		if never := rule.Get("when").Str() == "never"; !never {
			return true
		} else if holds == yes {
			return false
		}
	}
	return false
}

// conditions notes the secrets on which it depends whether a job starts, and the
// variables that rules set.
func (g *collector) conditions(job *lint.Node, names nameTable, p model.Place) {
	for _, rule := range flatLines(job.Get("rules"), 0) {
		g.conditionSecrets(rule.Get("if"), "rules", names, p)
		g.variables(rule.Get("variables"), "variables", names, p.At("job_env"))
	}
	for _, key := range []string{"only", "except"} {
		for _, n := range flatLines(job.Get(key, "variables"), 0) {
			g.conditionSecrets(n, key, names, p)
		}
	}
}

func (g *collector) conditionSecrets(n *lint.Node, within string, names nameTable, p model.Place) {
	p.Address = model.Join(p.Address, within)
	if model.IsScalar(n) {
		g.value(n, p.At("condition"), names, nil, nil)
	}
}

// known gives what is known of a variable when an event starts a pipeline.
func (e event) known(name string) operand {
	switch {
	case name == "CI_PIPELINE_SOURCE":
		return operand{text: e.source, set: yes, exact: true}
	case name == "CI" || name == "GITLAB_CI":
		return operand{text: "true", set: yes, exact: true}
	case name == "CI_COMMIT_TAG":
		return operand{set: e.is("tag")}
	case name == "CI_COMMIT_BRANCH":
		return operand{set: e.is("branch")}
	case strings.HasPrefix(name, "CI_MERGE_REQUEST_"):
		if e.ref != "merge_request" {
			return operand{set: no}
		}
		return operand{set: setInAll(name)}
	case strings.HasPrefix(name, "CI_EXTERNAL_PULL_REQUEST_"):
		return operand{set: oddsOf(e.source == "external_pull_request_event")}
	case slices.Contains([]string{"CI_COMMIT_REF_NAME", "CI_DEFAULT_BRANCH", "CI_COMMIT_SHA", "CI_PROJECT_PATH", "CI_PROJECT_NAMESPACE"}, name):
		return operand{set: yes}
	}
	return operand{set: maybe}
}

// setInAll: some variables of merge requests depend on the request.
func setInAll(name string) odds {
	if slices.Contains([]string{"CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_ID", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"}, name) {
		return yes
	}
	return maybe
}

func (e event) is(ref string) odds {
	if e.ref == "" {
		return maybe
	}
	return oddsOf(e.ref == ref)
}
