package arm

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// kind is what an expression is.
type kind uint8

const (
	literal kind = iota // value
	text                // arguments, put together
	name                // of a parameter, a variable, a resource…
	call                // name(arguments); of a method, the first is its object
	member              // arguments[0].name
	item                // arguments[0][arguments[1]]
	list                // arguments
	object              // fields
	loop                // [for name in arguments[0]: arguments[1]]
	either              // arguments[0] ? arguments[1] : arguments[2]; with two arguments, a body under a condition
	opaque              // what cannot be known, of arguments
)

// expression is one of either language.
type expression struct {
	kind      kind
	name      string
	value     *lint.Node
	arguments []*expression
	fields    []field
	nested    []*statement // resources within the body of another
	at        lint.Span
}

// spread is the key of what is put among the fields of an object.
const spread = "..."

// field is one of an object; its key may be computed.
type field struct {
	key  *expression
	body *expression
}

// Limits of one file.
const (
	maxValues = 300_000
	maxDepth  = 100
	maxItems  = 50 // of a loop that is written out
)

// eval is the value of an expression, nil for null.
func (t *template) eval(e *expression) *lint.Node {
	t.spent++
	t.depth++
	defer func() { t.depth-- }()
	if t.spent > maxValues || t.depth > maxDepth {
		t.exhausted(e.at)
		return partial.Unknown(e.at)
	}
	switch e.kind {
	case literal:
		if e.value.Kind == lint.Null {
			return nil
		}
		return e.value
	case text:
		return t.concat(t.all(e.arguments), e.at)
	case name:
		return t.named(e.name, e.at)
	case call:
		return t.call(e)
	case member:
		return t.member(t.some(e.arguments[0]), e.name, e.at)
	case item:
		return t.item(t.some(e.arguments[0]), t.some(e.arguments[1]), e.at)
	case list:
		all := lint.NewList(e.at)
		for _, argument := range e.arguments {
			all.Items = append(all.Items, t.some(argument))
		}
		return all
	case object:
		return t.object(e)
	case loop:
		return t.loop(e)
	case either:
		return t.either(e)
	}
	return partial.Unknown(e.at, t.depends(t.all(e.arguments))...)
}

// some is the value of an expression, null where it is absent.
func (t *template) some(e *expression) *lint.Node {
	if value := t.eval(e); value != nil {
		return value
	}
	return &lint.Node{Kind: lint.Null, Span: e.at}
}

func (t *template) all(expressions []*expression) []*lint.Node {
	var all []*lint.Node
	for _, e := range expressions {
		all = append(all, t.some(e))
	}
	return all
}

func (t *template) depends(values []*lint.Node) []string {
	var all []string
	for _, value := range values {
		value.Walk(func(_ lint.Path, n *lint.Node) bool {
			all = append(all, partial.References(n)...)
			all = append(all, t.derived[n]...)
			return true
		})
	}
	return all
}

func (t *template) concat(parts []*lint.Node, at lint.Span) *lint.Node {
	value := partial.Join(parts, at)
	if partial.IsUnknown(value) {
		return value
	}
	var from []string
	for _, part := range parts {
		from = append(from, t.derived[part]...)
	}
	if len(from) > 0 {
		t.derived[value] = from
	}
	return value
}

func (t *template) object(e *expression) *lint.Node {
	made := lint.NewObject(e.at)
	for _, field := range e.fields {
		key := t.some(field.key)
		value := t.eval(field.body)
		switch {
		case value == nil:
		case key.Str() == spread:
			for _, each := range value.Object() {
				made.Set(each.Key, each.Span, each.Value)
			}
		default:
			t.set(made, partial.Readable(key), field.key.at, value)
		}
	}
	return made
}

// set adds a field, and beside a text that holds JSON what it says.
func (t *template) set(made *lint.Node, key string, at lint.Span, value *lint.Node) {
	made.Set(key, at, value)
	if structure := partial.Structure(value, nil); structure != nil {
		made.Set(key+partial.JSONKey, at, structure)
	}
}

// loop writes out what is made for each item.
func (t *template) loop(e *expression) *lint.Node {
	made := lint.NewList(e.at)
	t.items(e, func(copied) { made.Items = append(made.Items, t.some(e.arguments[1])) })
	return made
}

// either has both sides of a condition, unless it is the same whatever the template is
// given.
func (t *template) either(e *expression) *lint.Node {
	condition := t.some(e.arguments[0])
	if len(e.arguments) == 3 && condition.Kind == lint.Bool && len(t.derived[condition]) == 0 {
		if condition.Text == "true" {
			return t.eval(e.arguments[1])
		}
		return t.eval(e.arguments[2])
	}
	var branches []*lint.Node
	for _, branch := range e.arguments[1:] {
		if value := t.eval(branch); value != nil {
			branches = append(branches, value)
		}
	}
	if len(e.arguments) == 2 && len(branches) == 1 {
		return branches[0] // a resource under a condition is judged as if it were made
	}
	if len(branches) == 0 {
		return nil
	}
	return partial.Candidates(e.at, append(t.depends([]*lint.Node{condition}), "condition"), branches)
}

