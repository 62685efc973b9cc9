package gitlab

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// jobTokens are the variables by which GitLab hands out the token that it makes
// for each job. It masks them.
var jobTokens = []string{
	"CI_JOB_TOKEN", "CI_BUILD_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPENDENCY_PROXY_PASSWORD", "CI_REPOSITORY_URL",
	"CI_JOB_JWT", "CI_JOB_JWT_V1", "CI_JOB_JWT_V2",
}

// Variables of GitLab's settings that are secrets though their names do not say so, or
// that GitLab itself sets.
const (
	deployPassword = "CI_DEPLOY_PASSWORD" // of the project's deploy token; masked
	registryLogins = "DOCKER_AUTH_CONFIG"
)

// variableUse is a variable that a text names.
type variableUse struct {
	name       string
	start, end int // of the reference
	nameAt     int
}

var (
	mentioned = regex.Lazy(`\$(?:\{env:|env:|\{)?([A-Za-z_][A-Za-z0-9_]*)|%([A-Za-z_][A-Za-z0-9_]*)%`)
	// passedOn are options that name a variable for another program to take over.
	passedOn = regex.Lazy(`(?:\s-e|\s--env|\s--build-arg|\bprintenv|,env)[ =]([A-Za-z_][A-Za-z0-9_]*)(?:[\s,;'"]|$)`)
)

// variableUses finds the variables that a line of a script or the value of a variable
// names. A dollar behind a backslash is none of this shell.
func variableUses(text string) []variableUse {
	var all []variableUse
	for _, found := range slices.Concat(mentioned().FindAllStringSubmatchIndex(text, -1), passedOn().FindAllStringSubmatchIndex(text, -1)) {
		m := variableUse{start: found[0], end: found[1], nameAt: found[2]}
		nameEnd := found[3]
		if m.nameAt < 0 {
			m.nameAt, nameEnd = found[4], found[5]
		}
		m.name = text[m.nameAt:nameEnd]
		switch first := text[m.start]; {
		case m.start > 0 && text[m.start-1] == '\\' && first == '$', m.start > 0 && text[m.start-1] == '$' && first == '$':
			continue
		case first == '$' && strings.HasPrefix(text[m.start:], "${") && strings.HasPrefix(text[m.end:], "}"):
			m.end++
		case first != '$' && first != '%':
			m.start, m.end = m.nameAt, nameEnd
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b variableUse) int { return a.start - b.start })
	return all
}

// nameTable are variables that the file itself defines, with their values as far
// as they stand there: those of a job, and those of all jobs.
type nameTable []map[string]*lint.Node

func (names nameTable) find(name string) (value *lint.Node, defined bool) {
	for _, level := range names {
		if value, defined = level[name]; defined {
			return value, true
		}
	}
	return nil, false
}

// names gives the variables that a job has.
func (g *collector) names(job *lint.Node) nameTable {
	own := map[string]*lint.Node{}
	for _, rule := range flatLines(job.Get("rules"), 0) {
		define(own, rule.Get("variables"))
	}
	for _, row := range job.Get("parallel", "matrix").List() {
		define(own, row)
	}
	define(own, job.Get("variables"))
	for _, key := range []string{"secrets", "id_tokens"} {
		for _, field := range job.Get(key).Object() {
			own[field.Key] = nil
		}
	}
	if job.Get("inherit", "variables") == nil {
		return nameTable{own, g.ofAll}
	}
	inherited := map[string]*lint.Node{}
	for name, value := range g.ofAll {
		if inherits(job, "variables", name) {
			inherited[name] = value
		}
	}
	return nameTable{own, inherited}
}

// namesOfAll gives the variables that all jobs have.
func (g *collector) namesOfAll() map[string]*lint.Node {
	all := map[string]*lint.Node{}
	define(all, g.root.Get("variables"))
	for _, rule := range flatLines(g.root.Get("workflow", "rules"), 0) {
		define(all, rule.Get("variables"))
	}
	return all
}

func define(names map[string]*lint.Node, variables *lint.Node) {
	for _, field := range variables.Object() {
		names[field.Key] = valueOf(field.Value)
	}
}

