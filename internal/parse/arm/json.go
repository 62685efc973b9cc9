package arm

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// json reads a template or a file of parameters. It says false for neither.
func (t *template) json(root *lint.Node) bool {
	schema := strings.ToLower(root.Get("$schema").Str())
	t.out.Set("language", lint.Span{}, lint.NewString("json", lint.Span{}))
	switch {
	case strings.Contains(schema, "deploymentparameters.json"):
		t.parameterFile(root)
	case strings.Contains(schema, "deploymenttemplate.json"):
		for _, scope := range []string{"subscription", "tenant", "managementGroup"} {
			if strings.Contains(schema, strings.ToLower(scope)+"deploymenttemplate") {
				t.out.Set("scope", lint.Span{}, lint.NewString(scope, lint.Span{}))
			}
		}
		t.body(root, "")
	default:
		return false
	}
	return true
}

// parameterFile reads a file of values; a secret of a key vault is a reference.
func (t *template) parameterFile(root *lint.Node) {
	all := lint.NewList(lint.Span{})
	for _, field := range root.Get("parameters").Object() {
		value := field.Value.Field("value")
		if reference := field.Value.Field("reference"); reference != nil {
			value = &lint.Field{Span: reference.Span, Value: partial.Unknown(reference.Value.Span, "keyVault."+reference.Value.Get("secretName").Str())}
		}
		if value == nil {
			continue
		}
		entry := lint.NewObject(field.Span)
		entry.Set("name", field.Span, lint.NewString(field.Key, field.Span))
		entry.Set("value", value.Span, t.value(value.Value))
		all.Items = append(all.Items, entry)
	}
	t.out.Set("parameter_values", lint.Span{}, all)
}

// body reads a template, which may stand within another: then its names begin with
// a prefix.
func (t *template) body(root *lint.Node, prefix string) {
	for _, field := range root.Get("parameters").Object() {
		typ := field.Value.Get("type")
		secure := strings.HasPrefix(strings.ToLower(typ.Str()), "secure")
		var from func() *lint.Node
		value := field.Value.Field("defaultValue")
		if value != nil {
			from = func() *lint.Node { return t.value(value.Value) }
		}
		entry := t.parameter(field.Key, field.Span, typ, secure, field.Value.Get("metadata", "description"), from)
		if value != nil {
			entry.Set("default", value.Span, t.present(value.Value))
		}
	}
	for _, field := range root.Get("variables").Object() {
		t.stores["variables"][strings.ToLower(field.Key)] = func() *lint.Node { return t.value(field.Value) }
	}
	for _, copied := range root.Get("variables", "copy").List() {
		t.stores["variables"][strings.ToLower(copied.Get("name").Str())] = func() *lint.Node { return t.list(copied) }
	}
	resources := root.Get("resources")
	for _, field := range resources.Object() {
		t.resource(field.Value, field.Span, field.Key, "", "")
	}
	for _, resource := range resources.List() {
		t.resource(resource, resource.Span, "", "", "")
	}
	for _, field := range root.Get("outputs").Object() {
		entry := lint.NewObject(field.Span)
		entry.Set("name", field.Span, &lint.Node{Kind: lint.String, Text: prefix + field.Key})
		typ := field.Value.Get("type")
		entry.Set("secure", lint.Span{}, lint.NewBool(strings.HasPrefix(strings.ToLower(typ.Str()), "secure"), lint.Span{}))
		if value := field.Value.Field("value"); value != nil {
			entry.Set("value", value.Span, t.present(value.Value))
		}
		t.holder(t.outputs, entry)
	}
}

// list is what a copy within properties or variables makes.
func (t *template) list(copy *lint.Node) *lint.Node {
	made := lint.NewList(copy.Span)
	if input := copy.Get("input"); input != nil {
		t.copies(copy, func(copied) { made.Items = append(made.Items, t.present(input)) })
	}
	return made
}

// present is a value, null where it is absent.
func (t *template) present(n *lint.Node) *lint.Node {
	if value := t.value(n); value != nil {
		return value
	}
	return &lint.Node{Kind: lint.Null, Span: n.Span}
}

// value evaluates a node of a template, nil for null.
func (t *template) value(n *lint.Node) *lint.Node {
	t.spent++
	t.depth++
	defer func() { t.depth-- }()
	if t.spent > maxValues || t.depth > maxDepth {
		t.exhausted(n.Span)
		return partial.Unknown(n.Span)
	}
	switch n.Kind {
	case lint.Null:
		return nil
	case lint.String:
		return t.text(n)
	case lint.List:
		made := &lint.Node{Kind: lint.List, Span: n.Span}
		for _, item := range n.Items {
			made.Items = append(made.Items, t.present(item))
		}
		return made
	case lint.Object:
		made := &lint.Node{Kind: lint.Object, Span: n.Span}
		for _, field := range n.Fields {
			if field.Key == "copy" && field.Value.Kind == lint.List {
				for _, copied := range field.Value.Items {
					made.Set(copied.Get("name").Str(), copied.Span, t.list(copied))
				}
				continue
			}
			if value := t.value(field.Value); value != nil {
				t.set(made, t.key(field), field.Span, value)
			}
		}
		return made
	}
	return n
}

