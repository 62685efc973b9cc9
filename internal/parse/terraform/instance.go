package terraform

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/policyctl/policyctl/internal/lint"
)

// made is what the count or for_each of a block makes of it.
type made struct {
	each      []instance
	plain     bool // neither count nor for_each: there is one, without a key
	undecided bool // it is not known whether there is any, and which
	total     int  // how many a count asks for
	more      bool // there are more than each has
}

// instance is one of the resources or modules that a block makes.
type instance struct {
	key cty.Value // NilVal if there is none, or it is not known
	in  *scope    // count and each
}

// shown writes an address with the key of an instance.
func (i instance) shown(address string) string {
	switch {
	case i.key == cty.NilVal:
		return address
	case i.key.Type() == cty.String:
		return address + "[" + strconv.Quote(i.key.AsString()) + "]"
	}
	return address + "[" + digits(i.key.AsBigFloat()) + "]"
}

// instances evaluates count and for_each, once. What they do not tell leaves one
// instance with unknown keys, so that no unset variable hides a resource.
func (e *evaluator) instances(block *hclsyntax.Block) *made {
	if m, known := e.made[block]; known {
		return m
	}
	if e.active[block] {
		e.gap(block.DefRange(), "how many of these there are depends on themselves")
		return unsure("count", "each")
	}
	e.active[block] = true
	defer delete(e.active, block)
	m := &made{plain: true, each: []instance{{}}}
	if count := block.Body.Attributes["count"]; count != nil {
		m = e.counted(count, e.argument(count, nil, address(block)+".count"))
	} else if each := block.Body.Attributes["for_each"]; each != nil {
		m = e.forEach(each, e.argument(each, nil, address(block)+".for_each"))
	}
	if len(m.each) > maxInstances || !m.plain && e.run.instances+len(m.each) > maxMade {
		keep := max(min(maxInstances, maxMade-e.run.instances), 0)
		e.gap(block.DefRange(), fmt.Sprintf("there are %d of these; only the first %d were evaluated one by one", max(m.total, len(m.each)), keep))
		m.each, m.more = append(m.each[:keep:keep], unsure("count", "each").each[0]), true
	}
	if !m.plain {
		e.run.instances += len(m.each)
		e.steps += len(m.each) * stepsEach
	}
	e.made[block] = m
	return m
}

// unsure is one instance that stands for any number of them.
func unsure(names ...string) *made {
	in := &scope{names: map[string]cty.Value{}}
	for _, name := range names {
		if name == "count" {
			in.names[name] = cty.ObjectVal(map[string]cty.Value{"index": refer(cty.UnknownVal(cty.Number), "count.index")})
		} else {
			in.names[name] = cty.ObjectVal(map[string]cty.Value{"key": refer(cty.UnknownVal(cty.String), "each.key"), "value": refer(cty.DynamicVal, "each.value")})
		}
	}
	return &made{undecided: true, each: []instance{{in: in}}}
}

