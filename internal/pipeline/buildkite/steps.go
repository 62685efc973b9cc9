package buildkite

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// commands reads what a job runs. The agent joins the commands of a list to one
// script.
func (b *collector) commands(n *lint.Node, first int, p model.Place) (steps int) {
	commands := n.Get("command")
	if commands == nil {
		commands = n.Get("commands")
	}
	lines := []*lint.Node{commands}
	if commands == nil {
		lines = nil
	} else if commands.Kind == lint.List {
		lines = commands.Items
	}
	index := first
	for i, line := range lines {
		if line.Kind == lint.Null {
			continue
		}
		number, at := index, p
		at.Step = &number
		at.Address = model.Join(p.Address, "command")
		step := model.Step{At: line.Span, Address: at.Address, Job: p.Job, Index: index, Kind: "shell", Script: model.TextOf(line), Continues: i > 0}
		b.Steps = append(b.Steps, step)
		index++
		if !model.IsScalar(line) {
			b.Steps[len(b.Steps)-1].Kind = "unknown"
			b.AddGap(line.Span, "a command that is no text was not judged", "syntax", at)
			continue
		}
		if b.Spend(len(step.Script.Value)) {
			b.variablesOf(step, at)
			b.asks(step.Script, at)
		}
	}
	return index
}

// outsiders are the variables whose text somebody without the right to
// push may choose, where a setting lets changes from forks start builds.
var outsiders = []string{"BUILDKITE_MESSAGE", "BUILDKITE_BUILD_AUTHOR"}

// mention is a variable that a step's script names for its shell.
type mention struct {
	model.Mention
	step model.Step
}

// variablesOf goes through the variables that a script names. Those with a second
// dollar sign or a backslash are the shell's; the others are filled in when the
// pipeline is uploaded, and from then on Buildkite keeps their values as text.
func (b *collector) variablesOf(step model.Step, p model.Place) {
	src := model.NewPlacedText(step.Script)
	seen := map[string]bool{}
	for _, n := range model.VariablesIn(step.Script.Value) {
		if !b.Spend(n.End - n.Start) {
			return
		}
		name, at := n.Name, src.Part(n.Start, n.End)
		switch {
		case n.Escaped && lint.SecretName(name) && !seen[name]:
			seen[name] = true
			b.run = append(b.run, mention{model.Mention{Name: name, At: at}, step})
		case n.Escaped:
		case slices.Contains(outsiders, name):
			b.Untrusted = append(b.Untrusted, model.Untrusted{
				At: step.Script.At, Address: p.Address, Expression: model.Text{Value: name, At: at, Via: step.Script.Via}, Where: "inline", Job: p.Job, Step: p.Step, Privileged: "unknown",
			})
		case lint.SecretName(name) && !b.literally(name):
			pasted := p.At("inline")
			pasted.Address = model.Join(p.Address, name)
			e := pasted.Exposure(step.Script.At, model.AssumedSecret(name, at, step.Script.Via))
			e.Masked, e.PlatformToken = "no", strings.HasPrefix(name, "BUILDKITE_AGENT_")
			e.Offset, e.Length = n.Start, n.End-n.Start
			b.Exposures = append(b.Exposures, e)
		}
	}
}

// atRun notes the variables that scripts name for their shells and the pipeline
// does not set: hooks of the agent do.
func (b *collector) atRun() {
	isSet := b.VariablesSet()
	b.Ambient = model.AmbientBy(isSet, b.mention)
	for _, m := range b.run {
		if !isSet(m.step.Job.Value, m.Name) {
			b.Exposures = append(b.Exposures, b.mention(m.Mention, m.step))
		}
	}
}

// literally holds for variables that the pipeline itself sets: agents fill in those
// of its own env when they upload it.
func (b *collector) literally(name string) bool {
	return slices.ContainsFunc(b.Literals, func(l model.Literal) bool { return l.Where == "pipeline_env" && l.Variable.Value == name })
}

var (
	forToken   = regex.Lazy(`buildkite-agent\s+oidc\s+request-token([^\n|;)]*)`)
	audienceOf = regex.Lazy(`--audience[= ]["']?([^\s"']+)`)
	downloads  = regex.Lazy(`buildkite-agent\s+artifact\s+download\s([^\n|;&]*)`)
	uploads    = regex.Lazy(`(\|\s*)?buildkite-agent\s+pipeline\s+upload([^\n|;&]*)`)
)

