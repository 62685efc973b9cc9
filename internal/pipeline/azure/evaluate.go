package azure

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// world is what an expression can see where it stands. What is in none of
// its maps is not known.
type world struct {
	parameters map[string]*lint.Node // by names in lower case
	closed     bool                  // there are no parameters beside these
	loops      map[string]*lint.Node // what "each" goes through
	variables  map[string]*lint.Node
	runs       bool // the pipeline runs already: always() and succeeded() hold
}

// with adds the variable of a loop.
func (w world) with(name string, value *lint.Node) world {
	loops := map[string]*lint.Node{strings.ToLower(name): value}
	for key, old := range w.loops {
		if _, hidden := loops[key]; !hidden {
			loops[key] = old
		}
	}
	w.loops = loops
	return w
}

// pullRequest is the world as it is when somebody else's pull request starts the
// pipeline.
func (w world) pullRequest() world {
	variables := map[string]*lint.Node{}
	for name, value := range w.variables {
		variables[name] = value
	}
	for name, value := range map[string]string{
		"build.reason": "PullRequest", "build.sourcebranch": "refs/pull/1/merge", "build.sourcebranchname": "merge", "system.pullrequest.isfork": "True",
	} {
		variables[name] = lint.NewString(value, lint.Span{})
	}
	w.variables = variables
	return w
}

// eval works an expression out; false if its value is not known.
func (w world) eval(e *expression.Expr) (*lint.Node, bool) {
	switch e.Kind {
	case expression.String:
		return lint.NewString(e.Text, lint.Span{}), true
	case expression.Literal:
		return literalOf(e.Text), true
	case expression.Name:
		return isKnown(w.loops[e.Text])
	case expression.Call:
		return w.call(e)
	case expression.Property, expression.Index, expression.Star:
		return w.access(e)
	}
	return nil, false // other operators are GitHub's
}

func literalOf(text string) *lint.Node {
	switch strings.ToLower(text) {
	case "true", "false":
		return lint.NewBool(strings.EqualFold(text, "true"), lint.Span{})
	case "null":
		return &lint.Node{Kind: lint.Null}
	}
	return &lint.Node{Kind: lint.Number, Text: text}
}

// known holds for values without expressions in them.
func isKnown(n *lint.Node) (*lint.Node, bool) {
	if n == nil || n.Kind == lint.String && strings.Contains(n.Text, "${{") {
		return nil, false
	}
	return n, true
}

func (w world) access(e *expression.Expr) (*lint.Node, bool) {
	name, ok := lint.NewString(e.Text, lint.Span{}), true
	if e.Kind == expression.Index {
		name, ok = w.eval(e.Args[1])
	}
	if !ok {
		return nil, false
	}
	if base := e.Args[0]; base.Kind == expression.Name && e.Kind != expression.Star {
		switch base.Text {
		case "parameters":
			return w.parameter(strings.ToLower(name.Text))
		case "variables":
			return w.variable(strings.ToLower(name.Text))
		}
	}
	base, ok := w.eval(e.Args[0])
	if !ok {
		return nil, false
	}
	if e.Kind == expression.Star {
		return starred(base), true
	}
	return element(base, name)
}

func (w world) parameter(name string) (*lint.Node, bool) {
	value, declared := w.parameters[name]
	if !declared && w.closed {
		return &lint.Node{Kind: lint.Null}, true
	}
	return isKnown(value)
}

// variable is the value of one. What an expression sets it to is a text, True or False, and
// known once the pipeline runs; one that hangs on another such is left open, as many can
// hang on each other.
func (w world) variable(name string) (*lint.Node, bool) {
	value := w.variables[name]
	if value == nil || value.Kind != lint.String {
		return isKnown(value)
	}
	text, computed := strings.CutPrefix(value.Text, "$[")
	if text = strings.TrimSuffix(strings.TrimSpace(text), "]"); !computed {
		fences := expression.Fences(value.Text)
		if len(fences) != 1 || !fences[0].Closed() || fences[0].End-fences[0].Start != len(strings.TrimSpace(value.Text)) {
			return isKnown(value)
		}
		text = fences[0].Inner
	}
	e, err := expression.Parse(text)
	if err != nil || !w.runs {
		return nil, false
	}
	answer, ok := world{variables: w.variables}.eval(e) // parameters here may be those of a template
	if ok && answer.Kind == lint.Bool {
		answer = lint.NewString(answer.Text, value.Span)
	}
	return answer, ok
}

// starred gives the values of a list or mapping as a list.
func starred(base *lint.Node) *lint.Node {
	all := lint.NewList(lint.Span{}, base.List()...)
	for _, field := range base.Object() {
		all.Items = append(all.Items, field.Value)
	}
	return all
}

// element is a part of a value, null if it has no such part.
func element(base, name *lint.Node) (*lint.Node, bool) {
	if base.Kind == lint.List {
		i, err := strconv.Atoi(name.Text)
		switch {
		case err != nil:
			return nil, false
		case i >= 0 && i < len(base.Items):
			return isKnown(base.Items[i])
		}
	}
	if value := model.FieldFold(base, name.Text); value != nil {
		return isKnown(value)
	}
	return &lint.Node{Kind: lint.Null}, true
}

