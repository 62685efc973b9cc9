// Package edit changes contracts, and other YAML and JSON, in place: a value is set, appended or removed,
// and every other byte of the file stays, comments and order included. It works on
// the text, at the places of values, and reads the result once more: an edit that
// would change anything else is refused. It knows nothing of files on a disk.
package edit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
	"github.com/policyctl/policyctl/internal/yaml"
)

// File is a text whose documents are edited. The documents count from 0; they may
// be of any platform.
type File struct {
	src  *lint.Source
	docs []*lint.Node
	done change // the last edit
	writer
}

// Open reads a file. It is an error if the file cannot be parsed.
func Open(src *lint.Source) (*File, error) {
	docs, findings := yaml.Read(src)
	if len(findings) > 0 {
		return nil, fmt.Errorf("%s: %s", findings[0].Location, findings[0].Message)
	}
	return &File{src: src, docs: docs, writer: writerFor(src)}, nil
}

// Text is the file with all edits.
func (f *File) Text() []byte { return f.src.Data }

// Last is the last edit: the bytes that it replaced, and the text in place of them.
func (f *File) Last() (start, end int, text string) { return f.done.start, f.done.end, f.done.text }

// Enclosing finds the smallest mapping around a range of bytes; found is nil if there is
// none.
func (f *File) Enclosing(start, end int) (doc int, path lint.Path, found *lint.Node) {
	for i, root := range f.docs {
		for node, at := root, (lint.Path)(nil); node != nil; node, at = inside(node, at, start, end) {
			if node.Kind == lint.Object && node.Span.Start <= start && end <= node.Span.End {
				doc, path, found = i, at, node
			}
		}
	}
	return doc, path, found
}

// inside is the part of a collection that encloses a range. What an alias stands for
// stands elsewhere.
func inside(node *lint.Node, at lint.Path, start, end int) (*lint.Node, lint.Path) {
	encloses := func(n *lint.Node) bool { return len(n.Via) == 0 && n.Span.Start <= start && end <= n.Span.End }
	for i, item := range node.Items {
		if encloses(item) {
			return item, append(slices.Clone(at), i)
		}
	}
	for _, field := range node.Fields {
		if within(field.Span, node.Span) && encloses(field.Value) {
			return field.Value, append(slices.Clone(at), field.Key)
		}
	}
	return nil, nil
}

// Find gives the number of the document that declares a name, -1 if none does.
func (f *File) Find(kind, name string) int {
	return slices.IndexFunc(f.docs, func(root *lint.Node) bool {
		return root.Get("kind").Str() == kind && root.Get("metadata", "name").Str() == name
	})
}

// Root is a document as it stands now, nil if there is none.
func (f *File) Root(doc int) *lint.Node {
	if doc < 0 || doc >= len(f.docs) {
		return nil
	}
	return f.docs[doc]
}

// Set writes a value to a path. Mappings that are missing on the way are made, and
// what is new stands where the schema has it.
func (f *File) Set(doc int, path lint.Path, value *lint.Node) error {
	return f.edit(doc, path, func(at target) (change, error) {
		if at.node != nil {
			return f.replace(at, value)
		}
		missing := path[at.depth:]
		if slices.ContainsFunc(missing, func(part any) bool { _, isItem := part.(int); return isItem }) {
			return change{}, errors.New("is an item that is not there")
		}
		return f.insert(at, missing[0].(string), withValue(nil, missing[1:], value))
	}, func(root *lint.Node) *lint.Node { return withValue(root, path, value) })
}

// Append adds an item to the list at a path, which is made if it is missing.
func (f *File) Append(doc int, path lint.Path, item *lint.Node) error {
	list := f.Root(doc).At(path)
	if list == nil || list.Kind == lint.Null {
		return f.Set(doc, path, lint.NewList(lint.Span{}, item))
	}
	if list.Kind != lint.List {
		return f.refuse(path, list.Span, "is no list")
	}
	longer := &lint.Node{Kind: lint.List, Items: append(slices.Clone(list.Items), item)}
	return f.edit(doc, path, func(at target) (change, error) { return f.appendTo(at, item) },
		func(root *lint.Node) *lint.Node { return withValue(root, path, longer) })
}

// Remove takes a field or an item out. The comments around it stay.
func (f *File) Remove(doc int, path lint.Path) error {
	if f.Root(doc).At(path) == nil || len(path) == 0 {
		return f.refuse(path, lint.Span{}, "is not there")
	}
	return f.edit(doc, path, func(at target) (change, error) { return f.remove(at), nil },
		func(root *lint.Node) *lint.Node { return without(root, path) })
}

