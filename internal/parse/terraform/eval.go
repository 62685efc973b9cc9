package terraform

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/policyctl/policyctl/internal/lint"
)

// evaluator evaluates the expressions of one module, as one call makes it: a
// module that is called twice has two. What has a name is evaluated when something
// first refers to it, and once. The expressions are walked here and not by
// hclsyntax, which cannot be told to stop, cannot represent an object of which some
// attributes are known, and stops at the first unknown.
type evaluator struct {
	*run
	module *module

	caller *evaluator       // nil for the root
	by     *hclsyntax.Block // the call, in the caller
	in     *scope           // of the call: count and each
	prefix string           // of references to what is in the module: "module.a.", without keys
	shown  string           // the same with keys: "module.a[0]."
	fixed  lint.Span        // where everything of a module stands whose files are not checked
	depth  int              // calls above

	variables map[string]cty.Value
	outputs   map[string]cty.Value
	arguments map[named]cty.Value        // locals, defaults, arguments that others refer to
	active    map[any]bool               // being evaluated: meeting one again is a cycle
	made      map[*hclsyntax.Block]*made // instances of resources and of calls
	modules   map[*hclsyntax.Block][]*evaluator
	origins   map[hcl.Range]*origin
}

// run is the evaluation of one root module and of all that it calls.
type run struct {
	loader *loader
	places places
	root   string // its directory
	all    []*evaluator

	frame     *frame
	steps     int
	recursion int
	exhausted bool
	quiet     int  // within try or can: what fails is no gap
	missed    bool // something failed while quiet
	instances int  // that count and for_each made
	handed    int  // passages that there were

	documents map[documentKey]*lint.Node // policy documents; nil while one is being made

	gaps     []lint.Gap
	findings []lint.Finding
}

// named is an argument as one instance has it.
type named struct {
	of        *evaluator
	attribute *hclsyntax.Attribute
	in        *scope
}

func newEvaluator(r *run, m *module) *evaluator {
	e := &evaluator{
		run: r, module: m, variables: map[string]cty.Value{}, outputs: map[string]cty.Value{},
		arguments: map[named]cty.Value{}, active: map[any]bool{}, made: map[*hclsyntax.Block]*made{},
		modules: map[*hclsyntax.Block][]*evaluator{}, origins: map[hcl.Range]*origin{},
	}
	r.all = append(r.all, e)
	return e
}

// span tells where a range stands.
func (e *evaluator) span(r hcl.Range) lint.Span {
	if e.fixed.Source != nil {
		return e.fixed
	}
	return e.places.span(r)
}

// scope holds the names that expressions bring along: those of for expressions,
// splats and dynamic blocks.
type scope struct {
	names  map[string]cty.Value
	symbol *hclsyntax.AnonSymbolExpr
	item   cty.Value
	outer  *scope
	sealed bool // there are no other names: that of a template
}

// closed says whether nothing but the scope has names.
func (s *scope) closed() bool {
	for ; s != nil; s = s.outer {
		if s.sealed {
			return true
		}
	}
	return false
}

func (s *scope) lookup(name string) (cty.Value, bool) {
	for ; s != nil; s = s.outer {
		if v, ok := s.names[name]; ok {
			return v, true
		}
	}
	return cty.NilVal, false
}

func (s *scope) element(symbol *hclsyntax.AnonSymbolExpr) (cty.Value, bool) {
	for ; s != nil; s = s.outer {
		if s.symbol == symbol {
			return s.item, true
		}
	}
	return cty.NilVal, false
}

// within runs the evaluation of one argument under a budget of its own. The cty
// library panics on what it cannot handle; that must cost one value, not the run.
func (e *evaluator) within(from string, at hcl.Range, run func()) (ok bool) {
	frame, depth, outer := &frame{from: from, left: maxWork, at: e.span(at)}, e.recursion, e.frame
	e.frame = frame
	defer func() {
		e.frame, e.recursion = outer, depth
		if recover() != nil {
			ok = false
			e.gap(at, "the value could not be evaluated and is treated as unknown")
		}
	}()
	run()
	return true
}

