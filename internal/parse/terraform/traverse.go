package terraform

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// step is one part of a path into a value.
type step struct {
	name string               // of an attribute
	key  hclsyntax.Expression // of an index, if it is computed
	at   cty.Value            // of an index, if it is written out
	all  bool                 // every element
}

// traverse evaluates what begins with a name: a traversal, an index, a splat.
// Resources need all of the path at once, since of their attributes some are
// known and some are not; for the rest it is taken step by step.
func (e *evaluator) traverse(expr hclsyntax.Expression, in *scope) cty.Value {
	root, path, ok := flatten(expr)
	if ok {
		if _, bound := in.lookup(root); !bound {
			if in.closed() {
				return e.fail(expr.Range(), "the template is not given this name")
			}
			return e.named(root, path, expr.Range(), in)
		}
	}
	switch expr := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		v, _ := in.lookup(expr.Traversal.RootName())
		return e.follow(v, steps(expr.Traversal[1:]), expr.SrcRange, in)
	case *hclsyntax.RelativeTraversalExpr:
		return e.follow(e.eval(expr.Source, in), steps(expr.Traversal), expr.SrcRange, in)
	case *hclsyntax.IndexExpr:
		return e.index(e.eval(expr.Collection, in), e.eval(expr.Key, in), expr.SrcRange)
	case *hclsyntax.SplatExpr:
		return e.splat(e.eval(expr.Source, in), expr, in)
	}
	return e.fail(expr.Range(), "the expression is of a kind that is not evaluated")
}

// flatten writes a nested traversal as a root name and steps. Splats count as
// one step; a splat over something that is no resource is taken apart later.
func flatten(expr hclsyntax.Expression) (string, []step, bool) {
	var parts [][]step
	for range maxNesting { // a longer chain is taken apart step by step
		switch at := expr.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			path := steps(at.Traversal[1:])
			for i := len(parts) - 1; i >= 0; i-- {
				path = append(path, parts[i]...)
			}
			return at.Traversal.RootName(), path, true
		case *hclsyntax.RelativeTraversalExpr:
			parts, expr = append(parts, steps(at.Traversal)), at.Source
		case *hclsyntax.IndexExpr:
			parts, expr = append(parts, []step{{key: at.Key}}), at.Collection
		case *hclsyntax.SplatExpr:
			each, ok := splatSteps(at)
			if !ok {
				return "", nil, false
			}
			parts, expr = append(parts, append([]step{{all: true}}, each...)), at.Source
		default:
			return "", nil, false
		}
	}
	return "", nil, false
}

// splatSteps is the path behind the asterisk.
func splatSteps(splat *hclsyntax.SplatExpr) ([]step, bool) {
	var parts [][]step
	expr := splat.Each
	for range maxNesting {
		switch at := expr.(type) {
		case *hclsyntax.AnonSymbolExpr:
			var path []step
			for i := len(parts) - 1; i >= 0; i-- {
				path = append(path, parts[i]...)
			}
			return path, at == splat.Item
		case *hclsyntax.RelativeTraversalExpr:
			parts, expr = append(parts, steps(at.Traversal)), at.Source
		case *hclsyntax.IndexExpr:
			parts, expr = append(parts, []step{{key: at.Key}}), at.Collection
		default:
			return nil, false
		}
	}
	return nil, false
}

func steps(traversal hcl.Traversal) []step {
	var path []step
	for _, part := range traversal {
		switch part := part.(type) {
		case hcl.TraverseAttr:
			path = append(path, step{name: part.Name})
		case hcl.TraverseIndex:
			path = append(path, step{at: part.Key})
		}
	}
	return path
}

