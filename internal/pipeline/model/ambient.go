package model

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Mention is where a script names a variable first.
type Mention struct {
	Name string
	At   lint.Span
}

var (
	named      = regex.Lazy(`\$(?:\{[#!]?)?(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)`)
	assignment = regex.Lazy(`(?:^|[^A-Za-z0-9_{.$-])([A-Za-z_][A-Za-z0-9_]*)\+?=(\S*)|\$(?:[Ee][Nn][Vv]:)?([A-Za-z_][A-Za-z0-9_]*)\s+=\s|\bread(?:\s+-\w+)*\s+([A-Za-z_][A-Za-z0-9_]*)|\bfor\s+([A-Za-z_][A-Za-z0-9_]*)\s+in\b`)
)

// Mentions finds the variables that a text names, as far as they are wanted. What
// a shell makes of them is told elsewhere.
func Mentions(script Text, wanted func(name string) bool) []Mention {
	var all []Mention
	seen := map[string]bool{}
	var src PlacedText
	for _, n := range VariablesIn(script.Value) {
		if seen[n.Name] || n.Escaped || !wanted(n.Name) {
			continue
		}
		seen[n.Name] = true
		if src.offsets == nil {
			src = NewPlacedText(script)
		}
		all = append(all, Mention{n.Name, src.Part(n.Start, n.End)})
	}
	return all
}

// NamedVariable is a part of a text that names a variable: "$NAME" or "${NAME}".
type NamedVariable struct {
	Name       string
	Start, End int
	Escaped    bool // its dollar sign is quoted, or the second of two
}

// VariablesIn finds the variables that a text names.
func VariablesIn(text string) []NamedVariable {
	var all []NamedVariable
	for _, m := range named().FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[3]
		if strings.HasPrefix(text[start:], "${") && strings.HasPrefix(text[end:], "}") {
			end++
		}
		escaped := start > 0 && (text[start-1] == '\\' || text[start-1] == '$')
		all = append(all, NamedVariable{text[m[2]:m[3]], start, end, escaped})
	}
	return all
}

// Reading is a pipeline of a platform whose settings define variables, which no file
// shows, while it is read.
type Reading struct {
	Pipeline
	Work    int  // bytes of text that were looked at, repeated ones counted
	Limited bool // something was left out
}

// Spend says whether so much more text may be looked at. Every place of a secret
// counts by itself.
func (r *Reading) Spend(bytes int) bool {
	r.Work += bytes
	enough := r.Work > MaxReading || len(r.Exposures) >= MaxExposures
	r.Limited = r.Limited || enough
	return !enough
}

// AddAmbient notes the variables of credentials that scripts name and no file sets:
// expose says what they are.
func (r *Reading) AddAmbient(expose func(Mention, Step) Exposure) {
	isSet := r.VariablesSet()
	r.Ambient = AmbientBy(isSet, expose)
	for _, step := range r.Steps {
		if !r.Spend(len(step.Script.Value)) {
			return
		}
		for _, m := range Mentions(step.Script, lint.SecretName) {
			if !isSet(step.Job.Value, m.Name) {
				r.Exposures = append(r.Exposures, expose(m, step))
			}
		}
	}
}

// AmbientBy is Pipeline.Ambient: what a mention is of variables that are not set.
func AmbientBy(isSet func(job, name string) bool, expose func(Mention, Step) Exposure) func(Mention, Step) (Exposure, bool) {
	return func(m Mention, step Step) (Exposure, bool) {
		if isSet(step.Job.Value, m.Name) {
			return Exposure{}, false
		}
		return expose(m, step), true
	}
}

// VariablesSet tells the variables that a job gets a value for: by the file, from
// a store, or by a script of its own.
func (r *Reading) VariablesSet() func(job, name string) bool {
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
		if !r.Spend(len(step.Script.Value)) {
			break
		}
		AddAssigned(step.Script.Value, setIn(set, step.Job.Value))
	}
	return func(job, name string) bool { return set[""][name] || set[job][name] }
}

func setIn(set map[string]map[string]bool, job string) map[string]bool {
	if set[job] == nil {
		set[job] = map[string]bool{}
	}
	return set[job]
}

// AmbientPlace is the place of a variable that a script names.
func AmbientPlace(m Mention, step Step) Place {
	index := step.Index
	return Place{
		Address: Join(step.Address, m.Name), Where: "ambient", Job: step.Job, Step: &index, Variable: Text{Value: m.Name, At: m.At, Via: step.Script.Via},
	}
}

// AssumedSecret is a secret that settings define, by the name of its variable.
func AssumedSecret(name string, at lint.Span, via []lint.Step) Secret {
	return Secret{At: at, Via: via, Name: Text{Value: name, At: at, Via: via}, Assumed: true}
}

// AddValue reads a value that a variable or input gets: credentials that it names, by
// their names or because of what they are given as, or else a literal.
func (r *Reading) AddValue(n *lint.Node, at Place, masked string) {
	if !IsScalar(n) || !r.Spend(len(n.Text)) {
		return
	}
	promised := lint.SecretName(at.Variable.Value)
	found := Mentions(TextOf(n), func(name string) bool { return promised || lint.SecretName(name) })
	for _, m := range found {
		e := at.Exposure(n.Span, AssumedSecret(m.Name, m.At, n.Via))
		e.Masked = masked
		r.Exposures = append(r.Exposures, e)
	}
	if len(found) == 0 && !strings.Contains(n.Text, "$") {
		r.AddLiteral(n, at)
	}
}

// AddLiteral notes a value that stands in the file.
func (p *Pipeline) AddLiteral(n *lint.Node, at Place) {
	p.Literals = append(p.Literals, Literal{
		At: n.Span, Address: at.Address, Variable: at.Variable, Value: TextOf(n), Where: at.Where, Job: at.Job, Step: at.Step, Component: at.Component,
	})
}

// AddAssigned adds the variables that a script gives a value, other than by their
// own: those do not come from outside.
func AddAssigned(script string, into map[string]bool) {
	for _, m := range assignment().FindAllStringSubmatch(script, -1) {
		for _, name := range []string{m[1], m[3], m[4], m[5]} {
			if name != "" && !strings.Contains(m[2], "$"+name) && !strings.Contains(m[2], "${"+name) {
				into[name] = true
			}
		}
	}
}

// WholeVariable is the variable that a value consists of: "$NAME" or "${NAME}".
func WholeVariable(value string) (name string, ok bool) {
	m := onlyVariable().FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

var onlyVariable = regex.Lazy(`^\s*\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})\s*$`)