// argument evaluates something that has a name, once.
func (e *evaluator) argument(attribute *hclsyntax.Attribute, in *scope, from string) cty.Value {
	name := named{e, attribute, in}
	if v, known := e.arguments[name]; known {
		return v
	}
	if e.active[name] {
		return e.fail(attribute.SrcRange, fmt.Sprintf("%s refers to itself and is treated as unknown", from))
	}
	e.active[name] = true
	value := cty.DynamicVal
	e.within(from, attribute.SrcRange, func() { value = e.eval(attribute.Expr, in) })
	delete(e.active, name)
	value = e.passed(value, attribute, from)
	e.arguments[name] = value
	return value
}

// passed marks a value with the argument by which it is handed on.
func (e *evaluator) passed(v cty.Value, by *hclsyntax.Attribute, from string) cty.Value {
	if plain, marks := v.Unmark(); len(marks) > maxMarks || !plain.IsKnown() || isLiteral(by.Expr) {
		return v
	}
	e.handed++
	return v.Mark(&passage{span: e.span(by.Expr.Range()), message: from + " takes it here", order: e.handed})
}

// eval evaluates an expression. Plain literals cost nothing, so that no limit
// can hide them.
func (e *evaluator) eval(expr hclsyntax.Expression, in *scope) cty.Value {
	if literal, ok := expr.(*hclsyntax.LiteralValueExpr); ok {
		return e.literal(literal.Val, literal.SrcRange)
	}
	if text, ok := plainText(expr); ok {
		return e.literal(cty.StringVal(text), expr.Range())
	}
	if !e.spend(1) {
		return cty.DynamicVal
	}
	if e.recursion++; e.recursion > maxRecursion {
		e.recursion--
		return e.fail(expr.Range(), fmt.Sprintf("expressions depend on each other more than %d deep; the value is treated as unknown", maxRecursion))
	}
	defer func() { e.recursion-- }()
	return e.operation(expr, in)
}

func (e *evaluator) operation(expr hclsyntax.Expression, in *scope) cty.Value {
	switch expr := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return e.eval(expr.Expression, in)
	case *hclsyntax.TemplateWrapExpr:
		return e.eval(expr.Wrapped, in)
	case *hclsyntax.TemplateExpr:
		return e.template(expr.Parts, expr.SrcRange, in)
	case *hclsyntax.TemplateJoinExpr:
		return e.join(expr, in)
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.RelativeTraversalExpr, *hclsyntax.IndexExpr, *hclsyntax.SplatExpr:
		return e.traverse(expr, in)
	case *hclsyntax.AnonSymbolExpr:
		if item, ok := in.element(expr); ok {
			return item
		}
	case *hclsyntax.FunctionCallExpr:
		return e.function(expr, in)
	case *hclsyntax.ConditionalExpr:
		return e.conditional(expr, in)
	case *hclsyntax.TupleConsExpr:
		return e.tuple(expr, in)
	case *hclsyntax.ObjectConsExpr:
		return e.object(expr, in)
	case *hclsyntax.ForExpr:
		return e.loop(expr, in)
	case *hclsyntax.BinaryOpExpr:
		return e.binary(expr, in)
	case *hclsyntax.UnaryOpExpr:
		return e.call(expr.Op.Impl, []cty.Value{e.eval(expr.Val, in)}, expr.SrcRange, "the operation")
	case *hclsyntax.ExprSyntaxError:
		return cty.DynamicVal // reported as a syntax error
	}
	return e.fail(expr.Range(), "the expression is of a kind that is not evaluated")
}

func (e *evaluator) literal(v cty.Value, at hcl.Range) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	if v.Type() == cty.Number && !reasonable(v) {
		return e.fail(at, "the number is too large to evaluate")
	}
	from := e.origins[at]
	if from == nil || from.from != e.frame.from {
		from = &origin{span: e.span(at), from: e.frame.from, value: v}
		e.origins[at] = from
	}
	return v.Mark(from)
}

