package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// steps reads a list of steps; commands are replaced by theirs.
func (c *circle) steps(list *lint.Node, s circleScope, job *circleJob) {
	if list != nil && list.Kind != lint.List {
		c.gap(list.Span, "the steps are no list and were not judged", absence(list.Text), job.place)
		return
	}
	for _, item := range list.List() {
		fields := item.Object()
		switch {
		case item.Kind == lint.List: // what a parameter of type "steps" stood for
			c.steps(item, s, job)
		case scalar(item):
			c.step(text(item), nil, item, s, job)
		case len(fields) > 0:
			c.step(Text{Value: fields[0].Key, At: fields[0].Span, Via: item.Via}, fields[0].Value, item, s, job)
		default:
			c.gap(item.Span, "a step that is neither a name nor a mapping was not judged", "syntax", job.place)
		}
		if len(fields) > 1 {
			c.gap(item.Span, "a step with several names was judged by the first; the others are not indented enough", "syntax", job.place)
		}
	}
}

// step reads one step by the name of what it does.
func (c *circle) step(name Text, arguments, n *lint.Node, s circleScope, job *circleJob) {
	if len(c.Steps)+c.calls >= maxSteps || s.depth > maxDepth || c.work > maxReading {
		c.limited = true
		return
	}
	switch name.Value {
	case "when", "unless":
		c.conditional(name.Value, arguments, s, job)
	case "steps":
		c.steps(arguments, s, job)
	case "run", "deploy":
		c.run(name, arguments, n, s, job)
	case "checkout", "setup_remote_docker", "restore_cache", "save_cache", "persist_to_workspace", "attach_workspace", "store_artifacts", "store_test_results", "add_ssh_keys":
		c.builtIn(name, arguments, n, s, job)
	default:
		c.command(name, arguments, n, s, job)
	}
}

// add appends a step and says where it is.
func (c *circle) add(step Step, label string, job *circleJob) place {
	p, index := job.place, job.steps
	p.step = &index
	p.address = join(p.address, "steps", label)
	p.component = step.Component
	step.Address, step.Job, step.Index = p.address, p.job, index
	job.steps++
	c.Steps = append(c.Steps, step)
	return p
}

// conditional reads steps that are there only if a condition holds.
func (c *circle) conditional(kind string, n *lint.Node, s circleScope, job *circleJob) {
	condition, holds := written(n.Get("condition")), verdict(n.Get("condition"))
	if kind == "unless" {
		condition, holds = negated(n.Get("condition")), opposite(holds)
	}
	if holds == "no" {
		return
	}
	if holds == "unknown" {
		s.when = condition
	}
	s.depth++
	c.steps(n.Get("steps"), s, job)
}

func (c *circle) run(name Text, n, whole *lint.Node, s circleScope, job *circleJob) {
	command := n
	if n != nil && n.Kind == lint.Object {
		command = n.Get("command")
	}
	step := Step{At: whole.Span, Name: text(n.Get("name")), Kind: "shell", Script: script(command), Shell: text(n.Get("shell")), Condition: s.when}
	if step.Shell.Value == "" {
		step.Shell = job.shell
	}
	if when := text(n.Get("when")); step.Condition.Value == "" {
		step.Condition = when
	}
	label := step.Name.Value
	if label == "" {
		label = name.Value
	}
	p := c.add(step, label, job)
	if step.Script.Value == "" {
		c.gap(whole.Span, "a step without a command was not judged", "syntax", p)
		return
	}
	c.variables(n.Get("environment"), "environment", p.at("step_env"))
	c.expressions(text(command), p)
	c.oidc(step.Script, p)
}

// outsiders are the pipeline values that somebody without the right to push may
// choose, where a setting lets changes from forks start pipelines.
var outsiders = regex.Lazy(`^pipeline\.(?:git\.commit\.(?:subject|body|message|author_name|author_email)|event\.(?:github|gitlab)\.(?:pull_request|issue|comment|review|head_commit|object_attributes|merge_request)\..*(?:title|body|description|message|ref|label|source_branch))$`)

// expressions looks at what is left of a script's expressions: text of outsiders,
// and names of variables that nobody knows.
func (c *circle) expressions(script Text, p place) {
	src := newSource(script)
	for _, m := range circleExpression().FindAllStringSubmatchIndex(script.Value, -1) {
		at, name := src.part(m[0], m[1]), script.Value[m[2]:m[3]]
		if outsiders().MatchString(name) {
			c.Untrusted = append(c.Untrusted, Untrusted{
				At: script.At, Address: p.address, Expression: Text{Value: name, At: at, Via: script.Via}, Where: "inline", Job: p.job, Step: p.step, Privileged: "unknown",
			})
		}
		if before := strings.TrimSuffix(script.Value[:m[0]], "{"); strings.HasSuffix(before, "$") {
			c.gap(at, "the name of the variable is known only when the pipeline runs", "computed", p)
		}
	}
}

