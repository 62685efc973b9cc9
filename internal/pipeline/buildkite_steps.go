package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// commands reads what a job runs. The agent joins the commands of a list to one
// script.
func (b *buildkite) commands(n *lint.Node, first int, p place) (steps int) {
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
		at.step = &number
		at.address = join(p.address, "command")
		step := Step{At: line.Span, Address: at.address, Job: p.job, Index: index, Kind: "shell", Script: text(line), Continues: i > 0}
		b.Steps = append(b.Steps, step)
		index++
		if !scalar(line) {
			b.Steps[len(b.Steps)-1].Kind = "unknown"
			b.gap(line.Span, "a command that is no text was not judged", "syntax", at)
			continue
		}
		if b.spend(len(step.Script.Value)) {
			b.variablesOf(step, at)
			b.asks(step.Script, at)
		}
	}
	return index
}

// buildkiteOutsiders are the variables whose text somebody without the right to
// push may choose, where a setting lets changes from forks start builds.
var buildkiteOutsiders = []string{"BUILDKITE_MESSAGE", "BUILDKITE_BUILD_AUTHOR"}

// buildkiteMention is a variable that a step's script names for its shell.
type buildkiteMention struct {
	mention
	step Step
}

// variablesOf goes through the variables that a script names. Those with a second
// dollar sign or a backslash are the shell's; the others are filled in when the
// pipeline is uploaded, and from then on Buildkite keeps their values as text.
func (b *buildkite) variablesOf(step Step, p place) {
	src := newSource(step.Script)
	seen := map[string]bool{}
	for _, n := range variablesIn(step.Script.Value) {
		if !b.spend(n.end - n.start) {
			return
		}
		name, at := n.name, src.part(n.start, n.end)
		switch {
		case n.escaped && lint.SecretName(name) && !seen[name]:
			seen[name] = true
			b.run = append(b.run, buildkiteMention{mention{name, at}, step})
		case n.escaped:
		case slices.Contains(buildkiteOutsiders, name):
			b.Untrusted = append(b.Untrusted, Untrusted{
				At: step.Script.At, Address: p.address, Expression: Text{Value: name, At: at, Via: step.Script.Via}, Where: "inline", Job: p.job, Step: p.step, Privileged: "unknown",
			})
		case lint.SecretName(name) && !b.literally(name):
			pasted := p.at("inline")
			pasted.address = join(p.address, name)
			e := pasted.exposure(step.Script.At, variableSecret(name, at, step.Script.Via))
			e.Masked, e.PlatformToken = "no", strings.HasPrefix(name, "BUILDKITE_AGENT_")
			e.Offset, e.Length = n.start, n.end-n.start
			b.Exposures = append(b.Exposures, e)
		}
	}
}

// atRun notes the variables that scripts name for their shells and the pipeline
// does not set: hooks of the agent do.
func (b *buildkite) atRun() {
	isSet := b.variablesSet()
	for _, m := range b.run {
		if !isSet(m.step.Job.Value, m.name) {
			b.Exposures = append(b.Exposures, b.mention(m.mention, m.step))
		}
	}
}

// literally holds for variables that the pipeline itself sets: agents fill in those
// of its own env when they upload it.
func (b *buildkite) literally(name string) bool {
	return slices.ContainsFunc(b.Literals, func(l Literal) bool { return l.Where == "pipeline_env" && l.Variable.Value == name })
}

var (
	fetches    = regex.Lazy(`buildkite-agent\s+secret\s+get((?:\s+--?[\w-]+(?:[= ]\S+)?)*)\s+["']?([A-Za-z_][A-Za-z0-9_]*)`)
	forToken   = regex.Lazy(`buildkite-agent\s+oidc\s+request-token([^\n|;)]*)`)
	audienceOf = regex.Lazy(`--audience[= ]["']?([^\s"']+)`)
	uploads    = regex.Lazy(`(\|\s*)?buildkite-agent\s+pipeline\s+upload([^\n|;&]*)`)
)

// asks reads what a script asks the agent for: secrets, identity tokens, further
// steps.
func (b *buildkite) asks(script Text, p place) {
	if !strings.Contains(script.Value, "buildkite-agent") {
		return
	}
	src := newSource(script)
	for _, m := range fetches().FindAllStringSubmatchIndex(script.Value, -1) {
		at, name := p.at("setting"), script.Value[m[4]:m[5]]
		at.address = join(p.address, name)
		where := src.part(m[4], m[5])
		secret := Secret{At: where, Via: script.Via, Name: Text{Value: strings.ToUpper(name), At: where, Via: script.Via}}
		e := at.exposure(script.At, secret)
		if strings.Contains(script.Value[m[2]:m[3]], "skip-redaction") {
			e.Masked = "no"
		}
		b.Exposures = append(b.Exposures, e)
	}
	for _, m := range forToken().FindAllStringSubmatchIndex(script.Value, -1) {
		identity := Identity{At: src.part(m[0], m[1]), Address: join(p.address, "identities", "oidc"), Job: p.job, Kind: "oidc", Explicit: true, DeclaredAt: "job"}
		if a := audienceOf().FindStringSubmatchIndex(script.Value[m[2]:m[3]]); a != nil {
			identity.Audiences = []Text{{Value: script.Value[m[2]+a[2] : m[2]+a[3]], At: src.part(m[2]+a[2], m[2]+a[3]), Via: script.Via}}
		}
		b.Identities = append(b.Identities, identity)
	}
	for _, m := range uploads().FindAllStringSubmatchIndex(script.Value, -1) {
		if m[2] >= 0 || !b.judged(script.Value[m[4]:m[5]]) {
			b.gap(src.part(m[0], m[1]), "the steps that are uploaded here are made when it runs, or stand in no file that was found, and were not judged", "computed", p)
		}
	}
}

// judged holds for an upload of files of the repository, which are judged on their
// own.
func (b *buildkite) judged(arguments string) bool {
	for _, word := range strings.Fields(arguments) {
		word = strings.Trim(word, `"'`)
		if !strings.HasPrefix(word, "-") && b.files.read(strings.TrimPrefix(word, "./")) == nil {
			return false
		}
	}
	return true
}

// variables reads a map from names to values, which are filled in when the
// pipeline is uploaded. Logs hide variables by their names.
func (b *buildkite) variables(n *lint.Node, p place) {
	for _, field := range n.Object() {
		b.given(field.Value, p.of(field, "env"), redacted(field.Key))
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
func (b *buildkite) secrets(n *lint.Node, p place) {
	for _, item := range n.List() {
		if scalar(item) {
			variable := text(item)
			variable.Value = strings.ToUpper(variable.Value)
			b.secret(text(item), variable, p)
		}
	}
	for _, field := range n.Object() {
		if scalar(field.Value) {
			b.secret(text(field.Value), Text{Value: field.Key, At: field.Span}, p)
		}
	}
}

func (b *buildkite) secret(name, variable Text, p place) {
	p.variable = variable
	p.address = join(p.address, "secrets", variable.Value)
	at := name.At
	name.Value = strings.ToUpper(name.Value)
	b.Exposures = append(b.Exposures, p.exposure(at, Secret{At: at, Via: name.Via, Name: name}))
}

// mention is a variable that a script names when it runs: a hook of the agent
// sets it.
func (b *buildkite) mention(m mention, step Step) Exposure {
	e := ambientIn(m, step).exposure(m.at, variableSecret(m.name, m.at, step.Script.Via))
	e.Masked = redacted(m.name)
	if strings.HasPrefix(m.name, "BUILDKITE_AGENT_") {
		e.PlatformToken, e.Secret.Assumed = true, false
	}
	return e
}