// change puts a text in place of a part of the file.
type change struct {
	start, end int
	text       string
}

// edit makes a change, and holds the result to the tree that it should be.
func (f *File) edit(doc int, path lint.Path, plan func(target) (change, error), expect func(*lint.Node) *lint.Node) error {
	root := f.Root(doc)
	if root == nil {
		return fmt.Errorf("%s: there is no document %d", f.src.Path, doc)
	}
	at, err := f.resolve(root, path)
	if err != nil {
		return f.refuse(path, at.span(), err.Error())
	}
	c, err := plan(at)
	if err != nil {
		return f.refuse(path, at.span(), err.Error())
	}
	text := slices.Concat(f.src.Data[:c.start], []byte(c.text), f.src.Data[c.end:])
	want := slices.Clone(f.docs)
	want[doc] = expect(root)
	next, err := Open(&lint.Source{Path: f.src.Path, Data: text})
	if err != nil || !slices.EqualFunc(next.docs, want, same) {
		return f.refuse(path, at.span(), "cannot be edited without a change of something else; edit it by hand")
	}
	next.done = c
	*f = *next
	return nil
}

func (f *File) refuse(path lint.Path, at lint.Span, why string) error {
	place := f.src.Path
	if at.Source != nil {
		place = at.Location().String()
	}
	return fmt.Errorf("%s: %s %s", place, path, why)
}

// target is where an edit takes place: the value at a path, or where it is
// missing, and the collection around it.
type target struct {
	node   *lint.Node // nil if it is missing
	parent *lint.Node // nil for the root
	field  *lint.Field
	item   int // of a list
	depth  int // how many parts of the path exist
	flow   bool
	known  []string // the fields of the parent, in the order of the schema
}

func (t target) span() lint.Span {
	if t.node != nil {
		return t.node.Span
	}
	return t.parent.Span
}

// resolve follows a path through what stands in the document itself.
func (f *File) resolve(root *lint.Node, path lint.Path) (target, error) {
	at := target{node: root, flow: f.json || f.isFlow(root)}
	for i, part := range path {
		parent := at.node
		if parent.Kind == lint.Null {
			return at.above(i), nil
		}
		at = target{parent: parent, depth: i, flow: f.json || at.flow || f.isFlow(parent)}
		switch part := part.(type) {
		case string:
			if parent.Kind != lint.Object {
				return at, fmt.Errorf("cannot be there: %s is no mapping", describe(path[:i]))
			}
			at.field = parent.Field(part)
			at.known = order(root, path[:i])
			if at.field == nil {
				return at, nil
			}
			at.node = at.field.Value
			if !within(at.field.Span, parent.Span) {
				return at, errors.New("comes from a merge key; write it out first")
			}
		case int:
			if parent.Kind != lint.List || part < 0 || part >= len(parent.Items) {
				return at, errors.New("is an item that is not there")
			}
			at.node, at.item = parent.Items[part], part
		}
		if len(at.node.Via) > 0 {
			return at, errors.New("is an alias; write it out first")
		}
		at.depth = i + 1
	}
	return at, nil
}

// order is that of the fields of a mapping: the schema's, or what readers of workflows are
// used to.
func order(root *lint.Node, path lint.Path) []string {
	switch {
	case root.Get("on") == nil || root.Get("jobs") == nil:
		return contract.Order(root.Get("kind").Str(), path)
	case len(path) == 0:
		return []string{"name", "run-name", "on", "permissions"}
	case len(path) == 2 && path[0] == "jobs":
		return []string{"name", "if", "needs", "runs-on", "permissions"}
	}
	return nil
}

// above is a target whose value is an empty mapping to be filled.
func (t target) above(depth int) target {
	return target{node: nil, parent: t.node, field: t.field, depth: depth, flow: t.flow}
}

func describe(path lint.Path) string {
	if len(path) == 0 {
		return "the document"
	}
	return path.String()
}

func within(inner, outer lint.Span) bool { return inner.Start >= outer.Start && inner.End <= outer.End }

// isFlow says whether a collection is written with brackets.
func (f *File) isFlow(n *lint.Node) bool {
	if n.Kind != lint.Object && n.Kind != lint.List || n.Span.Start >= len(f.src.Data) {
		return false
	}
	c := f.src.Data[n.Span.Start]
	return c == '{' || c == '['
}