// builtIn reads a step that CircleCI itself has.
func (c *circle) builtIn(name Text, n, whole *lint.Node, s circleScope, job *circleJob) {
	label := name.Value
	if given := text(n.Get("name")); given.Value != "" {
		label = given.Value
	}
	p := c.add(Step{At: whole.Span, Name: text(n.Get("name")), Kind: "component", Component: name, Condition: s.when}, label, job)
	switch name.Value {
	case "checkout": // the key that it fetches with stays in ~/.ssh
		c.Checkouts = append(c.Checkouts, Checkout{At: whole.Span, Address: p.address, Job: p.job, Step: *p.step, Source: "default", Credential: "beside"})
	case "save_cache":
		c.Caches = append(c.Caches, Cache{At: whole.Span, Address: p.address, Job: p.job, Step: p.step, Paths: texts(n.Get("paths")), Key: text(n.Get("key"))})
	case "persist_to_workspace":
		c.artifact(within(text(n.Get("root")), texts(n.Get("paths"))), true, whole, p)
	case "store_artifacts", "store_test_results":
		c.artifact(texts(n.Get("path")), false, whole, p)
	case "add_ssh_keys":
		c.Files = append(c.Files, File{At: whole.Span, Address: p.address, Path: Text{Value: "~/.ssh"}, Job: p.job, Step: *p.step, Tool: name.Value, Removed: "no"})
	}
}

func (c *circle) artifact(paths []Text, inRun bool, n *lint.Node, p place) {
	c.Artifacts = append(c.Artifacts, Artifact{At: n.Span, Address: p.address, Job: p.job, Step: *p.step, Paths: paths, Hidden: "yes", InRun: inRun})
}

// within puts the folder that paths are relative to before them.
func within(root Text, paths []Text) []Text {
	for i := range paths {
		if root.Value != "" && root.Value != "." && !strings.HasPrefix(paths[i].Value, "/") {
			paths[i].Value = strings.TrimSuffix(root.Value, "/") + "/" + paths[i].Value
		}
	}
	return paths
}

// command reads a step that calls a command: of this file, of an inline orb, or
// of an orb of the registry.
func (c *circle) command(name Text, arguments, whole *lint.Node, s circleScope, job *circleJob) {
	found := find(s.library, "commands", name.Value)
	switch {
	case found.remote.Value != "":
		p := c.add(Step{At: whole.Span, Kind: "component", Component: found.remote, Condition: s.when}, name.Value, job)
		c.orb(name, found.remote, arguments, p)
		c.stepsWithin(arguments, s, job)
	case found.body != nil:
		c.calls++
		inner := circleScope{
			library: found.library, values: bind(found.body.Get("parameters"), arguments), depth: s.depth + 1, when: s.when,
			via: slices.Concat(s.via, []lint.Step{{Message: "the command is called here", Span: name.At}}),
		}
		c.steps(c.fill(found.body.Get("steps"), inner), inner, job)
	default:
		p := c.add(Step{At: whole.Span, Kind: "unknown", Condition: s.when}, name.Value, job)
		c.gap(name.At, "the configuration has no command of this name; the step was not judged", absence(name.Value), p)
	}
}

// stepsWithin reads the steps that are given to a command of an orb, which runs
// them some time.
func (c *circle) stepsWithin(arguments *lint.Node, s circleScope, job *circleJob) {
	for _, field := range arguments.Object() {
		if strings.HasSuffix(field.Key, "steps") && field.Value.Kind == lint.List {
			c.steps(field.Value, s, job)
		}
	}
}

// exactOrb is a version that the registry never changes.
var exactOrb = regex.Lazy(`^\d+\.\d+\.\d+$`)

// orb notes the use of an orb of the registry, and what it is given.
func (c *circle) orb(name, ref Text, arguments *lint.Node, p place) {
	o := Component{At: name.At, Address: p.address, Ref: ref, Kind: "orb", Job: p.job, Step: p.step, Inputs: inputs(arguments)}
	path, version, pinned := strings.Cut(ref.Value, "@")
	owner, orbName, _ := strings.Cut(strings.ToLower(path), "/")
	_, part, _ := strings.Cut(name.Value, "/")
	o.Owner, o.Name, o.Version = owner, strings.TrimSuffix(orbName+"/"+strings.ToLower(part), "/"), version
	o.FirstParty = owner == "circleci"
	switch {
	case strings.Contains(ref.Value, "://") || circleExpression().MatchString(ref.Value):
		o.Pin = "unknown"
	case !pinned:
		o.Pin = "none"
	case exactOrb().MatchString(version):
		o.Pin = "digest"
	case isVersion(version):
		o.Pin = "version"
	default:
		o.Pin = "branch" // volatile, dev:…
	}
	c.Components = append(c.Components, o)
	p.component = ref
	c.arguments(arguments, p)
}

// reserved are the keys by which a workflow says something of a job, not to it.
var reserved = []string{"name", "requires", "filters", "context", "matrix", "type", "pre-steps", "post-steps", "serial-group", "override-with"}

var variableName = regex.Lazy(`^[A-Z][A-Z0-9_]+$`)

// arguments reads what an orb is given: the name of a variable, a variable, or a
// value.
func (c *circle) arguments(n *lint.Node, p place) {
	for _, field := range n.Object() {
		if p.step == nil && slices.Contains(reserved, field.Key) {
			continue
		}
		at := p.of(field, "").at("input")
		value := text(field.Value)
		name, isVariable := whole(value.Value)
		if !isVariable && variableName().MatchString(value.Value) {
			name, isVariable = value.Value, true
		}
		switch {
		case !isVariable:
			c.literal(field.Value, at)
		case lint.SecretName(name):
			c.Exposures = append(c.Exposures, at.exposure(value.At, variableSecret(name, value.At, value.Via)))
		}
	}
}