func (e *evaluator) template(parts []hclsyntax.Expression, at hcl.Range, in *scope) cty.Value {
	text, marks, unknown := strings.Builder{}, cty.ValueMarks{}, []cty.Value(nil)
	for _, part := range parts {
		v := e.eval(part, in)
		plain, partMarks := v.Unmark()
		marks = union(marks, partMarks)
		if !plain.IsKnown() {
			unknown = append(unknown, v)
			continue
		}
		plain, err := convert.Convert(plain, cty.String)
		if err != nil || plain.IsNull() {
			return e.fail(part.Range(), "the value is no text and cannot be part of a string", v)
		}
		if text.WriteString(plain.AsString()); text.Len() > maxText {
			return e.fail(at, fmt.Sprintf("the string is larger than %d bytes and is treated as unknown", maxText), v)
		}
	}
	if unknown != nil {
		return e.unknown(cty.String, append(unknown, cty.StringVal("").WithMarks(marks))...)
	}
	return e.keep(cty.StringVal(text.String()).WithMarks(marks), at)
}

// join is what a for directive of a template makes.
func (e *evaluator) join(expr *hclsyntax.TemplateJoinExpr, in *scope) cty.Value {
	tuple := e.eval(expr.Tuple, in)
	list, marks := tuple.Unmark()
	if !list.IsKnown() {
		return e.unknown(cty.String, tuple)
	}
	if list.IsNull() || !list.CanIterateElements() {
		return e.fail(expr.Tuple.Range(), "the for directive does not yield a list", tuple)
	}
	text, unknown := strings.Builder{}, false
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		plain, partMarks := v.Unmark()
		marks = union(marks, partMarks)
		plain, err := convert.Convert(plain, cty.String)
		if err != nil || plain.IsNull() || text.Len() > maxText {
			return e.fail(expr.Tuple.Range(), "the for directive does not yield text of a reasonable size", tuple)
		}
		if !plain.IsKnown() {
			unknown = true
			continue
		}
		text.WriteString(plain.AsString())
	}
	if unknown {
		return e.unknown(cty.String, tuple)
	}
	return e.keep(cty.StringVal(text.String()).WithMarks(marks), expr.Tuple.Range())
}

func (e *evaluator) conditional(expr *hclsyntax.ConditionalExpr, in *scope) cty.Value {
	condition, known := e.truth(expr.Condition, in)
	if !known {
		a, b := e.eval(expr.TrueResult, in), e.eval(expr.FalseResult, in)
		ty := cty.DynamicPseudoType
		if a.Type().Equals(b.Type()) && a.Type().IsPrimitiveType() {
			ty = a.Type()
		}
		return e.unknown(ty, condition, a, b)
	}
	chosen, other := expr.TrueResult, expr.FalseResult
	if condition.False() {
		chosen, other = other, chosen
	}
	v := e.eval(chosen, in)
	plain, _ := v.Unmark()
	if _, isText := other.(*hclsyntax.TemplateExpr); isText && isScalar(plain) {
		v, _ = convert.Convert(v, cty.String) // both choices have one type
	}
	return v
}

// truth evaluates a condition. If it is known, the value has no marks.
func (e *evaluator) truth(expr hclsyntax.Expression, in *scope) (cty.Value, bool) {
	v := e.eval(expr, in)
	plain, _ := v.Unmark()
	if !plain.IsKnown() {
		return v, false
	}
	plain, err := convert.Convert(plain, cty.Bool)
	if err != nil || plain.IsNull() {
		return e.fail(expr.Range(), "the condition is neither true nor false", v), false
	}
	return plain, true
}

func (e *evaluator) tuple(expr *hclsyntax.TupleConsExpr, in *scope) cty.Value {
	items := make([]cty.Value, 0, len(expr.Exprs))
	for _, item := range expr.Exprs {
		items = append(items, e.eval(item, in))
	}
	return e.keep(cty.TupleVal(items), expr.SrcRange)
}

