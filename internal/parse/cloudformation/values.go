package cloudformation

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
	"github.com/policyctl/policyctl/internal/regex"
)

// value evaluates a node. Nil stands for AWS::NoValue. Values that stand in the
// file are kept as they are; what is made is new.
func (t *template) value(n *lint.Node) *lint.Node {
	t.spent++
	t.depth++
	defer func() { t.depth-- }()
	switch {
	case t.spent > maxValues:
		return partial.Unknown(n.Span)
	case t.depth > maxDepth:
		t.gap(n.Span, "values are nested more than %d deep; the rest was not judged", maxDepth)
		return partial.Unknown(n.Span)
	}
	switch n.Kind {
	case lint.String:
		return t.dynamic(n)
	case lint.List:
		list := &lint.Node{Kind: lint.List, Span: n.Span, Via: n.Via}
		for _, item := range n.Items {
			if value := t.value(item); value != nil {
				list.Items = append(list.Items, value)
			}
		}
		return list
	case lint.Object:
		if function, argument := intrinsic(n); function != "" {
			return t.call(function, argument, n.Span)
		}
		return t.object(n)
	}
	return n
}

func (t *template) object(n *lint.Node) *lint.Node {
	object := &lint.Node{Kind: lint.Object, Span: n.Span, Via: n.Via, Merges: n.Merges}
	for _, field := range t.expanded(n.Fields) {
		value := t.value(field.Value)
		if value == nil {
			continue
		}
		if field.Key == "UserData" {
			value = decoded(value)
		}
		object.Fields = append(object.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
		if structure := partial.Structure(value, dynamicReferences); structure != nil {
			object.Fields = append(object.Fields, lint.Field{Key: field.Key + partial.JSONKey, Span: field.Span, Value: structure})
		}
	}
	return object
}

// intrinsic is the function that an object calls, by its long name, and its
// argument; "" if it is an object.
func intrinsic(n *lint.Node) (string, *lint.Node) {
	if len(n.Fields) != 1 {
		return "", nil
	}
	key, argument := n.Fields[0].Key, n.Fields[0].Value
	switch {
	case key == "Ref", strings.HasPrefix(key, "Fn::") && !strings.HasPrefix(key, forEach):
		return key, argument
	case key == "!Ref":
		return "Ref", argument
	case key == "!Condition":
		return "Condition", argument
	case strings.HasPrefix(key, "!"):
		return "Fn::" + key[1:], argument
	}
	return "", nil
}

func (t *template) call(function string, argument *lint.Node, at lint.Span) *lint.Node {
	switch function {
	case "Ref":
		return t.ref(argument.Str(), at)
	case "Fn::Sub":
		return t.sub(argument, at)
	case "Fn::GetAtt":
		return t.attribute(argument, at)
	case "Fn::Join":
		return t.joined(t.arguments(argument), at)
	case "Fn::Select":
		return t.selected(t.arguments(argument), at)
	case "Fn::Split":
		return t.split(t.arguments(argument), at)
	case "Fn::FindInMap":
		return t.mapped(t.arguments(argument), at)
	case "Fn::If":
		return t.either(argument, at)
	case "Fn::Base64", "Fn::ToJsonString": // kept as it was before, for people and policies to read
		return t.value(argument)
	case "Fn::ImportValue":
		return partial.Unknown(at, "Exports."+partial.Readable(t.known(argument)))
	case "Fn::GetAZs", "Fn::Cidr", "Fn::Length", "Fn::GetStackOutput":
		return partial.Unknown(at, append(partial.References(t.known(argument)), function)...)
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll", "Condition":
		return partial.Unknown(at, function)
	case "Fn::Transform":
		t.gap(at, "what the macro %s makes is not known; it was not judged", argument.Get("Name").Str())
		return partial.Unknown(at, function)
	}
	t.gap(at, "the function %s is not known; what it makes was not judged", strings.TrimPrefix(function, "Fn::"))
	return partial.Unknown(at, function)
}

// arguments are the values of a function's arguments, null for those that are
// absent.
func (t *template) arguments(n *lint.Node) []*lint.Node {
	var all []*lint.Node
	for _, item := range n.List() {
		all = append(all, t.known(item))
	}
	return all
}

// assumed are the pseudo parameters that are the same for nearly everybody.
var assumed = map[string]string{"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

func (t *template) ref(name string, at lint.Span) *lint.Node {
	if name == "AWS::NoValue" {
		return nil
	}
	if text := assumed[name]; text != "" {
		return t.made(lint.NewString(text, at), nil, name)
	}
	if strings.HasPrefix(name, "AWS::") {
		return partial.Unknown(at, name)
	}
	parameter := t.root.Get("Parameters", name)
	if parameter == nil {
		return partial.Unknown(at, "Resources."+name)
	}
	from, typ := parameter.Get("Default"), parameter.Get("Type").Str()
	if given := t.given[name]; given != nil {
		return t.handed(name, given, at)
	}
	if from == nil || from.Text == "" || strings.HasPrefix(typ, "AWS::SSM::Parameter") {
		return partial.Unknown(at, "Parameters."+name)
	}
	value := t.dynamic(lint.NewString(from.Text, at))
	if typ == "Number" && from.Kind == lint.Number {
		value = &lint.Node{Kind: lint.Number, Text: from.Text, Span: at}
	}
	via := []lint.Step{{Message: "the default of the parameter " + name, Span: from.Span}}
	if strings.HasPrefix(typ, "List<") || typ == "CommaDelimitedList" {
		value = lint.NewList(at)
		for text := range strings.SplitSeq(from.Text, ",") {
			value.Items = append(value.Items, t.made(lint.NewString(strings.TrimSpace(text), at), via, "Parameters."+name))
		}
	}
	return t.made(value, via, "Parameters."+name)
}

// made notes where a value comes from. One that is still unknown says so itself.
func (t *template) made(value *lint.Node, via []lint.Step, from ...string) *lint.Node {
	if partial.IsUnknown(value) {
		return partial.With(value, from...)
	}
	value.Via = append(value.Via, via...)
	value.Via = value.Via[:min(len(value.Via), partial.MaxVia)]
	if len(from) > 0 {
		t.derived[value] = from
	}
	return value
}

func (t *template) attribute(argument *lint.Node, at lint.Span) *lint.Node {
	var parts []string
	for _, part := range listed(argument) {
		text := t.known(part)
		if text.Kind != lint.String {
			return partial.Unknown(at, append(partial.References(text), "Resources."+strings.Join(parts, "."))...)
		}
		parts = append(parts, text.Text)
	}
	return partial.Unknown(at, "Resources."+strings.Join(parts, "."))
}

// concat makes a text of values.
func (t *template) concat(parts []*lint.Node, at lint.Span) *lint.Node {
	value := partial.Join(parts, at)
	text := partial.Text(value)
	var from []string
	end, fetched := 0, dynamicReference().FindAllStringIndex(partial.Readable(value), partial.MaxCandidates)
	for _, part := range parts {
		start := end
		end += len(partial.Readable(part))
		names := func(at []int) bool { return at[0] < end && start < at[1] }
		if !slices.ContainsFunc(fetched, names) { // else it says what is fetched, and is no part of it
			from = append(from, t.derived[part]...)
		}
	}
	switch {
	case !partial.IsUnknown(value):
		return t.made(t.dynamic(value), nil, from...)
	case text == nil:
		t.gap(at, "the text is longer than %d bytes; it was not judged", partial.MaxText)
		return value
	}
	return partial.With(value, dynamicReferences(text.Text)...)
}

func cmpOr(list []string, other string) []string {
	if len(list) == 0 {
		return []string{other}
	}
	return list
}

var dynamicReference = regex.Lazy(`\{\{(resolve:(?:[^{}$]|\$\{[^}]*\}|\$)+)\}\}`)

func dynamicReferences(text string) []string {
	if !strings.Contains(text, "{{resolve:") {
		return nil
	}
	var all []string
	for _, found := range dynamicReference().FindAllStringSubmatch(text, partial.MaxCandidates) {
		all = append(all, found[1])
	}
	return all
}

// dynamic is a text, or what is known of it if parts are fetched when the stack
// is made.
func (t *template) dynamic(n *lint.Node) *lint.Node {
	found := dynamicReferences(n.Text)
	if len(found) == 0 {
		return n
	}
	value := partial.Unknown(n.Span, found...)
	value.Via = n.Via
	if strings.TrimSpace(n.Text) != "{{"+found[0]+"}}" {
		partial.SetText(value, &lint.Node{Kind: lint.String, Text: n.Text, Span: n.Span})
	}
	return value
}

// placeholder is what Fn::Sub replaces; ${!name} stands for ${name} itself.
var placeholder = regex.Lazy(`\$\{(!?)([^}]*)\}`)

func (t *template) sub(argument *lint.Node, at lint.Span) *lint.Node {
	text, variables := argument, map[string]*lint.Node{}
	if items := argument.List(); len(items) > 0 {
		text = items[0]
		for _, item := range items[1:] {
			for _, field := range item.Object() {
				variables[field.Key] = t.known(field.Value)
			}
		}
	}
	if text.Kind != lint.String {
		return partial.Unknown(at, append(partial.References(t.known(text)), "Fn::Sub")...)
	}
	var parts []*lint.Node
	rest, end := text.Text, 0
	for _, found := range placeholder().FindAllStringSubmatchIndex(text.Text, -1) {
		parts = append(parts, lint.NewString(rest[end:found[0]], lint.Span{}))
		end = found[1]
		name := strings.TrimSpace(rest[found[4]:found[5]])
		switch value := variables[name]; {
		case found[2] != found[3]:
			parts = append(parts, lint.NewString("${"+name+"}", lint.Span{}))
		case value != nil:
			parts = append(parts, value)
		case strings.Contains(name, ".") && !strings.HasPrefix(name, "AWS::"):
			parts = append(parts, partial.Unknown(text.Span, "Resources."+name))
		default:
			if value := t.ref(name, text.Span); value != nil {
				parts = append(parts, value)
			}
		}
	}
	parts = append(parts, lint.NewString(rest[end:], lint.Span{}))
	if len(parts) == 1 {
		return t.dynamic(text)
	}
	return t.concat(parts, text.Span)
}

func (t *template) joined(arguments []*lint.Node, at lint.Span) *lint.Node {
	if len(arguments) != 2 {
		return partial.Unknown(at, "Fn::Join")
	}
	if arguments[1].Kind != lint.List {
		return partial.Unknown(at, cmpOr(partial.References(arguments[1]), "Fn::Join")...)
	}
	var parts []*lint.Node
	for i, item := range arguments[1].Items {
		if i > 0 && arguments[0].Str() != "" {
			parts = append(parts, arguments[0])
		}
		parts = append(parts, item)
	}
	return t.concat(parts, at)
}

func (t *template) selected(arguments []*lint.Node, at lint.Span) *lint.Node {
	if len(arguments) != 2 {
		return partial.Unknown(at, "Fn::Select")
	}
	items := arguments[1].List()
	index, err := strconv.Atoi(arguments[0].Text)
	switch {
	case items == nil:
		return partial.Unknown(at, cmpOr(partial.References(arguments[1]), "Fn::Select")...)
	case err != nil:
		return partial.Candidates(at, []string{"Fn::Select"}, items)
	case index < 0 || index >= len(items):
		return partial.Unknown(at, "Fn::Select")
	}
	return items[index]
}

func (t *template) split(arguments []*lint.Node, at lint.Span) *lint.Node {
	if len(arguments) != 2 || arguments[0].Str() == "" || arguments[1].Kind != lint.String {
		var depends []string
		for _, argument := range arguments {
			depends = append(depends, partial.References(argument)...)
		}
		return partial.Unknown(at, cmpOr(depends, "Fn::Split")...)
	}
	list := lint.NewList(at)
	for text := range strings.SplitSeq(arguments[1].Text, arguments[0].Text) {
		t.spent++
		list.Items = append(list.Items, t.made(lint.NewString(text, at), arguments[1].Via, t.derived[arguments[1]]...))
	}
	return list
}

// either has both sides of a condition, null for the one that sets nothing, unless the
// condition is the same whatever the stack is given.
func (t *template) either(argument *lint.Node, at lint.Span) *lint.Node {
	items := argument.List()
	if len(items) != 3 {
		return partial.Unknown(at, "Fn::If")
	}
	if name := items[0].Str(); name != "" && t.root.Get("Conditions", name) == nil {
		t.gap(items[0].Span, "the condition %s is not declared; both sides were judged", name)
	}
	switch t.condition(items[0].Str()) {
	case always:
		return t.value(items[1])
	case never:
		return t.value(items[2])
	}
	first, second := t.known(items[1]), t.known(items[2])
	if first.Kind == lint.Null && second.Kind == lint.Null {
		return nil
	}
	return partial.Candidates(at, []string{"Conditions." + partial.Readable(t.known(items[0]))}, []*lint.Node{first, second})
}

// truth is what a condition is.
type truth uint8

const (
	open truth = iota // depends on what the stack is given
	never
	always
)

// condition decides the condition of a name, if it depends on nothing.
func (t *template) condition(name string) truth {
	known, seen := t.conditions[name]
	if !seen {
		t.conditions[name] = open // also of one that rests on itself
		known = t.decide(t.root.Get("Conditions", name))
		t.conditions[name] = known
	}
	return known
}

func (t *template) decide(n *lint.Node) truth {
	if n == nil {
		return open
	}
	function, argument := intrinsic(n)
	switch function {
	case "Condition":
		return t.condition(argument.Str())
	case "Fn::Equals":
		return t.equal(t.arguments(argument))
	}
	var parts []truth
	for _, part := range argument.List() {
		parts = append(parts, t.decide(part))
	}
	switch {
	case function == "Fn::Not" && len(parts) == 1 && parts[0] != open:
		return never + always - parts[0]
	case function == "Fn::And":
		return joined(parts, never, always)
	case function == "Fn::Or":
		return joined(parts, always, never)
	}
	return open
}

// joined is decided by one part that decides, or by all that do not.
func joined(parts []truth, deciding, other truth) truth {
	switch {
	case slices.Contains(parts, deciding):
		return deciding
	case len(parts) > 0 && !slices.Contains(parts, open):
		return other
	}
	return open
}

func (t *template) equal(values []*lint.Node) truth {
	if len(values) != 2 {
		return open
	}
	for _, value := range values {
		plain := value.Kind == lint.String || value.Kind == lint.Number || value.Kind == lint.Bool
		if !plain || len(t.derived[value]) > 0 {
			return open
		}
	}
	if values[0].Text == values[1].Text {
		return always
	}
	return never
}

// mapped is an entry of a mapping. Keys that are not known stand for all.
func (t *template) mapped(arguments []*lint.Node, at lint.Span) *lint.Node {
	if len(arguments) < 3 {
		return partial.Unknown(at, "Fn::FindInMap")
	}
	entries, depends := []*lint.Node{t.root.Get("Mappings")}, []string(nil) // a key chooses, and is no part of what is chosen
	for _, key := range arguments[:3] {
		var next []*lint.Node
		for _, entry := range entries {
			for _, field := range entry.Object() {
				if partial.IsUnknown(key) || field.Key == key.Text {
					next = append(next, field.Value)
				}
			}
		}
		if partial.IsUnknown(key) {
			depends = []string{"Mappings." + partial.Readable(arguments[0])}
		}
		entries = next
	}
	if len(arguments) > 3 {
		entries = append(entries, arguments[3].Get("DefaultValue"))
	}
	entries = slices.DeleteFunc(entries, func(n *lint.Node) bool { return n == nil })
	var values []*lint.Node
	for _, entry := range entries[:min(len(entries), partial.MaxCandidates)] {
		value := *t.known(entry)
		value.Via = append([]lint.Step{{Message: "used here through the mapping " + partial.Readable(arguments[0]), Span: at}}, value.Via...)
		values = append(values, &value)
	}
	switch {
	case len(values) == 0:
		if len(depends) == 0 {
			t.gap(at, "the mapping %s has no such entry; what stands here was not judged", partial.Readable(arguments[0]))
		}
		return partial.Unknown(at, cmpOr(depends, "Fn::FindInMap")...)
	case len(depends) > 0:
		return partial.Candidates(at, depends, values)
	}
	return values[0]
}

// decoded is the text of user data that stands there in base64.
func decoded(n *lint.Node) *lint.Node {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Str()), ""))
	if err != nil || len(text) == 0 || !utf8.Valid(text) || bytes.ContainsRune(text, 0) {
		return n
	}
	via := append([]lint.Step{{Message: "decoded from base64", Span: n.Span}}, n.Via...)
	return &lint.Node{Kind: lint.String, Text: string(text), Span: n.Span, Via: via}
}

