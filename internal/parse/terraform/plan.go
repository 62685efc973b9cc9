package terraform

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// PlanName is the name of the document of a plan that lies beside its configuration:
// what it says stands there, and is said of the same resources.
const PlanName = "plan"

// isPlan says whether a file is what "terraform show -json" writes of a plan or a state.
func isPlan(src *lint.Source) bool {
	if !strings.HasSuffix(src.Path, ".json") || extension(src.Path) != "" || isValues(src.Path) {
		return false
	}
	has := func(key string) bool { return bytes.Contains(src.Data, []byte(`"`+key+`"`)) }
	return has("format_version") && (has("planned_values") || has("resource_changes") || has("values") && has("root_module"))
}

// planned reads a plan: its values are those that the provider worked out.
type planned struct {
	*builder
	root    *lint.Node
	changes map[string]*lint.Node // by address with keys
	configs map[string]*lint.Node // resources of the configuration, by address without keys
	sources map[string]*lint.Node // entries of the directory's own document, by address with keys
}

// plan makes the document of a plan, in the shape that sources have. A value
// stands where the source of its resource says it, if the plan lies beside that;
// else where it stands in the plan.
func (l *loader) plan(src *lint.Source) (*lint.Document, []lint.Finding) {
	docs, findings := yaml.Read(src)
	if len(docs) != 1 || docs[0].Kind != lint.Object || len(findings) > 0 {
		return nil, findings
	}
	root := docs[0]
	p := &planned{
		builder: &builder{evaluator: newEvaluator(l.newRun(path.Dir(src.Path), lint.Span{Source: src}), newModule())},
		root:    root, changes: map[string]*lint.Node{}, configs: map[string]*lint.Node{}, sources: map[string]*lint.Node{},
	}
	for _, change := range root.Get("resource_changes").List() {
		p.changes[change.Get("address").Str()] = change.Get("change")
	}
	p.configured("", root.Get("configuration", "root_module"), 0)
	doc := &lint.Document{Platform: "terraform", Path: src.Path}
	beside := l.beside(src)
	if beside != nil {
		for _, entry := range beside.Get("resources").List() {
			p.sources[cmp.Or(entry.Get("instance").Str(), entry.Get("address").Str())] = entry
		}
	}
	if len(p.sources) > 0 {
		doc.Name = PlanName
	}
	doc.Root = p.document(src)
	if doc.Name != "" { // declarations are as they are written
		beside.Set("resources", lint.Span{}, doc.Root.Get("resources"))
		doc.Root = beside
	}
	doc.Gaps = sortedGaps(p.run.gaps)
	return doc, p.run.findings
}

// beside is the document of the module in whose directory a plan lies.
func (l *loader) beside(src *lint.Source) *lint.Node {
	m := l.module(path.Dir(src.Path))
	if m == nil {
		return nil
	}
	return document(newEvaluator(l.newRun(path.Dir(src.Path), lint.Span{Source: src}), m), src.Whole())
}

// configured notes what the configuration says of resources, and what it calls.
func (p *planned) configured(prefix string, module *lint.Node, depth int) {
	for _, resource := range module.Get("resources").List() {
		p.configs[prefix+resource.Get("address").Str()] = resource
	}
	for _, call := range module.Get("module_calls").Object() {
		if depth < maxCalls {
			p.configured(prefix+"module."+call.Key+".", call.Value.Get("module"), depth+1)
		}
	}
}

func (p *planned) document(src *lint.Source) *lint.Node {
	doc := lint.NewObject(src.Whole())
	resources := lint.NewList(lint.Span{})
	seen := map[string]bool{}
	p.resources(resources, p.judged(), seen, false, 0)
	p.resources(resources, p.root.Get("prior_state", "values", "root_module"), seen, true, 0)
	doc.Set("resources", lint.Span{}, resources)
	doc.Set("variables", lint.Span{}, p.variables())
	doc.Set("outputs", lint.Span{}, p.outputs())
	providers, modules := lint.NewList(lint.Span{}), lint.NewList(lint.Span{})
	for _, field := range p.root.Get("configuration", "provider_config").Object() {
		entry := lint.NewObject(field.Value.Span)
		entry.Set("name", lint.Span{}, lint.NewString(field.Value.Get("name").Str(), lint.Span{}))
		if alias := field.Value.Get("alias"); alias != nil {
			entry.Set("alias", lint.Span{}, alias)
		}
		entry.Set("values", field.Span, p.expressions("", field.Value.Get("expressions"), 0))
		providers.Items = append(providers.Items, entry)
	}
	for _, call := range p.root.Get("configuration", "root_module", "module_calls").Object() {
		entry := lint.NewObject(call.Value.Span)
		entry.Set("reference", lint.Span{}, lint.NewString("module."+call.Key, lint.Span{}))
		entry.Set("name", lint.Span{}, lint.NewString(call.Key, call.Span))
		if source := call.Value.Field("source"); source != nil {
			entry.Set("source", source.Span, source.Value)
		}
		entry.Set("values", call.Span, p.expressions("", call.Value.Get("expressions"), 0))
		modules.Items = append(modules.Items, entry)
	}
	doc.Set("providers", lint.Span{}, providers)
	doc.Set("modules", lint.Span{}, modules)
	doc.Set("locals", lint.Span{}, lint.NewObject(lint.Span{}))
	doc.Set("required_providers", lint.Span{}, lint.NewObject(lint.Span{}))
	doc.Set("tfvars", lint.Span{}, lint.NewList(lint.Span{}))
	return doc
}