// member is a field of a value; of an unknown one, the field of what it can be.
func (t *template) member(of *lint.Node, name string, at lint.Span) *lint.Node {
	if !partial.IsUnknown(of) {
		if of.Kind != lint.Object {
			return partial.Unknown(at, t.depends([]*lint.Node{of})...)
		}
		for _, field := range of.Fields {
			if strings.EqualFold(field.Key, name) {
				return field.Value
			}
		}
		return nil
	}
	var depends []string
	for _, reference := range partial.References(of) {
		if strings.HasPrefix(reference, "resources.") || strings.HasPrefix(reference, "modules.") || strings.HasPrefix(reference, "resourceGroup") {
			reference += "." + name
		}
		depends = append(depends, reference)
	}
	var known []*lint.Node
	for _, candidate := range partial.Known(of) {
		if value := candidate.Get(name); value != nil {
			known = append(known, value)
		}
	}
	return partial.Candidates(at, depends, known)
}

func (t *template) item(of, index *lint.Node, at lint.Span) *lint.Node {
	items := of.List()
	switch i, err := strconv.Atoi(index.Text); {
	case index.Kind == lint.String:
		return t.member(of, index.Text, at)
	case partial.IsUnknown(of):
		return partial.Candidates(at, partial.References(of), nil)
	case items != nil && err == nil && i >= 0 && i < len(items):
		return items[i]
	case items != nil && partial.IsUnknown(index):
		return partial.Candidates(at, partial.References(index), items)
	}
	return partial.Unknown(at, t.depends([]*lint.Node{of, index})...)
}

// call evaluates a function: those whose answer depends on nothing else.
func (t *template) call(e *expression) *lint.Node {
	function := strings.ToLower(e.name)
	switch function {
	case "if":
		if len(e.arguments) == 3 {
			return t.either(e)
		}
	case "parameters", "variables":
		if len(e.arguments) == 1 {
			return t.stored(function, t.some(e.arguments[0]), e.at)
		}
	case "copyindex":
		return t.copyIndex(e)
	case "null":
		return nil
	}
	arguments := t.all(e.arguments)
	if value := t.logic(function, arguments, e.at); value != nil {
		return value
	}
	if value := t.pure(function, arguments, e.at); value != nil {
		return value
	}
	depends := t.depends(arguments)
	if !logical[function] {
		depends = append(depends, e.name)
	}
	if function == "getsecret" && len(arguments) > 0 {
		depends = append(depends, "keyVault."+partial.Readable(arguments[len(arguments)-1]))
	}
	if function == "reference" || function == "resourceid" || function == "resourcegroup" || function == "subscription" {
		depends = append(t.depends(arguments), e.name+"()")
	}
	names, id := identified(arguments)
	if !strings.HasSuffix(function, "resourceid") || id == "" {
		return partial.Unknown(e.at, depends...)
	}
	value := partial.Unknown(e.at, append(depends, "resources."+names)...)
	partial.SetText(value, lint.NewString("${"+e.name+"}"+id, e.at))
	return value
}

// identified are the names of a resource and the part of its ID that its type and
// they make; "" if they do not fit. What stands before the type says where to look.
func identified(arguments []*lint.Node) (names, id string) {
	at := slices.IndexFunc(arguments, func(n *lint.Node) bool { return strings.Contains(n.Str(), "/") && strings.Contains(n.Str(), ".") })
	if at < 0 {
		return "", ""
	}
	types := strings.Split(strings.Trim(arguments[at].Text, "/"), "/")
	var parts []string
	for _, argument := range arguments[at+1:] {
		parts = append(parts, strings.Split(partial.Readable(argument), "/")...)
	}
	if len(parts) != len(types)-1 {
		return "", ""
	}
	id = "/providers/" + types[0]
	for i, part := range parts {
		id += "/" + types[i+1] + "/" + part
	}
	return strings.Join(parts, "/"), id
}

