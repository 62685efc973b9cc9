package gitlab

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

const (
	referenceTag = "!reference"
	maxNesting   = 10 // of "extends", references and lists of lines
)

// extend gives a job or template laid over those that it extends, the last of
// them uppermost.
func (g *collector) extend(name string, way []string) *lint.Node {
	own := g.root.Get(name)
	if known := g.extended[name]; known != nil {
		return known
	}
	extends := own.Get("extends")
	if extends == nil || !plainMap(own) {
		return own
	}
	var all *lint.Node
	for _, base := range model.TextsOf(extends) {
		all = overlay(all, g.base(base, append(way, name)))
	}
	all = overlay(all, own)
	g.extended[name] = all
	return all
}

// base gives what a job extends, or a gap.
func (g *collector) base(name model.Text, way []string) *lint.Node {
	switch {
	case slices.Contains(way, name.Value), len(way) > maxNesting:
		g.AddGap(name.At, "the job extends itself or too long a chain of others; what that adds was not judged", "limit", model.Place{})
		return nil
	case g.root.Get(name.Value) == nil:
		g.AddGap(name.At, "what the job extends here is not in this repository; what it adds was not judged", g.missing(), model.Place{})
		return nil
	}
	return g.carry(g.extend(name.Value, way), lint.Step{Message: "taken over here by extends", Span: name.At})
}

// references puts the values in place that "!reference [job, key]" means.
func (g *collector) references(n *lint.Node, depth int) *lint.Node {
	switch {
	case n == nil || !refers(n):
		return n
	case n.Field(referenceTag) != nil && !plainMap(n):
		return g.reference(n, depth)
	}
	whole := *n
	whole.Items, whole.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range whole.Items {
		whole.Items[i] = g.references(item, depth)
	}
	for i, field := range whole.Fields {
		whole.Fields[i].Value = g.references(field.Value, depth)
	}
	return &whole
}

func refers(n *lint.Node) bool {
	return n.Field(referenceTag) != nil || slices.ContainsFunc(n.Items, refers) ||
		slices.ContainsFunc(n.Fields, func(field lint.Field) bool { return refers(field.Value) })
}

func (g *collector) reference(n *lint.Node, depth int) *lint.Node {
	if depth > maxNesting || g.left < 0 {
		g.limited = true
		return &lint.Node{Kind: lint.Null, Span: n.Span}
	}
	keys := model.TextsOf(n.Get(referenceTag))
	var target *lint.Node
	for i, key := range keys {
		if i == 0 {
			target = g.extend(key.Value, nil)
		} else {
			target = target.Get(key.Value)
		}
	}
	if target == nil {
		g.AddGap(n.Span, "what is referred to here is not in this repository; it was not judged", g.missing(), model.Place{})
		return &lint.Node{Kind: lint.Null, Span: n.Span}
	}
	return g.carry(g.references(target, depth+1), lint.Step{Message: "referred to here", Span: n.Span})
}

// flatLines gives the items of a list of lists, or the one value.
func flatLines(n *lint.Node, depth int) []*lint.Node {
	switch {
	case n == nil || n.Kind == lint.Null || depth > maxNesting+1:
		return nil
	case n.Kind != lint.List:
		return []*lint.Node{n}
	}
	var all []*lint.Node
	for _, item := range n.Items {
		all = append(all, flatLines(item, depth+1)...)
	}
	return all
}

// inputPattern is how a file uses an input: $[[ inputs.name | function ]].
var inputPattern = regex.Lazy(`\$\[\[\s*inputs\.([A-Za-z0-9_-]+)\s*(?:\|\s*expand_vars\s*)?\]\]`)

// interpolate fills the inputs of a file in: what is given, or else the default.
func (g *collector) interpolate(root, given *lint.Node) *lint.Node {
	values := map[string]*lint.Node{}
	for _, field := range root.Get("spec", "inputs").Object() {
		value := field.Value.Get("default")
		if g := given.Get(field.Key); g != nil {
			value = g
		}
		if value != nil {
			values[field.Key] = value
		}
	}
	if len(values) == 0 {
		return root
	}
	return g.fill(root, values)
}

func (g *collector) fill(n *lint.Node, values map[string]*lint.Node) *lint.Node {
	if g.left--; g.left < 0 {
		g.limited = true
		return n
	}
	if model.IsScalar(n) {
		return fillText(n, values)
	}
	filled := *n
	filled.Items, filled.Fields = slices.Clone(n.Items), slices.Clone(n.Fields)
	for i, item := range filled.Items {
		filled.Items[i] = g.fill(item, values)
	}
	for i, field := range filled.Fields {
		key := fillText(lint.NewString(field.Key, field.Span), values)
		if model.IsScalar(key) {
			filled.Fields[i].Key = key.Text
		}
		if field.Key != "spec" {
			filled.Fields[i].Value = g.fill(field.Value, values)
		}
	}
	return &filled
}

// maxFilled bounds the text that inputs make of a word.
const maxFilled = 1 << 20

// fillText fills inputs into a word. One that is nothing but an input becomes its
// value, of whatever type.
func fillText(n *lint.Node, values map[string]*lint.Node) *lint.Node {
	if !strings.Contains(n.Text, "$[[") {
		return n
	}
	filled := *n
	filled.Text = inputPattern().ReplaceAllStringFunc(n.Text, func(use string) string {
		name := inputPattern().FindStringSubmatch(use)[1]
		value := values[name]
		if value == nil || len(use) != len(n.Text) && !model.IsScalar(value) || len(value.Text) > maxFilled/(1+len(n.Text)) {
			return use
		}
		step := lint.Step{Message: "the input " + name + " is set here", Span: value.Span}
		via := slices.Concat(filled.Via, []lint.Step{step}, value.Via)
		if len(use) == len(n.Text) && !model.IsScalar(value) {
			filled = *value
		}
		filled.Via = via
		return value.Text
	})
	if filled.Kind == lint.Null || filled.Kind == lint.List || filled.Kind == lint.Object {
		filled.Text = ""
	}
	return &filled
}
