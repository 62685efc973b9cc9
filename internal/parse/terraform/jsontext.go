package terraform

import (
	"bytes"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/yaml"
)

// jsonText makes the structure of an argument that holds JSON as text, or nil.
func (b *builder) jsonText(attribute *hclsyntax.Attribute, value *lint.Node, in *scope) *lint.Node {
	if list, ok := attribute.Expr.(*hclsyntax.TupleConsExpr); ok {
		return b.encodedItems(list, value, in)
	}
	if value.Kind != lint.String && value.Get(unknownKey) == nil {
		return nil
	}
	if document := b.referredDocument(value); document != nil {
		return document
	}
	expr, in := b.behind(attribute.Expr, in)
	if call := encoder(expr); call != nil {
		return b.node(call.Args[0], in, attribute.Name)
	}
	if template, ok := expr.(*hclsyntax.TemplateExpr); ok {
		if node := b.jsonHeredoc(template, in, holdsYAML(attribute.Name)); node != nil {
			return node
		}
	}
	if either, ok := expr.(*hclsyntax.ConditionalExpr); ok && value.Get(unknownKey) != nil {
		return b.eitherText(attribute, either, value, in)
	}
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok {
		if node := b.jsonFile(call, value, in, holdsYAML(attribute.Name)); node != nil {
			return node
		}
	}
	return b.jsonString(value, holdsYAML(attribute.Name))
}

// eitherText makes what the branches of a condition that is not known say.
func (b *builder) eitherText(attribute *hclsyntax.Attribute, either *hclsyntax.ConditionalExpr, value *lint.Node, in *scope) *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, branch := range []hclsyntax.Expression{either.TrueResult, either.FalseResult} {
		one := *attribute
		one.Expr = branch
		text := b.at(candidatesKey, func() *lint.Node {
			return b.at(len(list.Items), func() *lint.Node {
				record := b.record
				b.record = nil // the value itself has its own
				of := b.node(branch, in, attribute.Name)
				b.record = record
				if of == nil || !b.spend(1) {
					return nil
				}
				return b.jsonText(&one, of, in)
			})
		})
		if text != nil {
			list.Items = append(list.Items, text)
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	node := unknownNode(partial.References(value), value.Span)
	node.Set(candidatesKey, lint.Span{}, list)
	return node
}

// holdsYAML says whether a text of this name is an object of Kubernetes, in YAML as well
// as in JSON.
func holdsYAML(name string) bool { return name == "yaml_body" }

// holdsPolicy says whether rules judge what a text of this name says.
func holdsPolicy(name string) bool {
	return strings.Contains(name, "policy") || name == "container_definitions"
}

// meantJSON says whether an argument that is no JSON looks like some.
func (b *builder) meantJSON(attribute *hclsyntax.Attribute, value *lint.Node) bool {
	if looksLikeJSON(value.Str()) {
		return true
	}
	template, ok := attribute.Expr.(*hclsyntax.TemplateExpr)
	if !ok || len(template.Parts) == 0 {
		return false
	}
	first, _ := template.Parts[0].(*hclsyntax.LiteralValueExpr)
	return first != nil && first.Val.Type() == cty.String && looksLikeJSON(first.Val.AsString())
}

// encoder is the call that makes a text of a value, if an expression is one.
func encoder(expr hclsyntax.Expression) *hclsyntax.FunctionCallExpr {
	call, ok := expr.(*hclsyntax.FunctionCallExpr)
	if !ok || call.Name != "jsonencode" && call.Name != "yamlencode" || len(call.Args) != 1 {
		return nil
	}
	return call
}

// encodedItems makes the structures of the texts in a list, as charts are given their
// values: those that are encoded here. Nil if none is.
func (b *builder) encodedItems(list *hclsyntax.TupleConsExpr, value *lint.Node, in *scope) *lint.Node {
	all, some := lint.NewList(value.Span), false
	for i, item := range list.Exprs {
		node := &lint.Node{Kind: lint.Null}
		if call := encoder(item); call != nil && b.spend(1) {
			if made := b.at(i, func() *lint.Node { return b.node(call.Args[0], in, "") }); made != nil {
				node, some = made, true
			}
		}
		all.Items = append(all.Items, node)
	}
	if !some {
		return nil
	}
	return all
}

// behind follows an expression through parentheses and locals to the one that
// says what the value is.
func (b *builder) behind(expr hclsyntax.Expression, in *scope) (hclsyntax.Expression, *scope) {
	for range maxNesting {
		switch at := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = at.Expression
		case *hclsyntax.TemplateWrapExpr:
			expr = at.Wrapped
		case *hclsyntax.ScopeTraversalExpr:
			next, path, ok := b.behindName(at, in)
			if !ok || next.of != b.evaluator || len(path) > 0 {
				return expr, in
			}
			expr, in = next.attribute.Expr, next.in
		default:
			return expr, in
		}
	}
	return expr, in
}