func (e *evaluator) counted(count *hclsyntax.Attribute, v cty.Value) *made {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return unsure("count")
	}
	v, err := convert.Convert(v, cty.Number)
	if err != nil || !reasonable(v) || v.AsBigFloat().Sign() < 0 || !v.AsBigFloat().IsInt() {
		e.gap(count.SrcRange, "the count is no whole number")
		return unsure("count")
	}
	n, _ := v.AsBigFloat().Int64()
	m := &made{total: int(n)}
	for i := range min(n, maxInstances+1) {
		key := cty.NumberIntVal(i)
		m.each = append(m.each, instance{key, &scope{names: map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": key})}}})
	}
	return m
}

func (e *evaluator) forEach(each *hclsyntax.Attribute, v cty.Value) *made {
	all, marks := v.Unmark()
	ty := all.Type()
	switch {
	case !all.IsKnown() && !isOutside(marks):
		return e.someOf(each, v)
	case all.IsNull() || isOutside(marks):
		return unsureOf(e, v)
	case !ty.IsMapType() && !ty.IsObjectType() && !ty.IsSetType():
		e.gap(each.SrcRange, "for_each is neither a map nor a set of texts")
		return unsureOf(e, v)
	}
	m := &made{}
	taken := passages(marks)
	marks = withoutOrigins(marks)
	for _, by := range taken {
		marks[by] = struct{}{}
	}
	for it := all.ElementIterator(); it.Next() && e.spend(1); {
		key, value := it.Element()
		key, _ = key.Unmark()
		if ty.IsSetType() && (key.Type() != cty.String || key.IsNull()) {
			e.gap(each.SrcRange, "for_each is neither a map nor a set of texts")
			return unsureOf(e, v)
		}
		if !key.IsKnown() { // of a set some elements may be known
			return unsureOf(e, v)
		}
		m.each = append(m.each, instance{key, &scope{names: map[string]cty.Value{
			"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value.WithMarks(marks)}),
		}}})
	}
	if len(m.each) < all.LengthInt() {
		return unsureOf(e, v)
	}
	return m
}

// unsureOf keeps the references of what is not known.
func unsureOf(e *evaluator, v cty.Value) *made {
	m := unsure("each")
	each := e.unknown(cty.DynamicPseudoType, v)
	m.each[0].in.names["each"] = cty.ObjectVal(map[string]cty.Value{"key": refer(each, "each.key"), "value": refer(each, "each.value")})
	return m
}

// someOf are the instances of a set of which some texts are known, and one that stands
// for the others.
func (e *evaluator) someOf(each *hclsyntax.Attribute, v cty.Value) *made {
	m := unsureOf(e, v)
	var known []instance
	e.within(each.Name, each.SrcRange, func() {
		for _, one := range (choice{e, each.Expr, nil, nil}).elements(0) {
			value := one.get()
			if key, _ := value.Unmark(); isScalar(key) && key.Type() == cty.String && len(known) < maxExpanded {
				known = append(known, instance{key, &scope{names: map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}}})
			}
		}
	})
	m.each = append(known, m.each...)
	return m
}

// find gives the instance with a key.
func (m *made) find(key cty.Value) (int, bool) {
	text, err := convert.Convert(key, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return 0, false
	}
	i := slices.IndexFunc(m.each, func(i instance) bool {
		if i.key == cty.NilVal {
			return false
		}
		own, err := convert.Convert(i.key, cty.String)
		return err == nil && own.AsString() == text.AsString()
	})
	return i, i >= 0
}

// name is what expressions call the module, without its caller: "module.a".
func (e *evaluator) name() string { return strings.TrimSuffix(e.prefix, ".") }

// children are the modules that a call makes, one for each of its instances. It is
// nil where the source is not at hand, which is a gap.
func (e *evaluator) children(block *hclsyntax.Block) []*evaluator {
	if all, known := e.modules[block]; known {
		if e.active[block] {
			e.gap(block.DefRange(), "how many of these there are depends on themselves")
		}
		return all
	}
	e.modules[block] = nil
	m := e.called(block)
	if m == nil {
		return nil
	}
	all := []*evaluator{}
	for i, one := range e.instances(block).each {
		if limit := len(e.run.all); i > 0 && limit > maxModules || limit > 2*maxModules { // the many of one call keep no other from having its first
			e.gap(block.DefRange(), fmt.Sprintf("module %q is not evaluated: there are more than %d modules", block.Labels[0], maxModules))
			break
		}
		address := "module." + block.Labels[0]
		child := newEvaluator(e.run, m)
		child.caller, child.by, child.in, child.depth = e, block, one.in, e.depth+1
		child.prefix, child.shown = e.prefix+address+".", one.shown(e.shown+address)+"."
		child.fixed = e.fixed
		if m.vendored {
			child.fixed = e.span(block.DefRange())
		}
		e.steps += moreSteps
		all = append(all, child)
	}
	e.modules[block] = all
	return all
}

// called is the module that a call names, if it is at hand.
func (e *evaluator) called(block *hclsyntax.Block) *module {
	name, at := block.Labels[0], block.DefRange()
	source := ""
	if attribute := block.Body.Attributes["source"]; attribute != nil {
		at = attribute.Expr.Range()
		v, _ := e.argument(attribute, nil, "source of module "+strconv.Quote(name)).Unmark()
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
			source = v.AsString()
		}
	}
	dir, ok := path.Join(e.module.dir, source), isLocal(source)
	if !ok {
		dir, ok = e.loader.installed(e.root)[strings.ReplaceAll(e.prefix, "module.", "")+name]
	}
	why := ""
	switch {
	case !ok:
		why = "its source is not in the repository"
	case dir == ".." || strings.HasPrefix(dir, "../"):
		why = "its source is outside of the repository"
	case e.depth >= maxCalls || e.recurs(dir):
		why = "it calls itself, or calls are nested too deep"
	}
	var m *module
	if why == "" {
		if m = e.loader.module(dir); m == nil {
			why = "there is no configuration at its source"
		}
	}
	if why != "" {
		e.gap(at, fmt.Sprintf("module %q is not evaluated: %s", name, why))
		return nil
	}
	e.loader.reached[dir] = true
	if m.broken {
		e.gap(at, fmt.Sprintf("files of module %q cannot be parsed and were not judged", name))
	}
	return m
}

// recurs says whether the module, or one that calls it, stands in a directory.
func (e *evaluator) recurs(dir string) bool {
	for ; e != nil; e = e.caller {
		if e.module.dir == dir {
			return true
		}
	}
	return false
}

// isLocal says whether a source is a directory of the same repository.
func isLocal(source string) bool {
	return source == "." || source == ".." || strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}

