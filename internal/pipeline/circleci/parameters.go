package circleci

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// scope is what stands around a job or command.
type scope struct {
	library *lint.Node            // the configuration or inline orb whose commands and executors names mean
	values  map[string]*lint.Node // the parameters; nil where only a run, or a matrix, tells
	via     []lint.Step           // the calls that lead here
	depth   int
	when    model.Text // the condition around
}

// unended is a parameter that begins and does not end.
var unended = regex.Lazy(`<<\s*(?:parameters|pipeline|matrix)\.[\w.-]*[ \t]*(?:$|[^\s>\w.-]|>(?:[^>]|$)|\n)`)

// undeclared notes the parameters of a text that nothing declares, and those that do not
// end.
func (c *collector) undeclared(n *lint.Node, declared func(name string) bool) {
	said := func(m []int, what string) {
		at := model.NewPlacedText(model.TextOf(n)).Part(m[0], m[1])
		if !c.told[at] {
			c.told[at] = true
			c.AddGap(at, what, "syntax", model.Place{})
		}
	}
	for _, m := range parameter().FindAllStringSubmatchIndex(n.Text, model.MaxPaths) {
		if !declared(n.Text[m[2]:m[3]]) {
			said(m, "nothing declares this parameter; what it stands for was not judged")
		}
	}
	for _, m := range unended().FindAllStringIndex(n.Text, model.MaxPaths) {
		said(m, "a parameter begins here and does not end")
	}
}

// declares says whether the configuration has a parameter of pipelines, or a name is none
// of one.
func (c *collector) declares(name string) bool {
	name, ok := strings.CutPrefix(name, "pipeline.parameters.")
	return !ok || c.root.Get("parameters", name) != nil
}

var parameter = regex.Lazy(`<<\s*((?:parameters|pipeline|matrix)\.[\w.-]+)\s*>>`)

// bind gives the parameters that a job, command or executor declares the values
// of a call, or their defaults.
func bind(declared, arguments *lint.Node) map[string]*lint.Node {
	values := map[string]*lint.Node{}
	for _, field := range declared.Object() {
		values[field.Key] = field.Value.Get("default")
		if argument := arguments.Get(field.Key); argument != nil {
			values[field.Key] = argument
		}
	}
	return values
}

// fill gives a value in which the parameters of its scope are filled in.
func (c *collector) fill(n *lint.Node, s scope) *lint.Node {
	if n == nil {
		return nil
	}
	if !c.Spend(1) {
		return &lint.Node{Kind: lint.Null, Span: n.Span}
	}
	filled := *n
	filled.Via = slices.Concat(s.via, n.Via)
	switch n.Kind {
	case lint.String:
		return c.fillText(filled, s)
	case lint.List:
		filled.Items = nil
		for _, item := range n.Items {
			filled.Items = append(filled.Items, c.fill(item, s))
		}
	case lint.Object:
		filled.Fields = nil
		for _, field := range n.Fields {
			filled.Fields = append(filled.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: c.fill(field.Value, s)})
		}
	}
	return &filled
}

// fillText fills in a text. One that is nothing but a parameter is its value,
// which may be of any type and keeps its place.
func (c *collector) fillText(n lint.Node, s scope) *lint.Node {
	found := parameter().FindAllStringSubmatchIndex(n.Text, -1)
	if len(found) > 0 && s.values != nil {
		c.undeclared(&n, func(name string) bool {
			name, own := strings.CutPrefix(name, "parameters.")
			_, declared := s.values[name]
			return !own || declared
		})
	}
	if len(found) == 1 && strings.TrimSpace(n.Text[:found[0][0]]+n.Text[found[0][1]:]) == "" {
		if value := s.value(n.Text[found[0][2]:found[0][3]]); value != nil {
			whole := *value
			whole.Via = slices.Concat(n.Via, value.Via, []lint.Step{{Message: "the parameter is used here", Span: n.Span}})
			return &whole
		}
	}
	var b strings.Builder
	last := 0
	for _, m := range found {
		value := s.value(n.Text[m[2]:m[3]])
		if !model.IsScalar(value) {
			continue
		}
		b.WriteString(n.Text[last:m[0]])
		b.WriteString(value.Text)
		last = m[1]
		n.Via = append(n.Via, lint.Step{Message: "a parameter is set here", Span: value.Span})
	}
	b.WriteString(n.Text[last:])
	n.Text = b.String()
	c.Work += len(n.Text)
	return &n
}

func (s scope) value(name string) *lint.Node {
	name, ok := strings.CutPrefix(name, "parameters.")
	if !ok {
		return nil
	}
	return s.values[name]
}

// script is a text that a shell runs. A backslash only keeps "<<" from being the
// begin of a parameter.
func script(n *lint.Node) model.Text {
	t := model.TextOf(n)
	t.Value = strings.ReplaceAll(t.Value, `\<<`, "<<")
	return t
}

// verdict is what a condition comes to: "yes", "no" or "unknown".
func verdict(n *lint.Node) string {
	switch {
	case n == nil || n.Kind == lint.Null:
		return "no"
	case n.Kind == lint.String && (parameter().MatchString(n.Text) || strings.Contains(n.Text, "pipeline.")):
		return "unknown"
	case model.IsScalar(n):
		return model.YesOrNo(n.Text != "false" && n.Text != "" && n.Text != "0")
	}
	for _, field := range n.Object() {
		switch field.Key {
		case "not":
			return opposite(verdict(field.Value))
		case "and":
			return all(field.Value, "no", "yes")
		case "or":
			return all(field.Value, "yes", "no")
		case "equal":
			return equal(field.Value.List())
		}
	}
	return "unknown"
}

func opposite(answer string) string {
	switch answer {
	case "yes":
		return "no"
	case "no":
		return "yes"
	}
	return answer
}

// all joins conditions: one that is decisive decides.
func all(conditions *lint.Node, decisive, otherwise string) string {
	answer := otherwise
	for _, condition := range conditions.List() {
		switch verdict(condition) {
		case decisive:
			return decisive
		case "unknown":
			answer = "unknown"
		}
	}
	return answer
}

func equal(values []*lint.Node) string {
	for _, value := range values {
		if !model.IsScalar(value) || parameter().MatchString(value.Text) {
			return "unknown"
		}
	}
	return model.YesOrNo(len(values) > 0 && !slices.ContainsFunc(values, func(n *lint.Node) bool { return n.Text != values[0].Text }))
}

func negated(n *lint.Node) model.Text {
	t := model.ConditionOf(n)
	t.Value = "not " + t.Value
	return t
}

// found is a job, command or executor by its name.
type found struct {
	body    *lint.Node // nil if it stands elsewhere, or nowhere
	library *lint.Node
	remote  model.Text // the orb of the registry that has it
}

// find looks for a name of a library: its own, or one of an orb that it uses.
func find(library *lint.Node, kind, name string) found {
	for range model.MaxDepth {
		alias, rest, ofOrb := strings.Cut(name, "/")
		if body := library.Get(kind, name); body != nil || !ofOrb {
			return found{body: body, library: library}
		}
		orb := library.Get("orbs", alias)
		if orb == nil || model.IsScalar(orb) {
			return found{remote: model.TextOf(orb)}
		}
		library, name = orb, rest
	}
	return found{}
}