func (e *evaluator) object(expr *hclsyntax.ObjectConsExpr, in *scope) cty.Value {
	fields := map[string]cty.Value{}
	var unknown []cty.Value
	for _, item := range expr.Items {
		value := e.eval(item.ValueExpr, in)
		key, name := e.key(item.KeyExpr, in)
		if name == "" && !key.IsKnown() {
			unknown = append(unknown, key, value)
			continue
		}
		fields[name] = value
	}
	if unknown != nil {
		return e.unknown(cty.DynamicPseudoType, append(unknown, cty.ObjectVal(fields))...)
	}
	return e.keep(cty.ObjectVal(fields), expr.SrcRange)
}

// key evaluates the key of an object. A bare word is its own name. An unknown
// key has no name.
func (e *evaluator) key(expr hclsyntax.Expression, in *scope) (cty.Value, string) {
	if key, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(key.Wrapped); word != "" && !key.ForceNonLiteral {
			return cty.StringVal(word), word
		}
		expr = key.Wrapped
	}
	v := e.eval(expr, in)
	plain, marks := v.Unmark()
	if !plain.IsKnown() || isOutside(marks) {
		return e.unknown(cty.String, v), ""
	}
	plain, err := convert.Convert(plain, cty.String)
	if err != nil || plain.IsNull() {
		return e.fail(expr.Range(), "the value is no text and cannot be a key", v), ""
	}
	return plain, plain.AsString()
}

// loop evaluates a for expression.
func (e *evaluator) loop(expr *hclsyntax.ForExpr, in *scope) cty.Value {
	all := e.eval(expr.CollExpr, in)
	collection, marks := all.Unmark()
	if !collection.IsKnown() {
		return e.unknown(cty.DynamicPseudoType, all)
	}
	if collection.IsNull() || !collection.CanIterateElements() {
		return e.fail(expr.SrcRange, "the for expression has nothing to go over", all)
	}
	r := result{evaluator: e, expr: expr, fields: map[string]cty.Value{}, groups: map[string][]cty.Value{}}
	for it := collection.ElementIterator(); it.Next() && !e.exhausted && !e.frame.full; {
		key, value := it.Element()
		r.add(&scope{names: map[string]cty.Value{expr.KeyVar: asKey(key, marks), expr.ValVar: value}, outer: in})
	}
	if r.unknown != nil || e.exhausted || e.frame.full {
		return e.unknown(cty.DynamicPseudoType, append(r.unknown, all)...)
	}
	return e.keep(r.value().WithMarks(marks), expr.SrcRange)
}

// result collects what the rounds of a for expression yield.
type result struct {
	*evaluator
	expr    *hclsyntax.ForExpr
	items   []cty.Value
	fields  map[string]cty.Value
	groups  map[string][]cty.Value
	unknown []cty.Value // what makes the whole unknown
}

func (r *result) add(in *scope) {
	if r.expr.CondExpr != nil {
		condition, known := r.truth(r.expr.CondExpr, in)
		if !known {
			r.unknown = append(r.unknown, condition)
			return
		}
		if condition.False() {
			return
		}
	}
	value := r.eval(r.expr.ValExpr, in)
	if r.expr.KeyExpr == nil {
		r.items = append(r.items, value)
		return
	}
	key, name := r.key(r.expr.KeyExpr, in)
	switch {
	case name == "" && !key.IsKnown():
		r.unknown = append(r.unknown, key, value)
	case r.expr.Group:
		r.groups[name] = append(r.groups[name], value)
	default:
		if _, twice := r.fields[name]; twice {
			r.gap(r.expr.KeyExpr.Range(), "the for expression gives one key twice; the last value holds")
		}
		r.fields[name] = value
	}
}

func (r *result) value() cty.Value {
	if r.expr.KeyExpr == nil {
		return cty.TupleVal(r.items)
	}
	for name, group := range r.groups {
		r.fields[name] = cty.TupleVal(group)
	}
	return cty.ObjectVal(r.fields)
}

func (e *evaluator) binary(expr *hclsyntax.BinaryOpExpr, in *scope) cty.Value {
	left, right := e.eval(expr.LHS, in), e.eval(expr.RHS, in)
	switch expr.Op { // one side may decide though the other is unknown
	case hclsyntax.OpLogicalAnd:
		if isFalse(left) || isFalse(right) {
			return cty.False
		}
	case hclsyntax.OpLogicalOr:
		if isTrue(left) || isTrue(right) {
			return cty.True
		}
	}
	return e.call(expr.Op.Impl, []cty.Value{left, right}, expr.SrcRange, "the operation")
}