// named evaluates a path that begins with a name of the module.
func (e *evaluator) named(root string, path []step, at hcl.Range, in *scope) cty.Value {
	switch root {
	case "var":
		if len(path) > 0 && path[0].name != "" {
			return e.follow(refer(e.variable(path[0].name, at), e.prefix+"var."+path[0].name), path[1:], at, in)
		}
	case "local":
		if len(path) > 0 && path[0].name != "" {
			return e.follow(e.local(path[0].name, at), path[1:], at, in)
		}
	case "data", "ephemeral":
		if len(path) > 1 && path[0].name != "" && path[1].name != "" {
			return e.attribute(root+"."+path[0].name+"."+path[1].name, path[2:], at, in)
		}
	case "module":
		if len(path) > 0 && path[0].name != "" {
			return e.ofModule(path, at, in)
		}
	case "path":
		if len(path) == 1 && path[0].name != "" {
			return e.here(path[0].name)
		}
	case "count", "each":
		e.gap(at, fmt.Sprintf("%q is known only in a block that has %s", root, map[string]string{"count": "count", "each": "for_each"}[root]))
	case "self", "terraform", "tofu", "key_provider", "method": // the last two in OpenTofu's encryption
	default:
		if len(path) > 0 && path[0].name != "" {
			return e.attribute(root+"."+path[0].name, path[1:], at, in)
		}
	}
	return refer(cty.DynamicVal, nameOf(root, path))
}

// nameOf writes a reference without indices: a key may be any text.
func nameOf(root string, path []step) string {
	names := []string{root}
	for _, part := range path {
		if part.name != "" && len(names) < 4 {
			names = append(names, part.name)
		}
	}
	return strings.Join(names, ".")
}

func (e *evaluator) local(name string, at hcl.Range) cty.Value {
	attribute := e.module.locals[name]
	if attribute == nil {
		return refer(e.fail(at, fmt.Sprintf("local %q is not defined", name)), e.prefix+"local."+name)
	}
	return e.argument(attribute, nil, fmt.Sprintf("local %q", name))
}

// attribute evaluates an attribute of a resource: what the configuration sets is
// known, the rest is known to the provider alone.
func (e *evaluator) attribute(address string, path []step, at hcl.Range, in *scope) cty.Value {
	reference := e.prefix + address
	for _, part := range path {
		if part.name != "" {
			reference += "." + part.name
			break
		}
	}
	block := e.module.byAddress[address]
	if block == nil {
		return refer(e.fail(at, fmt.Sprintf("%q is not declared", address)), reference)
	}
	m := e.instances(block)
	return e.among(m, path, at, in, reference, func(i int, path []step) cty.Value {
		return e.ofInstance(block, m.each[i], e.prefix+address, path, at, in)
	})
}

func (e *evaluator) ofInstance(block *hclsyntax.Block, of instance, address string, path []step, at hcl.Range, in *scope) cty.Value {
	if len(path) == 0 || path[0].name == "" {
		return e.follow(e.resource(block, of, address), path, at, in)
	}
	name := address + "." + path[0].name
	attribute := block.Body.Attributes[path[0].name]
	if attribute == nil {
		return e.follow(refer(e.madeOf(block, of.in, path[0].name), name), path[1:], at, in)
	}
	return e.follow(refer(e.argument(attribute, of.in, name), name), path[1:], at, in)
}

// madeOf is what a data source makes of its arguments alone; of any other thing it is not
// known.
func (e *evaluator) madeOf(block *hclsyntax.Block, in *scope, name string) cty.Value {
	given := func(name string) cty.Value {
		attribute := block.Body.Attributes[name]
		if attribute == nil {
			return cty.EmptyObjectVal
		}
		return e.argument(attribute, in, address(block)+"."+name)
	}
	switch template := block.Body.Attributes["template"]; {
	case block.Type != "data":
	case block.Labels[0] == "null_data_source" && name == "outputs":
		return given("inputs")
	case block.Labels[0] == "template_file" && name == "rendered" && template != nil:
		return e.rendered(template.Expr.Range(), []cty.Value{given("template"), given("vars")})
	}
	return cty.DynamicVal
}

