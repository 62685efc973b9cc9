package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
)

// template is one file while it is read.
type template struct {
	src   *lint.Source
	root  *lint.Node
	out   *lint.Node
	gaps  []lint.Gap
	spent int // values that were made; intrinsics can ask for many
	depth int

	given  map[string]*lint.Node // of a nested template: what its parameters are given
	way    []lint.Step           // the calls by which it is nested
	called []call                // templates of the repository that it nests

	conditions map[string]truth        // those that were decided
	derived    map[*lint.Node][]string // values that do not stand where they are used, and from where they are
}

// Limits of one template, beside those of the file: Fn::ForEach and references to
// lists make more values than stand there.
const (
	maxValues = 400_000
	maxDepth  = 150
)

func (t *template) gap(at lint.Span, format string, args ...any) {
	t.gaps = append(t.gaps, lint.Gap{Location: at.Location(), Message: fmt.Sprintf(format, args...)})
}

func (t *template) document() {
	t.derived, t.conditions = map[*lint.Node][]string{}, map[string]truth{}
	t.out = lint.NewObject(t.root.Span)
	t.out.Set("transforms", lint.Span{}, lint.NewList(lint.Span{}, listed(t.root.Get("Transform"))...))
	t.out.Set("parameters", lint.Span{}, t.parameters())
	globals, all := t.globals(), lint.NewList(lint.Span{})
	for _, field := range t.expanded(t.root.Get("Resources").Object()) {
		all.Items = append(all.Items, t.resource(field, globals)...)
	}
	t.macros()
	t.out.Set("resources", lint.Span{}, all)
	t.out.Set("globals", lint.Span{}, globals)
	t.out.Set("outputs", lint.Span{}, t.outputs())
	if metadata := t.root.Field("Metadata"); metadata != nil {
		t.out.Set("metadata", metadata.Span, t.known(metadata.Value))
	}
	if t.spent > maxValues {
		t.gap(t.root.Span, "the template makes more than %d values; the rest was not judged", maxValues)
	}
}

// parameterValues are those of a file for the command line.
func (t *template) parameterValues() {
	all := lint.NewList(lint.Span{})
	for _, item := range t.root.List() {
		name, value := item.Get("ParameterKey"), item.Field("ParameterValue")
		if name.Str() == "" || value == nil {
			continue
		}
		entry := lint.NewObject(item.Span)
		entry.Set("name", name.Span, name)
		entry.Set("value", value.Span, t.known(value.Value))
		all.Items = append(all.Items, entry)
	}
	t.out = lint.NewObject(t.root.Span)
	t.out.Set("parameter_values", lint.Span{}, all)
}

func (t *template) parameters() *lint.Node {
	all := lint.NewList(lint.Span{})
	for _, field := range t.root.Get("Parameters").Object() {
		entry := lint.NewObject(field.Span)
		entry.Set("name", field.Span, lint.NewString(field.Key, field.Span))
		from := field.Value.Field("Default")
		entry.Set("has_default", lint.Span{}, lint.NewBool(from != nil, lint.Span{}))
		entry.Set("no_echo", lint.Span{}, lint.NewBool(false, lint.Span{}))
		if t.given[field.Key] != nil {
			entry.Set("given", lint.Span{}, lint.NewBool(true, lint.Span{}))
		}
		for _, set := range field.Value.Object() {
			switch set.Key {
			case "Type":
				if set.Value.Str() != "" {
					entry.Set("type", set.Span, set.Value)
				}
			case "Default":
				entry.Set("default", set.Span, t.known(set.Value))
			case "NoEcho":
				entry.Set("no_echo", set.Span, lint.NewBool(strings.EqualFold(set.Value.Text, "true"), set.Value.Span))
			case "Description":
				entry.Set("description", set.Span, set.Value)
			}
		}
		all.Items = append(all.Items, entry)
	}
	return all
}

func (t *template) outputs() *lint.Node {
	all := lint.NewList(lint.Span{})
	for _, field := range t.expanded(t.root.Get("Outputs").Object()) {
		entry := lint.NewObject(field.Span)
		entry.Set("name", field.Span, lint.NewString(field.Key, field.Span))
		if value := field.Value.Field("Value"); value != nil {
			entry.Set("value", value.Span, t.known(value.Value))
		}
		if export := field.Value.Field("Export"); export != nil {
			entry.Set("export", export.Span, t.known(export.Value))
		}
		t.noteDerived(entry)
		all.Items = append(all.Items, entry)
	}
	return all
}

// known is the value of a node; one that is absent is null.
func (t *template) known(n *lint.Node) *lint.Node {
	if value := t.value(n); value != nil {
		return value
	}
	return &lint.Node{Kind: lint.Null, Span: n.Span}
}

