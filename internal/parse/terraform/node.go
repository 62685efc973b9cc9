package terraform

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// maxVia bounds how many calls a value names, and maxWay how many literals, and
// arguments on their way: more than a few explain nothing.
const (
	maxVia = 4
	maxWay = 8
)

// builder makes the document out of the module.
type builder struct {
	*evaluator
	again   bool // another instance of the module was described
	repeats bool // the next block is another instance of one that said how many there are

	path   lint.Path // of the value that is being made, from the argument's object
	record *record
}

// record lists what is to be known of the values of one block beside them.
type record struct {
	sensitive []lint.Path
	derived   []derived
}

// derived is a known value that does not stand where it is used.
type derived struct {
	path lint.Path
	from []string
}

// at makes the part of a value that stands under a key or an index.
func (b *builder) at(part any, build func() *lint.Node) *lint.Node {
	depth := len(b.path)
	defer func() { b.path = b.path[:depth] }()
	b.path = append(b.path, part)
	return build()
}

// node makes the value of an argument, within a budget of its own. Nil stands
// for null.
func (b *builder) node(expr hclsyntax.Expression, in *scope, from string) *lint.Node {
	var node *lint.Node
	if !b.within(from, expr.Range(), func() { node = b.expression(expr, in) }) {
		return unknownNode(nil, b.span(expr.Range()))
	}
	return node
}

// expression makes a value from an expression. Lists and objects that are
// written out are taken apart, so that each part knows its place.
func (b *builder) expression(expr hclsyntax.Expression, in *scope) *lint.Node {
	inner := expr
	for {
		parentheses, ok := inner.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		inner = parentheses.Expression
	}
	switch inner := inner.(type) {
	case *hclsyntax.TupleConsExpr:
		return b.listed(inner, in)
	case *hclsyntax.ObjectConsExpr:
		return b.written(inner, in)
	}
	node := b.value(b.eval(expr, in), b.span(expr.Range()), nil)
	if text := heredocIn(inner); text != nil && node != nil && node.Kind == lint.String && node.Way == nil {
		node.Way = []lint.Step{{Message: "the text stands here", Span: b.span(text.SrcRange)}, {Message: "it is used here", Span: node.Span}}
	}
	if node != nil && node.Get(unknownKey) != nil {
		if some := b.open(inner, in); some != nil {
			return some
		}
		b.addCandidates(node, inner, in)
		if template, ok := inner.(*hclsyntax.TemplateExpr); ok {
			b.addText(node, template, in)
		}
		b.addLiterals(node, inner)
	}
	return node
}

// addText adds what is known of the text of an ARN, of an ID of Azure, or of a statement
// of Oracle's policies: which partition, region, account, subscription or group it is
// about is seldom written out, and is not what rules ask.
func (b *builder) addText(node *lint.Node, template *hclsyntax.TemplateExpr, in *scope) {
	if !namesResource(template) {
		return
	}
	text := strings.Builder{}
	for _, part := range template.Parts {
		v, marks := b.eval(part, in).Unmark()
		known, err := convert.Convert(v, cty.String)
		switch {
		case !v.IsKnown() || isOutside(marks):
			text.WriteString(placeholder(references(marks)))
		case err != nil || known.IsNull():
			return
		default:
			text.WriteString(known.AsString())
		}
		if text.Len() > maxName {
			return
		}
	}
	node.Set(textKey, lint.Span{}, lint.NewString(text.String(), lint.Span{}))
}

// addLiterals adds the texts that are written out in the expression of an unknown value
// and that nobody would type: what is glued to the unknown may be a credential.
func (b *builder) addLiterals(node *lint.Node, expr hclsyntax.Expression) {
	list := lint.NewList(lint.Span{})
	_ = hclsyntax.VisitAll(expr, func(part hclsyntax.Node) hcl.Diagnostics {
		literal, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.IsNull() || literal.Val.Type() != cty.String || len(list.Items) >= maxChoices || !b.spend(1) {
			return nil
		}
		for _, text := range madeUp().FindAllString(literal.Val.AsString(), maxChoices) {
			if strings.ContainsAny(text, "0123456789") && strings.Trim(text, "0123456789") != "" {
				list.Items = append(list.Items, lint.NewString(text, lint.Span{}))
			}
		}
		return nil
	})
	if len(list.Items) > 0 {
		node.Set(literalsKey, lint.Span{}, list)
	}
}