// jsonString reads the text of a known value. Its parts have no place of their
// own: escapes and joins lie between them and the source.
func (b *builder) jsonString(value *lint.Node, yaml bool) *lint.Node {
	if value.Str() == "" || !yaml && !looksLikeJSON(value.Text) || len(value.Text) > maxText || !b.spend(len(value.Text)/textPerStep) {
		return nil
	}
	node := readJSON([]byte(value.Text))
	if node == nil {
		return nil
	}
	node.Walk(func(_ lint.Path, part *lint.Node) bool {
		part.Span = lint.Span{}
		for i := range part.Fields {
			part.Fields[i].Span = lint.Span{}
		}
		return true
	})
	node.Span, node.Via, node.Way = value.Span, value.Via, value.Way
	return node
}

func looksLikeJSON(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

func readJSON(text []byte) *lint.Node {
	name := "text.json"
	if !looksLikeJSON(string(text)) {
		name = "text.yaml"
	}
	docs, findings := yaml.Read(&lint.Source{Path: name, Data: text})
	if len(docs) != 1 || len(findings) > 0 || docs[0].Kind != lint.Object && docs[0].Kind != lint.List {
		return nil
	}
	return docs[0]
}

// jsonFile reads a file that holds JSON, or a template of it. All of it stands where the
// file is used, and each part leads there from its own line.
func (b *builder) jsonFile(call *hclsyntax.FunctionCallExpr, value *lint.Node, in *scope, yaml bool) *lint.Node {
	if call.Name != "file" && call.Name != "templatefile" || b.fixed.Source != nil {
		return nil
	}
	b.quiet++
	defer func() { b.quiet-- }()
	args, ok := b.args(call, in)
	if !ok {
		return nil
	}
	src, _ := b.opened(call, args)
	if src == nil || len(src.Data) > maxText || !b.spend(len(src.Data)/textPerStep) {
		return nil
	}
	doc := &heredoc{source: src}
	if call.Name == "file" {
		doc.copy(0, len(src.Data))
	} else if !b.fillFile(doc, args) {
		return nil
	}
	if !yaml && !looksLikeJSON(string(doc.text)) {
		return nil
	}
	node := readJSON(doc.text)
	if node == nil {
		return nil
	}
	b.locate(doc, node)
	from := "the literal stands here: the file " + path.Base(src.Path)
	node.Walk(func(_ lint.Path, part *lint.Node) bool {
		if part.Span.Source != nil {
			part.Way = []lint.Step{{Message: from, Span: part.Span}, {Message: "it is used here", Span: value.Span}}
		}
		part.Span = lint.Span{}
		for i := range part.Fields {
			part.Fields[i].Span = lint.Span{}
		}
		return true
	})
	node.Span, node.Via = value.Span, value.Via
	return node
}

// fillFile fills in a template that stands in a file.
func (b *builder) fillFile(doc *heredoc, args []cty.Value) bool {
	if len(args) != 2 {
		return false
	}
	template, ok := b.loader.template(doc.source).(*hclsyntax.TemplateExpr)
	names, known := b.names(args[1])
	return ok && known && b.fill(doc, template, names, 0, len(doc.source.Data))
}

// heredoc is the text of a heredoc with its interpolations filled in, and where
// each piece of it stands in the source.
type heredoc struct {
	source *lint.Source
	text   []byte
	pieces []piece
}

// piece is a stretch of the text: copied from the source, or put in place of an
// interpolation.
type piece struct {
	start, end int // in the text
	at         lint.Span
	copied     bool
	value      cty.Value // of an interpolation that is unknown; else zero
}

// filler stands for an unknown interpolation. A digit is sound JSON within a
// string as well as outside of one.
const filler = "1"

// jsonHeredoc reads a heredoc, so that each part of the JSON in it knows its
// place, and so that one unknown interpolation leaves the rest known.
func (b *builder) jsonHeredoc(template *hclsyntax.TemplateExpr, in *scope, yaml bool) *lint.Node {
	whole := b.span(template.SrcRange)
	raw := whole.Text()
	if !bytes.HasPrefix(raw, []byte("<<")) || len(raw) > maxText || !b.spend(len(raw)/textPerStep) {
		return nil
	}
	doc := &heredoc{source: whole.Source}
	start := whole.Start + bytes.IndexByte(raw, '\n') + 1
	end := whole.Start + bytes.LastIndexByte(bytes.TrimRight(raw, "\r\n \t"), '\n')
	if !b.fill(doc, template, in, start, max(start, end)) || !yaml && !looksLikeJSON(string(doc.text)) {
		return nil
	}
	node := readJSON(doc.text)
	if node == nil {
		return nil
	}
	b.locate(doc, node)
	node.Span = whole
	return node
}

// fill writes the text of a heredoc from its parts. It says false where the text
// is not simply the source with values filled in.
func (b *builder) fill(doc *heredoc, template *hclsyntax.TemplateExpr, in *scope, start, end int) bool {
	for _, part := range template.Parts {
		if _, literal := part.(*hclsyntax.LiteralValueExpr); literal {
			continue
		}
		from, to, ok := interpolation(doc.source.Data, b.span(part.Range()), start, end)
		if !ok || from < start || to > end {
			return false
		}
		doc.copy(start, from)
		if !b.insert(doc, part, in, from, to) {
			return false
		}
		start = to
	}
	doc.copy(start, end)
	return true
}

// insert puts the value of an interpolation into the text.
func (b *builder) insert(doc *heredoc, part hclsyntax.Expression, in *scope, from, to int) bool {
	v := b.eval(part, in)
	plain, marks := v.Unmark()
	value, text := v, filler
	if plain.IsKnown() && !isOutside(marks) {
		converted, err := convert.Convert(plain, cty.String)
		if err != nil || converted.IsNull() || len(doc.text)+len(converted.AsString()) > maxText {
			return false
		}
		value, text = cty.NilVal, converted.AsString()
	}
	before := len(doc.text)
	doc.text = append(doc.text, text...)
	doc.pieces = append(doc.pieces, piece{before, len(doc.text), lint.Span{Source: doc.source, Start: from, End: to}, false, value})
	return true
}

func (d *heredoc) copy(start, end int) {
	before := len(d.text)
	d.text = append(d.text, d.source.Data[start:end]...)
	d.pieces = append(d.pieces, piece{before, len(d.text), lint.Span{Source: d.source, Start: start, End: end}, true, cty.NilVal})
}

// interpolation widens the range of an expression to the braces around it.
func interpolation(data []byte, at lint.Span, start, end int) (int, int, bool) {
	if at.Start < start || at.End > end || at.Source == nil {
		return 0, 0, false
	}
	head := bytes.TrimRight(data[start:at.Start], " \t\r\n~")
	tail := data[at.End:end]
	rest := bytes.TrimLeft(tail, " \t\r\n~")
	if !bytes.HasSuffix(head, []byte("${")) || bytes.HasSuffix(head, []byte("$${")) || !bytes.HasPrefix(rest, []byte("}")) {
		return 0, 0, false
	}
	return start + len(head) - len("${"), at.End + len(tail) - len(rest) + 1, true
}

// locate turns offsets in the text into places in the source, and values into
// which something unknown was filled into unknown ones.
func (b *builder) locate(doc *heredoc, node *lint.Node) {
	node.Walk(func(_ lint.Path, part *lint.Node) bool {
		for i := range part.Fields {
			part.Fields[i].Span = doc.place(part.Fields[i].Span)
		}
		if part.Kind == lint.String || part.Kind == lint.Number {
			if unknown := doc.unknowns(part.Span); unknown != nil {
				at, text := doc.place(part.Span), doc.partly(part.Span)
				_, marks := b.unknown(cty.DynamicPseudoType, unknown...).Unmark()
				*part = *unknownNode(references(marks), at)
				if text, ok := strings.CutPrefix(text, `"`); ok && strings.HasPrefix(text, arnPrefix) && len(text) <= maxName {
					part.Set(textKey, lint.Span{}, lint.NewString(strings.TrimSuffix(text, `"`), lint.Span{}))
				}
				return true
			}
		}
		part.Span = doc.place(part.Span)
		part.Text = escapes.Replace(part.Text)
		return true
	})
}

// escapes are those of a template, which stand in the source of the text.
var escapes = strings.NewReplacer("$${", "${", "%%{", "%{")

func (d *heredoc) place(at lint.Span) lint.Span {
	if at.Source == nil {
		return at
	}
	return lint.Span{Source: d.source, Start: d.offset(at.Start, false), End: d.offset(at.End, true)}
}

// offset finds a position of the text in the source; within an interpolation it
// is that one's border.
func (d *heredoc) offset(i int, end bool) int {
	at := sort.Search(len(d.pieces), func(k int) bool { return i < d.pieces[k].end || end && i == d.pieces[k].end })
	if at == len(d.pieces) {
		return d.pieces[at-1].at.End
	}
	switch p := d.pieces[at]; {
	case p.copied:
		return p.at.Start + i - p.start
	case end:
		return p.at.End
	default:
		return p.at.Start
	}
}

// partly is a stretch of the text, with placeholders for what is not known.
func (d *heredoc) partly(at lint.Span) string {
	text, from := strings.Builder{}, at.Start
	first := sort.Search(len(d.pieces), func(k int) bool { return at.Start < d.pieces[k].end })
	for _, p := range d.pieces[first:] {
		if p.start >= at.End {
			break
		}
		if p.value != cty.NilVal {
			_, marks := p.value.Unmark()
			text.Write(d.text[from:p.start])
			text.WriteString(placeholder(references(marks)))
			from = p.end
		}
	}
	text.Write(d.text[from:at.End])
	return text.String()
}

// unknowns are the unknown values that were filled in within a stretch.
func (d *heredoc) unknowns(at lint.Span) []cty.Value {
	var all []cty.Value
	first := sort.Search(len(d.pieces), func(k int) bool { return at.Start < d.pieces[k].end })
	for _, p := range d.pieces[first:] {
		if p.start >= at.End {
			break
		}
		if p.value != cty.NilVal {
			all = append(all, p.value)
		}
	}
	return all
}