// resource gives the entry of a resource, or one for each of the properties that a
// condition chooses among.
func (t *template) resource(field lint.Field, globals *lint.Node) []*lint.Node {
	typ := field.Value.Field("Type")
	if typ == nil || typ.Value.Str() == "" {
		t.gap(field.Span, "%s has no type that is known; no policy judges it", field.Key)
		typ = &lint.Field{Value: lint.NewString("", lint.Span{})}
	}
	properties := field.Value.Field("Properties")
	if properties == nil {
		properties = &lint.Field{Span: field.Span, Value: lint.NewObject(field.Value.Span)}
	}
	var all []*lint.Node
	for _, values := range t.properties(properties, field.Key) {
		entry := lint.NewObject(field.Value.Span)
		entry.Set("id", field.Span, lint.NewString(field.Key, field.Span))
		entry.Set("type", typ.Span, typ.Value)
		for key, name := range map[string]string{"Condition": "condition", "DeletionPolicy": "deletion_policy", "UpdateReplacePolicy": "update_replace_policy"} {
			if set := field.Value.Field(key); set != nil {
				entry.Set(name, set.Span, t.known(set.Value))
			}
		}
		slices.SortFunc(entry.Fields[2:], func(a, b lint.Field) int { return strings.Compare(a.Key, b.Key) })
		if metadata := field.Value.Field("Metadata"); metadata != nil {
			entry.Set("metadata", metadata.Span, t.known(metadata.Value))
		}
		inherited := t.inherit(values, typ.Value.Text, globals)
		entry.Set("values", properties.Span, values)
		t.noteDerived(entry)
		entry.Via = t.way
		if len(inherited.Items) > 0 {
			entry.Set("inherited", lint.Span{}, inherited)
		}
		t.nested(typ.Value.Text, field, values)
		all = append(all, entry)
	}
	return all
}

// properties are those that a resource can have. Of some that nothing is known of, none
// can be missed.
func (t *template) properties(field *lint.Field, id string) []*lint.Node {
	values := t.known(field.Value)
	if partial.IsUnknown(values) {
		known := slices.DeleteFunc(slices.Clone(partial.Known(values)), func(n *lint.Node) bool { return n.Kind != lint.Object })
		if len(known) == 0 {
			t.gap(field.Span, "the properties of %s are not known; no policy judges them", id)
		}
		return known
	}
	if values.Kind != lint.Object && values.Kind != lint.Null {
		t.gap(field.Span, "the properties of %s are no mapping; no policy judges them", id)
	}
	return []*lint.Node{values}
}

// own are the transforms that add nothing which policies would judge otherwise.
var own = regex.Lazy(`^AWS::(?:Serverless|LanguageExtensions|SecretsManager|CodeDeployBlueGreen|ServiceCatalog)`)

// macros says which parts of the template are made elsewhere.
func (t *template) macros() {
	transforms := listed(t.root.Get("Transform"))
	if macro := t.root.Get("Fn::Transform"); macro != nil {
		transforms = append(slices.Clip(transforms), listed(macro)...)
	}
	for _, transform := range transforms {
		name := transform.Str()
		if transform.Kind == lint.Object {
			name = transform.Get("Name").Str()
		}
		if !own().MatchString(name) {
			t.gap(transform.Span, "what the macro %s makes of the template is not known; it was not judged", name)
		}
	}
}

// noteDerived adds which values of an entry do not stand there.
func (t *template) noteDerived(in *lint.Node) {
	if derived := partial.Derived(in, t.derived); derived != nil {
		in.Set("derived", lint.Span{}, derived)
	}
}

// globals are the values that Globals give to all resources of a type.
func (t *template) globals() *lint.Node {
	all := lint.NewList(lint.Span{})
	for _, field := range t.root.Get("Globals").Object() {
		entry := lint.NewObject(field.Span)
		entry.Set("id", field.Span, lint.NewString("Globals."+field.Key, lint.Span{}))
		entry.Set("type", lint.Span{}, lint.NewString("AWS::Serverless::"+field.Key, lint.Span{}))
		entry.Set("values", field.Span, t.known(field.Value))
		t.noteDerived(entry)
		all.Items = append(all.Items, entry)
	}
	return all
}

// inherit adds what Globals say of a type: mappings are joined, lists put behind
// one another, and what the resource says itself wins.
func (t *template) inherit(values *lint.Node, typ string, globals *lint.Node) *lint.Node {
	inherited := lint.NewList(lint.Span{})
	for _, global := range globals.Items {
		if global.Get("type").Str() == typ {
			t.join(values, global.Get("values"), lint.Path{"values"}, inherited)
		}
	}
	return inherited
}

func (t *template) join(values, global *lint.Node, path lint.Path, inherited *lint.Node) {
	for _, field := range global.Object() {
		at := append(slices.Clone(path), any(field.Key))
		own := values.Get(field.Key)
		switch {
		case own == nil && values.Kind == lint.Object:
			values.Set(field.Key, field.Span, field.Value)
			inherited.Items = append(inherited.Items, partial.Path(at))
		case own.Object() != nil && field.Value.Object() != nil && !partial.IsUnknown(own) && !partial.IsUnknown(field.Value):
			t.join(own, field.Value, at, inherited)
		case own.List() != nil && field.Value.List() != nil:
			for i := range field.Value.Items {
				inherited.Items = append(inherited.Items, partial.Path(append(slices.Clone(at), any(len(own.Items)+i))))
			}
			own.Items = append(own.Items, field.Value.Items...)
		}
	}
}
