package pipeline

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/github"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/yaml"
)

// caller is a job of a workflow that calls another one of the repository, and a secret that
// it gives it.
type caller struct {
	path   string // of the workflow of the job
	direct bool   // it is started by events, too: a secret's name is one of the store
	name   string // within the called workflow, in capitals; "" for all
	secret model.Secret
}

// maxCallers bounds what is said of the callers of one workflow.
const maxCallers = 20

const workflows = ".github/workflows/"

// callersIn finds the jobs of a repository that give secrets to its own workflows, by the
// paths of these.
func callersIn(files model.Files) map[string][]caller {
	all := map[string][]caller{}
	names, _ := files.Below(workflows)
	slices.Sort(names)
	for _, name := range names {
		src := files.Read(name)
		if src == nil || !bytes.Contains(src.Data, []byte("./"+workflows)) {
			continue
		}
		docs, _ := yaml.Read(src)
		if len(docs) == 0 || docs[0].Get("jobs") == nil {
			continue
		}
		p := github.Collect(&lint.Document{Platform: "githubactions", Path: name, Root: docs[0]}, nil)
		for _, e := range p.Exposures {
			if called := path.Clean(e.Component.Value); e.Where == "forwarded" && strings.HasPrefix(e.Component.Value, "./") {
				all[called] = append(all[called], caller{name, started(p), strings.ToUpper(e.Variable.Value), e.Secret})
			}
		}
	}
	return all
}

// started says whether something else than a call starts a workflow.
func started(p *model.Pipeline) bool {
	return slices.ContainsFunc(p.Triggers, func(t model.Trigger) bool { return t.Event != "call" })
}

// handed are the secrets of the store that a name means in a called workflow, and the places
// where callers hand them on, the outermost first.
type handed struct {
	names []string
	way   []lint.Step
	cut   bool // there are more
}

// tracer follows names to what callers call them.
type tracer struct {
	callers map[string][]caller
	known   map[[2]string]handed // by the path of a workflow and the name within it
}

func (t tracer) trace(file, name string) handed {
	at := [2]string{file, name}
	if g, known := t.known[at]; known {
		return g
	}
	var g handed
	t.known[at] = g // of one that calls itself, which GitHub refuses
	for _, c := range t.callers[file] {
		outer, step := name, lint.Step{Message: "the caller hands on all its secrets here", Span: c.secret.At}
		if c.name != "" {
			outer, step.Message = c.secret.Name.Value, "the caller gives it as "+name+" here"
		}
		if outer == "" || c.name != "" && c.name != name {
			continue // a computed name, or another one
		}
		if len(g.way) >= maxCallers {
			g.cut = true
			break
		}
		before := t.trace(c.path, outer)
		if c.direct || len(before.names) == 0 {
			g.names = append(g.names, outer)
		}
		g.names = append(g.names, before.names...)
		g.way, g.cut = append(append(g.way, before.way...), step), g.cut || before.cut
	}
	slices.Sort(g.names)
	g.names = slices.Compact(g.names)
	t.known[at] = g
	return g
}

// called names the secrets of a called workflow as its callers do. One that nobody in the
// repository gives keeps its name: the callers may stand in others.
func (t Components) called(p *model.Pipeline, file string, files model.Files) {
	if t.callers == nil || p.Platform != "githubactions" || !slices.ContainsFunc(p.Triggers, func(t model.Trigger) bool { return t.Event == "call" }) {
		return
	}
	direct, callers := started(p), tracer{t.callers(), map[[2]string]handed{}}
	for i := range p.Exposures {
		e := &p.Exposures[i]
		name := e.Secret.Name.Value
		if name == "" || e.PlatformToken || e.Secret.Store != "" {
			continue
		}
		g := callers.trace(file, name)
		if len(g.names) == 0 {
			continue
		}
		if g.cut {
			p.AddGap(e.Secret.At, "more workflows give this secret than are followed; what others call it was not judged", "limit", model.Place{Job: e.Job})
		}
		for _, step := range g.way { // what is shown of a file is searched for credentials
			files.Read(step.Span.Source.Path)
		}
		if direct {
			g.names = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(g.names), name))))
		}
		e.Secret.Callers = g.way
		if !slices.Equal(g.names, []string{name}) {
			e.Secret.Given = g.names
		}
		e.PlatformToken = slices.Equal(g.names, []string{github.TokenName})
	}
}
