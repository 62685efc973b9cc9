package terraform

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// known are the types of blocks that a module may have and that hold nothing to
// judge. Any other is a mistake, and a gap.
var known = map[string]bool{"moved": true, "import": true, "removed": true, "check": true, "assert": true}

// sections are the lists of the document and what makes their entries. A list has
// the entries of the root module first, then those of the modules that it calls.
var sections = []struct {
	name  string
	types []string
	entry func(*builder, *hclsyntax.Block) []*lint.Node
}{
	{"resources", []string{"resource", "data", "ephemeral"}, (*builder).resources},
	{"variables", []string{"variable"}, once((*builder).declaration)},
	{"outputs", []string{"output"}, once((*builder).output)},
	{"providers", []string{"provider"}, once((*builder).provider)},
	{"modules", []string{"module"}, (*builder).calls},
	{"not_made", []string{"resource", "data", "ephemeral", "module"}, (*builder).notMade},
}

// once makes the entry of a declaration, which is the same for every instance of
// its module, for the first one only.
func once(entry func(*builder, *hclsyntax.Block) *lint.Node) func(*builder, *hclsyntax.Block) []*lint.Node {
	return func(b *builder, block *hclsyntax.Block) []*lint.Node {
		if b.again {
			return nil
		}
		return []*lint.Node{entry(b, block)}
	}
}

// document makes the document; its shape is that of the package comment.
func document(e *evaluator, root lint.Span) *lint.Node {
	doc := lint.NewObject(root)
	lists := map[string]*lint.Node{}
	for _, section := range sections {
		lists[section.name] = lint.NewList(lint.Span{})
		doc.Set(section.name, lint.Span{}, lists[section.name])
	}
	locals, providers, moved := lint.NewObject(lint.Span{}), lint.NewObject(lint.Span{}), lint.NewList(lint.Span{})
	doc.Set("locals", lint.Span{}, locals)
	seen := map[string]bool{}
	for i := 0; i < len(e.all); i++ { // a module is added when its call is met
		b := &builder{evaluator: e.all[i]}
		b.again = seen[b.prefix]
		seen[b.prefix] = true
		for _, section := range sections {
			for _, block := range b.module.blocks {
				if slices.Contains(section.types, block.Type) && len(block.Labels) == max(labels[block.Type], 1) {
					lists[section.name].Items = append(lists[section.name].Items, section.entry(b, block)...)
				}
			}
		}
		if !b.again {
			b.locals(locals)
			b.settings(doc, providers)
			b.moved(moved)
			b.unread()
		}
	}
	b := &builder{evaluator: e}
	doc.Set("required_providers", lint.Span{}, providers)
	doc.Set("tfvars", lint.Span{}, b.valuesFiles())
	if len(moved.Items) > 0 {
		doc.Set("moved", lint.Span{}, moved)
	}
	if len(lists["not_made"].Items) == 0 {
		doc.Remove("not_made")
	}
	return doc
}

// moved adds the addresses that moved blocks give others for, in words of the root module.
func (b *builder) moved(all *lint.Node) {
	for _, block := range b.module.blocks {
		from, to := block.Body.Attributes["from"], block.Body.Attributes["to"]
		if block.Type != "moved" || from == nil || to == nil {
			continue
		}
		entry := lint.NewObject(b.span(blockRange(block)))
		for _, address := range []*hclsyntax.Attribute{from, to} {
			span := b.span(address.Expr.Range())
			value := lint.NewString(b.prefix+string(span.Text()), span)
			if b.prefix != "" { // what stands there is the last part
				value.Span = lint.Span{}
			}
			entry.Set(address.Name, span, value)
		}
		all.Items = append(all.Items, entry)
	}
}

// unread reports the blocks that no section holds.
func (b *builder) unread() {
	for _, block := range b.module.blocks {
		labelled := len(block.Labels) == labels[block.Type]
		switch {
		case block.Type == "locals" || known[block.Type]:
		case labels[block.Type] == 0:
			b.gap(block.DefRange(), fmt.Sprintf("blocks of type %q are not known and were not judged", block.Type))
		case !labelled:
			b.gap(block.DefRange(), fmt.Sprintf("the block of type %q has %d names in place of %d and was not judged",
				block.Type, len(block.Labels), labels[block.Type]))
		}
	}
	for _, local := range b.module.repeated {
		b.gap(local.NameRange, fmt.Sprintf("local %q is defined twice; the second value was not judged", local.Name))
	}
}

