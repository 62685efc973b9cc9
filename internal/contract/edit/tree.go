package edit

import (
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// same says whether two trees hold the same values. The order of fields makes no
// difference, as to whoever reads them.
func same(a, b *lint.Node) bool {
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Fields) != len(b.Fields) {
		return false
	}
	if !slices.EqualFunc(a.Items, b.Items, same) {
		return false
	}
	fields := make(map[string]*lint.Node, len(a.Fields))
	for _, field := range a.Fields {
		fields[field.Key] = field.Value
	}
	for _, field := range b.Fields {
		if other, known := fields[field.Key]; !known || !same(other, field.Value) {
			return false
		}
	}
	return true
}

// withValue gives a tree in which a value stands at a path.
func withValue(n *lint.Node, path lint.Path, value *lint.Node) *lint.Node {
	if len(path) == 0 {
		return value
	}
	if n == nil || n.Kind == lint.Null {
		n = lint.NewObject(lint.Span{})
	}
	out := *n
	switch part := path[0].(type) {
	case int:
		out.Items = slices.Clone(n.Items)
		out.Items[part] = withValue(n.Items[part], path[1:], value)
	case string:
		out.Fields = slices.Clone(n.Fields)
		out.Set(part, lint.Span{}, withValue(n.Get(part), path[1:], value))
	}
	return &out
}

// without gives a tree without what stands at a path.
func without(n *lint.Node, path lint.Path) *lint.Node {
	out := *n
	part := path[0]
	i, isItem := part.(int)
	switch {
	case isItem && len(path) == 1:
		out.Items = slices.Delete(slices.Clone(n.Items), i, i+1)
	case isItem:
		out.Items = slices.Clone(n.Items)
		out.Items[i] = without(n.Items[i], path[1:])
	case len(path) == 1:
		out.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f lint.Field) bool { return f.Key == part })
	default:
		key := part.(string)
		out.Fields = slices.Clone(n.Fields)
		out.Set(key, lint.Span{}, without(n.Get(key), path[1:]))
	}
	return &out
}