// call works out the platform's functions.
func (w world) call(e *expression.Expr) (*lint.Node, bool) {
	switch e.Text {
	case "and", "or":
		return w.logic(e, e.Text == "or")
	case "coalesce":
		return w.coalesce(e.Args)
	case "always", "succeeded", "succeededorfailed":
		return lint.NewBool(true, lint.Span{}), w.runs
	}
	args := make([]*lint.Node, len(e.Args))
	for i, arg := range e.Args {
		value, ok := w.eval(arg)
		if !ok {
			return nil, false
		}
		args[i] = value
	}
	if e.Text == "iif" && len(args) == 3 {
		if truthy(args[0]) {
			return args[1], true
		}
		return args[2], true
	}
	if answer, ok := predicate(e.Text, args); ok {
		return lint.NewBool(answer, lint.Span{}), true
	}
	return evaluated(e.Text, args)
}

// logic: one value may decide, whatever the others are.
func (w world) logic(e *expression.Expr, decides bool) (*lint.Node, bool) {
	complete := true
	for _, arg := range e.Args {
		value, ok := w.eval(arg)
		complete = complete && ok
		if ok && truthy(value) == decides {
			return lint.NewBool(decides, lint.Span{}), true
		}
	}
	return lint.NewBool(!decides, lint.Span{}), complete
}

func (w world) coalesce(args []*expression.Expr) (*lint.Node, bool) {
	for _, arg := range args {
		value, ok := w.eval(arg)
		if !ok {
			return nil, false
		}
		if value.Kind != lint.Null && (value.Kind != lint.String || value.Text != "") {
			return value, true
		}
	}
	return &lint.Node{Kind: lint.Null}, true
}

func truthy(n *lint.Node) bool {
	switch n.Kind {
	case lint.Null:
		return false
	case lint.Bool:
		return n.Text == "true"
	case lint.String:
		return n.Text != ""
	case lint.Number:
		number, err := strconv.ParseFloat(n.Text, 64)
		return err != nil || number != 0
	}
	return true
}

// textOf is a scalar as it is put into text.
func textOf(n *lint.Node) string {
	if n.Kind == lint.Bool {
		return strings.ToUpper(n.Text[:1]) + n.Text[1:]
	}
	return n.Text
}

func equal(a, b *lint.Node) bool {
	if !model.IsScalar(a) && a.Kind != lint.Null || !model.IsScalar(b) && b.Kind != lint.Null {
		return a == b
	}
	return strings.EqualFold(textOf(a), textOf(b))
}

func predicate(name string, args []*lint.Node) (answer, ok bool) {
	switch {
	case name == "not" && len(args) == 1:
		return !truthy(args[0]), true
	case len(args) < 2:
		return false, false
	}
	a, b := args[0], args[1]
	left, right := strings.ToLower(textOf(a)), strings.ToLower(textOf(b))
	switch name {
	case "eq":
		return equal(a, b), true
	case "ne":
		return !equal(a, b), true
	case "xor":
		return truthy(a) != truthy(b), true
	case "in", "notin":
		return among(a, args[1:]) == (name == "in"), true
	case "containsvalue":
		return among(b, starred(a).Items), true
	case "contains":
		return strings.Contains(left, right), true
	case "startswith":
		return strings.HasPrefix(left, right), true
	case "endswith":
		return strings.HasSuffix(left, right), true
	}
	return compareNumbers(name, left, right)
}

func among(n *lint.Node, all []*lint.Node) bool {
	for _, other := range all {
		if equal(n, other) {
			return true
		}
	}
	return false
}

func compareNumbers(name, left, right string) (answer, ok bool) {
	a, err := strconv.ParseFloat(left, 64)
	b, err2 := strconv.ParseFloat(right, 64)
	if err != nil || err2 != nil {
		return false, false
	}
	switch name {
	case "gt":
		return a > b, true
	case "ge":
		return a >= b, true
	case "lt":
		return a < b, true
	case "le":
		return a <= b, true
	}
	return false, false
}

// maxComputed bounds a text that functions make: they can double what they get.
const maxComputed = 100_000

// evaluated works out the functions that make texts and lists.
func evaluated(name string, args []*lint.Node) (*lint.Node, bool) {
	if len(args) == 0 {
		return nil, false
	}
	text := func(s string) (*lint.Node, bool) {
		return lint.NewString(s, lint.Span{}), len(s) <= maxComputed
	}
	first := textOf(args[0])
	switch {
	case name == "lower":
		return text(strings.ToLower(first))
	case name == "upper":
		return text(strings.ToUpper(first))
	case name == "trim":
		return text(strings.TrimSpace(first))
	case name == "length":
		return lint.NewNumber(int64(len(first)+len(args[0].Items)+len(args[0].Fields)), lint.Span{}), true
	case name == "replace" && len(args) == 3 && len(first)*(len(args[2].Text)+1) <= maxComputed:
		return text(strings.ReplaceAll(first, textOf(args[1]), textOf(args[2])))
	case name == "format":
		return text(formatted(first, args[1:]))
	case name == "join" && len(args) == 2:
		var parts []string
		for _, item := range args[1].List() {
			parts = append(parts, textOf(item))
		}
		return text(strings.Join(parts, first))
	case name == "split" && len(args) == 2 && args[1].Text != "":
		list := lint.NewList(lint.Span{})
		for _, part := range strings.Split(first, textOf(args[1])) {
			list.Items = append(list.Items, lint.NewString(part, lint.Span{}))
		}
		return list, true
	}
	return nil, false
}

func formatted(text string, args []*lint.Node) string {
	for i, arg := range args {
		if len(text) <= maxComputed {
			text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), textOf(arg))
		}
	}
	return text
}
