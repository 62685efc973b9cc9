package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Kind is the type of a Node. The zero Kind is invalid.
type Kind uint8

// The kinds of values, as JSON has them.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	List
	Object
)

// Node is a value together with the place where it stands. A tree of Nodes is
// what a policy sees as input: places are kept beside the value, never in it.
type Node struct {
	Kind   Kind
	Text   string  // of a String its value, of a Number its JSON digits, of a Bool "true" or "false"
	Items  []*Node // of a List
	Fields []Field // of an Object, in source order; keys are unique
	Span   Span    // zero where the value stands nowhere of its own: then its parent's holds
	Merges []Span  // of an Object: the merge keys by which YAML adds fields to it
	Via    []Step  // how the value came here: the literal, calls and includes on the way
	Way    []Step  // the way of a secret, from where it is kept to this value
}

// Field is one entry of an Object.
type Field struct {
	Key   string
	Span  Span // of the key
	Value *Node
}

// Step is a place on the way of a value.
type Step struct {
	Message string
	Span    Span
}

// Path leads from the root of a document to a value: string keys and int indices.
type Path []any

// NewString, NewBool, NewNumber, NewList and NewObject make values that a parser
// computed; set Span where they have a place.
func NewString(text string, at Span) *Node { return &Node{Kind: String, Text: text, Span: at} }

// Line is the text of a file of one line, without its end; nil if it has another number.
func Line(src *Source) *Node {
	text := bytes.TrimRight(src.Data, "\r\n")
	if len(text) == 0 || bytes.ContainsAny(text, "\r\n") {
		return nil
	}
	return NewString(string(text), Span{Source: src, End: len(text)})
}

// NewBool makes a truth value.
func NewBool(b bool, at Span) *Node {
	return &Node{Kind: Bool, Text: strconv.FormatBool(b), Span: at}
}

// NewNumber makes a whole number.
func NewNumber(n int64, at Span) *Node {
	return &Node{Kind: Number, Text: strconv.FormatInt(n, 10), Span: at}
}

// NewList makes a list.
func NewList(at Span, items ...*Node) *Node { return &Node{Kind: List, Items: items, Span: at} }

// NewObject makes an empty object; add to it with Set.
func NewObject(at Span) *Node { return &Node{Kind: Object, Span: at} }

// Set adds a field, or replaces the value of the one with that key.
func (n *Node) Set(key string, at Span, value *Node) {
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			n.Fields[i] = Field{key, at, value}
			return
		}
	}
	n.Fields = append(n.Fields, Field{key, at, value})
}

// Remove takes the entry with that key out, if there is one.
func (n *Node) Remove(key string) {
	n.Fields = slices.DeleteFunc(n.Fields, func(field Field) bool { return field.Key == key })
}

// Field gives the entry with that key, or nil. It is nil-safe.
func (n *Node) Field(key string) *Field {
	if n == nil || n.Kind != Object {
		return nil
	}
	if field := n.guess(key); field != nil {
		return field
	}
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			return &n.Fields[i]
		}
	}
	return nil
}

// guess looks where a key stands if the keys are in order, as those of large
// objects that we make ourselves are: a map of ten thousand things is asked
// ten thousand times.
func (n *Node) guess(key string) *Field {
	if len(n.Fields) < 50 {
		return nil
	}
	i := sort.Search(len(n.Fields), func(i int) bool { return n.Fields[i].Key >= key })
	if i == len(n.Fields) || n.Fields[i].Key != key {
		return nil
	}
	return &n.Fields[i]
}

// Get follows keys through objects and gives the value there, or nil. It is
// nil-safe, so that chains of lookups need one check at their end.
func (n *Node) Get(keys ...string) *Node {
	for _, key := range keys {
		field := n.Field(key)
		if field == nil {
			return nil
		}
		n = field.Value
	}
	return n
}

// Str gives the text of a String, or "".
func (n *Node) Str() string {
	if n == nil || n.Kind != String {
		return ""
	}
	return n.Text
}

// Part is a piece of a String, with the place of the piece if its text stands
// there as it is, and else with that of the whole.
func (n *Node) Part(start, end int) *Node {
	piece := NewString(n.Text[start:end], n.Span)
	piece.Via = n.Via
	raw := n.Span.Text()
	quote := 0
	if len(raw) > 1 && (raw[0] == '"' || raw[0] == '\'') {
		quote = 1
	}
	if string(raw[quote:len(raw)-quote]) == n.Text {
		at := n.Span.Start + quote
		piece.Span.Start, piece.Span.End = at+start, at+end
	}
	return piece
}

// List gives the items of a List, or nil.
func (n *Node) List() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	return n.Items
}

// Object gives the fields of an Object, or nil.
func (n *Node) Object() []Field {
	if n == nil || n.Kind != Object {
		return nil
	}
	return n.Fields
}

// Size is the number of values of n and below. It is nil-safe.
func (n *Node) Size() int {
	if n == nil {
		return 0
	}
	size := 1
	for _, item := range n.Items {
		size += item.Size()
	}
	for _, field := range n.Fields {
		size += field.Value.Size()
	}
	return size
}

// Plain is the value without places, as policies see it: a map[string]any, []any,
// string, json.Number, bool or nil.
func (n *Node) Plain() any {
	switch n.Kind {
	case Object:
		object := map[string]any{}
		for _, field := range n.Fields {
			object[field.Key] = field.Value.Plain()
		}
		return object
	case List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, item.Plain())
		}
		return list
	case String:
		return n.Text
	case Number:
		return json.Number(n.Text)
	case Bool:
		return n.Text == "true"
	}
	return nil
}

// Walk calls visit for n and everything below it, parents first, until visit
// returns false.
func (n *Node) Walk(visit func(Path, *Node) bool) { n.walk(nil, visit) }

func (n *Node) walk(path Path, visit func(Path, *Node) bool) bool {
	if n == nil {
		return true
	}
	if !visit(path, n) {
		return false
	}
	for i, item := range n.Items {
		if !item.walk(append(path[:len(path):len(path)], i), visit) {
			return false
		}
	}
	for _, field := range n.Fields {
		if !field.Value.walk(append(path[:len(path):len(path)], field.Key), visit) {
			return false
		}
	}
	return true
}

// String writes the path as spec.containers[0].image.
func (p Path) String() string {
	var b strings.Builder
	for _, part := range p {
		switch part := part.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", part)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, part)
		}
	}
	return b.String()
}

// At follows a path and gives the value there, or nil.
func (n *Node) At(path Path) *Node {
	for _, part := range path {
		if n == nil {
			return nil
		}
		n, _, _ = n.child(part)
	}
	return n
}
