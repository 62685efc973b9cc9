package github

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// Limits on what one file may cost. Variables refer to variables and aliases
// repeat what is long, so a small file can mean much. The parser refuses files
// that would take so much work; this is the net below it.
const (
	maxWork   = 2_500_000 // bytes of text with expressions that are gone through, repetitions counted
	maxValues = 64        // values that one computed name may have

	maxName = 300 // bytes of a computed name

	maxCombinations = 256 // of a matrix, as GitHub has it
)

// spend says whether there is still room for work of that size.
func (g *collector) spend(size int) bool {
	g.work += size
	if g.work > maxWork {
		g.limited = true
	}
	return !g.limited
}

// located is an expression and where it stands.
type located struct {
	expr   *expression.Expr
	offset int       // of the expression in the value of its scalar
	length int       // of it there, with its marks
	at     lint.Span // of the expression with its marks
	inner  int       // offset in the source of the text that expr counts from; -1 if offsets do not map
}

// part is the place of a part of the expression.
func (l located) part(e *expression.Expr) lint.Span {
	if l.inner < 0 {
		return l.at
	}
	return lint.Span{Source: l.at.Source, Start: l.inner + e.Start, End: l.inner + e.End}
}

// expressions reads the expressions of a scalar. Those that cannot be read
// become gaps. The answer is kept: an alias can repeat a large scalar often.
func (g *collector) expressions(n *lint.Node, p place) []located {
	if n == nil || n.Kind != lint.String {
		return nil
	}
	key := scalarKey{n.Span, len(n.Text), p.bare}
	found, seen := g.scalars[key]
	if !seen || n.Span.Source == nil {
		found = g.read(n, p)
		g.scalars[key] = found
	}
	if len(found) > 0 && !g.spend(len(n.Text)) {
		return nil
	}
	return found
}

type scalarKey struct {
	at   lint.Span
	size int
	bare bool
}

func (g *collector) read(n *lint.Node, p place) []located {
	fences := expression.Fences(n.Text)
	switch {
	case len(fences) == 0 && p.bare && strings.TrimSpace(n.Text) != "":
		return g.readOne(nil, p, expression.Fence{Inner: n.Text}, n.Span, bareStart(n))
	case len(fences) == 0:
		return nil
	}
	var found []located
	cursor := newFenceCursor(n)
	for _, fence := range fences {
		at, inner := cursor.next(n.Text[fence.Start:fence.End])
		if !fence.Closed() {
			g.AddGap(at, "an expression is not closed: }} is missing", "syntax", p.Place)
			continue
		}
		found = g.readOne(found, p, fence, at, inner)
	}
	return found
}

// bareStart is where the text of an unquoted condition begins.
func bareStart(n *lint.Node) int {
	if string(n.Span.Text()) == n.Text {
		return n.Span.Start
	}
	return -1
}

func (g *collector) readOne(found []located, p place, fence expression.Fence, at lint.Span, inner int) []located {
	expr, err := expression.Parse(fence.Inner)
	if err != nil {
		g.AddGap(at, "an expression cannot be read: "+err.Error(), "syntax", p.Place)
		return found
	}
	return append(found, located{expr, fence.Start, fence.End - fence.Start, at, inner})
}

// fenceCursor finds the expressions of a scalar's value in its source text, one
// after the other. Quotes and folding change a text, so it compares tolerantly;
// where even that fails the scalar's own place has to do.
type fenceCursor struct {
	at    lint.Span
	text  string
	from  int
	quote byte
}

func newFenceCursor(n *lint.Node) *fenceCursor {
	c := &fenceCursor{at: n.Span, text: string(n.Span.Text())}
	if c.text != "" && (c.text[0] == '\'' || c.text[0] == '"') {
		c.quote = c.text[0]
	}
	return c
}

