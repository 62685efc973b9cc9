package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// encoder writes a graph as a document. Words that occur often have one node.
type encoder struct {
	*Graph
	words   map[string]*lint.Node
	claims  map[Claim]*lint.Node
	yes, no *lint.Node
}

func newEncoder(g *Graph) *encoder {
	return &encoder{
		Graph: g, words: map[string]*lint.Node{}, claims: map[Claim]*lint.Node{},
		yes: lint.NewBool(true, lint.Span{}), no: lint.NewBool(false, lint.Span{}),
	}
}

func (g *encoder) word(text string) *lint.Node {
	node := g.words[text]
	if node == nil {
		node = lint.NewString(text, lint.Span{})
		g.words[text] = node
	}
	return node
}

// text sets a field, unless it is empty.
func (g *encoder) text(object *lint.Node, key, value string) {
	if value != "" {
		set(object, key, g.word(value))
	}
}

func (g *encoder) texts(items []string) *lint.Node { return list(items, g.word) }

func (g *encoder) flag(object *lint.Node, key string, value bool) {
	node := g.no
	if value {
		node = g.yes
	}
	set(object, key, node)
}

func list[T any](items []T, convert func(T) *lint.Node) *lint.Node {
	out := &lint.Node{Kind: lint.List, Items: make([]*lint.Node, 0, len(items))}
	for _, item := range items {
		out.Items = append(out.Items, convert(item))
	}
	return out
}

// mapped makes an object of a map, in the order of its keys.
func mapped(items map[string][]string, convert func(string, []string) *lint.Node) *lint.Node {
	out := lint.NewObject(lint.Span{})
	for _, key := range slices.Sorted(maps.Keys(items)) {
		set(out, key, convert(key, items[key]))
	}
	return out
}

// copied gives an object with the same fields, to which more can be added; an
// empty one if there is none.
func copied(n *lint.Node) *lint.Node {
	if n == nil || n.Kind != lint.Object {
		return lint.NewObject(lint.Span{})
	}
	out := *n
	out.Fields = slices.Clone(n.Fields)
	return &out
}

// set adds a field whose key is new: looking for it among ten thousand contracts
// would take longer than all the rest.
func set(object *lint.Node, key string, value *lint.Node) {
	object.Fields = append(object.Fields, lint.Field{Key: key, Value: value})
}

// number sets a field, unless it is 0: nothing that is counted or timed here is.
func number(object *lint.Node, key string, value int64) { placed(object, key, value, lint.Span{}) }

// placed sets a number that stands at a place of its own.
func placed(object *lint.Node, key string, value int64, at lint.Span) {
	if value != 0 {
		set(object, key, lint.NewNumber(value, at))
	}
}

// withoutKind is the name of a slot as people say it.
func withoutKind(slot string) string {
	_, name, found := strings.Cut(slot, ":")
	if !found {
		return slot
	}
	return name
}
