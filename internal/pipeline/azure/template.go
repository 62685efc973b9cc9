package azure

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/expression"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Limits on what templates can make of a small file.
const (
	maxExpanded        = 300_000   // values that expansion makes
	maxPasted          = 4_000_000 // bytes that expansion pastes
	maxTemplates       = 200       // files that one pipeline includes
	maxTemplateUses    = 1_000     // times that it does so
	maxTemplateNesting = 50        // of templates in templates
)

// pasted is a part of a scalar that expansion made: either a part of the text as
// written, or the value that an expression stands for.
type pasted struct {
	start, end int        // in the value
	from       *lint.Node // where the text stands
	offset     int        // of the part in its text
	fence      lint.Span  // the expression, where it is a value
}

// expand works out the directives and expressions below a value, as the platform
// does before anything runs. What is not known stays as it is written; of a
// condition that is not known, both ways are taken. A nil answer means nothing.
func (a *collector) expand(n *lint.Node, w world, p place) *lint.Node {
	if n == nil || !a.room(1, 0, n.Span, p) {
		return nil
	}
	switch n.Kind {
	case lint.String:
		return a.fill(n, w, p)
	case lint.List:
		list := lint.NewList(n.Span)
		list.Via = n.Via
		list.Items = a.expandItems(n.Items, w, p)
		return list
	case lint.Object:
		object := &lint.Node{Kind: lint.Object, Span: n.Span, Via: n.Via}
		a.expandFields(object, n.Fields, w, p)
		a.closed[object] = a.closed[object] || a.closed[n]
		return object
	}
	return n
}

// room says whether the limits allow for more.
func (a *collector) room(nodes, bytes int, at lint.Span, p place) bool {
	a.expanded += nodes
	a.pastedBytes += bytes
	if a.expanded > maxExpanded || a.pastedBytes > maxPasted {
		a.limit(at, p)
		return false
	}
	return true
}

func (a *collector) limit(at lint.Span, p place) {
	if !a.limited {
		a.limited = true
		a.AddGap(at, "templates, loops and includes make more of this file than is followed; what is behind the limit was not judged", "limit", p.Place)
	}
}

// directive takes ${{ if … }} apart: its word, what follows, and the place. The
// word is empty where the text is no directive.
func directive(key string) (word, rest string) {
	fences := expression.Fences(key)
	if len(fences) != 1 || fences[0].Start != 0 || !fences[0].Closed() {
		return "", ""
	}
	if behind := key[fences[0].End:]; behind != "" && !strings.HasPrefix(behind, " (") { // repeated keys are numbered
		return "", ""
	}
	word, rest, _ = strings.Cut(strings.TrimSpace(fences[0].Inner), " ")
	switch word = strings.ToLower(word); word {
	case "if", "elseif", "each":
		return word, strings.TrimSpace(rest)
	case "else", "insert":
		return word, ""
	}
	return "", ""
}

// chain follows if, elseif and else: which of them are taken, and whether pull requests
// take one.
type chain struct{ taken, unknown, proposed bool }

// takes says whether a directive's value is used, and whether a pull request is
// kept out of it.
func (a *collector) takes(c *chain, word, condition string, at lint.Span, w world, p place) (yes, closed bool) {
	if word == "if" {
		*c = chain{}
	}
	if c.taken {
		return false, false
	}
	if word == "else" {
		return true, c.proposed
	}
	e, err := expression.Parse(condition)
	if err != nil {
		a.AddGap(at, "a condition cannot be read: "+err.Error()+"; both ways were read", "syntax", p.Place)
		c.unknown = true
		return true, false
	}
	value, ok := w.eval(e)
	if ok {
		c.taken = truthy(value)
		return c.taken, false
	}
	c.unknown = true
	a.unknown(at, p)
	value, ok = w.pullRequest().eval(e)
	closed = c.proposed || ok && !truthy(value)
	c.proposed = c.proposed || ok && truthy(value)
	return true, closed
}