func isTrue(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.True()
}

func isFalse(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
}

// call applies a function of the cty library. Its errors may quote a value, so
// only the fact is reported.
func (e *evaluator) call(f function.Function, args []cty.Value, at hcl.Range, what string) cty.Value {
	converted := make([]cty.Value, len(args))
	for i, arg := range args {
		steps, ok := size(arg)
		if !e.spend(steps) {
			return cty.DynamicVal
		}
		v, err := convert.Convert(arg, parameter(f, i))
		if err != nil || !ok {
			return e.fail(at, what+" cannot work with what it is given", args...)
		}
		if _, ok := size(v); !ok {
			return e.fail(at, what+" is given a value that is too large", args...)
		}
		converted[i] = v
	}
	v, err := f.Call(converted)
	if err != nil {
		return e.fail(at, what+" cannot work with what it is given", args...)
	}
	if plain, _ := v.Unmark(); !plain.IsKnown() {
		return e.unknown(plain.Type(), args...)
	}
	return e.keep(v, at)
}

func parameter(f function.Function, i int) cty.Type {
	if params := f.Params(); i < len(params) {
		return params[i].Type
	}
	if rest := f.VarParam(); rest != nil {
		return rest.Type
	}
	return cty.DynamicPseudoType
}

// variable is the value of an input variable: what the call of the module or a
// tfvars file gives it, else its default, else unknown.
func (e *evaluator) variable(name string, at hcl.Range) cty.Value {
	block := e.module.variables[name]
	if block == nil {
		return e.fail(at, fmt.Sprintf("variable %q is not declared", name))
	}
	if v, known := e.variables[name]; known {
		return v
	}
	if e.active[block] {
		return e.fail(at, fmt.Sprintf("variable %q refers to itself and is treated as unknown", name))
	}
	e.active[block] = true
	value := e.typed(block, e.given(block))
	if says(block, "sensitive", false) {
		value = value.Mark(sensitive{})
	}
	delete(e.active, block)
	e.variables[name] = value
	return value
}

// given is the value of a variable before it is converted to its type.
func (e *evaluator) given(block *hclsyntax.Block) cty.Value {
	name := block.Labels[0]
	if e.caller != nil {
		if attribute := e.by.Body.Attributes[name]; attribute != nil {
			v := e.caller.argument(attribute, e.in, fmt.Sprintf("argument %q of module %q", name, e.by.Labels[0]))
			if plain, _ := v.Unmark(); !plain.IsKnown() || !plain.IsNull() || says(block, "nullable", true) {
				return v
			}
		}
	} else if set, ok := e.module.assigned[name]; ok {
		return e.argument(set.attribute, nil, fmt.Sprintf("value of variable %q in %s", name, set.file.Path))
	} else if text, ok := e.loader.environment()[name]; ok {
		return e.fromEnvironment(block, text)
	}
	if attribute := block.Body.Attributes["default"]; attribute != nil {
		return e.argument(attribute, nil, defaultOf(name))
	}
	return cty.DynamicVal
}

func defaultOf(name string) string { return fmt.Sprintf("default of variable %q", name) }

// says reads an argument of a declaration that is either true or false.
func says(block *hclsyntax.Block, name string, absent bool) bool {
	attribute := block.Body.Attributes[name]
	if attribute == nil {
		return absent
	}
	literal, ok := attribute.Expr.(*hclsyntax.LiteralValueExpr)
	if !ok || literal.Val.Type() != cty.Bool || literal.Val.IsNull() {
		return absent
	}
	return literal.Val.True()
}

