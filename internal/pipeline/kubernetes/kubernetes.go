// Package kubernetes collects pipelines that are objects of a cluster: Tekton and Argo
// Workflows.
package kubernetes

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// Collect reads an object of Tekton or Argo; others are no pipelines.
func Collect(doc *lint.Document, files model.Files) *model.Pipeline {
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
	model.Pipeline
	namespace model.Text
	limited   bool

	// fill gives the value of a text that is one parameter and nothing else. It is
	// open if a caller decides, or the parameter is only a part.
	fill func(model.Text) (value model.Text, open bool)

	uses map[string]use // of parameters, by name
}

// job is one that runs in a pod, in the namespace of the object.
func (c *cluster) job(n *lint.Node, id model.Text) (model.Job, model.Place) {
	j := model.Job{At: n.Span, ID: id, Runner: model.Runner{Kind: "pod"}}
	if c.namespace.Value != "" {
		j.Environment = &model.Environment{At: c.namespace.At, Name: c.namespace}
	}
	return j, model.Place{Job: id, Address: model.Join("jobs", id.Value), Environment: c.namespace}
}

// full notes that something was left out.
func (c *cluster) full() bool {
	c.limited = c.limited || len(c.Jobs) >= model.MaxJobs || len(c.Steps) >= model.MaxSteps
	return c.limited
}

func (c *cluster) finish() *model.Pipeline {
	if c.limited {
		c.AddGap(lint.Span{}, "the object has more steps than are followed; what is behind the limit was not judged", "limit", model.Place{})
	}
	return &c.Pipeline
}

// secret is a Secret or a key of it.
func (c *cluster) secret(at lint.Span, name, key *lint.Node) model.Secret {
	group, open := c.fill(model.TextOf(name))
	entry, also := c.fill(model.TextOf(key))
	s := model.Secret{At: at, Store: "kubernetes", Via: append(slices.Clip(group.Via), entry.Via...), Name: entry, Group: group, Parameter: open || also}
	s.Group.Via, s.Name.Via = nil, nil
	return s
}

func (c *cluster) expose(at lint.Span, secret model.Secret, p model.Place) {
	e := p.Exposure(at, secret)
	e.Masked, e.PlatformToken = "no", strings.Contains(secret.Group.Value, "git_auth_secret")
	c.Exposures = append(c.Exposures, e)
}