// judged are the resources as they will be: those of the plan, which are what its changes
// lead to where it lists these only, or those of a state.
func (p *planned) judged() *lint.Node {
	if state := p.root.Get("values", "root_module"); state != nil {
		return state
	}
	if all := p.root.Get("planned_values"); all != nil || p.root.Get("resource_changes") == nil {
		return all.Get("root_module")
	}
	resources := lint.NewList(lint.Span{})
	for _, change := range p.root.Get("resource_changes").List() {
		after := change.Get("change").Field("after")
		if after != nil && after.Value.Kind == lint.Null { // it is destroyed
			continue
		}
		resource := *change
		if after != nil {
			resource.Fields = append(slices.Clone(change.Fields), lint.Field{Key: "values", Span: after.Span, Value: after.Value})
		}
		resources.Items = append(resources.Items, &resource)
	}
	root := lint.NewObject(lint.Span{})
	root.Set("resources", lint.Span{}, resources)
	return root
}

// resources adds the resources of a module and of those within it. Of the state
// before, data sources only: the rest is as it will be.
func (p *planned) resources(list, module *lint.Node, seen map[string]bool, before bool, depth int) {
	for _, resource := range module.Get("resources").List() {
		address, mode := resource.Get("address").Str(), cmp.Or(resource.Get("mode").Str(), "managed")
		if address == "" || resource.Get("type").Str() == "" {
			p.gapAt(resource.Span, "the entry of the plan names no resource and was not judged")
			continue
		}
		if seen[address] || before && mode != "data" || !p.spend(1) {
			continue
		}
		seen[address] = true
		list.Items = append(list.Items, p.planned(resource, address, mode))
	}
	for _, child := range module.Get("child_modules").List() {
		if depth < maxCalls {
			p.resources(list, child, seen, before, depth+1)
		}
	}
}

// keysIn are the keys of instances within an address.
var keysIn = regex.Lazy(`\[(?:"(?:[^"\\]|\\.)*"|\d+)\]`)

func (p *planned) planned(resource *lint.Node, instance, mode string) *lint.Node {
	address := keysIn().ReplaceAllString(instance, "")
	prefix, local := split(address)
	source := p.sources[instance]
	entry := lint.NewObject(resource.Span)
	text := func(name, value string) { entry.Set(name, lint.Span{}, lint.NewString(value, lint.Span{})) }
	text("address", address)
	if instance != address {
		text("instance", instance)
	}
	if prefix != "" {
		text("local_address", local)
		text("module", strings.TrimSuffix(prefix, "."))
	}
	entry.Set("type", lint.Span{}, resource.Get("type"))
	entry.Set("name", lint.Span{}, p.name(resource, local))
	text("mode", mode)

	change := p.changes[instance]
	values := lint.NewObject(resource.Span)
	p.merge(values, resource.Get("values"), change.Get("after_unknown"), prefix, p.configs[address].Get("expressions"))
	for _, field := range slices.Clone(values.Fields) {
		if field.Value.Kind == lint.String {
			if structured := p.jsonString(field.Value, holdsYAML(field.Key)); structured != nil {
				values.Set(field.Key+"$json", field.Span, structured)
			}
		}
	}
	if made := values.Get("json$json"); mode == "data" && resource.Get("type").Str() == policyDocumentType && made != nil {
		values.Set("$document", lint.Span{}, made)
	}
	entry.Set("values", lint.Span{}, values)
	p.record = &record{}
	for _, marks := range []*lint.Node{resource.Get("sensitive_values"), change.Get("after_sensitive")} {
		p.hidden(nil, marks, 0)
	}
	secret := map[*lint.Node]bool{}
	for _, path := range p.record.sensitive {
		secret[values.At(path)] = true
	}
	entry = p.finish(entry, "sensitive")
	if source != nil {
		p.relocate(entry, source, secret)
	}
	return entry
}