// pure are the functions that are evaluated; nil stands for others, and for
// arguments with which they cannot be.
func (t *template) pure(function string, arguments []*lint.Node, at lint.Span) *lint.Node {
	isText := func(n *lint.Node) bool { return n.Kind == lint.String || n.Kind == lint.Number || n.Kind == lint.Bool }
	isKnown := len(arguments) > 0 && !slices.ContainsFunc(arguments, func(n *lint.Node) bool { return !isText(n) })
	switch {
	case function == "concat" && slices.ContainsFunc(arguments, func(n *lint.Node) bool { return n.Kind == lint.List }):
		return together(arguments, at)
	case function == "concat", function == "string" && len(arguments) == 1 && arguments[0].Kind != lint.List && arguments[0].Kind != lint.Object:
		return t.concat(arguments, at)
	case function == "format" && len(arguments) > 0 && arguments[0].Kind == lint.String:
		return t.format(arguments, at)
	case function == "createarray", function == "array" && len(arguments) == 1 && arguments[0].Kind != lint.List:
		return lint.NewList(at, arguments...)
	case function == "createobject" && len(arguments)%2 == 0:
		made := lint.NewObject(at)
		for i := 0; i < len(arguments); i += 2 {
			t.set(made, partial.Readable(arguments[i]), arguments[i].Span, arguments[i+1])
		}
		return made
	case function == "union":
		return together(arguments, at)
	case function == "coalesce", function == "any" && len(arguments) == 1:
		present := slices.DeleteFunc(slices.Clone(arguments), func(n *lint.Node) bool { return n.Kind == lint.Null })
		if len(present) == 1 || len(present) > 0 && !partial.IsUnknown(present[0]) && len(t.derived[present[0]]) == 0 {
			return present[0]
		}
		return partial.Candidates(at, t.depends(present), present)
	case function == "base64" && len(arguments) == 1 && isText(arguments[0]), function == "base64" && len(arguments) == 1 && partial.Text(arguments[0]) != nil:
		return arguments[0] // kept as it was before, for people and policies to read
	case function == "json" && len(arguments) == 1 && isKnown:
		return partial.Structure(arguments[0], nil)
	case function == "length" && len(arguments) == 1 && !partial.IsUnknown(arguments[0]) && arguments[0].Kind == lint.List:
		return lint.NewNumber(int64(len(arguments[0].Items)), at)
	case function == "first" && len(arguments) == 1 && len(arguments[0].List()) > 0:
		return arguments[0].Items[0]
	case !isKnown:
		return nil
	}
	return t.made(t.ofText(function, arguments, at), arguments)
}

// ofText are the functions of known texts.
func (t *template) ofText(function string, arguments []*lint.Node, at lint.Span) *lint.Node {
	first := arguments[0].Text
	switch {
	case function == "tolower":
		return lint.NewString(strings.ToLower(first), at)
	case function == "toupper":
		return lint.NewString(strings.ToUpper(first), at)
	case function == "trim":
		return lint.NewString(strings.TrimSpace(first), at)
	case function == "replace" && len(arguments) == 3 && arguments[1].Text != "" && len(first) < partial.MaxText/len(arguments[2].Text+"x"):
		return lint.NewString(strings.ReplaceAll(first, arguments[1].Text, arguments[2].Text), at)
	case function == "base64tostring":
		if text, err := base64.StdEncoding.DecodeString(first); err == nil {
			return lint.NewString(string(text), at)
		}
	case function == "int":
		if _, err := strconv.ParseInt(first, 10, 64); err == nil {
			return &lint.Node{Kind: lint.Number, Text: first, Span: at}
		}
	case function == "bool" && strings.EqualFold(first, "true"):
		return lint.NewBool(true, at)
	case function == "bool" && strings.EqualFold(first, "false"):
		return lint.NewBool(false, at)
	case function == "split" && len(arguments) == 2 && arguments[1].Text != "":
		made := lint.NewList(at)
		for text := range strings.SplitSeq(first, arguments[1].Text) {
			t.spent++
			made.Items = append(made.Items, lint.NewString(text, at))
		}
		return made
	}
	return nil
}

// made notes that a value was made of others.
func (t *template) made(value *lint.Node, from []*lint.Node) *lint.Node {
	if value == nil {
		return nil
	}
	for _, part := range from {
		value.Via = append(value.Via, part.Via...)
		if names := t.derived[part]; len(names) > 0 {
			t.derived[value] = append(t.derived[value], names...)
		}
	}
	value.Via = value.Via[:min(len(value.Via), partial.MaxVia)]
	return value
}

// together joins objects, the later ones winning, or lists.
func together(arguments []*lint.Node, at lint.Span) *lint.Node {
	var made *lint.Node
	for _, argument := range arguments {
		if argument.Kind == lint.List {
			if made == nil {
				made = lint.NewList(at)
			}
			made.Items = append(made.Items, argument.Items...)
			continue
		}
		if partial.IsUnknown(argument) {
			return partial.Candidates(at, nil, arguments)
		}
		if made == nil {
			made = lint.NewObject(at)
		}
		for _, field := range argument.Object() {
			if made.Kind == lint.Object {
				made.Set(field.Key, field.Span, field.Value)
			}
		}
	}
	return made
}

// format puts arguments into a text with {0}.
func (t *template) format(arguments []*lint.Node, at lint.Span) *lint.Node {
	var parts []*lint.Node
	rest := arguments[0].Text
	for rest != "" {
		open := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if open < 0 || end < open {
			break
		}
		number, _, _ := strings.Cut(rest[open+1:end], ":")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i+1 >= len(arguments) {
			return nil
		}
		parts = append(parts, lint.NewString(rest[:open], at), arguments[i+1])
		rest = rest[end+1:]
	}
	return t.concat(append(parts, lint.NewString(rest, at)), at)
}

func (t *template) exhausted(at lint.Span) {
	if !t.full {
		t.gaps = append(t.gaps, lint.Gap{Location: at.Location(), Message: fmt.Sprintf("the file makes more than %d values, or is nested more than %d deep; the rest was not judged", maxValues, maxDepth)})
	}
	t.full = true
}