// valueOf is the text of a variable, which may stand beside a description.
func valueOf(n *lint.Node) *lint.Node {
	if n.Kind == lint.Object {
		n = n.Get("value")
	}
	if !model.IsScalar(n) {
		return nil
	}
	return n
}

// variables reads a map from names to values, which may name those of the job.
func (g *collector) variables(n *lint.Node, within string, names nameTable, p model.Place) {
	if present(n) && n.Kind != lint.Object {
		g.AddGap(n.Span, "these "+within+" are no mapping and were not judged", "syntax", p)
	}
	for _, field := range n.Object() {
		at := p.Field(field, within)
		if field.Key == registryLogins {
			at.Where = "container_credential"
		}
		value := valueOf(field.Value)
		if value == nil {
			continue
		}
		raw := field.Value.Get("expand")
		if !strings.Contains(value.Text, "$") || raw != nil && raw.Text == "false" {
			g.literal(value, at)
			continue
		}
		g.value(value, at, names, nil, []string{field.Key})
	}
}

// literal notes a value that stands in the file. GitLab starts services with the
// variables of their jobs, so that POSTGRES_PASSWORD is what the service gets.
func (g *collector) literal(n *lint.Node, p model.Place) {
	if word, _, _ := strings.Cut(p.Variable.Value, "_"); (p.Where == "job_env" || p.Where == "pipeline_env") && g.services[word] {
		p.Where = "container_env"
	}
	g.Literals = append(g.Literals, model.Literal{
		At: n.Span, Address: p.Address, Variable: p.Variable, Value: model.TextOf(n), Where: p.Where, Job: p.Job, Step: p.Step, Component: p.Component,
	})
}

// value notes the secrets that a text names, also through variables of the file
// whose values name them. A variable that names itself means that of the settings.
func (g *collector) value(n *lint.Node, p model.Place, names nameTable, via []lint.Step, seen []string) {
	src := model.NewPlacedText(model.TextOf(n))
	for _, m := range variableUses(n.Text) {
		if value, defined := names.find(m.name); defined && !slices.Contains(seen, m.name) {
			if value != nil && len(seen) < maxNesting {
				step := lint.Step{Message: "the variable " + m.name + " is set here", Span: value.Span}
				g.value(value, p, names, append(slices.Clip(via), step), append(slices.Clip(seen), m.name))
			}
			continue
		}
		if secret, token, ok := platformSecret(m.name); ok {
			g.expose(placed(secret, src, m, via), token, n, p)
		}
	}
}

// placed gives a secret the places where a text names it.
func placed(secret model.Secret, s model.PlacedText, m variableUse, via []lint.Step) model.Secret {
	secret.At, secret.Via = s.Part(m.start, m.end), slices.Concat(via, s.Via)
	secret.Name.At = s.Part(m.nameAt, m.nameAt+len(m.name))
	return secret
}

// platformSecret says whether a variable that the file does not define is a
// secret: GitLab sets it, or its name says so.
func platformSecret(name string) (s model.Secret, token, ok bool) {
	s.Name.Value = name
	token = slices.Contains(jobTokens, name)
	s.Assumed = !token && name != deployPassword
	return s, token, token || name == deployPassword || name == registryLogins || lint.SecretName(name)
}

func (g *collector) expose(secret model.Secret, token bool, n *lint.Node, p model.Place) {
	at := n.Span
	if p.Where == "ambient" {
		at = secret.At
	}
	g.Exposures = append(g.Exposures, exposure(secret, token, at, p))
}

func exposure(secret model.Secret, token bool, at lint.Span, p model.Place) model.Exposure {
	e := p.Exposure(at, secret)
	e.PlatformToken, e.Masked = token, "yes"
	if secret.Assumed {
		e.Masked = "unknown" // whoever set the variable up decided
	}
	return e
}

// mention is a variable that a script of the repository names.
func mention(m model.Mention, step model.Step) model.Exposure {
	secret, token, _ := platformSecret(m.Name)
	secret.At, secret.Name.At, secret.Via = m.At, m.At, step.Script.Via
	return exposure(secret, token, m.At, model.AmbientPlace(m, step))
}