// entry begins an object that stands for a block.
func (b *builder) entry(block *hclsyntax.Block) *lint.Node {
	b.record = &record{}
	return lint.NewObject(b.span(blockRange(block)))
}

// declared begins the entry of a declaration: what expressions call it, and the
// module that it belongs to.
func (b *builder) declared(block *hclsyntax.Block, reference string) *lint.Node {
	entry := b.entry(block)
	entry.Set("reference", lint.Span{}, lint.NewString(b.prefix+reference, lint.Span{}))
	b.inModule(entry)
	return entry
}

// inModule says which module an entry belongs to, unless it is the root.
func (b *builder) inModule(entry *lint.Node) {
	if b.prefix != "" {
		entry.Set("module", lint.Span{}, lint.NewString(b.name(), lint.Span{}))
	}
}

// finish adds what was recorded while the values of an entry were made.
func (b *builder) finish(entry *lint.Node, hidden string) *lint.Node {
	if len(b.record.sensitive) > 0 {
		list := lint.NewList(lint.Span{})
		for _, path := range b.record.sensitive {
			list.Items = append(list.Items, partial.Path(path))
		}
		entry.Set(hidden, lint.Span{}, list)
	}
	if len(b.record.derived) > 0 {
		list := lint.NewList(lint.Span{})
		for _, from := range b.record.derived {
			item := lint.NewObject(lint.Span{})
			item.Set("path", lint.Span{}, partial.Path(from.path))
			item.Set("from", lint.Span{}, partial.Texts(from.from))
			list.Items = append(list.Items, item)
		}
		entry.Set("derived", lint.Span{}, list)
	}
	b.record = nil
	return entry
}

// resources makes an entry for each instance of a resource.
func (b *builder) resources(block *hclsyntax.Block) []*lint.Node {
	var all []*lint.Node
	m := b.instances(block)
	for i, one := range m.each {
		b.repeats = i > 0
		all = append(all, b.resource(block, m, one))
	}
	return all
}