// asks reads what a script asks the agent for: identity tokens and further steps.
// Secrets that it asks for are found where scripts are followed.
func (b *collector) asks(script model.Text, p model.Place) {
	if !strings.Contains(script.Value, "buildkite-agent") {
		return
	}
	src := model.NewPlacedText(script)
	for _, m := range forToken().FindAllStringSubmatchIndex(script.Value, -1) {
		identity := model.Identity{At: src.Part(m[0], m[1]), Address: model.Join(p.Address, "identities", "oidc"), Job: p.Job, Kind: "oidc", Explicit: true, DeclaredAt: "job"}
		if a := audienceOf().FindStringSubmatchIndex(script.Value[m[2]:m[3]]); a != nil {
			identity.Audiences = []model.Text{{Value: script.Value[m[2]+a[2] : m[2]+a[3]], At: src.Part(m[2]+a[2], m[2]+a[3]), Via: script.Via}}
		}
		b.Identities = append(b.Identities, identity)
	}
	for _, m := range downloads().FindAllStringSubmatchIndex(script.Value, model.MaxPaths) {
		words := strings.Fields(script.Value[m[2]:m[3]])
		words = slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
		from := model.Restore{At: src.Part(m[0], m[1]), Job: p.Job, Step: *p.Step}
		if len(words) > 0 {
			from.Pattern = strings.Trim(words[0], `"'`)
		}
		if len(words) > 1 {
			from.Folder = strings.Trim(words[1], `"'`)
		}
		b.Restores = append(b.Restores, from)
	}
	for _, m := range uploads().FindAllStringSubmatchIndex(script.Value, -1) {
		if m[2] >= 0 || !b.judged(script.Value[m[4]:m[5]]) {
			b.AddGap(src.Part(m[0], m[1]), "the steps that are uploaded here are made when it runs, or stand in no file that was found, and were not judged", "computed", p)
		}
	}
}

// judged holds for an upload of files of the repository, which are judged on their
// own.
func (b *collector) judged(arguments string) bool {
	for _, word := range strings.Fields(arguments) {
		word = strings.Trim(word, `"'`)
		if !strings.HasPrefix(word, "-") && b.files.Read(strings.TrimPrefix(word, "./")) == nil {
			return false
		}
	}
	return true
}

// variables reads a map from names to values, which are filled in when the
// pipeline is uploaded. Logs hide variables by their names.
func (b *collector) variables(n *lint.Node, p model.Place) {
	for _, field := range n.Object() {
		b.AddValue(field.Value, p.Field(field, "env"), redacted(field.Key))
	}
}

var redactedNames = regex.Lazy(`_(?:PASSWORD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY|CONNECTION_STRING)$`)

// redacted says whether agents, unless set up otherwise, hide the value of a
// variable of this name.
func redacted(name string) string {
	if redactedNames().MatchString(name) {
		return "yes"
	}
	return "no"
}

// secrets reads those of Buildkite that a build or job gets: a list of names, or a
// map from variables to names.
func (b *collector) secrets(n *lint.Node, p model.Place) {
	for _, item := range n.List() {
		if model.IsScalar(item) {
			variable := model.TextOf(item)
			variable.Value = strings.ToUpper(variable.Value)
			b.secret(model.TextOf(item), variable, p)
		}
	}
	for _, field := range n.Object() {
		if model.IsScalar(field.Value) {
			b.secret(model.TextOf(field.Value), model.Text{Value: field.Key, At: field.Span}, p)
		}
	}
}

func (b *collector) secret(name, variable model.Text, p model.Place) {
	p.Variable = variable
	p.Address = model.Join(p.Address, "secrets", variable.Value)
	at := name.At
	name.Value = strings.ToUpper(name.Value)
	b.Exposures = append(b.Exposures, p.Exposure(at, model.Secret{At: at, Via: name.Via, Name: name}))
}

// mention is a variable that a script names when it runs: a hook of the agent
// sets it.
func (b *collector) mention(m model.Mention, step model.Step) model.Exposure {
	e := model.AmbientPlace(m, step).Exposure(m.At, model.AssumedSecret(m.Name, m.At, step.Script.Via))
	e.Masked = redacted(m.Name)
	if strings.HasPrefix(m.Name, "BUILDKITE_AGENT_") {
		e.PlatformToken, e.Secret.Assumed = true, false
	}
	return e
}