// resource is all that the configuration sets of a resource.
func (e *evaluator) resource(block *hclsyntax.Block, of instance, address string) cty.Value {
	fields := map[string]cty.Value{}
	for _, attribute := range inOrder(block.Body) {
		if name := (named{e, attribute, of.in}); e.active[name] || metaArguments[attribute.Name] || !e.spend(1) {
			continue
		}
		fields[attribute.Name] = refer(e.argument(attribute, of.in, address+"."+attribute.Name), address+"."+attribute.Name)
	}
	return cty.ObjectVal(fields).Mark(whole(address))
}

// metaArguments are for Terraform itself.
var metaArguments = map[string]bool{"count": true, "for_each": true, "depends_on": true, "provider": true, "providers": true, "source": true, "version": true}

// follow goes into a value step by step.
func (e *evaluator) follow(v cty.Value, path []step, at hcl.Range, in *scope) cty.Value {
	for i, part := range path {
		switch {
		case part.all:
			return e.each(v, path[i+1:], at, in)
		case part.name != "":
			v = e.field(v, part.name, at)
		case part.key != nil:
			v = e.index(v, e.eval(part.key, in), at)
		default:
			v = e.index(v, part.at, at)
		}
	}
	return v
}

func (e *evaluator) field(v cty.Value, name string, at hcl.Range) cty.Value {
	plain, marks := v.Unmark()
	if !plain.IsKnown() {
		return e.part(v)
	}
	for mark := range marks {
		address, ok := mark.(whole)
		if !ok {
			continue
		}
		if !plain.Type().IsObjectType() || !plain.Type().HasAttribute(name) {
			return refer(cty.DynamicVal, string(address)+"."+name)
		}
		return plain.GetAttr(name)
	}
	got, diagnostics := hcl.GetAttr(v, name, nil)
	if diagnostics.HasErrors() {
		return e.fail(at, "the value has no such attribute", v)
	}
	return got
}

// part is an unknown part of an unknown value.
func (e *evaluator) part(v cty.Value) cty.Value { return e.unknown(cty.DynamicPseudoType, v) }

func (e *evaluator) index(v, key cty.Value, at hcl.Range) cty.Value {
	key, marks := key.Unmark()
	plain, own := v.Unmark()
	if !plain.IsKnown() || !key.IsKnown() {
		return e.unknown(cty.DynamicPseudoType, v, key.WithMarks(marks))
	}
	for mark := range own {
		if _, ok := mark.(whole); ok && key.Type() == cty.String && !key.IsNull() {
			return e.field(v, key.AsString(), at)
		}
	}
	if text, err := convert.Convert(key, cty.String); err == nil && !text.IsNull() && hugeNumber(text.AsString()) {
		return e.fail(at, "the key is not usable", v)
	}
	got, diagnostics := hcl.Index(v, key, nil)
	if diagnostics.HasErrors() {
		return e.fail(at, "the value has no such element", v)
	}
	return got.WithMarks(withoutOrigins(marks))
}

// splat evaluates an expression for each element. Something that is no list
// counts as a list of itself, null as an empty one.
func (e *evaluator) splat(v cty.Value, expr *hclsyntax.SplatExpr, in *scope) cty.Value {
	return e.elements(v, expr.SrcRange, func(item cty.Value) cty.Value {
		return e.eval(expr.Each, &scope{symbol: expr.Item, item: item, outer: in})
	})
}

func (e *evaluator) each(v cty.Value, path []step, at hcl.Range, in *scope) cty.Value {
	return e.elements(v, at, func(item cty.Value) cty.Value { return e.follow(item, path, at, in) })
}

func (e *evaluator) elements(v cty.Value, at hcl.Range, visit func(cty.Value) cty.Value) cty.Value {
	plain, marks := v.Unmark()
	switch ty := plain.Type(); {
	case !plain.IsKnown():
		return e.part(v)
	case plain.IsNull():
		return cty.EmptyTupleVal
	case !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		return e.keep(cty.TupleVal([]cty.Value{visit(v)}), at)
	}
	var items []cty.Value
	for it := plain.ElementIterator(); it.Next() && e.spend(1); {
		_, item := it.Element()
		items = append(items, visit(item))
	}
	return e.keep(cty.TupleVal(items).WithMarks(marks), at)
}