func (b *builder) resource(block *hclsyntax.Block, m *made, of instance) *lint.Node {
	entry := b.entry(block)
	b.instance(entry, address(block), of)
	entry.Set("type", lint.Span{}, b.label(block, 0))
	entry.Set("name", lint.Span{}, b.label(block, 1))
	mode := block.Type
	if mode == "resource" {
		mode = "managed"
	}
	entry.Set("mode", lint.Span{}, lint.NewString(mode, lint.Span{}))
	values := b.body(block, of.in)
	entry.Set("values", b.span(block.DefRange()), values)
	if isPolicyDocument(block) {
		values.Set("$document", lint.Span{}, b.policyDocument(values, block))
	}
	if m.undecided || b.uncertain() {
		entry.Set("count_unknown", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	return b.finish(entry, "sensitive")
}

// instance says what the entry of a resource is called: by references, within its
// module, and by people. The calls that make it are its way.
func (b *builder) instance(entry *lint.Node, address string, of instance) {
	entry.Set("address", lint.Span{}, lint.NewString(b.prefix+address, lint.Span{}))
	if shown := of.shown(b.shown + address); shown != b.prefix+address {
		entry.Set("instance", lint.Span{}, lint.NewString(shown, lint.Span{}))
	}
	if b.prefix != "" {
		entry.Set("local_address", lint.Span{}, lint.NewString(address, lint.Span{}))
	}
	b.inModule(entry)
	entry.Via = b.way()
}

// uncertain says whether it is not known if the module is made at all.
func (e *evaluator) uncertain() bool {
	for ; e.caller != nil; e = e.caller {
		if e.caller.instances(e.by).undecided {
			return true
		}
	}
	return false
}

// notMade names a block that count or for_each make nothing of.
func (b *builder) notMade(block *hclsyntax.Block) []*lint.Node {
	if len(b.instances(block).each) > 0 {
		return nil
	}
	entry := b.entry(block)
	name := address(block)
	if block.Type != "module" {
		entry.Set("type", lint.Span{}, b.label(block, 0))
	}
	b.instance(entry, name, instance{})
	b.record = nil
	return []*lint.Node{entry}
}

func (b *builder) label(block *hclsyntax.Block, i int) *lint.Node {
	return lint.NewString(block.Labels[i], b.span(block.LabelRanges[i]))
}

// blockRange is all of a block, from its type to its closing brace.
func blockRange(block *hclsyntax.Block) hcl.Range {
	if block.TypeRange.Filename != block.CloseBraceRange.Filename || block.TypeRange.Start.Byte > block.Body.SrcRange.Start.Byte {
		return block.Body.SrcRange
	}
	return hcl.RangeBetween(block.TypeRange, block.CloseBraceRange)
}

// body makes the arguments and nested blocks of a block.
func (b *builder) body(block *hclsyntax.Block, in *scope) *lint.Node {
	object := lint.NewObject(b.span(blockRange(block)))
	repeats := b.repeats
	b.repeats = false
	for _, attribute := range inOrder(block.Body) {
		if !repeats || attribute.Name != "count" && attribute.Name != "for_each" {
			b.argumentInto(object, attribute, in)
		}
	}
	for _, nested := range block.Body.Blocks {
		for _, one := range b.expand(nested, in) {
			b.nest(object, one)
		}
	}
	return object
}

// namesNoValue are arguments whose words are names of providers, and of arguments.
var namesNoValue = map[string]bool{"provider": true, "providers": true, "ignore_changes": true}

func (b *builder) argumentInto(object *lint.Node, attribute *hclsyntax.Attribute, in *scope) {
	at := b.span(attribute.NameRange)
	if namesNoValue[attribute.Name] {
		b.quiet++
		defer func() { b.quiet-- }()
	}
	value := b.at(attribute.Name, func() *lint.Node { return b.node(attribute.Expr, in, attribute.Name) })
	if value == nil {
		return
	}
	object.Fields = append(object.Fields, lint.Field{Key: attribute.Name, Span: at, Value: value})
	name := attribute.Name + "$json"
	var text *lint.Node
	b.within(attribute.Name, attribute.SrcRange, func() {
		text = b.at(name, func() *lint.Node { return b.jsonText(attribute, value, in) })
	})
	switch {
	case text != nil:
		object.Fields = append(object.Fields, lint.Field{Key: name, Span: at, Value: text})
	case holdsPolicy(attribute.Name) && b.meantJSON(attribute, value):
		b.gap(attribute.NameRange, "the text is no JSON, or too much of it; what it grants was not judged")
	case holdsYAML(attribute.Name):
		b.gap(attribute.NameRange, "which object the text makes is not known; it was not judged")
	}
}

// nestedBlock is a nested block, and the names that a dynamic block gave it.
type nestedBlock struct {
	typ   string
	block *hclsyntax.Block
	in    *scope
}

// nest adds a nested block to the list of its type.
func (b *builder) nest(object *lint.Node, nested nestedBlock) {
	at := b.span(nested.block.TypeRange)
	list := object.Get(nested.typ)
	if list == nil || list.Kind != lint.List {
		list = lint.NewList(b.span(blockRange(nested.block)))
		object.Set(nested.typ, at, list)
	}
	b.path = append(b.path, nested.typ)
	item := b.at(len(list.Items), func() *lint.Node { return b.body(nested.block, nested.in) })
	b.path = b.path[:len(b.path)-1]
	if len(nested.block.Labels) > 0 && nested.block.Type != "dynamic" {
		item.Set("$labels", lint.Span{}, partial.Texts(nested.block.Labels))
	}
	if item.Span.Source == list.Span.Source {
		list.Span.Start, list.Span.End = min(list.Span.Start, item.Span.Start), max(list.Span.End, item.Span.End)
	}
	list.Items = append(list.Items, item)
}

// expand gives the blocks that a nested block stands for: itself, or what a
// dynamic block makes. If that is not known, one block with unknown names.
func (b *builder) expand(block *hclsyntax.Block, in *scope) []nestedBlock {
	if block.Type != "dynamic" || len(block.Labels) != 1 {
		return []nestedBlock{{block.Type, block, in}}
	}
	content := slices.IndexFunc(block.Body.Blocks, func(c *hclsyntax.Block) bool { return c.Type == "content" })
	forEach := block.Body.Attributes["for_each"]
	if content < 0 || forEach == nil {
		b.gap(block.DefRange(), "the dynamic block has no content or no for_each and was not judged")
		return nil
	}
	typ, body := block.Labels[0], block.Body.Blocks[content]
	iterator := typ
	if attribute := block.Body.Attributes["iterator"]; attribute != nil {
		iterator = cmp.Or(hcl.ExprAsKeyword(attribute.Expr), typ)
	}
	var all []nestedBlock
	for _, item := range b.rounds(forEach, in) {
		all = append(all, nestedBlock{typ, body, &scope{names: map[string]cty.Value{iterator: item}, outer: in}})
	}
	return all
}

// rounds are the values of the iterator of a dynamic block.
func (b *builder) rounds(forEach *hclsyntax.Attribute, in *scope) []cty.Value {
	all := cty.DynamicVal
	b.within("for_each", forEach.SrcRange, func() { all = b.passed(b.eval(forEach.Expr, in), forEach, "for_each of the dynamic block") })
	collection, marks := all.Unmark()
	if collection.IsKnown() && collection.IsNull() {
		return nil
	}
	if !collection.IsKnown() || !collection.CanIterateElements() || collection.LengthInt() > maxExpanded {
		if collection.IsKnown() {
			b.gap(forEach.SrcRange, fmt.Sprintf("the dynamic block is not taken apart: for_each is no list or map of at most %d elements", maxExpanded))
		}
		var items []cty.Value
		each := func(value cty.Value) {
			items = append(items, cty.ObjectVal(map[string]cty.Value{"key": b.unknown(cty.DynamicPseudoType, all), "value": value}))
		}
		var known []element
		if !collection.IsKnown() && !isOutside(marks) {
			b.within("for_each", forEach.SrcRange, func() { known = (choice{b.evaluator, forEach.Expr, in, nil}).elements(0) })
		}
		if len(known) > maxExpanded {
			b.gap(forEach.SrcRange, fmt.Sprintf("of what for_each goes over only the first %d elements were judged", maxExpanded))
			known = known[:maxExpanded]
		}
		for _, one := range known {
			each(one.get())
		}
		if len(items) == 0 {
			each(b.unknown(cty.DynamicPseudoType, all))
		}
		return items
	}
	var items []cty.Value
	for it := collection.ElementIterator(); it.Next(); {
		key, value := it.Element()
		items = append(items, cty.ObjectVal(map[string]cty.Value{"key": asKey(key, marks), "value": value.WithMarks(marks)}))
	}
	return items
}

// simple are the arguments of a declaration that are taken as they stand.
var simple = map[string]bool{"sensitive": true, "ephemeral": true, "nullable": true, "description": true}

func (b *builder) declaration(block *hclsyntax.Block) *lint.Node {
	entry := b.declared(block, "var."+block.Labels[0])
	entry.Set("name", b.span(block.DefRange()), b.label(block, 0))
	for _, attribute := range inOrder(block.Body) {
		at := b.span(attribute.NameRange)
		switch {
		case attribute.Name == "type":
			entry.Set("type", at, b.typeText(attribute))
		case attribute.Name == "default" || simple[attribute.Name]:
			if value := b.node(attribute.Expr, nil, defaultOf(block.Labels[0])); value != nil {
				entry.Set(attribute.Name, at, value)
			}
		}
	}
	entry.Set("has_default", lint.Span{}, lint.NewBool(block.Body.Attributes["default"] != nil, lint.Span{}))
	b.flags(entry)
	b.record = nil
	return entry
}

// flags sets what is false unless it is said.
func (b *builder) flags(entry *lint.Node) {
	for _, name := range []string{"sensitive", "ephemeral"} {
		if entry.Get(name) == nil {
			entry.Set(name, lint.Span{}, lint.NewBool(false, lint.Span{}))
		}
	}
}

// typeText is a type constraint as it is written.
func (b *builder) typeText(attribute *hclsyntax.Attribute) *lint.Node {
	at, text := b.span(attribute.Expr.Range()), b.places.span(attribute.Expr.Range()).Text()
	if text, ok := plainText(attribute.Expr); ok {
		return lint.NewString(text, at)
	}
	return lint.NewString(string(text), at)
}

func (b *builder) output(block *hclsyntax.Block) *lint.Node {
	entry := b.declared(block, cmp.Or(b.prefix, "output.")[len(b.prefix):]+block.Labels[0])
	entry.Set("name", b.span(block.DefRange()), b.label(block, 0))
	for _, attribute := range inOrder(block.Body) {
		at := b.span(attribute.NameRange)
		switch {
		case attribute.Name == "value":
			if value := b.node(attribute.Expr, nil, "output "+block.Labels[0]); value != nil {
				entry.Set("value", at, value)
			}
		case simple[attribute.Name]:
			entry.Set(attribute.Name, at, b.plain(attribute))
		}
	}
	b.flags(entry)
	return b.finish(entry, "sensitive_values")
}

// plain makes a value of which nothing is recorded.
func (b *builder) plain(attribute *hclsyntax.Attribute) *lint.Node {
	before := b.record
	b.record = nil
	node := b.node(attribute.Expr, nil, attribute.Name)
	b.record = before
	if node == nil {
		return unknownNode(nil, b.span(attribute.Expr.Range()))
	}
	return node
}

func (b *builder) provider(block *hclsyntax.Block) *lint.Node {
	entry := b.entry(block)
	b.inModule(entry)
	entry.Via = b.way()
	entry.Set("name", lint.Span{}, b.label(block, 0))
	if alias := block.Body.Attributes["alias"]; alias != nil {
		entry.Set("alias", b.span(alias.NameRange), b.plain(alias))
	}
	var in *scope
	if block.Body.Attributes["for_each"] != nil { // OpenTofu makes several of one
		in = unsure("each").each[0].in
	}
	entry.Set("values", b.span(block.DefRange()), b.body(block, in))
	return b.finish(entry, "sensitive")
}

// calls makes the entry of a module call, one for each instance, and has what the
// modules make follow.
func (b *builder) calls(block *hclsyntax.Block) []*lint.Node {
	b.children(block)
	var all []*lint.Node
	m := b.instances(block)
	for i, one := range m.each {
		b.repeats = i > 0
		entry := b.declared(block, address(block))
		if shown := one.shown(b.shown + address(block)); shown != b.prefix+address(block) {
			entry.Set("instance", lint.Span{}, lint.NewString(shown, lint.Span{}))
		}
		entry.Set("name", lint.Span{}, b.label(block, 0))
		if source := block.Body.Attributes["source"]; source != nil {
			entry.Set("source", b.span(source.NameRange), b.plain(source))
		}
		entry.Set("values", b.span(block.DefRange()), b.body(block, one.in))
		if m.undecided || b.uncertain() {
			entry.Set("count_unknown", lint.Span{}, lint.NewBool(true, lint.Span{}))
		}
		entry.Via = b.way()
		all = append(all, b.finish(entry, "sensitive"))
	}
	return all
}

func (b *builder) locals(object *lint.Node) {
	for _, name := range b.module.localNames {
		attribute := b.module.locals[name]
		b.active[named{b.evaluator, attribute, nil}] = true
		value := b.node(attribute.Expr, nil, fmt.Sprintf("local %q", name))
		delete(b.active, named{b.evaluator, attribute, nil})
		if value != nil {
			object.Fields = append(object.Fields, lint.Field{Key: b.prefix + name, Span: b.span(attribute.NameRange), Value: value})
		}
	}
}

// settings adds what the terraform blocks say. The backend of a module that is
// called does nothing.
func (b *builder) settings(doc, providers *lint.Node) {
	for _, block := range b.module.setting.Blocks {
		switch {
		case block.Type == "required_providers":
			b.quiet++ // configuration_aliases are names
			for _, attribute := range inOrder(block.Body) {
				if value := b.node(attribute.Expr, nil, attribute.Name); value != nil {
					providers.Set(b.prefix+attribute.Name, b.span(attribute.NameRange), value)
				}
			}
			b.quiet--
		case block.Type == "encryption" && b.caller == nil && doc.Get("encryption") == nil:
			entry := b.entry(block)
			entry.Set("values", b.span(block.DefRange()), b.body(block, nil))
			doc.Set("encryption", lint.Span{}, b.finish(entry, "sensitive"))
		case isBackend(block) && b.caller != nil:
			b.gap(block.DefRange(), "the backend of a module that is called has no effect and was not judged")
		case isBackend(block) && doc.Get("backend") == nil:
			entry := b.entry(block)
			typ := lint.NewString("cloud", b.span(block.TypeRange))
			if len(block.Labels) == 1 {
				typ = b.label(block, 0)
			}
			entry.Set("type", lint.Span{}, typ)
			entry.Set("values", b.span(block.DefRange()), b.body(block, nil))
			doc.Set("backend", lint.Span{}, b.finish(entry, "sensitive"))
		}
	}
}

func (b *builder) valuesFiles() *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, file := range b.module.tfvars {
		entry := lint.NewObject(file.source.Whole())
		entry.Set("file", lint.Span{}, lint.NewString(file.source.Path, lint.Span{}))
		entry.Set("loaded", lint.Span{}, lint.NewBool(file.loaded, lint.Span{}))
		values := lint.NewObject(file.source.Whole())
		for _, attribute := range inOrder(file.body) {
			if value := b.node(attribute.Expr, nil, attribute.Name); value != nil {
				values.Fields = append(values.Fields, lint.Field{Key: attribute.Name, Span: b.span(attribute.NameRange), Value: value})
			}
		}
		entry.Set("values", lint.Span{}, values)
		for _, block := range file.body.Blocks {
			b.gap(block.DefRange(), "a tfvars file has no blocks; this one was not judged")
		}
		list.Items = append(list.Items, entry)
	}
	return list
}