// madeUp matches what is longer than the words and numbers that people put together.
var madeUp = regex.Lazy(`[A-Za-z0-9]{16,}`)

// namesResource holds for a template that is an ARN, an ID of Azure or a statement of
// Oracle by its literal parts.
func namesResource(template *hclsyntax.TemplateExpr) bool {
	for i, part := range template.Parts {
		literal, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.Type() != cty.String {
			continue
		}
		text := literal.Val.AsString()
		if i == 0 && (strings.HasPrefix(text, arnPrefix) || oracleStatement().MatchString(text)) || azureID().MatchString(text) {
			return true
		}
	}
	return false
}

var azureID = regex.Lazy(`(?i)/(?:subscriptions|resourceGroups)/|/providers/Microsoft\.`)

var oracleStatement = regex.Lazy(`(?i)^\s*(?:allow|admit|endorse)\s`)

// placeholder stands for a part of a text that is not known.
func placeholder(names []string) string { return "${" + strings.Join(names, ",") + "}" }

// heredocIn is the text of several lines that functions make something else of.
func heredocIn(expr hclsyntax.Expression) *hclsyntax.TemplateExpr {
	for range maxVia {
		call, ok := expr.(*hclsyntax.FunctionCallExpr)
		if !ok || len(call.Args) == 0 {
			return nil
		}
		for _, arg := range call.Args {
			if text, ok := arg.(*hclsyntax.TemplateExpr); ok && text.SrcRange.Start.Line < text.SrcRange.End.Line {
				return text
			}
		}
		expr = call.Args[0]
	}
	return nil
}

func (b *builder) listed(expr *hclsyntax.TupleConsExpr, in *scope) *lint.Node {
	list := lint.NewList(b.span(expr.SrcRange))
	for i, item := range expr.Exprs {
		if !b.spend(1) && !isLiteral(item) {
			return unknownNode(nil, list.Span)
		}
		node := b.at(i, func() *lint.Node { return b.expression(item, in) })
		if node == nil {
			node = &lint.Node{Kind: lint.Null, Span: b.span(item.Range())}
		}
		list.Items = append(list.Items, node)
	}
	return list
}

func isLiteral(expr hclsyntax.Expression) bool {
	if _, ok := expr.(*hclsyntax.LiteralValueExpr); ok {
		return true
	}
	_, ok := plainText(expr)
	return ok
}

func (b *builder) written(expr *hclsyntax.ObjectConsExpr, in *scope) *lint.Node {
	object := lint.NewObject(b.span(expr.SrcRange))
	fields := map[string]int{}
	var unnamed []cty.Value
	for _, item := range expr.Items {
		key, name := b.key(item.KeyExpr, in)
		if name == "" && !key.IsKnown() {
			unnamed = append(unnamed, key, b.eval(item.ValueExpr, in))
			continue
		}
		value := b.at(name, func() *lint.Node { return b.expression(item.ValueExpr, in) })
		if value == nil {
			continue
		}
		field := lint.Field{Key: name, Span: b.span(item.KeyExpr.Range()), Value: value}
		if i, twice := fields[name]; twice {
			object.Fields[i] = field
			continue
		}
		fields[name] = len(object.Fields)
		object.Fields = append(object.Fields, field)
	}
	if unnamed != nil {
		return open(object, references(b.unknown(cty.DynamicPseudoType, unnamed...).Marks()))
	}
	return object
}

// value makes a node from a value that was computed as a whole.
func (b *builder) value(v cty.Value, at lint.Span, inherited cty.ValueMarks) *lint.Node {
	v, own := v.Unmark()
	if isSensitive(own) && !isSensitive(inherited) && b.record != nil && !v.IsNull() {
		b.record.sensitive = append(b.record.sensitive, slices.Clone(b.path))
	}
	marks := union(inherited, own)
	ty := v.Type()
	switch {
	case !b.spend(1) && !isScalar(v):
		return unknownNode(references(marks), at)
	case !v.IsKnown() || isOutside(marks) && !v.IsNull() && !isTruth(v):
		return typedUnknown(ty, references(marks), at)
	case v.IsNull():
		return nil
	case isScalar(v):
		return b.scalar(v, at, marks)
	case ty.IsObjectType() || ty.IsMapType():
		return b.fields(v, at, marks)
	case v.CanIterateElements():
		return b.items(v, at, marks)
	}
	return unknownNode(references(marks), at)
}