// unended notes the expressions in texts that begin and do not end.
func (c *cluster) unended(n *lint.Node, begins func() *regexp.Regexp, end string) {
	n.Walk(func(_ lint.Path, n *lint.Node) bool {
		if n == nil || n.Kind != lint.String {
			return n != nil
		}
		all := begins().FindAllStringIndex(n.Text, model.MaxPaths)
		if len(all) == 0 {
			return true
		}
		if last := all[len(all)-1]; !strings.Contains(n.Text[last[1]:], end) {
			at := model.NewPlacedText(model.TextOf(n)).Part(last[0], last[1])
			c.AddGap(at, "an expression begins here and does not end", "syntax", model.Place{})
		}
		return true
	})
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
		if len(own) > model.MaxPaths || !slices.ContainsFunc(own, replaces) {
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
func (c *cluster) program(k container, step model.Step, p model.Place) {
	image := c.image(k, p)
	script, shell, traced := k.command()
	step.Kind, step.Script, step.Shell, step.Traced = "shell", script, shell, traced
	if script.Value == "" {
		step.Kind, step.Component = "component", image
		step.Program, step.ProgramAt = k.words()
		p.Component = image
	}
	c.Steps = append(c.Steps, step)
	first := len(c.Exposures)
	c.env(k, p.At("step_env"))
	if k.script == nil {
		c.expanded(c.Exposures[first:], step)
	}
	c.named(k, step, p)
	c.mounts(k, step, p)
}

// beside reads a container that runs beside the steps.
func (c *cluster) beside(k container, p model.Place) {
	p.Address = model.Join(p.Address, "sidecars", k.Get("name").Str())
	c.image(k, p)
	c.env(k, p.At("container_env"))
	c.mounts(k, model.Step{}, p)
}

func (c *cluster) image(k container, p model.Place) model.Text {
	ref, _ := c.fill(model.TextOf(k.get("image")))
	if ref.Value == "" {
		return model.Text{}
	}
	image := model.Component{At: ref.At, Address: model.Join(p.Address, "image"), Ref: ref, Kind: "image", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	image.SetImage(ref.Value)
	if strings.ContainsAny(ref.Value, "${") {
		image.Pin = "unknown"
	}
	image.FirstParty = image.Owner == "gcr.io" && strings.HasPrefix(image.Name, "tekton-releases/")
	image.Privileged = model.TextOf(k.get("securityContext").Get("privileged")).Value == "true"
	c.Components = append(c.Components, image)
	return ref
}

// env reads the variables of a container.
func (c *cluster) env(k container, p model.Place) {
	within := model.Join(p.Address, "env")
	for _, item := range k.list("env") {
		p.Variable = model.TextOf(item.Get("name"))
		p.Address = model.Join(within, p.Variable.Value)
		ref, value := item.Get("valueFrom", "secretKeyRef"), item.Get("value")
		switch {
		case ref.Get("name").Str() != "":
			c.expose(item.Span, c.secret(ref.Span, ref.Get("name"), ref.Get("key")), p)
		case model.IsScalar(value) && !strings.Contains(value.Text, "$(") && !strings.Contains(value.Text, "{{"):
			c.AddLiteral(value, p)
		}
	}
	for _, item := range k.list("envFrom") {
		if ref := item.Get("secretRef"); ref.Get("name").Str() != "" {
			p.Variable, p.Address = model.Text{}, model.Join(within, ref.Get("name").Str())
			c.expose(item.Span, c.secret(ref.Span, ref.Get("name"), nil), p)
		}
	}
}

// named notes the variables of credentials that a script names and that come from
// a whole Secret.
func (c *cluster) named(k container, step model.Step, p model.Place) {
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
	model.AddAssigned(step.Script.Value, set)
	for _, m := range model.Mentions(step.Script, lint.SecretName) {
		if set[m.Name] {
			continue
		}
		at := p.At("step_env")
		at.Variable, at.Address = model.Text{Value: m.Name, At: m.At}, model.Join(p.Address, m.Name)
		secret := model.Secret{At: m.At, Store: "kubernetes", Name: model.Text{Value: m.Name, At: m.At}, Assumed: true}
		if len(refs) == 1 {
			from := c.secret(m.At, refs[0].Get("secretRef", "name"), nil)
			secret.Group, secret.Parameter, secret.Via = from.Group, from.Parameter, from.Via
			secret.Name.Value = strings.TrimPrefix(m.Name, refs[0].Get("prefix").Str())
		}
		c.expose(m.At, secret, at)
	}
}

// expanded notes the variables that Kubernetes puts into the script of a command
// before it starts: $(NAME).
func (c *cluster) expanded(variables []model.Exposure, step model.Step) {
	for _, e := range slices.Clone(variables) {
		sign := "$(" + e.Variable.Value + ")"
		at := strings.Index(step.Script.Value, sign)
		if at < 0 || e.Variable.Value == "" {
			continue
		}
		e.Where, e.Address, e.Offset, e.Length = "inline", model.Join(step.Address, e.Variable.Value), at, len(sign)
		here := lint.Step{Message: e.Variable.Value + " is named here", Span: model.NewPlacedText(step.Script).Part(at, at+len(sign))}
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
func (k container) command() (script, shell model.Text, traced bool) {
	command := append(model.TextsOf(k.get("command")), model.TextsOf(k.get("args"))...)
	if model.IsScalar(k.script) {
		script = model.TextOf(k.script)
		if start, end, ok := model.Interpreter(script.Value); ok {
			return script, model.Text{Value: path.Base(script.Value[start:end]), At: model.NewPlacedText(script).Part(start, end)}, strings.Contains(firstLine(script.Value), " -x")
		}
		if len(command) > 0 {
			shell = model.Text{Value: path.Base(command[0].Value), At: command[0].At}
		}
		return script, shell, false
	}
	if len(command) < 3 || !slices.Contains(shells, path.Base(command[0].Value)) {
		return model.Text{}, model.Text{}, false
	}
	for i, word := range command[1 : len(command)-1] {
		traced = traced || flagX().MatchString(word.Value)
		if flagC().MatchString(word.Value) {
			return command[i+2], model.Text{Value: path.Base(command[0].Value), At: command[0].At}, traced
		}
	}
	return model.Text{}, model.Text{}, false
}

// words are the program of a container and its arguments, quoted for a shell, which
// reads the variables that Kubernetes puts in before it starts: $(NAME).
func (k container) words() (model.Text, func(start, end int) lint.Span) {
	command := model.TextsOf(k.get("command"))
	if len(command) == 0 {
		return model.Text{}, nil // what the image runs
	}
	set := map[string]bool{}
	for _, item := range k.list("env") {
		set[item.Get("name").Str()] = true
	}
	q := quoted{}
	all := append(command, model.TextsOf(k.get("args"))...)
	for i, word := range all {
		if i > 0 {
			q.text.WriteByte(' ')
		}
		q.word(word, set)
	}
	at := command[0].At
	at.End = max(at.End, all[len(all)-1].At.End)
	if all[len(all)-1].At.Source != at.Source {
		at = command[0].At
	}
	q.at = at
	return model.Text{Value: q.text.String(), At: at}, q.part
}

// quoted is a program whose words are quoted for a shell, and where its parts stand.
type quoted struct {
	text  strings.Builder
	at    lint.Span
	parts []quotedPart
}

// quotedPart is a stretch of the program: text as it is written, or a variable.
type quotedPart struct {
	start, end int
	word       model.PlacedText
	from, to   int // within the word
	variable   bool
}

func (q *quoted) word(word model.Text, set map[string]bool) {
	placed, last := model.NewPlacedText(word), 0
	plain := func(end int) {
		for _, part := range strings.SplitAfter(word.Value[last:end], "'") {
			start, inner := q.text.Len(), strings.TrimSuffix(part, "'")
			q.text.WriteString(inner)
			q.parts = append(q.parts, quotedPart{start, q.text.Len(), placed, last, last + len(inner), false})
			if last += len(part); inner != part {
				q.text.WriteString(`'\''`)
			}
		}
	}
	q.text.WriteByte('\'')
	for _, m := range expansion().FindAllStringIndex(word.Value, -1) {
		name := word.Value[m[0]+2 : m[1]-1]
		if !set[name] {
			continue
		}
		plain(m[0])
		start := q.text.Len()
		q.text.WriteString(`'"$` + name + `"'`)
		q.parts = append(q.parts, quotedPart{start, q.text.Len(), placed, m[0], m[1], true})
		last = m[1]
	}
	plain(len(word.Value))
	q.text.WriteByte('\'')
}

// part is where a part of the program stands: all of the variables in it, and of text what
// is meant.
func (q *quoted) part(start, end int) lint.Span {
	var at lint.Span
	for _, p := range q.parts {
		if p.end <= start || p.start >= end {
			continue
		}
		from, to := p.from, p.to
		if !p.variable {
			from, to = from+max(0, start-p.start), to-max(0, p.end-end)
		}
		switch here := p.word.Part(from, to); {
		case at.Source == nil:
			at = here
		case at.Source != here.Source:
			return q.at
		default:
			at.End = max(at.End, here.End)
		}
	}
	if at.Source == nil {
		return q.at
	}
	return at
}

var expansion = regex.Lazy(`\$\([A-Za-z_]\w*\)`)

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
