// Package circleci collects configurations of CircleCI. Inline orbs, commands and
// executors are filled in; orbs of the registry are components.
package circleci

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// collector reads one configuration of CircleCI. A job is what a workflow makes of
// a job's definition: the same definition with other contexts or parameters is
// another job, with the same ones in another workflow it is the same.
type collector struct {
	model.Reading
	root   *lint.Node
	groups []*callGroup
	same   map[string]*callGroup    // by signature
	named  map[[2]string]*callGroup // by workflow and name
	calls  int                      // jobs of workflows, and commands
	told   map[lint.Span]bool       // parameters that are gaps
}

// call is an entry of a workflow's list of jobs.
type call struct {
	workflow string
	job      model.Text // the definition's name
	options  *lint.Node // what the workflow says of it
	when     model.Text // the workflow's condition
}

// callGroup is the calls of one job that differ only in when they happen.
type callGroup struct {
	id    string
	calls []call
}

// Collect reads one configuration.
func Collect(doc *lint.Document, _ model.Files) *model.Pipeline {
	c := &collector{root: doc.Root, same: map[string]*callGroup{}, named: map[[2]string]*callGroup{}, told: map[lint.Span]bool{}}
	c.Pipeline.At = doc.Root.Span
	c.Platform, c.Masking, c.Kind = "circleci", "values", "workflow"
	c.Traits = traits
	if doc.Root.Get("jobs") == nil && doc.Root.Get("workflows") == nil {
		c.Kind = "component"
	}
	c.inputDefaults(doc.Root.Get("parameters"))
	c.AddClosed(doc.Root.Get("parameters"))
	doc.Root.Walk(func(_ lint.Path, n *lint.Node) bool {
		if n != nil && n.Kind == lint.String && strings.Contains(n.Text, "<<") {
			c.undeclared(n, c.declares)
		}
		return true
	})
	c.workflows()
	c.unused()
	c.identify()
	c.triggers()
	for _, group := range c.groups {
		c.job(group)
	}
	c.AddAmbient(c.mention)
	c.stores()
	if setup := doc.Root.Get("setup"); setup != nil && setup.Text == "true" {
		c.AddGap(setup.Span, "this configuration makes the one that CircleCI goes on with; what stands in files under .circleci was judged, what a program writes was not", "computed", model.Place{})
	}
	if c.Limited {
		c.AddGap(lint.Span{}, "the configuration has more jobs, steps or nested commands than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &c.Pipeline
}

func (c *collector) workflows() {
	for _, field := range c.root.Get("workflows").Object() {
		if field.Key == "version" {
			continue
		}
		if field.Value.Kind != lint.Object {
			c.AddGap(field.Span, "a workflow that is no mapping was not judged", "syntax", model.Place{})
			continue
		}
		when := model.ConditionOf(field.Value.Get("when"))
		if unless := field.Value.Get("unless"); unless != nil {
			when = negated(unless)
		}
		c.entries(field.Value.Get("jobs"), call{workflow: field.Key, when: when}, 0)
	}
}

// entries reads the jobs of a workflow, or of a group of jobs.
func (c *collector) entries(list *lint.Node, call call, depth int) {
	for _, item := range list.List() {
		call.job, call.options = model.TextOf(item), nil
		if fields := item.Object(); len(fields) == 1 {
			call.job, call.options = model.Text{Value: fields[0].Key, At: fields[0].Span}, fields[0].Value
		}
		group := c.root.Get("job-groups", call.job.Value)
		switch {
		case call.job.Value == "":
			c.AddGap(item.Span, "an entry of a workflow that names no job was not judged", "syntax", model.Place{})
		case c.calls >= model.MaxJobs || depth > model.MaxDepth:
			c.Limited = true
		case group != nil:
			c.entries(group.Get("jobs"), call, depth+1)
		default:
			c.calls++
			c.enter(call)
		}
	}
}

// unused adds the jobs that no workflow runs; without workflows "build" runs.
func (c *collector) unused() {
	called := map[string]bool{}
	for _, group := range c.groups {
		called[group.calls[0].job.Value] = true
	}
	for _, field := range c.root.Get("jobs").Object() {
		if called[field.Key] {
			continue
		}
		if c.calls++; c.calls > model.MaxJobs {
			c.Limited = true
			return
		}
		c.enter(call{job: model.Text{Value: field.Key, At: field.Span}})
	}
}

// enter puts a call to those that mean the same.
func (c *collector) enter(call call) {
	signature := call.name().Value + "\x00" + call.job.Value
	for _, field := range call.options.Object() {
		if !slices.Contains([]string{"name", "requires", "filters", "serial-group", "override-with"}, field.Key) {
			signature += "\x00" + field.Key + "\x00" + spell(field.Value)
		}
	}
	if !c.Spend(len(signature)) {
		return
	}
	group := c.same[signature]
	if group == nil {
		group = &callGroup{}
		c.same[signature] = group
		c.groups = append(c.groups, group)
	}
	group.calls = append(group.calls, call)
	c.named[[2]string{call.workflow, call.name().Value}] = group
	if alias := model.TextOf(call.options.Get("matrix", "alias")).Value; alias != "" {
		c.named[[2]string{call.workflow, alias}] = group
	}
}

// name is what the workflow calls the job.
func (call call) name() model.Text {
	if name := model.TextOf(call.options.Get("name")); name.Value != "" {
		return name
	}
	return call.job
}

// spell writes a value so that equal ones are spelled equally.
func spell(n *lint.Node) string {
	var b strings.Builder
	n.Walk(func(path lint.Path, n *lint.Node) bool {
		fmt.Fprintf(&b, "%v=%d%q;", path, n.Kind, n.Text)
		return true
	})
	return b.String()
}

// identify gives each job its ID: its name, with that of its workflow if several
// jobs have it.
func (c *collector) identify() {
	count, taken := map[string]int{}, map[string]bool{}
	for _, group := range c.groups {
		count[group.calls[0].name().Value]++
	}
	for _, group := range c.groups {
		call := group.calls[0]
		group.id = call.name().Value
		if count[group.id] > 1 && call.workflow != "" {
			group.id = call.workflow + "/" + group.id
		}
		for base, i := group.id, count[group.id]; taken[group.id]; i++ {
			group.id = fmt.Sprintf("%s-%d", base, i)
		}
		taken[group.id] = true
	}
}

// needs are the IDs of the jobs that a call waits for.
func (c *collector) needs(group *callGroup) []model.Text {
	var all []model.Text
	for _, call := range group.calls {
		for _, item := range call.options.Get("requires").List() {
			name := model.TextOf(item)
			if fields := item.Object(); len(fields) == 1 {
				name = model.Text{Value: fields[0].Key, At: fields[0].Span}
			}
			if needed := c.named[[2]string{call.workflow, name.Value}]; needed != nil {
				name.Value = needed.id
			}
			if name.Value != "" && !slices.ContainsFunc(all, func(t model.Text) bool { return t.Value == name.Value }) {
				all = append(all, name)
			}
		}
	}
	return all
}
