package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// circle reads one configuration of CircleCI. A job is what a workflow makes of
// a job's definition: the same definition with other contexts or parameters is
// another job, with the same ones in another workflow it is the same.
type circle struct {
	reading
	root   *lint.Node
	groups []*circleGroup
	same   map[string]*circleGroup    // by signature
	named  map[[2]string]*circleGroup // by workflow and name
	calls  int                        // jobs of workflows, and commands
}

// circleCall is an entry of a workflow's list of jobs.
type circleCall struct {
	workflow string
	job      Text       // the definition's name
	options  *lint.Node // what the workflow says of it
	when     Text       // the workflow's condition
}

// circleGroup is the calls of one job that differ only in when they happen.
type circleGroup struct {
	id    string
	calls []circleCall
}

func circleCI(doc *lint.Document, _ Files) *Pipeline {
	c := &circle{root: doc.Root, same: map[string]*circleGroup{}, named: map[[2]string]*circleGroup{}}
	c.Pipeline.At = doc.Root.Span
	c.Platform, c.Masking, c.Kind = "circleci", "values", "workflow"
	c.Traits = circleTraits
	if doc.Root.Get("jobs") == nil && doc.Root.Get("workflows") == nil {
		c.Kind = "component"
	}
	c.inputDefaults(doc.Root.Get("parameters"))
	c.workflows()
	c.unused()
	c.identify()
	c.triggers()
	for _, group := range c.groups {
		c.job(group)
	}
	c.ambient(c.mention)
	c.stores()
	if setup := doc.Root.Get("setup"); setup != nil && setup.Text == "true" {
		c.gap(setup.Span, "this configuration makes the one that CircleCI goes on with; what stands in files under .circleci was judged, what a program writes was not", "computed", place{})
	}
	if c.limited {
		c.gap(lint.Span{}, "the configuration has more jobs, steps or nested commands than are followed; what is behind the limit was not judged", "limit", place{})
	}
	return &c.Pipeline
}

func (c *circle) workflows() {
	for _, field := range c.root.Get("workflows").Object() {
		if field.Key == "version" {
			continue
		}
		if field.Value.Kind != lint.Object {
			c.gap(field.Span, "a workflow that is no mapping was not judged", "syntax", place{})
			continue
		}
		when := written(field.Value.Get("when"))
		if unless := field.Value.Get("unless"); unless != nil {
			when = negated(unless)
		}
		c.entries(field.Value.Get("jobs"), circleCall{workflow: field.Key, when: when}, 0)
	}
}

// entries reads the jobs of a workflow, or of a group of jobs.
func (c *circle) entries(list *lint.Node, call circleCall, depth int) {
	for _, item := range list.List() {
		call.job, call.options = text(item), nil
		if fields := item.Object(); len(fields) == 1 {
			call.job, call.options = Text{Value: fields[0].Key, At: fields[0].Span}, fields[0].Value
		}
		group := c.root.Get("job-groups", call.job.Value)
		switch {
		case call.job.Value == "":
			c.gap(item.Span, "an entry of a workflow that names no job was not judged", "syntax", place{})
		case c.calls >= maxJobs || depth > maxDepth:
			c.limited = true
		case group != nil:
			c.entries(group.Get("jobs"), call, depth+1)
		default:
			c.calls++
			c.enter(call)
		}
	}
}

// unused adds the jobs that no workflow runs; without workflows "build" runs.
func (c *circle) unused() {
	called := map[string]bool{}
	for _, group := range c.groups {
		called[group.calls[0].job.Value] = true
	}
	for _, field := range c.root.Get("jobs").Object() {
		if called[field.Key] {
			continue
		}
		if c.calls++; c.calls > maxJobs {
			c.limited = true
			return
		}
		c.enter(circleCall{job: Text{Value: field.Key, At: field.Span}})
	}
}

// enter puts a call to those that mean the same.
func (c *circle) enter(call circleCall) {
	signature := call.name().Value + "\x00" + call.job.Value
	for _, field := range call.options.Object() {
		if !slices.Contains([]string{"name", "requires", "filters", "serial-group", "override-with"}, field.Key) {
			signature += "\x00" + field.Key + "\x00" + spell(field.Value)
		}
	}
	if !c.spend(len(signature)) {
		return
	}
	group := c.same[signature]
	if group == nil {
		group = &circleGroup{}
		c.same[signature] = group
		c.groups = append(c.groups, group)
	}
	group.calls = append(group.calls, call)
	c.named[[2]string{call.workflow, call.name().Value}] = group
	if alias := text(call.options.Get("matrix", "alias")).Value; alias != "" {
		c.named[[2]string{call.workflow, alias}] = group
	}
}

// name is what the workflow calls the job.
func (call circleCall) name() Text {
	if name := text(call.options.Get("name")); name.Value != "" {
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
func (c *circle) identify() {
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
func (c *circle) needs(group *circleGroup) []Text {
	var all []Text
	for _, call := range group.calls {
		for _, item := range call.options.Get("requires").List() {
			name := text(item)
			if fields := item.Object(); len(fields) == 1 {
				name = Text{Value: fields[0].Key, At: fields[0].Span}
			}
			if needed := c.named[[2]string{call.workflow, name.Value}]; needed != nil {
				name.Value = needed.id
			}
			if name.Value != "" && !slices.ContainsFunc(all, func(t Text) bool { return t.Value == name.Value }) {
				all = append(all, name)
			}
		}
	}
	return all
}