func isScalar(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.Type().IsPrimitiveType()
}

func (b *builder) items(v cty.Value, at lint.Span, marks cty.ValueMarks) *lint.Node {
	list := lint.NewList(at)
	for it := v.ElementIterator(); it.Next(); {
		_, item := it.Element()
		node := b.at(len(list.Items), func() *lint.Node { return b.value(item, at, marks) })
		if node == nil {
			node = &lint.Node{Kind: lint.Null}
		}
		list.Items = append(list.Items, node)
	}
	return list
}

func (b *builder) fields(v cty.Value, at lint.Span, marks cty.ValueMarks) *lint.Node {
	object := lint.NewObject(at)
	for it := v.ElementIterator(); it.Next(); {
		key, item := it.Element()
		name := key.AsString()
		if node := b.at(name, func() *lint.Node { return b.value(item, at, marks) }); node != nil {
			object.Fields = append(object.Fields, lint.Field{Key: name, Value: node})
		}
	}
	return object
}

func (b *builder) scalar(v cty.Value, at lint.Span, marks cty.ValueMarks) *lint.Node {
	place, way := provenance(v, at, marks)
	if names := references(marks); len(names) > 0 && b.record != nil {
		b.record.derived = append(b.record.derived, derived{slices.Clone(b.path), names})
	}
	node := &lint.Node{Span: place, Way: way}
	switch v.Type() {
	case cty.String:
		node.Kind, node.Text = lint.String, v.AsString()
	case cty.Bool:
		node.Kind, node.Text = lint.Bool, fmt.Sprint(v.True())
	default:
		node.Kind, node.Text = lint.Number, digits(v.AsBigFloat())
	}
	return node
}

// digits writes a number as JSON does. Nearly all are small whole numbers, and
// those need no arithmetic of 512 bits.
func digits(number *big.Float) string {
	if small, accuracy := number.Int64(); accuracy == big.Exact {
		return strconv.FormatInt(small, 10)
	}
	if number.IsInt() {
		return number.Text('f', 0)
	}
	return number.Text('g', -1)
}

// provenance tells where a computed value stands. A literal that came through
// unchanged within the expression is its own place; from literals that stand
// elsewhere a way leads there.
func provenance(v cty.Value, at lint.Span, marks cty.ValueMarks) (lint.Span, []lint.Step) {
	all := origins(marks)
	if len(all) == 1 && inside(all[0].span, at) && all[0].value.RawEquals(v) {
		return all[0].span, nil
	}
	if !slices.ContainsFunc(all, func(from *origin) bool { return !inside(from.span, at) }) {
		return at, nil
	}
	var way []lint.Step
	for _, from := range all {
		if (!inside(from.span, at) || from.quoted() && from.remains(v)) && len(way) < maxWay {
			way = append(way, lint.Step{Message: from.message(), Span: from.span})
		}
	}
	taken := passages(marks)
	for _, by := range slices.Backward(taken[:min(len(taken), maxWay)]) {
		isLiteral := slices.ContainsFunc(all, func(from *origin) bool { return inside(from.span, by.span) })
		if !isLiteral && !inside(by.span, at) {
			way = append(way, lint.Step{Message: by.message, Span: by.span})
		}
	}
	return at, append(way, lint.Step{Message: "it is used here", Span: at})
}

func inside(inner, outer lint.Span) bool {
	return inner.Source == outer.Source && outer.Start <= inner.Start && inner.End <= outer.End
}

// The keys of the object that stands in place of a value that is not known.
const (
	unknownKey    = "$unknown"
	candidatesKey = "$candidates"
	textKey       = "$text"
	literalsKey   = "$literals"
	typeKey       = "$type"
)

func unknownNode(names []string, at lint.Span) *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, name := range names {
		list.Items = append(list.Items, lint.NewString(name, lint.Span{}))
	}
	node := lint.NewObject(at)
	node.Set(unknownKey, lint.Span{}, list)
	return node
}

