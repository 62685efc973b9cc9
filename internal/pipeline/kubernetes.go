package pipeline

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// kubernetesPipeline reads an object of Tekton or Argo; others are no pipelines.
func kubernetesPipeline(doc *lint.Document, files Files) *Pipeline {
	group, _, _ := strings.Cut(doc.Root.Get("apiVersion").Str(), "/")
	switch group {
	case "tekton.dev", "triggers.tekton.dev", "pipelinesascode.tekton.dev":
		return tektonPipeline(doc, files)
	case "argoproj.io":
		return argoWorkflow(doc)
	}
	return nil
}

// cluster reads what pipelines that run as pods have in common. Nothing of a
// secret is hidden in logs of pods.
type cluster struct {
	Pipeline
	namespace Text
	limited   bool

	// fill gives the value of a text that is one parameter and nothing else. It is
	// open if a caller decides, or the parameter is only a part.
	fill func(Text) (value Text, open bool)
}

// job is one that runs in a pod, in the namespace of the object.
func (c *cluster) job(n *lint.Node, id Text) (Job, place) {
	j := Job{At: n.Span, ID: id, Runner: Runner{Kind: "pod"}}
	if c.namespace.Value != "" {
		j.Environment = &Environment{At: c.namespace.At, Name: c.namespace}
	}
	return j, place{job: id, address: join("jobs", id.Value), inJob: c.namespace}
}

// full notes that something was left out.
func (c *cluster) full() bool {
	c.limited = c.limited || len(c.Jobs) >= maxJobs || len(c.Steps) >= maxSteps
	return c.limited
}

func (c *cluster) finish() *Pipeline {
	if c.limited {
		c.gap(lint.Span{}, "the object has more steps than are followed; what is behind the limit was not judged", "limit", place{})
	}
	return &c.Pipeline
}

// secret is a Secret or a key of it.
func (c *cluster) secret(at lint.Span, name, key *lint.Node) Secret {
	group, open := c.fill(text(name))
	entry, also := c.fill(text(key))
	s := Secret{At: at, Store: "kubernetes", Via: append(slices.Clip(group.Via), entry.Via...), Name: entry, Group: group, Parameter: open || also}
	s.Group.Via, s.Name.Via = nil, nil
	return s
}

func (c *cluster) expose(at lint.Span, secret Secret, p place) {
	e := p.exposure(at, secret)
	e.Masked, e.PlatformToken = "no", strings.Contains(secret.Group.Value, "git_auth_secret")
	c.Exposures = append(c.Exposures, e)
}

// container is one of a pod, with what those around it share.
type container struct {
	*lint.Node
	template *lint.Node // whose variables and mounts it gets as well
	volumes  map[string][]volume
	script   *lint.Node // what it runs by a shell of its own
}

// list gives the items of a field, its own and those of the template that it does
// not replace.
func (k container) list(key string) []*lint.Node {
	own := k.Get(key).List()
	all := slices.Clone(own)
	for _, item := range k.template.Get(key).List() {
		replaces := func(n *lint.Node) bool { return n.Get("name") != nil && n.Get("name").Str() == item.Get("name").Str() }
		if len(own) > maxPaths || !slices.ContainsFunc(own, replaces) {
			all = append(all, item)
		}
	}
	return all
}

func (k container) get(key string) *lint.Node {
	if own := k.Get(key); own != nil {
		return own
	}
	return k.template.Get(key)
}

// program reads what a container runs as a step: a script of a shell, or the program
// of its image.
func (c *cluster) program(k container, step Step, p place) {
	image := c.image(k.get("image"), p)
	script, shell, traced := k.command()
	step.Kind, step.Script, step.Shell, step.Traced = "shell", script, shell, traced
	if script.Value == "" {
		step.Kind, step.Component = "component", image
		p.component = image
	}
	c.Steps = append(c.Steps, step)
	first := len(c.Exposures)
	c.env(k, p.at("step_env"))
	if k.script == nil {
		c.expanded(c.Exposures[first:], step)
	}
	c.named(k, step, p)
	c.mounts(k, step, p)
}

// beside reads a container that runs beside the steps.
func (c *cluster) beside(k container, p place) {
	p.address = join(p.address, "sidecars", k.Get("name").Str())
	c.image(k.get("image"), p)
	c.env(k, p.at("container_env"))
	c.mounts(k, Step{}, p)
}

func (c *cluster) image(n *lint.Node, p place) Text {
	ref, _ := c.fill(text(n))
	if ref.Value == "" {
		return Text{}
	}
	image := Component{At: ref.At, Address: join(p.address, "image"), Ref: ref, Kind: "image", Job: p.job, Step: p.step, Inputs: inputs(nil)}
	image.setImage(ref.Value)
	if strings.ContainsAny(ref.Value, "${") {
		image.Pin = "unknown"
	}
	image.FirstParty = image.Owner == "gcr.io" && strings.HasPrefix(image.Name, "tekton-releases/")
	c.Components = append(c.Components, image)
	return ref
}