// unknown notes a condition once, however often its file is included.
func (a *collector) unknown(at lint.Span, p place) {
	if at.Source != nil && a.noted[at] {
		return
	}
	a.noted[at] = true
	a.AddGap(at, "a condition is known only when the pipeline is started; both ways were read", "computed", p.Place)
}

func (a *collector) expandItems(items []*lint.Node, w world, p place) []*lint.Node {
	var all []*lint.Node
	var c chain
	for _, item := range items {
		switch {
		case a.limited:
			return all
		case item.Kind == lint.Object && isDirective(item):
			all = append(all, a.directed(item, &c, w, p)...)
		default:
			value := a.expand(item, w, p)
			if whole := item.Kind == lint.String && strings.HasPrefix(item.Text, "${{"); whole && value != nil {
				all = append(all, spliced(value)...) // lists that stand for an item are inserted
			} else if value != nil {
				all = append(all, value)
			}
		}
	}
	return all
}

func spliced(value *lint.Node) []*lint.Node {
	switch {
	case value.Kind == lint.List:
		return value.Items
	case value.Kind == lint.Null, value.Kind == lint.String && value.Text == "":
		return nil
	}
	return []*lint.Node{value}
}

// isDirective holds for items of nothing but directives.
func isDirective(item *lint.Node) bool {
	for _, field := range item.Fields {
		if word, _ := directive(field.Key); word == "" || word == "insert" {
			return false
		}
	}
	return len(item.Fields) > 0
}

// directed gives the items that an item of directives stands for.
func (a *collector) directed(item *lint.Node, c *chain, w world, p place) []*lint.Node {
	var all []*lint.Node
	merged := &lint.Node{Kind: lint.Object, Span: item.Span, Via: item.Via}
	add := func(value *lint.Node, closed bool) {
		switch {
		case value == nil:
		case value.Kind == lint.Object && len(value.Fields) > 0:
			merged.Fields = append(merged.Fields, value.Fields...)
			a.closed[merged] = a.closed[merged] || closed
		default:
			for _, part := range spliced(value) {
				all = append(all, a.close(part, closed))
			}
		}
	}
	for _, field := range item.Fields {
		word, rest := directive(field.Key)
		if word == "each" {
			for _, turn := range a.turns(rest, field.Span, w, p) {
				add(a.expand(field.Value, turn, p), false)
			}
			continue
		}
		if yes, closed := a.takes(c, word, rest, field.Span, w, p); yes {
			add(a.expand(field.Value, w, p), closed)
		}
	}
	if len(merged.Fields) > 0 {
		all = append(all, merged)
	}
	return all
}

// close notes that pull requests do not get to an item.
func (a *collector) close(item *lint.Node, closed bool) *lint.Node {
	if !closed || item.Kind != lint.Object {
		return item
	}
	own := *item
	a.closed[&own] = true
	return &own
}

// turns gives the worlds that a loop goes through: "x in parameters.list".
func (a *collector) turns(text string, at lint.Span, w world, p place) []world {
	name, collection, found := strings.Cut(text, " in ")
	e, err := expression.Parse(collection)
	if !found || err != nil {
		a.AddGap(at, "a loop cannot be read; what it makes was not judged", "syntax", p.Place)
		return nil
	}
	value, ok := w.eval(e)
	if !ok {
		a.AddGap(at, "what a loop goes through is known only when the pipeline is started; it was read once", "computed", p.Place)
		return []world{w}
	}
	var turns []world
	name = strings.TrimSpace(name)
	for _, item := range value.List() {
		turns = append(turns, w.with(name, item))
	}
	for _, field := range value.Object() {
		pair := lint.NewObject(lint.Span{})
		pair.Set("key", field.Span, lint.NewString(field.Key, field.Span))
		pair.Set("value", field.Span, field.Value)
		turns = append(turns, w.with(name, pair))
	}
	return turns
}

