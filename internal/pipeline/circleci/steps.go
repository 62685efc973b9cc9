package circleci

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// steps reads a list of steps; commands are replaced by theirs.
func (c *collector) steps(list *lint.Node, s scope, job *job) {
	if list != nil && list.Kind != lint.List {
		c.AddGap(list.Span, "the steps are no list and were not judged", absence(list.Text), job.Place)
		return
	}
	for _, item := range list.List() {
		fields := item.Object()
		switch {
		case item.Kind == lint.List: // what a parameter of type "steps" stood for
			c.steps(item, s, job)
		case model.IsScalar(item):
			c.step(model.TextOf(item), nil, item, s, job)
		case len(fields) > 0:
			c.step(model.Text{Value: fields[0].Key, At: fields[0].Span, Via: item.Via}, fields[0].Value, item, s, job)
		default:
			c.AddGap(item.Span, "a step that is neither a name nor a mapping was not judged", "syntax", job.Place)
		}
		if len(fields) > 1 {
			c.AddGap(item.Span, "a step with several names was judged by the first; the others are not indented enough", "syntax", job.Place)
		}
	}
}

// step reads one step by the name of what it does.
func (c *collector) step(name model.Text, arguments, n *lint.Node, s scope, job *job) {
	if len(c.Steps)+c.calls >= model.MaxSteps || s.depth > model.MaxDepth || c.Work > model.MaxReading {
		c.Limited = true
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
func (c *collector) add(step model.Step, label string, job *job) model.Place {
	p, index := job.Place, job.steps
	p.Step = &index
	p.Address = model.Join(p.Address, "steps", label)
	p.Component = step.Component
	step.Address, step.Job, step.Index = p.Address, p.Job, index
	job.steps++
	c.Steps = append(c.Steps, step)
	return p
}

// conditional reads steps that are there only if a condition holds.
func (c *collector) conditional(kind string, n *lint.Node, s scope, job *job) {
	condition, holds := model.ConditionOf(n.Get("condition")), verdict(n.Get("condition"))
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

func (c *collector) run(name model.Text, n, whole *lint.Node, s scope, job *job) {
	command := n
	if n != nil && n.Kind == lint.Object {
		command = n.Get("command")
	}
	step := model.Step{At: whole.Span, Name: model.TextOf(n.Get("name")), Kind: "shell", Script: script(command), Shell: model.TextOf(n.Get("shell")), Condition: s.when}
	if step.Shell.Value == "" {
		step.Shell = job.shell
	}
	if when := model.TextOf(n.Get("when")); step.Condition.Value == "" {
		step.Condition = when
	}
	label := step.Name.Value
	if label == "" {
		label = name.Value
	}
	p := c.add(step, label, job)
	if step.Script.Value == "" {
		c.AddGap(whole.Span, "a step without a command was not judged", "syntax", p)
		return
	}
	c.variables(n.Get("environment"), "environment", p.At("step_env"))
	c.expressions(model.TextOf(command), p)
	c.oidc(step.Script, p)
}

// outsiders are the pipeline values that somebody without the right to push may
// choose, where a setting lets changes from forks start pipelines.
var outsiders = regex.Lazy(`^pipeline\.(?:git\.commit\.(?:subject|body|message|author_name|author_email)|event\.(?:github|gitlab)\.(?:pull_request|issue|comment|review|head_commit|object_attributes|merge_request)\..*(?:title|body|description|message|ref|label|source_branch))$`)

// expressions looks at what is left of a script's expressions: text of outsiders,
// and names of variables that nobody knows.
func (c *collector) expressions(script model.Text, p model.Place) {
	src := model.NewPlacedText(script)
	for _, m := range parameter().FindAllStringSubmatchIndex(script.Value, -1) {
		at, name := src.Part(m[0], m[1]), script.Value[m[2]:m[3]]
		if outsiders().MatchString(name) {
			c.Untrusted = append(c.Untrusted, model.Untrusted{
				At: script.At, Address: p.Address, Expression: model.Text{Value: name, At: at, Via: script.Via}, Where: "inline", Job: p.Job, Step: p.Step, Privileged: "unknown",
			})
		}
		if before := strings.TrimSuffix(script.Value[:m[0]], "{"); strings.HasSuffix(before, "$") {
			c.AddGap(at, "the name of the variable is known only when the pipeline runs", "computed", p)
		}
	}
}

// builtIn reads a step that CircleCI itself has.
func (c *collector) builtIn(name model.Text, n, whole *lint.Node, s scope, job *job) {
	label := name.Value
	if given := model.TextOf(n.Get("name")); given.Value != "" {
		label = given.Value
	}
	p := c.add(model.Step{At: whole.Span, Name: model.TextOf(n.Get("name")), Kind: "component", Component: name, Condition: s.when}, label, job)
	switch name.Value {
	case "checkout": // the key that it fetches with stays in ~/.ssh
		c.Checkouts = append(c.Checkouts, model.Checkout{At: whole.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Source: "default", Credential: "beside"})
	case "save_cache":
		c.Caches = append(c.Caches, model.Cache{At: whole.Span, Address: p.Address, Job: p.Job, Step: p.Step, Paths: model.TextsOf(n.Get("paths")), Key: model.TextOf(n.Get("key"))})
	case "restore_cache":
		for _, key := range append(model.TextsOf(n.Get("keys")), model.TextsOf(n.Get("key"))...) {
			c.Restores = append(c.Restores, model.Restore{At: key.At, Job: p.Job, Step: *p.Step, Name: model.CachePrefix + key.Value, Begins: true})
		}
	case "persist_to_workspace":
		root := model.TextOf(n.Get("root"))
		c.artifact(within(root, model.TextsOf(n.Get("paths"))), true, whole, p)
		kept := &c.Artifacts[len(c.Artifacts)-1]
		kept.Root, kept.Name = root.Value, "workspace"
	case "attach_workspace":
		c.Restores = append(c.Restores, model.Restore{At: whole.Span, Job: p.Job, Step: *p.Step, Folder: model.TextOf(n.Get("at")).Value, Name: "workspace"})
	case "store_artifacts", "store_test_results":
		c.artifact(model.TextsOf(n.Get("path")), false, whole, p)
	case "add_ssh_keys":
		c.Files = append(c.Files, model.File{At: whole.Span, Address: p.Address, Path: model.Text{Value: "~/.ssh"}, Job: p.Job, Step: *p.Step, Tool: name.Value, Removed: "no"})
	}
}

func (c *collector) artifact(paths []model.Text, inRun bool, n *lint.Node, p model.Place) {
	c.Artifacts = append(c.Artifacts, model.Artifact{At: n.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Paths: paths, Hidden: "yes", InRun: inRun})
}

// within puts the folder that paths are relative to before them.
func within(root model.Text, paths []model.Text) []model.Text {
	for i := range paths {
		if root.Value != "" && root.Value != "." && !strings.HasPrefix(paths[i].Value, "/") {
			paths[i].Value = strings.TrimSuffix(root.Value, "/") + "/" + paths[i].Value
		}
	}
	return paths
}

// command reads a step that calls a command: of this file, of an inline orb, or
// of an orb of the registry.
func (c *collector) command(name model.Text, arguments, whole *lint.Node, s scope, job *job) {
	found := find(s.library, "commands", name.Value)
	switch {
	case found.remote.Value != "":
		p := c.add(model.Step{At: whole.Span, Kind: "component", Component: found.remote, Condition: s.when}, name.Value, job)
		c.orb(name, found.remote, arguments, p)
		c.stepsWithin(arguments, s, job)
	case found.body != nil:
		c.calls++
		inner := scope{
			library: found.library, values: bind(found.body.Get("parameters"), arguments), depth: s.depth + 1, when: s.when,
			via: slices.Concat(s.via, []lint.Step{{Message: "the command is called here", Span: name.At}}),
		}
		c.steps(c.fill(found.body.Get("steps"), inner), inner, job)
	default:
		p := c.add(model.Step{At: whole.Span, Kind: "unknown", Condition: s.when}, name.Value, job)
		c.AddGap(name.At, "the configuration has no command of this name; the step was not judged", absence(name.Value), p)
	}
}

// stepsWithin reads the steps that are given to a command of an orb, which runs
// them some time.
func (c *collector) stepsWithin(arguments *lint.Node, s scope, job *job) {
	for _, field := range arguments.Object() {
		if strings.HasSuffix(field.Key, "steps") && field.Value.Kind == lint.List {
			c.steps(field.Value, s, job)
		}
	}
}

// exactOrb is a version that the registry never changes.
var exactOrb = regex.Lazy(`^\d+\.\d+\.\d+$`)

// orb notes the use of an orb of the registry, and what it is given.
func (c *collector) orb(name, ref model.Text, arguments *lint.Node, p model.Place) {
	o := model.Component{At: name.At, Address: p.Address, Ref: ref, Kind: "orb", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(arguments)}
	path, version, pinned := strings.Cut(ref.Value, "@")
	owner, orbName, _ := strings.Cut(strings.ToLower(path), "/")
	_, part, _ := strings.Cut(name.Value, "/")
	o.Owner, o.Name, o.Version = owner, strings.TrimSuffix(orbName+"/"+strings.ToLower(part), "/"), version
	o.FirstParty = owner == "circleci"
	switch {
	case strings.Contains(ref.Value, "://") || parameter().MatchString(ref.Value):
		o.Pin = "unknown"
	case !pinned:
		o.Pin = "none"
	case exactOrb().MatchString(version):
		o.Pin = "digest"
	case model.IsVersion(version):
		o.Pin = "version"
	default:
		o.Pin = "branch" // volatile, dev:…
	}
	c.Components = append(c.Components, o)
	p.Component = ref
	c.arguments(arguments, p)
}

// reserved are the keys by which a workflow says something of a job, not to it.
var reserved = []string{"name", "requires", "filters", "context", "matrix", "type", "pre-steps", "post-steps", "serial-group", "override-with"}

var variableName = regex.Lazy(`^[A-Z][A-Z0-9_]+$`)

// arguments reads what an orb is given: the name of a variable, a variable, or a
// value.
func (c *collector) arguments(n *lint.Node, p model.Place) {
	for _, field := range n.Object() {
		if p.Step == nil && slices.Contains(reserved, field.Key) {
			continue
		}
		at := p.Field(field, "").At("input")
		value := model.TextOf(field.Value)
		name, isVariable := model.WholeVariable(value.Value)
		if !isVariable && variableName().MatchString(value.Value) {
			name, isVariable = value.Value, true
		}
		switch {
		case !isVariable:
			c.within(field.Value, at)
		case lint.SecretName(name):
			c.Exposures = append(c.Exposures, at.Exposure(value.At, model.AssumedSecret(name, value.At, value.Via)))
		}
	}
}

// within reads a text that an orb is given: the shells of the orb fill in variables.
func (c *collector) within(n *lint.Node, p model.Place) {
	value, found := model.TextOf(n), false
	src := model.NewPlacedText(value)
	for _, v := range model.VariablesIn(value.Value) {
		if v.Escaped || !lint.SecretName(v.Name) {
			continue
		}
		e := p.Exposure(n.Span, model.AssumedSecret(v.Name, src.Part(v.Start, v.End), value.Via))
		e.Offset, e.Length = v.Start, v.End-v.Start
		c.Exposures, found = append(c.Exposures, e), true
	}
	if !found {
		c.literal(n, p)
	}
}
