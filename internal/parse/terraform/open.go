package terraform

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// element is one of a collection: a value, or the expression that gives it.
type element struct {
	choice
	value cty.Value // NilVal where it is the expression
}

// elements are what a list has, as far as it is known: what is put together of a list
// that is not known and of others has an unknown element for the former. What stands
// under a condition that is not known counts as if it held.
func (c choice) elements(depth int) []element {
	v := c.value()
	plain, marks := v.Unmark()
	unknown := []element{{c, c.of.unknown(cty.DynamicPseudoType, v)}}
	if depth > maxNesting || !c.of.spend(1) || isOutside(marks) {
		return unknown
	}
	switch expr := c.expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.to(expr.Expression).elements(depth + 1)
	case *hclsyntax.TupleConsExpr:
		var all []element
		for _, item := range expr.Exprs {
			all = append(all, element{c.to(item), cty.NilVal})
		}
		return all
	}
	if plain.IsKnown() {
		ty := plain.Type()
		if !plain.IsNull() && plain.CanIterateElements() && plain.LengthInt() == 0 {
			return nil
		}
		if plain.IsNull() || !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
			return unknown
		}
		var all []element
		for it := plain.ElementIterator(); it.Next() && c.of.spend(1); {
			_, item := it.Element()
			all = append(all, element{c, item.WithMarks(marks)})
		}
		return all
	}
	switch expr := c.expr.(type) {
	case *hclsyntax.ConditionalExpr:
		return slices.Concat(c.to(expr.TrueResult).elements(depth+1), c.to(expr.FalseResult).elements(depth+1))
	case *hclsyntax.ScopeTraversalExpr:
		if next, path, ok := c.of.behindName(expr, c.in); ok && len(path) == 0 {
			return choice{next.of, next.attribute.Expr, next.in, nil}.elements(depth + 1)
		}
	case *hclsyntax.ForExpr:
		if expr.KeyExpr == nil {
			return c.rounds(expr, depth)
		}
	case *hclsyntax.FunctionCallExpr:
		if many, ok := gathers[expr.Name]; ok && !expr.ExpandFinal {
			var all []element
			for _, arg := range expr.Args[:min(len(expr.Args), many)] {
				all = append(all, c.to(arg).elements(depth+1)...)
			}
			if expr.Name == "flatten" {
				all = flat(all, depth)
			}
			return all
		}
	}
	return unknown
}

// gathers are functions that give the elements of their arguments, of so many of these.
var gathers = map[string]int{
	"compact": 1, "concat": maxExpanded, "distinct": 1, "flatten": 1, "reverse": 1, "setunion": maxExpanded, "sort": 1, "tolist": 1, "toset": 1,
}

// flat takes lists among elements apart.
func flat(all []element, depth int) []element {
	var flattened []element
	for _, one := range all {
		v, _ := one.get().Unmark()
		ty := v.Type()
		if depth > maxNesting || one.value != cty.NilVal || v.IsKnown() && !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
			flattened = append(flattened, one)
			continue
		}
		flattened = append(flattened, flat(one.elements(depth+1), depth+1)...)
	}
	return flattened
}

// rounds are what a for expression makes of the elements that it goes over.
func (c choice) rounds(expr *hclsyntax.ForExpr, depth int) []element {
	var all []element
	for _, one := range c.to(expr.CollExpr).elements(depth + 1) {
		key := c.of.unknown(cty.DynamicPseudoType, one.get())
		in := &scope{names: map[string]cty.Value{expr.KeyVar: key, expr.ValVar: one.get()}, outer: c.in}
		if expr.CondExpr != nil && isFalse(c.of.eval(expr.CondExpr, in)) {
			continue
		}
		all = append(all, element{choice{c.of, expr.ValExpr, in, nil}, cty.NilVal})
	}
	return all
}

func (one element) get() cty.Value {
	if one.value != cty.NilVal {
		return one.value
	}
	return one.choice.value()
}

// open makes a list or an object of which some is known though the whole is not; nil if
// nothing is.
func (b *builder) open(expr hclsyntax.Expression, in *scope) *lint.Node {
	of, expr, in := b.evaluator.source(expr, in)
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok && call.Name == "merge" {
		return b.of(of).merged(call, in)
	}
	switch expr.(type) {
	case *hclsyntax.FunctionCallExpr, *hclsyntax.ForExpr, *hclsyntax.TupleConsExpr:
	default:
		return nil
	}
	list := lint.NewList(b.span(expr.Range()))
	if of != b.evaluator {
		list.Span = of.span(expr.Range())
	}
	some := false
	for i, one := range (choice{of, expr, in, nil}).elements(0) {
		inner := b.of(one.of)
		node := inner.at(i, func() *lint.Node {
			if one.value != cty.NilVal {
				return inner.value(one.value, one.of.span(one.expr.Range()), nil)
			}
			return inner.expression(one.expr, one.in)
		})
		if node == nil {
			node = &lint.Node{Kind: lint.Null}
		}
		some = some || holdsKnown(node)
		list.Items = append(list.Items, node)
	}
	if !some {
		return nil
	}
	return list
}

// of is the builder for another module, of the same value.
func (b *builder) of(e *evaluator) *builder {
	if e == b.evaluator {
		return b
	}
	return &builder{evaluator: e, path: slices.Clone(b.path), record: b.record}
}

// source follows an expression to the one that says what it is.
func (e *evaluator) source(expr hclsyntax.Expression, in *scope) (*evaluator, hclsyntax.Expression, *scope) {
	for range maxNesting {
		switch at := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = at.Expression
			continue
		case *hclsyntax.ScopeTraversalExpr:
			if next, path, ok := e.behindName(at, in); ok && len(path) == 0 {
				e, expr, in = next.of, next.attribute.Expr, next.in
				continue
			}
		}
		break
	}
	return e, expr, in
}

// merged is what objects make together. What an unknown one comes behind may be another.
func (b *builder) merged(call *hclsyntax.FunctionCallExpr, in *scope) *lint.Node {
	object := lint.NewObject(b.span(call.Range()))
	var names []string
	for _, arg := range call.Args {
		node := b.expression(arg, in)
		if node == nil {
			continue
		}
		if unknown := node.Get(unknownKey); unknown != nil || node.Kind != lint.Object {
			from := partial.References(node)
			names = append(names, from...)
			for i, field := range object.Fields {
				if field.Value.Get(unknownKey) == nil {
					maybe := unknownNode(from, field.Value.Span)
					maybe.Set(candidatesKey, lint.Span{}, lint.NewList(lint.Span{}, field.Value))
					object.Fields[i].Value = maybe
				}
			}
		}
		for _, field := range node.Object() {
			if field.Key[0] != '$' {
				object.Set(field.Key, field.Span, field.Value)
			}
		}
	}
	if !holdsKnown(object) {
		return nil
	}
	return open(object, names)
}

// open says of an object that there may be more in it.
func open(object *lint.Node, names []string) *lint.Node {
	slices.Sort(names)
	object.Set(unknownKey, lint.Span{}, partial.Texts(slices.Compact(names)))
	return object
}

// holdsKnown says whether any part of a value is known.
func holdsKnown(node *lint.Node) bool {
	return isWritten(node) || slices.ContainsFunc(node.Items, holdsKnown) ||
		slices.ContainsFunc(node.Fields, func(field lint.Field) bool { return field.Key != unknownKey && holdsKnown(field.Value) })
}