// typedUnknown says of an unknown value that it is a truth value or a number, if
// it is: such a value shows nothing of the text that it was made from.
func typedUnknown(ty cty.Type, names []string, at lint.Span) *lint.Node {
	node := unknownNode(names, at)
	if ty == cty.Bool || ty == cty.Number {
		node.Set(typeKey, lint.Span{}, lint.NewString(ty.FriendlyName(), lint.Span{}))
	}
	return node
}

// addCandidates adds the literals that an unknown value may turn out to be.
func (b *builder) addCandidates(node *lint.Node, expr hclsyntax.Expression, in *scope) {
	list := lint.NewList(lint.Span{})
	c := &choices{seen: map[part]bool{}}
	c.find(choice{b.evaluator, expr, in, nil})
	for _, found := range c.found {
		value := b.at(candidatesKey, func() *lint.Node {
			return b.at(len(list.Items), func() *lint.Node {
				return b.value(found.value(), found.of.span(found.expr.Range()), nil)
			})
		})
		if value != nil && value.Get(unknownKey) == nil {
			list.Items = append(list.Items, value)
		}
	}
	if len(list.Items) > 0 {
		node.Set(candidatesKey, lint.Span{}, list)
	}
}

// choice is an expression that may give the value, or a part of what it gives, and
// the module that it is of.
type choice struct {
	of   *evaluator
	expr hclsyntax.Expression
	in   *scope
	path []step // to the part; keys that are not known stand for all
}

// value is what a choice gives. That there is no such part is no matter here.
func (c choice) value() cty.Value {
	c.of.quiet++
	defer func() { c.of.quiet-- }()
	return c.of.follow(c.of.eval(c.expr, c.in), c.path, c.expr.Range(), c.in)
}

// A name of a resource in AWS or Azure is no longer than maxName bytes.
const (
	arnPrefix = "arn:"
	maxName   = 2048
)

// maxChoices bounds the candidates of one value.
const maxChoices = 16

// choices follows an unknown value to the branches and elements between which it is
// not decided, through parentheses, locals, and what modules are given.
type choices struct {
	found []choice
	seen  map[part]bool
	depth int
}

// part is a part of what has a name.
type part struct {
	named
	path string
}

func (c *choices) find(at choice) {
	if len(c.found) >= maxChoices || c.depth > maxNesting || !at.of.spend(1) {
		return
	}
	c.depth++
	defer func() { c.depth-- }()
	branches := []choice(nil)
	if len(at.path) > 0 { // the nearer to the literal the better
		branches = c.branches(at)
	}
	if branches == nil {
		if v, _ := at.value().Unmark(); v.IsKnown() {
			c.found = append(c.found, at)
			return
		}
		branches = c.branches(at)
	}
	for _, branch := range branches {
		c.find(branch)
	}
}

func (c *choices) branches(at choice) []choice {
	switch expr := at.expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return []choice{at.to(expr.Expression)}
	case *hclsyntax.TemplateWrapExpr:
		return []choice{at.to(expr.Wrapped)}
	case *hclsyntax.ConditionalExpr:
		return []choice{at.to(expr.TrueResult), at.to(expr.FalseResult)}
	case *hclsyntax.IndexExpr:
		return []choice{at.to(expr.Collection, step{at: at.of.eval(expr.Key, at.in)})}
	case *hclsyntax.RelativeTraversalExpr:
		return []choice{at.to(expr.Source, steps(expr.Traversal)...)}
	case *hclsyntax.ScopeTraversalExpr:
		branches := at.optional(expr)
		next, path, ok := at.of.behindName(expr, at.in)
		path = append(path, at.path...)
		if here := (part{next, nameOf("", path)}); ok && !c.seen[here] {
			c.seen[here] = true
			branches = append(branches, choice{next.of, next.attribute.Expr, next.in, path})
		}
		return branches
	case *hclsyntax.FunctionCallExpr:
		return at.fallbacks(expr)
	case *hclsyntax.ObjectConsExpr:
		return at.fields(expr)
	case *hclsyntax.TupleConsExpr:
		return at.items(expr)
	}
	return nil
}