// env reads the variables of a container.
func (c *cluster) env(k container, p place) {
	within := join(p.address, "env")
	for _, item := range k.list("env") {
		p.variable = text(item.Get("name"))
		p.address = join(within, p.variable.Value)
		ref, value := item.Get("valueFrom", "secretKeyRef"), item.Get("value")
		switch {
		case ref.Get("name").Str() != "":
			c.expose(item.Span, c.secret(ref.Span, ref.Get("name"), ref.Get("key")), p)
		case scalar(value) && !strings.Contains(value.Text, "$(") && !strings.Contains(value.Text, "{{"):
			c.literal(value, p)
		}
	}
	for _, item := range k.list("envFrom") {
		if ref := item.Get("secretRef"); ref.Get("name").Str() != "" {
			p.variable, p.address = Text{}, join(within, ref.Get("name").Str())
			c.expose(item.Span, c.secret(ref.Span, ref.Get("name"), nil), p)
		}
	}
}

// named notes the variables of credentials that a script names and that come from
// a whole Secret.
func (c *cluster) named(k container, step Step, p place) {
	var refs []*lint.Node
	for _, item := range k.list("envFrom") {
		if ref := item.Get("secretRef"); ref.Get("name").Str() != "" {
			refs = append(refs, item)
		}
	}
	if len(refs) == 0 {
		return
	}
	set := map[string]bool{}
	for _, item := range k.list("env") {
		set[item.Get("name").Str()] = true
	}
	assigns(step.Script.Value, set)
	for _, m := range mentions(step.Script, lint.SecretName) {
		if set[m.name] {
			continue
		}
		at := p.at("step_env")
		at.variable, at.address = Text{Value: m.name, At: m.at}, join(p.address, m.name)
		secret := Secret{At: m.at, Store: "kubernetes", Name: Text{Value: m.name, At: m.at}, Assumed: true}
		if len(refs) == 1 {
			from := c.secret(m.at, refs[0].Get("secretRef", "name"), nil)
			secret.Group, secret.Parameter, secret.Via = from.Group, from.Parameter, from.Via
			secret.Name.Value = strings.TrimPrefix(m.name, refs[0].Get("prefix").Str())
		}
		c.expose(m.at, secret, at)
	}
}

// expanded notes the variables that Kubernetes puts into the script of a command
// before it starts: $(NAME).
func (c *cluster) expanded(variables []Exposure, step Step) {
	for _, e := range slices.Clone(variables) {
		sign := "$(" + e.Variable.Value + ")"
		at := strings.Index(step.Script.Value, sign)
		if at < 0 || e.Variable.Value == "" {
			continue
		}
		e.Where, e.Address, e.Offset, e.Length = "inline", join(step.Address, e.Variable.Value), at, len(sign)
		here := lint.Step{Message: e.Variable.Value + " is named here", Span: newSource(step.Script).part(at, at+len(sign))}
		e.Secret.Via = append(slices.Clip(e.Secret.Via), here)
		c.Exposures = append(c.Exposures, e)
	}
}

var shells = []string{"sh", "bash", "ash", "dash", "zsh", "ksh", "pwsh", "powershell"}

// flagC is the option by which a shell takes its script as a word.
var (
	flagX = regex.Lazy(`^-[a-z]*x`)
	flagC = regex.Lazy(`^-[a-zA-Z]*[cC]$|^-Command$`)
)

// command is the script that a container runs: its own, or the word that its
// command hands to a shell.
func (k container) command() (script, shell Text, traced bool) {
	command := append(texts(k.get("command")), texts(k.get("args"))...)
	if scalar(k.script) {
		script = text(k.script)
		if start, end, ok := interpreter(script.Value); ok {
			return script, Text{Value: path.Base(script.Value[start:end]), At: newSource(script).part(start, end)}, strings.Contains(firstLine(script.Value), " -x")
		}
		if len(command) > 0 {
			shell = Text{Value: path.Base(command[0].Value), At: command[0].At}
		}
		return script, shell, false
	}
	if len(command) < 3 || !slices.Contains(shells, path.Base(command[0].Value)) {
		return Text{}, Text{}, false
	}
	for i, word := range command[1 : len(command)-1] {
		traced = traced || flagX().MatchString(word.Value)
		if flagC().MatchString(word.Value) {
			return command[i+2], Text{Value: path.Base(command[0].Value), At: command[0].At}, traced
		}
	}
	return Text{}, Text{}, false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