// installed tells where Terraform put the modules of a root, by their calls, if it
// was run there.
func (l *loader) installed(root string) map[string]string {
	if dirs, known := l.manifests[root]; known {
		return dirs
	}
	dirs := map[string]string{}
	l.manifests[root] = dirs
	src := l.open(path.Join(root, ".terraform/modules/modules.json"))
	if src == nil {
		return dirs
	}
	var manifest struct{ Modules []struct{ Key, Dir string } }
	if json.Unmarshal(src.Data, &manifest) != nil {
		return dirs
	}
	for _, m := range manifest.Modules {
		if m.Key != "" && m.Dir != "" {
			dirs[m.Key] = path.Join(root, path.Clean(strings.ReplaceAll(m.Dir, `\`, "/")))
		}
	}
	return dirs
}

// output is the value of an output of the module.
func (e *evaluator) output(name string, at hcl.Range, asked *evaluator) cty.Value {
	block := e.module.outputs[name]
	reference := e.prefix + name
	if block == nil {
		return refer(asked.fail(at, fmt.Sprintf("module %q has no output %q", e.by.Labels[0], name)), reference)
	}
	if v, known := e.outputs[name]; known {
		return v
	}
	value := cty.DynamicVal
	if attribute := block.Body.Attributes["value"]; attribute != nil {
		if e.active[block] {
			return refer(e.fail(block.DefRange(), fmt.Sprintf("output %q refers to itself and is treated as unknown", name)), reference)
		}
		e.active[block] = true
		value = e.argument(attribute, nil, fmt.Sprintf("output %q of module %q", name, e.by.Labels[0]))
		delete(e.active, block)
	}
	if says(block, "sensitive", false) {
		value = value.Mark(sensitive{})
	}
	value = refer(value, reference)
	e.outputs[name] = value
	return value
}

// everything is all outputs of the module as one object.
func (e *evaluator) everything(at hcl.Range, asked *evaluator) cty.Value {
	outputs := map[string]cty.Value{}
	for name := range e.module.outputs {
		outputs[name] = e.output(name, at, asked)
	}
	return cty.ObjectVal(outputs)
}

// ofModule evaluates a path that begins with a call of a module.
func (e *evaluator) ofModule(path []step, at hcl.Range, in *scope) cty.Value {
	reference := e.prefix + nameOf("module", path)
	block := e.module.calls[path[0].name]
	if block == nil {
		return refer(e.fail(at, fmt.Sprintf("module %q is not called", path[0].name)), reference)
	}
	all := e.children(block)
	if all == nil {
		return refer(cty.DynamicVal, reference)
	}
	m := e.instances(block)
	return e.among(m, path[1:], at, in, reference, func(i int, path []step) cty.Value {
		if i >= len(all) {
			return refer(cty.DynamicVal, reference)
		}
		if len(path) == 0 || path[0].name == "" {
			return e.follow(all[i].everything(at, e), path, at, in)
		}
		return e.follow(all[i].output(path[0].name, at, e), path[1:], at, in)
	})
}

// among evaluates a path over the instances of a block: into the one that it
// names, over all of them, or all as one value.
func (e *evaluator) among(m *made, path []step, at hcl.Range, in *scope, reference string, visit func(i int, path []step) cty.Value) cty.Value {
	switch {
	case m.plain:
		for len(path) > 0 && path[0].name == "" && !path[0].all { // a leftover of a count that was taken away
			path = path[1:]
		}
		if len(path) > 0 && path[0].all {
			return e.keep(cty.TupleVal([]cty.Value{visit(0, path[1:])}), at)
		}
		return visit(0, path)
	case len(path) > 0 && path[0].name == "" && !path[0].all:
		return e.chosen(m, path, at, in, reference, visit)
	case m.undecided || m.more:
		return refer(cty.DynamicVal, reference)
	case len(path) > 0 && path[0].name != "":
		if len(m.each) == 1 {
			return visit(0, path) // old configurations leave the index out
		}
		return refer(cty.DynamicVal, reference)
	}
	counted := len(m.each) > 0 && m.each[0].key.Type() == cty.Number
	var items []cty.Value
	fields := map[string]cty.Value{}
	for i, one := range m.each {
		if len(path) > 0 { // a splat
			items = append(items, visit(i, path[1:]))
		} else if counted {
			items = append(items, visit(i, nil))
		} else {
			fields[one.key.AsString()] = visit(i, nil)
		}
	}
	if len(path) > 0 || counted {
		return e.keep(cty.TupleVal(items), at)
	}
	return e.keep(cty.ObjectVal(fields), at)
}

// chosen is one instance, by its key.
func (e *evaluator) chosen(m *made, path []step, at hcl.Range, in *scope, reference string, visit func(i int, path []step) cty.Value) cty.Value {
	key := path[0].at
	if path[0].key != nil {
		key = e.eval(path[0].key, in)
	}
	key, _ = key.Unmark()
	if i, found := m.find(key); found {
		return visit(i, path[1:])
	}
	if len(m.each) == 1 && (m.undecided || !key.IsKnown()) {
		return visit(0, path[1:]) // it stands for any
	}
	if key.IsKnown() && !m.undecided && !m.more {
		return refer(e.fail(at, "there is no instance with this key"), reference)
	}
	return refer(e.unknown(cty.DynamicPseudoType, key), reference)
}

// way leads from the module to the calls that make it, the nearest first.
func (e *evaluator) way() []lint.Step {
	var steps []lint.Step
	for ; e.caller != nil && len(steps) < maxVia; e = e.caller {
		if e.caller.fixed.Source == nil {
			steps = append(steps, lint.Step{Message: fmt.Sprintf("module %q is called here", e.by.Labels[0]), Span: e.caller.span(e.by.DefRange())})
		}
	}
	return steps
}