// typed converts a value to the type of its variable.
func (e *evaluator) typed(block *hclsyntax.Block, value cty.Value) cty.Value {
	attribute := block.Body.Attributes["type"]
	if attribute == nil {
		return value
	}
	ty, defaults, sound := e.constraint(attribute)
	if !sound {
		return value
	}
	if plain, marks := value.Unmark(); !plain.IsKnown() {
		return cty.UnknownVal(ty.WithoutOptionalAttributesDeep()).WithMarks(marks)
	}
	converted := cty.NilVal
	e.within(defaultOf(block.Labels[0]), attribute.SrcRange, func() {
		if defaults != nil {
			value = defaults.Apply(value)
		}
		if v, err := convert.Convert(value, ty); err == nil {
			if defaults != nil {
				v = e.defaulted(v, attribute.Expr)
			}
			converted = e.keep(v, attribute.SrcRange)
		}
	})
	if converted == cty.NilVal {
		return e.fail(attribute.SrcRange, fmt.Sprintf("the value of variable %q does not fit its type", block.Labels[0]), value)
	}
	return converted
}

// constraint reads a type. Old configurations, and JSON, write it as a string.
func (e *evaluator) constraint(attribute *hclsyntax.Attribute) (cty.Type, *typeexpr.Defaults, bool) {
	expr := attribute.Expr
	if text, ok := plainText(expr); ok {
		tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
		if _, deep := nesting(tokens); deep {
			return cty.DynamicPseudoType, nil, false
		}
		inner, diagnostics := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
		if diagnostics.HasErrors() {
			return cty.DynamicPseudoType, nil, false
		}
		expr = inner
	}
	ty, defaults, diagnostics := typeexpr.TypeConstraintWithDefaults(expr)
	if diagnostics.HasErrors() {
		e.gap(attribute.SrcRange, "the type cannot be read")
		return cty.DynamicPseudoType, nil, false
	}
	return ty, defaults, true
}

// defaulted marks what stands nowhere yet with the defaults of optional attributes
// that a type has: those that cty applies have no marks.
func (e *evaluator) defaulted(v cty.Value, ty hclsyntax.Expression) cty.Value {
	stand := map[string]hclsyntax.Expression{}
	defaultsOf(ty, "", stand)
	marked, err := cty.Transform(v, func(path cty.Path, part cty.Value) (cty.Value, error) {
		plain, marks := part.Unmark()
		if !isScalar(plain) || len(origins(marks)) > 0 {
			return part, nil
		}
		name := strings.Builder{}
		var at hclsyntax.Expression
		for _, step := range path {
			if attribute, ok := step.(cty.GetAttrStep); ok {
				name.WriteString("." + attribute.Name)
			} else {
				name.WriteString("[]")
			}
			if nearer, ok := stand[name.String()]; ok {
				at = nearer
			}
		}
		if at == nil {
			return part, nil
		}
		return part.Mark(&origin{span: e.span(at.Range()), from: "the default in a type", value: plain}), nil
	})
	if err != nil {
		return v
	}
	return marked
}

// defaultsOf lists where the defaults in a type stand, by their attributes.
func defaultsOf(ty hclsyntax.Expression, path string, stand map[string]hclsyntax.Expression) {
	call, ok := ty.(*hclsyntax.FunctionCallExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	switch call.Name {
	case "optional":
		defaultsOf(call.Args[0], path, stand)
		if len(call.Args) == 2 {
			writtenAt(call.Args[1], path, stand)
		}
	case "list", "set", "map":
		defaultsOf(call.Args[0], path+"[]", stand)
	case "object":
		if fields, ok := call.Args[0].(*hclsyntax.ObjectConsExpr); ok {
			for _, field := range fields.Items {
				defaultsOf(field.ValueExpr, path+"."+hcl.ExprAsKeyword(field.KeyExpr), stand)
			}
		}
	}
}

func writtenAt(expr hclsyntax.Expression, path string, stand map[string]hclsyntax.Expression) {
	stand[path] = expr
	if fields, ok := expr.(*hclsyntax.ObjectConsExpr); ok {
		for _, field := range fields.Items {
			if name := hcl.ExprAsKeyword(field.KeyExpr); name != "" {
				writtenAt(field.ValueExpr, path+"."+name, stand)
			}
		}
	}
}