// optional is what the type of a variable says of an attribute that is not given.
func (c choice) optional(expr *hclsyntax.ScopeTraversalExpr) []choice {
	root, path, _ := flatten(expr)
	if _, bound := c.in.lookup(root); bound || root != "var" || len(path) == 0 {
		return nil
	}
	block := c.of.module.variables[path[0].name]
	if block == nil || block.Body.Attributes["type"] == nil {
		return nil
	}
	taken := append(path[1:len(path):len(path)], c.path...)
	if len(taken) == 0 {
		return nil
	}
	if holder, _ := c.of.held(path[0].name, taken[:len(taken)-1], c.in).Unmark(); holder.IsKnown() { // then the attribute is given
		return nil
	}
	name := strings.Builder{}
	for _, part := range taken {
		if part.name != "" {
			name.WriteString("." + part.name)
		} else {
			name.WriteString("[]")
		}
	}
	stand := map[string]hclsyntax.Expression{}
	defaultsOf(block.Body.Attributes["type"].Expr, "", stand)
	if at := stand[name.String()]; at != nil {
		return []choice{{c.of, at, nil, nil}}
	}
	return nil
}

// held is a part of a variable, wherever it is missing.
func (e *evaluator) held(name string, path []step, in *scope) cty.Value {
	e.quiet++
	defer func() { e.quiet-- }()
	return e.follow(e.variable(name, hcl.Range{}), path, hcl.Range{}, in)
}

// to is a choice of the same module, of which a part is taken.
func (c choice) to(expr hclsyntax.Expression, path ...step) choice {
	return choice{c.of, expr, c.in, append(path[:len(path):len(path)], c.path...)}
}

// first is the key of the part that is taken; it is not known if it may be any.
func (c choice) first() (key string, known, ok bool) {
	if len(c.path) == 0 || c.path[0].all || c.path[0].key != nil {
		return "", false, false
	}
	if c.path[0].name != "" {
		return c.path[0].name, true, true
	}
	v, _ := c.path[0].at.Unmark()
	if !v.IsKnown() {
		return "", false, true
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil || text.IsNull() {
		return "", false, false
	}
	return text.AsString(), true, true
}

func (c choice) fields(expr *hclsyntax.ObjectConsExpr) []choice {
	key, known, ok := c.first()
	var all []choice
	for _, item := range expr.Items {
		if _, name := c.of.key(item.KeyExpr, c.in); ok && (!known || name == "" || name == key) {
			all = append(all, choice{c.of, item.ValueExpr, c.in, c.path[1:]})
		}
	}
	return all
}

func (c choice) items(expr *hclsyntax.TupleConsExpr) []choice {
	key, known, ok := c.first()
	var all []choice
	for i, item := range expr.Exprs {
		if ok && (!known || strconv.Itoa(i) == key) {
			all = append(all, choice{c.of, item, c.in, c.path[1:]})
		}
	}
	return all
}

// behindName is the argument that says what a local or a variable of a called
// module is, if an expression begins with its name, and what is taken of that.
func (e *evaluator) behindName(expr hclsyntax.Expression, in *scope) (named, []step, bool) {
	root, path, ok := flatten(expr)
	if _, bound := in.lookup(root); !ok || bound || len(path) == 0 {
		return named{}, nil, false
	}
	for i, part := range path {
		if part.key != nil { // what it says, it says here
			path[i] = step{at: e.eval(part.key, in)}
		}
	}
	switch name := path[0].name; {
	case root == "local" && e.module.locals[name] != nil:
		return named{e, e.module.locals[name], nil}, path[1:], true
	case root == "var" && e.caller != nil && e.module.variables[name] != nil && e.by.Body.Attributes[name] != nil:
		return named{e.caller, e.by.Body.Attributes[name], e.in}, path[1:], true
	}
	return named{}, nil, false
}

// fallbacks are the arguments of functions that give one of them, or a part of one.
func (c choice) fallbacks(call *hclsyntax.FunctionCallExpr) []choice {
	args := call.Args
	var all []choice
	switch call.Name {
	case "coalesce", "try":
	case "sensitive", "nonsensitive", "tostring":
		args = args[:min(len(args), 1)]
	case "lookup", "element":
		if len(args) < 2 {
			return nil
		}
		all = append(all, c.to(args[0], step{at: c.of.eval(args[1], c.in)}))
		args = args[2:]
	default:
		return nil
	}
	for _, arg := range args {
		all = append(all, c.to(arg))
	}
	return all
}