// name is what a resource is called: its address says so too.
func (p *planned) name(resource *lint.Node, local string) *lint.Node {
	if name := resource.Get("name"); name.Str() != "" {
		return name
	}
	return lint.NewString(local[strings.LastIndexByte(local, '.')+1:], lint.Span{})
}

// merge copies values, without those that are not set, and adds what the plan says
// is known after it was applied only.
func (p *planned) merge(into, values, unknown *lint.Node, prefix string, expressions *lint.Node) {
	for _, field := range values.Object() {
		value := field.Value
		if value.Kind == lint.Null || value.Kind == lint.List && len(value.Items) == 0 {
			continue
		}
		if later := unknown.Get(field.Key); later != nil && (value.Kind == lint.Object || value.Kind == lint.List) {
			value = p.partly(value, later, 0)
		}
		into.Fields = append(into.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
	}
	for _, field := range unknown.Object() {
		if field.Value.Kind == lint.Bool && field.Value.Text == "true" && into.Get(field.Key) == nil && p.isArgument(expressions, field.Key) {
			into.Fields = append(into.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: unknownNode(p.referred(prefix, expressions.Get(field.Key)), field.Value.Span)})
		}
	}
}

// isArgument says whether the configuration sets something: what the provider alone
// makes, as an ARN, is no argument.
func (p *planned) isArgument(expressions *lint.Node, name string) bool {
	return expressions == nil || expressions.Get(name) != nil
}

// partly puts unknown values into a structure of which a part is known.
func (p *planned) partly(value, unknown *lint.Node, depth int) *lint.Node {
	if depth > maxNesting || unknown == nil || !p.spend(1) {
		return value
	}
	copied := *value
	switch {
	case unknown.Kind == lint.Bool && unknown.Text == "true":
		return unknownNode(nil, value.Span)
	case value.Kind == lint.List && unknown.Kind == lint.List:
		copied.Items = slices.Clone(value.Items)
		for i, item := range unknown.Items {
			if i < len(copied.Items) {
				copied.Items[i] = p.partly(copied.Items[i], item, depth+1)
			}
		}
	case value.Kind == lint.Object && unknown.Kind == lint.Object:
		copied.Fields = nil
		for _, field := range value.Fields {
			if later := p.partly(field.Value, unknown.Get(field.Key), depth+1); later.Kind != lint.Null {
				copied.Fields = append(copied.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: later})
			}
		}
		for _, field := range unknown.Fields {
			if copied.Get(field.Key) == nil && field.Value.Kind == lint.Bool && field.Value.Text == "true" {
				copied.Fields = append(copied.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: unknownNode(nil, field.Value.Span)})
			}
		}
	}
	return &copied
}

// referred are the references of an expression, the longest of those that begin
// alike.
func (p *planned) referred(prefix string, expression *lint.Node) []string {
	var all []string
	for _, name := range expression.Get("references").List() {
		all = append(all, prefix+keysIn().ReplaceAllString(name.Str(), ""))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		return slices.ContainsFunc(all, func(longer string) bool { return strings.HasPrefix(longer, name+".") })
	})
}

