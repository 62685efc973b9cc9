package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Origin is the document that sets a field of an effective contract.
type Origin struct {
	Kind    string // SecretContract, SecretDefaults, SecretClass or SecretCatalog
	Name    string
	BuiltIn bool // a class that comes with policyctl; At is where the contract names it
	At      lint.Span
}

// merged is a spec in the making.
type merged struct {
	spec    *lint.Node
	origins map[string]Origin // of leaves, by dotted path
}

// apply lays a layer over what is there: mappings join by key, lists and scalars
// replace. Fields of the contract keep the places of their keys; a mapping that
// only others have stands nowhere of its own, so that what is missing in it
// leads to the contract.
func (m *merged) apply(layer *lint.Node, from Origin) {
	if layer == nil || layer.Kind != lint.Object {
		return
	}
	if m.spec == nil {
		m.spec = lint.NewObject(lint.Span{})
	}
	m.over("", m.spec, layer, from)
	if from.Kind == contractKind {
		m.spec.Span = layer.Span
	}
}

func (m *merged) over(path string, base, layer *lint.Node, from Origin) {
	for _, field := range layer.Fields {
		here := strings.TrimPrefix(path+"."+field.Key, ".")
		below := base.Field(field.Key)
		if field.Value.Kind != lint.Object {
			m.replace(here, base, field, from)
			continue
		}
		if below == nil || below.Value.Kind != lint.Object {
			delete(m.origins, here)
			base.Set(field.Key, lint.Span{}, lint.NewObject(lint.Span{}))
			below = base.Field(field.Key)
		}
		if from.Kind == contractKind {
			below.Span, below.Value.Span = field.Span, field.Value.Span
		}
		m.over(here, below.Value, field.Value, from)
	}
}

// replace sets a leaf. What was computed of a value that is replaced goes with
// it: the new one may be invalid, and has no number then.
func (m *merged) replace(path string, base *lint.Node, field lint.Field, from Origin) {
	if below := base.Field(field.Key); below != nil && below.Value.Kind == lint.Object {
		m.forget(path)
	}
	value, key := field.Value, field.Span
	if from.BuiltIn {
		value, key = placed(value, from.At), from.At
	}
	for _, computed := range []string{"_s", "_ns"} {
		base.Remove(field.Key + computed)
	}
	base.Set(field.Key, key, value)
	if !computes(field.Key) {
		if from.At.Source == nil || !from.BuiltIn {
			from.At = value.Span
		}
		m.origins[path] = from
	}
}

// computes says whether a key is one that the parser adds beside what is written.
func computes(key string) bool { return strings.HasSuffix(key, "_s") || strings.HasSuffix(key, "_ns") }

// forget drops the origins of a value that is replaced, and of its parts.
func (m *merged) forget(path string) {
	delete(m.origins, path)
	for known := range m.origins {
		if strings.HasPrefix(known, path+".") {
			delete(m.origins, known)
		}
	}
}

// placed copies a value that stands nowhere the user could look, so that it leads
// to a place where he can.
func placed(n *lint.Node, at lint.Span) *lint.Node {
	copied := *n
	copied.Span = at
	copied.Items = nil
	for _, item := range n.Items {
		copied.Items = append(copied.Items, placed(item, at))
	}
	copied.Fields = nil
	for _, field := range n.Fields {
		copied.Fields = append(copied.Fields, lint.Field{Key: field.Key, Span: at, Value: placed(field.Value, at)})
	}
	return &copied
}

// drop takes leaves out of a mapping below spec.
func (m *merged) drop(mapping string, keys ...string) {
	for _, key := range keys {
		m.forget(mapping + "." + key)
		if within := m.spec.Get(mapping); within != nil {
			within.Remove(key)
			within.Remove(key + "_s")
		}
	}
}

func sortedKeys[T any](of map[string]T) []string { return slices.Sorted(maps.Keys(of)) }
