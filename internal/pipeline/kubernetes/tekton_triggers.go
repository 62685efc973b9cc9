package kubernetes

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

func (c *cluster) trigger(event string, name model.Text, fromFork string) {
	c.Triggers = append(c.Triggers, model.Trigger{At: name.At, Event: event, Name: name, FromFork: fromFork})
}

// tektonStarts says what the events of Pipelines as Code are. Somebody of the
// repository lets pull requests of others run, once or each time: settings tell.
var tektonStarts = map[string][2]string{
	"push": {"push", "no"}, "pull_request": {"pull_request", "unknown"}, "incoming": {"api", "no"}, "comment": {"comment", "unknown"},
}

const asCode = "pipelinesascode.tekton.dev/"

var (
	eventWord = regex.Lazy(`[\w-]+`)
	celEvent  = regex.Lazy(`event(?:_type)?\s*==\s*["'](\w+)["']`)
)

// starts reads what starts a run: the annotations of Pipelines as Code, or a
// person who creates it.
func (t *tekton) starts() {
	annotations := t.root.Get("metadata", "annotations")
	found := map[string]model.Text{}
	on, cel, comment := annotations.Get(asCode+"on-event"), annotations.Get(asCode+"on-cel-expression"), annotations.Get(asCode+"on-comment")
	for _, word := range eventWord().FindAllString(on.Str(), model.MaxPaths) {
		found[word] = model.TextOf(on)
	}
	for _, m := range celEvent().FindAllStringSubmatch(cel.Str(), model.MaxPaths) {
		found[m[1]] = model.TextOf(cel)
	}
	if comment.Str() != "" {
		found["comment"] = model.TextOf(comment)
	}
	for _, word := range slices.Sorted(mapKeys(found)) {
		start, known := tektonStarts[word]
		if !known {
			start = [2]string{"other", "unknown"}
		}
		t.trigger(start[0], model.Text{Value: word, At: found[word].At}, start[1])
	}
	switch {
	case len(found) > 0:
	case cel.Str() != "":
		t.trigger("other", model.Text{Value: "on-cel-expression", At: cel.Span}, "unknown")
	default:
		t.trigger("manual", model.TextOf(t.root.Get("kind")), "no")
	}
}

func mapKeys(all map[string]model.Text) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for key := range all {
			if !yield(key) {
				return
			}
		}
	}
}

// template reads the runs that an event makes. What bindings of the same file give
// to its parameters is known.
func (t *tekton) template(spec *lint.Node) {
	t.declare(spec)
	for _, binding := range t.bindings() {
		for _, param := range binding.Get("spec", "params").List() {
			name := param.Get("name").Str()
			if _, declared := t.scope.params[name]; declared && model.IsScalar(param.Get("value")) {
				t.scope.params[name] = model.TextOf(param.Get("value"))
			}
		}
	}
	for _, key := range []string{"resourcetemplates", "resourceTemplates"} {
		for _, n := range spec.Get(key).List() {
			if version := n.Get("apiVersion").Str(); !strings.HasPrefix(version, "tekton.dev/") {
				continue
			}
			if n.Get("metadata", "namespace") != nil {
				t.namespace = model.TextOf(n.Get("metadata", "namespace"))
			}
			t.run(n)
		}
	}
}

// bindings are the TriggerBindings of the same file.
func (t *tekton) bindings() []*lint.Node {
	src := t.root.Span.Source
	if src == nil || !strings.Contains(string(src.Data), "TriggerBinding") {
		return nil
	}
	docs, _ := yaml.Read(src)
	return slices.DeleteFunc(docs, func(n *lint.Node) bool { return !strings.HasSuffix(n.Get("kind").Str(), "TriggerBinding") })
}

// listens reads who may start runs: a listener and its triggers, or the repository
// of Pipelines as Code. What they check requests with are secrets.
func (t *tekton) listens(spec *lint.Node) {
	t.trigger("api", model.TextOf(t.root.Get("kind")), "unknown")
	triggers := spec.Get("triggers").List()
	if t.root.Get("kind").Str() == "Trigger" {
		triggers = []*lint.Node{spec}
	}
	for i, trigger := range triggers {
		if t.full() || i >= model.MaxJobs {
			t.limited = true
			return
		}
		p := model.Place{Address: model.Join("triggers", trigger.Get("name").Str()), Where: "setting", Environment: t.namespace}
		t.secretRefs(trigger.Get("interceptors"), p)
	}
	for _, list := range spec.Get("triggerGroups").List() {
		t.secretRefs(list.Get("interceptors"), model.Place{Address: "triggerGroups", Where: "setting", Environment: t.namespace})
	}
	t.secretRefs(spec.Get("git_provider"), model.Place{Address: "git_provider", Where: "setting", Environment: t.namespace})
	if account := spec.Get("serviceAccountName"); model.IsScalar(account) {
		t.Identities = append(t.Identities, model.Identity{
			At: account.Span, Address: "identities.service_account", Kind: "service_account", Name: model.TextOf(account), Explicit: true, DeclaredAt: "pipeline",
		})
	}
}