// forEach is how the keys of loops begin.
const forEach = "Fn::ForEach::"

// expanded are the fields of an object, with the loops among them written out.
func (t *template) expanded(fields []lint.Field) []lint.Field {
	special := func(field lint.Field) bool {
		return strings.HasPrefix(field.Key, forEach) || field.Key == "Fn::Transform"
	}
	if !slices.ContainsFunc(fields, special) {
		return fields
	}
	var all []lint.Field
	for _, field := range fields {
		switch {
		case field.Key == "Fn::Transform":
			t.gap(field.Span, "what the macro %s adds here is not known; it was not judged", field.Value.Get("Name").Str())
		case strings.HasPrefix(field.Key, forEach):
			all = append(all, t.loop(field)...)
		default:
			all = append(all, field)
		}
	}
	return all
}

// loop writes the body of a loop out, once for each item.
func (t *template) loop(field lint.Field) []lint.Field {
	arguments := field.Value.List()
	if len(arguments) != 3 || arguments[2].Kind != lint.Object {
		t.gap(field.Span, "the loop %s is not one; it was not judged", strings.TrimPrefix(field.Key, forEach))
		return nil
	}
	items := t.known(arguments[1])
	if items.Kind != lint.List || slices.ContainsFunc(items.Items, func(n *lint.Node) bool { return n.Kind == lint.Object || n.Kind == lint.List }) {
		t.gap(field.Span, "it is not known over what the loop %s goes; it was not judged", strings.TrimPrefix(field.Key, forEach))
		return nil
	}
	var all []lint.Field
	for _, item := range items.Items {
		if t.spent += arguments[2].Size(); t.spent > maxValues {
			break
		}
		body := substituted(arguments[2], arguments[0].Str(), item)
		all = append(all, t.expanded(body.Fields)...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(f lint.Field) bool {
		defer func() { seen[f.Key] = true }()
		return seen[f.Key]
	})
}

// substituted is a copy in which the name of a loop stands for an item.
func substituted(n *lint.Node, name string, item *lint.Node) *lint.Node {
	if function, argument := intrinsic(n); function == "Ref" && argument.Str() == name {
		value := *item
		value.Via = append([]lint.Step{{Message: "for each " + name, Span: item.Span}}, item.Via...)
		value.Span = n.Span
		return &value
	}
	alphanumeric := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return -1
	}, item.Text)
	replacer := strings.NewReplacer(fmt.Sprintf("${%s}", name), item.Text, fmt.Sprintf("&{%s}", name), alphanumeric)
	copied := *n
	copied.Text = replacer.Replace(n.Text)
	if copied.Text != n.Text {
		copied.Via = append([]lint.Step{{Message: "for each " + name, Span: item.Span}}, n.Via...)
	}
	copied.Items, copied.Fields = nil, nil
	for _, child := range n.Items {
		copied.Items = append(copied.Items, substituted(child, name, item))
	}
	for _, field := range n.Fields {
		copied.Fields = append(copied.Fields, lint.Field{Key: replacer.Replace(field.Key), Span: field.Span, Value: substituted(field.Value, name, item)})
	}
	return &copied
}