// expandFields adds what fields stand for to an object. Of a condition that is
// not known both ways are taken, so a key can occur twice.
func (a *collector) expandFields(object *lint.Node, fields []lint.Field, w world, p place) {
	var c chain
	for _, field := range fields {
		if a.limited {
			return
		}
		switch word, rest := directive(field.Key); word {
		case "":
			a.expandField(object, field, w, p)
		case "insert":
			a.merge(object, a.expand(field.Value, w, p), field.Span, p)
		case "each":
			for _, turn := range a.turns(rest, field.Span, w, p) {
				a.merge(object, a.expand(field.Value, turn, p), field.Span, p)
			}
		default:
			if yes, closed := a.takes(&c, word, rest, field.Span, w, p); yes {
				a.merge(object, a.expand(field.Value, w, p), field.Span, p)
				a.closed[object] = a.closed[object] || closed && len(fields) == 1
			}
		}
	}
}

func (a *collector) expandField(object *lint.Node, field lint.Field, w world, p place) {
	value := a.expand(field.Value, w, p)
	if value == nil {
		return
	}
	if strings.Contains(field.Key, "${{") {
		field.Key = a.fill(&lint.Node{Kind: lint.String, Text: field.Key, Span: field.Span}, w, p).Text
	}
	object.Fields = append(object.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
}

// merge adds the fields of a value. A list has none: it belongs to the object
// around, and is kept under the key that its items are for.
func (a *collector) merge(object, value *lint.Node, at lint.Span, p place) {
	switch {
	case value == nil || value.Kind == lint.Null || value.Kind == lint.String && value.Text == "":
	case value.Kind == lint.Object:
		object.Fields = append(object.Fields, value.Fields...)
	case value.Kind == lint.List: // conditional entries of a list that is written as a mapping
		object.Kind, object.Items = lint.List, append(object.Items, value.Items...)
	default:
		a.AddGap(at, "what is inserted here is known only when the pipeline is started and was not judged", "computed", p.Place)
	}
}

// fill puts the values of a scalar's expressions into it.
func (a *collector) fill(n *lint.Node, w world, p place) *lint.Node {
	fences := expression.Fences(n.Text)
	if len(fences) == 0 {
		return n
	}
	var text strings.Builder
	var parts []pasted
	written := 0
	keep := func(end int) {
		if end > written {
			parts = append(parts, pasted{text.Len(), text.Len() + end - written, n, written, lint.Span{}})
			text.WriteString(n.Text[written:end])
			written = end
		}
	}
	for _, fence := range fences {
		value := a.fenced(fence, n, w, p)
		if value == nil {
			continue
		}
		at := a.partOf(n, fence.Start, fence.End)
		if !model.IsScalar(value) && value.Kind != lint.Null {
			if strings.TrimSpace(n.Text) != n.Text[fence.Start:fence.End] {
				continue
			}
			whole := *value
			whole.Via = extend(value.Via, takenHere, at)
			a.closed[&whole] = a.closed[value]
			return &whole
		}
		if !a.room(0, len(value.Text), at, p) {
			return n
		}
		keep(fence.Start)
		parts = append(parts, pasted{text.Len(), text.Len() + len(textOf(value)), value, 0, at})
		text.WriteString(textOf(value))
		written = fence.End
	}
	keep(len(n.Text))
	if text.String() == n.Text {
		return n
	}
	filled := &lint.Node{Kind: lint.String, Text: text.String(), Span: n.Span, Via: n.Via}
	a.parts[filled] = parts
	return filled
}

const takenHere = "the template takes it here"

// extend adds a step to a way, which others may share.
func extend(way []lint.Step, message string, at lint.Span) []lint.Step {
	return append(way[:len(way):len(way)], lint.Step{Message: message, Span: at})
}

// fenced works out one expression of a scalar; nil if it is not known.
func (a *collector) fenced(fence expression.Fence, n *lint.Node, w world, p place) *lint.Node {
	if !fence.Closed() {
		a.AddGap(n.Span, "an expression is not closed: }} is missing", "syntax", p.Place)
		return nil
	}
	e, err := expression.Parse(fence.Inner)
	if err != nil {
		a.AddGap(a.partOf(n, fence.Start, fence.End), "an expression cannot be read: "+err.Error(), "syntax", p.Place)
		return nil
	}
	value, ok := w.eval(e)
	if !ok {
		return nil
	}
	return value
}

// partOf is where a part of a scalar as it is written stands.
func (a *collector) partOf(n *lint.Node, start, end int) lint.Span {
	src, seen := a.sources[n]
	if !seen {
		src = model.NewPlacedText(model.TextOf(n))
		a.sources[n] = src
	}
	return src.Part(start, end)
}

// where tells where a part of a scalar's value stands, and how it came there.
func (a *collector) where(n *lint.Node, start, end int) (lint.Span, []lint.Step) {
	parts, made := a.parts[n]
	if !made {
		return a.partOf(n, start, end), n.Via
	}
	for _, part := range parts {
		if start < part.start || end > part.end {
			continue
		}
		from, to := start-part.start+part.offset, end-part.start+part.offset
		switch {
		case part.fence.Source == nil:
			return a.partOf(part.from, from, to), n.Via
		case part.from.Span.Source == nil:
			return part.fence, n.Via
		}
		at, via := a.where(part.from, from, to)
		return at, append(extend(via, takenHere, part.fence), n.Via...)
	}
	return n.Span, n.Via
}

// template is a file that is included.
type template struct {
	path string
	root *lint.Node
}

// load reads a template of this repository; nil if it cannot be read, which is a
// gap then.
func (a *collector) load(ref *lint.Node, p place) *template {
	name, alias, remote := strings.Cut(ref.Str(), "@")
	why := ""
	switch {
	case strings.Contains(ref.Str(), "${{"):
		a.AddGap(ref.Span, "the name of a template is known only when the pipeline is started; it was not judged", "computed", p.Place)
		return nil
	case remote && !strings.EqualFold(alias, "self"):
		a.remote(ref, alias, p)
		return nil
	case len(p.within) > maxTemplateNesting:
		a.AddGap(ref.Span, "templates are nested deeper than is followed; this one was not judged", "limit", p.Place)
		return nil
	case a.includes > maxTemplateUses || len(a.templates) > maxTemplates:
		a.limit(ref.Span, p)
		return nil
	}
	a.includes++
	file := path.Join(path.Dir(p.file), name)
	if strings.HasPrefix(name, "/") {
		file = path.Clean(strings.TrimPrefix(name, "/"))
	}
	if file == p.file || slices.Contains(p.within, file) || strings.HasPrefix(file, "../") {
		why = "a template that includes itself, or lies outside of the repository, was not judged"
	}
	if why != "" {
		a.AddGap(ref.Span, why, "remote", p.Place)
		return nil
	}
	t, seen := a.templates[file]
	if !seen {
		t = a.read(file)
		a.templates[file] = t
		if t != nil {
			a.aliases(t.root)
		}
	}
	if t == nil {
		a.AddGap(ref.Span, "there is no template that can be read at this path; it was not judged", "remote", p.Place)
	}
	return t
}

func (a *collector) read(file string) *template {
	src := a.files.Read(file)
	if src == nil {
		return nil
	}
	roots, _ := yaml.Read(src) // what is wrong in it is reported for the file itself
	if len(roots) != 1 || roots[0].Kind != lint.Object {
		return nil
	}
	return &template{file, roots[0]}
}

// remote notes a template of another repository.
func (a *collector) remote(ref *lint.Node, alias string, p place) {
	repository := a.repositories[strings.ToLower(alias)]
	c := model.Component{
		At: ref.Span, Address: model.Join(p.Address, "template"), Ref: model.Text{Value: ref.Text, At: ref.Span, Via: p.via}, Kind: "reusable", Pin: "unknown",
		Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil),
	}
	if repository != nil && len(ref.Text) <= model.MaxReference {
		name := repository.Get("name").Str()
		c.Owner, c.Name = path.Dir(strings.ToLower(name)), path.Base(strings.ToLower(name))
		setRef(&c, repository.Get("ref").Str())
	}
	a.Components = append(a.Components, c)
	a.AddGap(ref.Span, "the template stands in another repository; what it does with its parameters was not judged", "remote", p.Place)
}