// key is the key of a field, which may be an expression too.
func (t *template) key(field lint.Field) string {
	if !strings.HasPrefix(field.Key, "[") {
		return field.Key
	}
	return partial.Readable(t.present(lint.NewString(field.Key, field.Span)))
}

// text is a text, or what the expression in it is.
func (t *template) text(n *lint.Node) *lint.Node {
	switch {
	case strings.HasPrefix(n.Text, "[["):
		return &lint.Node{Kind: lint.String, Text: n.Text[1:], Span: n.Span, Via: []lint.Step{{Message: "written with [[ for [", Span: n.Span}}}
	case !strings.HasPrefix(n.Text, "[") || !strings.HasSuffix(n.Text, "]"):
		return n
	}
	p := &parser{data: []byte(n.Text[1 : len(n.Text)-1]), inText: n.Span}
	e := p.expression()
	p.blank(true)
	if p.wrong || p.at < len(p.data) {
		t.gap(n.Span, "the expression cannot be read; what it makes was not judged")
		return partial.Unknown(n.Span)
	}
	return t.eval(e)
}

// skipped are the fields of a resource that are no values of it.
var skipped = map[string]bool{"type": true, "apiVersion": true, "name": true, "resources": true, "dependsOn": true, "copy": true, "comments": true, "existing": true}

func (t *template) resource(n *lint.Node, at lint.Span, symbol, parentType, parent string) {
	typ := unversioned(n.Get("type").Str())
	if typ == "" {
		t.gap(at, "the resource has no type that is known; no policy judges it")
		return
	}
	if parentType != "" && !strings.Contains(typ, ".") {
		typ = parentType + "/" + typ
	}
	copy := n.Get("copy")
	if copy == nil {
		t.oneResource(n, at, typ, symbol, parent, copied{})
		return
	}
	t.copies(copy, func(which copied) { t.oneResource(n, at, typ, symbol, parent, which) })
}

func (t *template) oneResource(n *lint.Node, at lint.Span, typ, symbol, parent string, which copied) {
	entry := lint.NewObject(n.Span)
	name := n.Field("name")
	var named *lint.Node
	if name != nil {
		named = t.present(name.Value)
		if symbol == "" {
			symbol = partial.Readable(named)
		}
	}
	entry.Set("address", at, lint.NewString(symbol, lint.Span{}))
	entry.Set("type", n.Field("type").Span, &lint.Node{Kind: lint.String, Text: typ})
	if named != nil {
		entry.Set("name", name.Span, named)
	}
	if parent != "" {
		entry.Set("parent", lint.Span{}, lint.NewString(parent, lint.Span{}))
	}
	if existing := n.Get("existing"); existing != nil && existing.Text == "true" {
		entry.Set("existing", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	which.mark(entry, symbol)
	if strings.EqualFold(typ, "Microsoft.Resources/deployments") {
		t.deployment(n, entry, symbol)
		return
	}
	values := lint.NewObject(n.Span)
	for _, field := range n.Fields {
		if skipped[field.Key] {
			continue
		}
		if value := t.value(field.Value); value != nil {
			t.set(values, field.Key, field.Span, value)
		}
	}
	entry.Set("values", n.Field("type").Span, values)
	t.holder(t.resources, entry)
	for _, child := range n.Get("resources").List() {
		t.resource(child, child.Span, "", typ, symbol)
	}
}

// deployment reads a template that is deployed from this one.
func (t *template) deployment(n, entry *lint.Node, symbol string) {
	properties := n.Get("properties")
	values := lint.NewObject(n.Span)
	for _, field := range properties.Get("parameters").Object() {
		if value := field.Value.Field("value"); value != nil {
			t.set(values, field.Key, field.Span, t.present(value.Value))
		} else if reference := field.Value.Get("reference"); reference != nil {
			values.Set(field.Key, field.Span, partial.Unknown(reference.Span, "keyVault."+reference.Get("secretName").Str()))
		}
	}
	entry.Set("values", n.Field("type").Span, values)
	link := properties.Get("templateLink")
	if source := link.Field("uri"); source != nil {
		entry.Set("source", source.Span, t.present(source.Value))
		t.gap(source.Span, "the template that is linked is not in this repository; it was not judged")
	} else if source := link.Field("relativePath"); source != nil {
		entry.Set("source", source.Span, t.present(source.Value))
		if source.Value.Kind == lint.String {
			t.calls = append(t.calls, moduleCall{symbol, source.Value.Text, source.Value.Span, values, source.Span})
		}
	} else if link != nil {
		t.gap(link.Span, "the template that is linked is not in this repository; it was not judged")
	}
	t.holder(t.modules, entry)
	inner := properties.Get("template")
	if inner == nil {
		return
	}
	stores, symbols, loops, busy := t.stores, t.symbols, t.loops, t.busy
	if strings.EqualFold(properties.Get("expressionEvaluationOptions", "scope").Str(), "inner") {
		t.scope()
		t.body(inner, symbol+".")
	} else { // the parameters and variables are those around it
		outer := *inner
		outer.Fields = nil
		for _, field := range inner.Fields {
			if field.Key != "parameters" && field.Key != "variables" {
				outer.Fields = append(outer.Fields, field)
			}
		}
		t.body(&outer, symbol+".")
	}
	t.stores, t.symbols, t.loops, t.busy = stores, symbols, loops, busy
}