// expressions are the arguments of a block of the configuration.
func (p *planned) expressions(prefix string, expressions *lint.Node, depth int) *lint.Node {
	values := lint.NewObject(lint.Span{})
	if expressions != nil {
		values.Span = expressions.Span
	}
	for _, field := range expressions.Object() {
		value := field.Value
		switch constant := value.Get("constant_value"); {
		case depth > maxNesting || !p.spend(1):
			continue
		case constant != nil:
			value = constant
		case value.Get("references") != nil:
			value = unknownNode(p.referred(prefix, value), value.Span)
		case value.Kind == lint.List:
			list := lint.NewList(value.Span)
			for _, item := range value.Items {
				list.Items = append(list.Items, p.expressions(prefix, item, depth+1))
			}
			value = list
		case value.Kind == lint.Object:
			value = p.expressions(prefix, value, depth+1)
		}
		if value.Kind != lint.Null {
			values.Fields = append(values.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
		}
	}
	return values
}

// hidden notes the paths that a plan marks as sensitive.
func (p *planned) hidden(at lint.Path, marks *lint.Node, depth int) {
	if marks == nil || depth > maxNesting || !p.spend(1) {
		return
	}
	if marks.Kind == lint.Bool && marks.Text == "true" && len(at) > 0 {
		same := func(path lint.Path) bool { return slices.Equal(path, at) }
		if !slices.ContainsFunc(p.record.sensitive, same) {
			p.record.sensitive = append(p.record.sensitive, slices.Clone(at))
		}
	}
	for i, item := range marks.List() {
		p.hidden(append(at[:len(at):len(at)], i), item, depth+1)
	}
	for _, field := range marks.Object() {
		p.hidden(append(at[:len(at):len(at)], field.Key), field.Value, depth+1)
	}
}

// relocate gives a resource of the plan the places that it has in the source. What
// the source does not say stands with what is around it.
func (p *planned) relocate(entry, source *lint.Node, secret map[*lint.Node]bool) {
	entry.Span, entry.Via = source.Span, source.Via
	for i := range entry.Fields {
		field := &entry.Fields[i]
		from := source.Field(field.Key)
		copied := *field.Value
		field.Value = &copied
		field.Span, field.Value.Span = lint.Span{}, lint.Span{}
		if from != nil {
			field.Span = from.Span
		}
		switch {
		case field.Key == "values" && from != nil:
			field.Value = p.placed(field.Value, from.Value, secret, 0)
		case (field.Key == "name" || field.Key == "type") && from != nil:
			field.Value.Span = from.Value.Span
		}
	}
}

func (p *planned) placed(value, source *lint.Node, secret map[*lint.Node]bool, depth int) *lint.Node {
	copied := &lint.Node{Kind: value.Kind, Text: value.Text}
	if source != nil && (!isWritten(source) || source.Text == value.Text) { // another value does not stand there
		copied.Span, copied.Via, copied.Way = source.Span, source.Via, source.Way
	}
	if secret[value] && isWritten(value) && source != nil && partial.IsUnknown(source) { // what the source only refers to stands in the plan, for all who read that
		copied.Span, copied.Via = value.Span, []lint.Step{{Message: "given here, without a value", Span: source.Span}}
	}
	if depth > maxNesting || !p.spend(1) {
		return copied
	}
	for i, item := range value.Items {
		var from *lint.Node
		if items := source.List(); i < len(items) {
			from = items[i]
		}
		copied.Items = append(copied.Items, p.placed(item, from, secret, depth+1))
	}
	for _, field := range value.Fields {
		from := source.Field(field.Key)
		if from == nil {
			from = &lint.Field{}
		}
		copied.Fields = append(copied.Fields, lint.Field{Key: field.Key, Span: from.Span, Value: p.placed(field.Value, from.Value, secret, depth+1)})
	}
	return copied
}

func isWritten(node *lint.Node) bool {
	return node.Kind == lint.String || node.Kind == lint.Number || node.Kind == lint.Bool
}

// variables are those of the root, as they are declared. Their values stand in the
// plan too, and are no literals of anybody.
func (p *planned) variables() *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, variable := range p.root.Get("configuration", "root_module", "variables").Object() {
		entry := lint.NewObject(variable.Value.Span)
		entry.Set("reference", lint.Span{}, lint.NewString("var."+variable.Key, lint.Span{}))
		entry.Set("name", variable.Span, lint.NewString(variable.Key, variable.Span))
		for _, name := range []string{"default", "description", "sensitive"} {
			if field := variable.Value.Field(name); field != nil && field.Value.Kind != lint.Null {
				entry.Set(name, field.Span, field.Value)
			}
		}
		entry.Set("has_default", lint.Span{}, lint.NewBool(variable.Value.Get("default") != nil, lint.Span{}))
		p.flags(entry)
		list.Items = append(list.Items, entry)
	}
	return list
}

func (p *planned) outputs() *lint.Node {
	list := lint.NewList(lint.Span{})
	declared := p.root.Get("configuration", "root_module", "outputs")
	for _, output := range declared.Object() {
		entry := lint.NewObject(output.Value.Span)
		entry.Set("reference", lint.Span{}, lint.NewString("output."+output.Key, lint.Span{}))
		entry.Set("name", output.Span, lint.NewString(output.Key, output.Span))
		value := unknownNode(p.referred("", output.Value.Get("expression")), output.Value.Span)
		if constant := output.Value.Get("expression", "constant_value"); constant != nil {
			value = constant
		}
		entry.Set("value", lint.Span{}, value)
		if hidden := output.Value.Field("sensitive"); hidden != nil {
			entry.Set("sensitive", hidden.Span, hidden.Value)
		}
		p.flags(entry)
		list.Items = append(list.Items, entry)
	}
	return list
}