// setRef reads the ref of a repository; without one it is the default branch.
func setRef(c *model.Component, ref string) {
	c.Version = strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/tags/")
	switch {
	case strings.Contains(ref, "$"):
		c.Pin, c.Version = "unknown", ""
	case model.IsDigest(ref):
		c.Pin = "digest"
	case strings.HasPrefix(ref, "refs/tags/"):
		c.Pin = "version"
	case ref == "":
		c.Pin = "none"
	default:
		c.Pin = "branch"
	}
}

// declared lists the parameters of a file: a list of typed ones, or a mapping
// from names to defaults.
func declared(root *lint.Node) []lint.Field {
	parameters := root.Get("parameters")
	all := parameters.Object()
	for _, item := range parameters.List() {
		name := item.Get("name")
		if name.Str() == "" {
			continue
		}
		value := item.Get("default")
		if value != nil {
			value = typed(value, strings.ToLower(item.Get("type").Str()))
		}
		all = append(all, lint.Field{Key: name.Text, Span: name.Span, Value: value})
	}
	return all
}

// parameterTypes lists the types by names in lower case; those of a mapping have
// none.
func parameterTypes(root *lint.Node) map[string]string {
	types := map[string]string{}
	for _, item := range root.Get("parameters").List() {
		types[strings.ToLower(item.Get("name").Str())] = strings.ToLower(item.Get("type").Str())
	}
	return types
}

