package pipeline

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// mention is where a script names a variable first.
type mention struct {
	name string
	at   lint.Span
}

var (
	named      = regex.Lazy(`\$(?:\{[#!]?)?(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)`)
	assignment = regex.Lazy(`(?:^|[^A-Za-z0-9_{.$-])([A-Za-z_][A-Za-z0-9_]*)\+?=(\S*)|\$(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)\s+=\s|\bread(?:\s+-\w+)*\s+([A-Za-z_][A-Za-z0-9_]*)|\bfor\s+([A-Za-z_][A-Za-z0-9_]*)\s+in\b`)
)

// mentions finds the variables that a text names, as far as they are wanted. What
// a shell makes of them is told elsewhere.
func mentions(script Text, wanted func(name string) bool) []mention {
	var all []mention
	seen := map[string]bool{}
	var src source
	for _, n := range variablesIn(script.Value) {
		if seen[n.name] || n.escaped || !wanted(n.name) {
			continue
		}
		seen[n.name] = true
		if src.offsets == nil {
			src = newSource(script)
		}
		all = append(all, mention{n.name, src.part(n.start, n.end)})
	}
	return all
}

// namedVariable is a part of a text that names a variable: "$NAME" or "${NAME}".
type namedVariable struct {
	name       string
	start, end int
	escaped    bool // its dollar sign is quoted, or the second of two
}

// variablesIn finds the variables that a text names.
func variablesIn(text string) []namedVariable {
	var all []namedVariable
	for _, m := range named().FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[3]
		if strings.HasPrefix(text[start:], "${") && strings.HasPrefix(text[end:], "}") {
			end++
		}
		escaped := start > 0 && (text[start-1] == '\\' || text[start-1] == '$')
		all = append(all, namedVariable{text[m[2]:m[3]], start, end, escaped})
	}
	return all
}

// reading is what collectors of platforms share whose variables settings define.
type reading struct {
	Pipeline
	work    int  // bytes of text that were looked at, repeated ones counted
	limited bool // something was left out
}

// spend says whether so much more text may be looked at. Every place of a secret
// counts by itself.
func (r *reading) spend(bytes int) bool {
	r.work += bytes
	enough := r.work > maxReading || len(r.Exposures) >= maxExposures
	r.limited = r.limited || enough
	return !enough
}

// ambient notes the variables of credentials that scripts name and no file sets:
// expose says what they are.
func (r *reading) ambient(expose func(mention, Step) Exposure) {
	isSet := r.variablesSet()
	for _, step := range r.Steps {
		if !r.spend(len(step.Script.Value)) {
			return
		}
		for _, m := range mentions(step.Script, lint.SecretName) {
			if !isSet(step.Job.Value, m.name) {
				r.Exposures = append(r.Exposures, expose(m, step))
			}
		}
	}
}

// variablesSet tells the variables that a job gets a value for: by the file, from
// a store, or by a script of its own.
func (r *reading) variablesSet() func(job, name string) bool {
	set := map[string]map[string]bool{} // by job
	for _, literal := range r.Literals {
		if literal.Where != "container_env" && literal.Where != "input" {
			setIn(set, literal.Job.Value)[literal.Variable.Value] = true
		}
	}
	for _, e := range r.Exposures {
		if strings.HasSuffix(e.Where, "_env") && e.Where != "container_env" {
			setIn(set, e.Job.Value)[e.Variable.Value] = true
		}
	}
	for _, step := range r.Steps {
		if !r.spend(len(step.Script.Value)) {
			break
		}
		assigns(step.Script.Value, setIn(set, step.Job.Value))
	}
	return func(job, name string) bool { return set[""][name] || set[job][name] }
}

func setIn(set map[string]map[string]bool, job string) map[string]bool {
	if set[job] == nil {
		set[job] = map[string]bool{}
	}
	return set[job]
}

// ambientIn is the place of a variable that a script names.
func ambientIn(m mention, step Step) place {
	index := step.Index
	return place{
		address: join(step.Address, m.name), where: "ambient", job: step.Job, step: &index, variable: Text{Value: m.name, At: m.at, Via: step.Script.Via},
	}
}

// variableSecret is a secret that settings define, by the name of its variable.
func variableSecret(name string, at lint.Span, via []lint.Step) Secret {
	return Secret{At: at, Via: via, Name: Text{Value: name, At: at, Via: via}, Assumed: true}
}

// given reads a value that a variable or input gets: credentials that it names, by
// their names or because of what they are given as, or else a literal.
func (r *reading) given(n *lint.Node, at place, masked string) {
	if !scalar(n) || !r.spend(len(n.Text)) {
		return
	}
	promised := lint.SecretName(at.variable.Value)
	found := mentions(text(n), func(name string) bool { return promised || lint.SecretName(name) })
	for _, m := range found {
		e := at.exposure(n.Span, variableSecret(m.name, m.at, n.Via))
		e.Masked = masked
		r.Exposures = append(r.Exposures, e)
	}
	if len(found) == 0 && !strings.Contains(n.Text, "$") {
		r.literal(n, at)
	}
}

func (p *Pipeline) literal(n *lint.Node, at place) {
	p.Literals = append(p.Literals, Literal{
		At: n.Span, Address: at.address, Variable: at.variable, Value: text(n), Where: at.where, Job: at.job, Step: at.step, Component: at.component,
	})
}

// assigns says which variables a script gives a value, other than by their own:
// those do not come from outside.
func assigns(script string, into map[string]bool) {
	for _, m := range assignment().FindAllStringSubmatch(script, -1) {
		for _, name := range []string{m[1], m[3], m[4], m[5]} {
			if name != "" && !strings.Contains(m[2], "$"+name) && !strings.Contains(m[2], "${"+name) {
				into[name] = true
			}
		}
	}
}

// whole is the variable that a value consists of: "$NAME" or "${NAME}".
func whole(value string) (name string, ok bool) {
	m := onlyVariable().FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

var onlyVariable = regex.Lazy(`^\s*\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})\s*$`)
