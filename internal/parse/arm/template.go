package arm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// template is one file, or a template within another, while it is read.
type template struct {
	src        *lint.Source
	out        *lint.Node
	resources  *lint.Node
	modules    *lint.Node
	outputs    *lint.Node
	parameters *lint.Node
	gaps       []lint.Gap

	stores  map[string]map[string]func() *lint.Node // what parameters and variables are, by their names in lower case
	symbols map[string]string                       // references to resources and modules, by symbol
	loops   map[string][]*lint.Node                 // what the names of loops stand for, the innermost last
	busy    map[string]bool                         // variables that are being evaluated
	derived map[*lint.Node][]string

	given map[string]*lint.Node // of a template that is called: what its parameters are given, by their names in lower case
	way   []lint.Step           // the calls
	calls []moduleCall

	spent, depth int
	full         bool
}

func newTemplate(src *lint.Source) *template {
	t := &template{src: src, derived: map[*lint.Node][]string{}}
	t.out = lint.NewObject(src.Whole())
	for key, list := range map[string]**lint.Node{"resources": &t.resources, "modules": &t.modules, "outputs": &t.outputs, "parameters": &t.parameters} {
		*list = lint.NewList(lint.Span{})
		t.out.Set(key, lint.Span{}, *list)
	}
	slices.SortFunc(t.out.Fields, func(a, b lint.Field) int { return strings.Compare(a.Key, b.Key) })
	t.scope()
	return t
}

// scope begins with no names.
func (t *template) scope() {
	t.stores = map[string]map[string]func() *lint.Node{"parameters": {}, "variables": {}}
	t.symbols, t.loops, t.busy = map[string]string{}, map[string][]*lint.Node{}, map[string]bool{}
}

func (t *template) gap(at lint.Span, format string, args ...any) {
	gap := lint.Gap{Location: at.Location(), Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(t.gaps, gap) { // else it is within a loop
		t.gaps = append(t.gaps, gap)
	}
}

// named is what a name of Bicep stands for.
func (t *template) named(name string, at lint.Span) *lint.Node {
	if values := t.loops[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	if reference := t.symbols[name]; reference != "" {
		return partial.Unknown(at, reference)
	}
	for _, store := range []string{"parameters", "variables"} {
		if t.stores[store][strings.ToLower(name)] != nil {
			return t.stored(store, lint.NewString(name, at), at)
		}
	}
	return partial.Unknown(at, name)
}

// stored is the value of a parameter or a variable.
func (t *template) stored(store string, name *lint.Node, at lint.Span) *lint.Node {
	reference := store + "." + partial.Readable(name)
	evaluate := t.stores[store][strings.ToLower(name.Str())]
	switch {
	case t.busy[reference]:
		t.gap(at, "%s rests on itself; what depends on it was not judged", reference)
	case evaluate == nil && name.Kind == lint.String:
		t.gap(at, "%s is not declared; what depends on it was not judged", reference)
	}
	if evaluate == nil || t.busy[reference] {
		return partial.Unknown(at, append(partial.References(name), reference)...)
	}
	t.busy[reference] = true
	value := evaluate()
	delete(t.busy, reference)
	switch {
	case value == nil:
		return nil
	case store == "variables":
		used := *value
		used.Via = append([]lint.Step{{Message: "used here through the variable " + name.Text, Span: at}}, value.Via...)
		used.Via = used.Via[:min(len(used.Via), partial.MaxVia)]
		if from := t.derived[value]; from != nil {
			t.derived[&used] = from
		}
		return &used
	case partial.IsUnknown(value):
		used := partial.With(value, reference)
		used.Span = at
		return used
	}
	return t.fromDefault(value, name.Text, reference, at)
}

// fromDefault is the default of a parameter where it is used. Each part of it knows
// that it is.
func (t *template) fromDefault(value *lint.Node, name, reference string, at lint.Span) *lint.Node {
	t.spent++
	used := *value
	used.Via = []lint.Step{{Message: "the default of the parameter " + name, Span: value.Span}}
	if t.given[strings.ToLower(name)] != nil {
		used.Via = append([]lint.Step{{Message: "given to the parameter " + name, Span: value.Span}}, value.Via...)
		used.Via = used.Via[:min(len(used.Via), partial.MaxVia)]
	}
	used.Span = at
	used.Items, used.Fields = nil, nil
	for _, item := range value.Items {
		used.Items = append(used.Items, t.fromDefault(item, name, reference, at))
	}
	for _, field := range value.Fields {
		used.Fields = append(used.Fields, lint.Field{Key: field.Key, Span: at, Value: t.fromDefault(field.Value, name, reference, at)})
	}
	t.derived[&used] = []string{reference}
	return &used
}

// parameter declares one. Default is nil if it has none.
func (t *template) parameter(name string, at lint.Span, typ *lint.Node, secure bool, description *lint.Node, from func() *lint.Node) *lint.Node {
	entry := lint.NewObject(at)
	entry.Set("name", at, lint.NewString(name, at))
	if typ.Str() != "" {
		entry.Set("type", lint.Span{}, typ)
	}
	entry.Set("secure", lint.Span{}, lint.NewBool(secure, lint.Span{}))
	entry.Set("has_default", lint.Span{}, lint.NewBool(from != nil, lint.Span{}))
	if description != nil {
		entry.Set("description", lint.Span{}, description)
	}
	t.parameters.Items = append(t.parameters.Items, entry)
	given := t.given[strings.ToLower(name)]
	if given != nil {
		entry.Set("given", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	t.stores["parameters"][strings.ToLower(name)] = func() *lint.Node {
		if given != nil {
			return handed(name, given, at)
		}
		if from != nil {
			if value := from(); value != nil && (value.Kind != lint.String || value.Text != "") {
				return value
			}
		}
		return partial.Unknown(at, "parameters."+name)
	}
	return entry
}

// holder adds what has values: a resource, a module, an output.
func (t *template) holder(to, entry *lint.Node) {
	if values := entry.Field("values"); values != nil {
		properties := values.Value.Field("properties")
		if properties != nil && partial.IsUnknown(properties.Value) && len(partial.Known(properties.Value)) == 0 {
			t.gap(properties.Span, "the properties of %s are not known; no policy judges them", entry.Get("address").Str())
		}
	}
	if derived := partial.Derived(entry, t.derived); derived != nil {
		entry.Set("derived", lint.Span{}, derived)
	}
	entry.Via = t.way
	to.Items = append(to.Items, entry)
}

// unversioned is a type without its version.
func unversioned(typ string) string {
	before, _, _ := strings.Cut(typ, "@")
	return before
}