// typed gives a value the type that a parameter has.
func typed(n *lint.Node, kind string) *lint.Node {
	switch {
	case kind == "" || kind == "string":
		return asText(n)
	case kind == "boolean" && n.Kind == lint.String && (strings.EqualFold(n.Text, "true") || strings.EqualFold(n.Text, "false")):
		return &lint.Node{Kind: lint.Bool, Text: strings.ToLower(n.Text), Span: n.Span, Via: n.Via}
	}
	return n
}

// asText: what is no typed parameter is text to the platform, true and 1 too.
func asText(n *lint.Node) *lint.Node {
	if n.Kind != lint.Bool && n.Kind != lint.Number {
		return n
	}
	return &lint.Node{Kind: lint.String, Text: n.Text, Span: n.Span, Via: n.Via}
}

// bind makes the world of a template from what it is given.
func (a *collector) bind(root, given *lint.Node, w world) world {
	inner := world{parameters: map[string]*lint.Node{}, closed: true, variables: w.variables}
	types := parameterTypes(root)
	for _, field := range declared(root) {
		if field.Value != nil {
			inner.parameters[strings.ToLower(field.Key)] = field.Value
		}
	}
	for _, field := range given.Object() {
		name := strings.ToLower(field.Key)
		inner.parameters[name] = typed(field.Value, types[name])
	}
	return inner
}

// open makes the world of a file that nobody includes: whoever starts or includes
// it chooses the values of its parameters. Lists and mappings are taken to be what
// they are by default, and so are defaults that name variables.
func (a *collector) open(root *lint.Node) world {
	w := world{parameters: map[string]*lint.Node{}}
	for _, field := range declared(root) {
		if value := field.Value; value != nil && (!model.IsScalar(value) && value.Kind != lint.Null || strings.Contains(value.Text, "$(")) {
			w.parameters[strings.ToLower(field.Key)] = value
		}
	}
	return w
}