func (c *fenceCursor) next(fence string) (at lint.Span, inner int) {
	start := strings.Index(c.text[c.from:], "${{")
	if start < 0 {
		return c.at, -1
	}
	start += c.from
	size := c.same(c.text[start:], fence)
	if size < 0 {
		c.from = start + len("${{")
		return c.at, -1
	}
	c.from = start + size
	at = lint.Span{Source: c.at.Source, Start: c.at.Start + start, End: c.at.Start + start + size}
	if size != len(fence) {
		return at, -1
	}
	return at, at.Start + len("${{")
}

// same gives the length of the text's start that means the value, or -1.
func (c *fenceCursor) same(text, value string) int {
	at := 0
	for i := 0; i < len(value); i++ {
		rest := text[at:]
		switch {
		case model.IsBlank(value[i]):
			space := len(rest) - len(strings.TrimLeft(rest, " \t\r\n"))
			if space == 0 {
				return -1
			}
			for i+1 < len(value) && model.IsBlank(value[i+1]) {
				i++
			}
			at += space
		case c.quote == '\'' && value[i] == '\'' && strings.HasPrefix(rest, "''"),
			c.quote == '"' && strings.HasPrefix(rest, `\`+value[i:i+1]):
			at += 2
		case rest != "" && rest[0] == value[i]:
			at++
		default:
			return -1
		}
	}
	return at
}

// use is one access to a context within an expression.
type use struct {
	path        []string // "secrets", "npm_token"
	computed    bool     // what follows the path is known only when it runs
	transformed []string // functions that the value goes through, outermost last
	flows       bool     // the value becomes part of the result
	expr        *expression.Expr
	via         []lint.Step // the variables on the way, if it is not named in this expression
	call        *call       // by which the file is reached that names it
}

// scope is what an expression can see.
type scope struct {
	env    []*lint.Node // variables, the outermost level first
	matrix *lint.Node
	inputs *lint.Node // what a person who starts the workflow can fill in
	call   *call      // by which the file is reached that the expression stands in
}

func (s scope) with(env *lint.Node) scope {
	s.env = append(slices.Clone(s.env), env)
	return s
}

// uses lists the contexts that an expression reads, and whether their values end
// up in its result: a compared value does not.
func (g *collector) uses(e *expression.Expr, s scope, transformed []string, flows bool) []use {
	switch e.Kind {
	case expression.Name, expression.Property, expression.Index, expression.Star:
		return g.access(e, s, transformed, flows)
	case expression.Call:
		return g.callUses(e, s, transformed, flows)
	case expression.And:
		last := len(e.Args) - 1
		return append(g.allUses(e.Args[:last], s, transformed, false), g.uses(e.Args[last], s, transformed, flows)...)
	case expression.Or:
		return g.allUses(e.Args, s, transformed, flows)
	}
	return g.allUses(e.Args, s, transformed, false)
}

func (g *collector) allUses(args []*expression.Expr, s scope, transformed []string, flows bool) []use {
	var all []use
	for _, arg := range args {
		all = append(all, g.uses(arg, s, transformed, flows)...)
	}
	return all
}

// transformations are the functions whose result holds their arguments, and
// what the model calls that. The result of any other tells little of them.
var transformations = map[string]string{"fromjson": "json", "tojson": "to_json", "format": "format", "join": "join"}

func (g *collector) callUses(e *expression.Expr, s scope, transformed []string, flows bool) []use {
	if e.Text == "case" {
		var all []use
		for i, arg := range e.Args {
			isPredicate := i%2 == 0 && i < len(e.Args)-1
			all = append(all, g.uses(arg, s, transformed, flows && !isPredicate)...)
		}
		return all
	}
	name, holds := transformations[e.Text]
	if !holds {
		return g.allUses(e.Args, s, transformed, false)
	}
	return g.allUses(e.Args, s, append([]string{name}, transformed...), flows)
}

func (g *collector) access(e *expression.Expr, s scope, transformed []string, flows bool) []use {
	if path, ok := e.Path(); ok {
		return g.named(use{path: path, transformed: transformed, flows: flows, expr: e, call: s.call}, s)
	}
	all := g.allUses(e.Args[1:], s, nil, false)
	base, ok := e.Args[0].Path()
	if e.Kind != expression.Index || !ok || len(base) != 1 {
		return append(g.uses(e.Args[0], s, transformed, flows), all...)
	}
	names, known := s.values(e.Args[1])
	if !known {
		return append(all, g.named(use{path: base, computed: true, transformed: transformed, flows: flows, expr: e, call: s.call}, s)...)
	}
	for _, name := range names {
		path := []string{base[0], strings.ToLower(name)}
		all = append(all, g.named(use{path: path, transformed: transformed, flows: flows, expr: e, call: s.call}, s)...)
	}
	return all
}

// named resolves variables to what they are set to.
func (g *collector) named(u use, s scope) []use {
	if u.path[0] == "inputs" && s.call != nil {
		return g.argumentUses(u, s.call)
	}
	if u.path[0] == "matrix" && len(u.path) > 1 {
		return g.matrixUses(u, s)
	}
	if u.path[0] != "env" {
		return []use{u}
	}
	for _, env := range s.env {
		g.spend(len(env.Object())) // searching them takes as long
	}
	if len(u.path) == 1 || u.path[1] == "*" {
		return g.everyVariable(u, s)
	}
	for level := len(s.env) - 1; level >= 0; level-- {
		if value := model.FieldFold(s.env[level], u.path[1]); value != nil {
			return g.variableUses(u, value, scope{s.env[:level], s.matrix, s.inputs, s.call})
		}
	}
	if s.call != nil {
		return g.named(u, s.call.scope)
	}
	return []use{u} // an earlier step may have set it
}

// matrixUses resolves a key of the matrix to the expressions that its list has.
func (g *collector) matrixUses(u use, s scope) []use {
	candidates, _ := s.candidates(u.path[1:])
	all := []use{u}
	g.spend(len(candidates))
	for _, value := range candidates {
		all = append(all, g.variableUses(u, value, scope{inputs: g.choosable()})...)
	}
	for _, value := range s.computed(u.path[1]) {
		all = append(all, g.variableUses(u, value, scope{inputs: g.choosable()})...)
	}
	return all
}

// computed are the expressions that make a matrix, or the list of a key, when it runs.
func (s scope) computed(key string) []*lint.Node {
	if model.IsScalar(s.matrix) {
		return []*lint.Node{s.matrix}
	}
	var all []*lint.Node
	for _, field := range s.matrix.Object() {
		if model.IsScalar(field.Value) && (field.Key == "include" || strings.EqualFold(field.Key, key)) {
			all = append(all, field.Value)
		}
	}
	return all
}

// everyVariable is what toJSON(env) holds, and what a computed name may mean.
// Of a bare env nothing can be had.
func (g *collector) everyVariable(u use, s scope) []use {
	if len(u.path) == 1 && !u.computed && !slices.Contains(u.transformed, "to_json") {
		return nil
	}
	var all []use
	for level, env := range s.env {
		for _, field := range env.Object() {
			all = append(all, g.variableUses(u, field.Value, scope{s.env[:level], s.matrix, s.inputs, s.call})...)
		}
	}
	return all
}

func (g *collector) variableUses(u use, value *lint.Node, s scope) []use {
	var all []use
	for _, l := range g.expressions(value, place{}) {
		for _, inner := range g.uses(l.expr, s, u.transformed, u.flows) {
			inner.expr = u.expr
			inner.via = append([]lint.Step{{Message: "the variable is set here", Span: l.at}}, inner.via...)
			all = append(all, inner)
		}
	}
	return all
}

// values lists what an expression can be, if that is a small set that the file
// spells out: secrets[matrix.key] means as many secrets as the matrix names.
func (s scope) values(e *expression.Expr) ([]string, bool) {
	switch e.Kind {
	case expression.String, expression.Literal:
		return []string{e.Text}, true
	case expression.And:
		return s.values(e.Args[len(e.Args)-1])
	case expression.Or:
		return s.anyOf(e.Args)
	case expression.Call:
		return s.formatted(e)
	}
	path, ok := e.Path()
	if !ok || len(path) < 2 {
		return nil, false
	}
	switch path[0] {
	case "matrix":
		return s.matrixValues(path[1:])
	case "inputs":
		if s.call != nil {
			text, ok := plain(s.call.argument(path[1]))
			return []string{text}, ok
		}
		return s.choices(path[1])
	case "env":
		return s.variableValues(path[1])
	}
	return nil, false
}

func (s scope) anyOf(args []*expression.Expr) ([]string, bool) {
	var all []string
	for _, arg := range args {
		some, ok := s.values(arg)
		if !ok || len(all)+len(some) > maxValues {
			return nil, false
		}
		all = append(all, some...)
	}
	return all, true
}

func (s scope) formatted(e *expression.Expr) ([]string, bool) {
	if e.Text != "format" || len(e.Args) == 0 {
		return nil, false
	}
	texts, ok := s.values(e.Args[0])
	for i, arg := range e.Args[1:] {
		some, known := s.values(arg)
		if !ok || !known || len(texts)*len(some) > maxValues {
			return nil, false
		}
		var next []string
		for _, text := range texts {
			for _, value := range some {
				if len(text) > maxName || len(value) > maxName {
					return nil, false
				}
				next = append(next, strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), value))
			}
		}
		texts = next
	}
	return texts, ok
}

// candidates gathers a matrix key from its list and from the combinations that are
// included.
func (s scope) candidates(path []string) ([]*lint.Node, bool) {
	if s.matrix == nil || s.matrix.Kind != lint.Object || len(s.matrix.Fields) > maxValues {
		return nil, false
	}
	candidates := []*lint.Node{}
	for _, field := range s.matrix.Fields {
		switch {
		case field.Key == "include" && len(field.Value.Items) > maxCombinations:
			return nil, false
		case field.Key == "include" && field.Value.Kind == lint.List:
			for _, item := range field.Value.Items {
				candidates = append(candidates, model.FieldFold(item, path[0]))
			}
		case field.Key == "include", strings.EqualFold(field.Key, path[0]) && field.Value.Kind != lint.List:
			return nil, false
		case strings.EqualFold(field.Key, path[0]):
			candidates = append(candidates, field.Value.Items...)
		}
	}
	if len(candidates) > maxCombinations {
		return nil, false
	}
	for i, n := range candidates {
		for _, name := range path[1:] {
			n = model.FieldFold(n, name)
		}
		candidates[i] = n
	}
	return slices.DeleteFunc(candidates, func(n *lint.Node) bool { return n == nil }), true
}

// matrixValues are the texts that a matrix key can be.
func (s scope) matrixValues(path []string) ([]string, bool) {
	candidates, known := s.candidates(path)
	if !known {
		return nil, false
	}
	var values []string
	for _, n := range candidates {
		value, ok := plain(n)
		if !ok || len(values) == maxValues {
			return nil, false
		}
		values = append(values, value)
	}
	return values, len(values) > 0
}

func (s scope) choices(name string) ([]string, bool) {
	var values []string
	for _, option := range model.FieldFold(s.inputs, name).Get("options").List() {
		value, ok := plain(option)
		if !ok || len(values) == maxValues {
			return nil, false
		}
		values = append(values, value)
	}
	return values, len(values) > 0
}

func (s scope) variableValues(name string) ([]string, bool) {
	for level := len(s.env) - 1; level >= 0; level-- {
		if value := model.FieldFold(s.env[level], name); value != nil {
			text, ok := plain(value)
			return []string{text}, ok
		}
	}
	return nil, false
}

// plain gives the text of a scalar without expressions.
func plain(n *lint.Node) (string, bool) {
	if !model.IsScalar(n) || strings.Contains(n.Text, "${{") {
		return "", false
	}
	return n.Text, true
}
