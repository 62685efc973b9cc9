// Package partial has values of templates that are known in part:
//
//	{"$unknown": [references]}   a value that is not known, and on what it depends
//	"$text"                      beside it: a text with ${reference} where something is not known
//	"$candidates"                beside it: what the value can be
//
// Beside a text that holds JSON stands "name$json": what it says, in the structure
// it has.
package partial

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// JSONKey ends the names of what texts say.
const JSONKey = "$json"

const (
	unknownKey    = "$unknown"
	candidatesKey = "$candidates"
	textKey       = "$text"
)

// Bounds of what an unknown value and a made one say.
const (
	MaxCandidates = 20
	MaxVia        = 4
	MaxText       = 1 << 20
)

// Texts is a list of texts that stand nowhere.
func Texts(all []string) *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, text := range all {
		list.Items = append(list.Items, lint.NewString(text, lint.Span{}))
	}
	return list
}

// Path is a path as a value.
func Path(path lint.Path) *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, part := range path {
		switch part := part.(type) {
		case int:
			list.Items = append(list.Items, lint.NewNumber(int64(part), lint.Span{}))
		case string:
			list.Items = append(list.Items, lint.NewString(part, lint.Span{}))
		}
	}
	return list
}

// Unknown is a value that cannot be known.
func Unknown(at lint.Span, references ...string) *lint.Node {
	references = slices.Clone(references)
	slices.Sort(references)
	node := lint.NewObject(at)
	node.Set(unknownKey, lint.Span{}, Texts(slices.Compact(references)))
	return node
}

// IsUnknown says whether a value is not known.
func IsUnknown(n *lint.Node) bool { return n.Get(unknownKey) != nil }

// References are what a value depends on.
func References(n *lint.Node) []string {
	var all []string
	for _, name := range n.Get(unknownKey).List() {
		all = append(all, name.Str())
	}
	return all
}

// Text is the text of an unknown value, nil if it has none.
func Text(n *lint.Node) *lint.Node { return n.Get(textKey) }

// Known are the values that an unknown one can have.
func Known(n *lint.Node) []*lint.Node { return n.Get(candidatesKey).List() }

// SetText says what is known of the text of an unknown value.
func SetText(n, text *lint.Node) { n.Set(textKey, lint.Span{}, text) }

// With is an unknown value that depends on more.
func With(value *lint.Node, from ...string) *lint.Node {
	more := Unknown(value.Span, append(References(value), from...)...)
	more.Via = value.Via
	for _, key := range []string{textKey, candidatesKey} {
		if part := value.Get(key); part != nil {
			more.Set(key, lint.Span{}, part)
		}
	}
	return more
}

// Candidates is a value of which it is known what it can be.
func Candidates(at lint.Span, depends []string, values []*lint.Node) *lint.Node {
	var known []*lint.Node
	for _, value := range values {
		if !IsUnknown(value) {
			known = append(known, value)
			continue
		}
		known = append(known, Known(value)...)
		depends = append(depends, References(value)...)
		if text := Text(value); text != nil {
			known = append(known, text)
		}
	}
	node := Unknown(at, depends...)
	if len(known) > 0 {
		node.Set(candidatesKey, lint.Span{}, lint.NewList(lint.Span{}, known[:min(len(known), MaxCandidates)]...))
	}
	return node
}

// Readable writes a value into a text: ${reference} stands for what is unknown.
func Readable(n *lint.Node) string {
	if text := Text(n); text != nil {
		return text.Str()
	}
	if IsUnknown(n) {
		return "${" + strings.Join(References(n), ",") + "}"
	}
	return n.Text
}

// Join makes a text of values. Lists and objects have none: their place is empty.
func Join(parts []*lint.Node, at lint.Span) *lint.Node {
	var b strings.Builder
	var depends []string
	var via []lint.Step
	unknown := false
	for _, part := range parts {
		if b.Len()+len(part.Text) > MaxText {
			return Unknown(at, depends...)
		}
		if part.Kind == lint.Object || part.Kind == lint.List {
			unknown = true
			depends = append(depends, References(part)...)
		}
		b.WriteString(Readable(part))
		via = append(via, part.Via...)
	}
	text := lint.NewString(b.String(), at)
	text.Via = via[:min(len(via), MaxVia)]
	if !unknown {
		return text
	}
	value := Unknown(at, depends...)
	SetText(value, text)
	return value
}

// Structure reads a text that holds JSON, nil if it holds none. Its parts have no
// place of their own: escapes and joins lie between them and the file. Refer lists
// what a text depends on beside its ${references}.
func Structure(value *lint.Node, refer func(string) []string) *lint.Node {
	text := value
	if IsUnknown(value) {
		text = Text(value)
	}
	trimmed := strings.TrimLeft(text.Str(), " \t\r\n")
	if !strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "{{") {
		return nil
	}
	docs, findings := yaml.Read(&lint.Source{Path: "text.json", Data: []byte(text.Text)})
	if len(docs) != 1 || len(findings) > 0 || docs[0].Kind != lint.Object {
		return nil
	}
	var parts []*lint.Node // to be changed when the walk is over: it would go into what is new
	docs[0].Walk(func(_ lint.Path, part *lint.Node) bool {
		part.Span = lint.Span{}
		for i := range part.Fields {
			part.Fields[i].Span = lint.Span{}
		}
		if text != value && part.Kind == lint.String {
			parts = append(parts, part)
		}
		return true
	})
	for _, part := range parts {
		unknownPart(part, refer)
	}
	docs[0].Span, docs[0].Via = value.Span, text.Via
	return docs[0]
}

var inserted = regex.Lazy(`\$\{([^}]*)\}`)

// unknownPart makes a text unknown into which unknown values were put.
func unknownPart(part *lint.Node, refer func(string) []string) {
	var depends []string
	for _, found := range inserted().FindAllStringSubmatch(part.Text, MaxCandidates) {
		depends = append(depends, strings.Split(found[1], ",")...)
	}
	if refer != nil {
		depends = append(depends, refer(part.Text)...)
	}
	if len(depends) == 0 {
		return
	}
	text := lint.NewString(part.Text, lint.Span{})
	*part = *Unknown(lint.Span{}, depends...)
	SetText(part, text)
}

// Derived lists values that do not stand where they are used, by what is noted of
// them; nil if there are none.
func Derived(in *lint.Node, noted map[*lint.Node][]string) *lint.Node {
	all := lint.NewList(lint.Span{})
	in.Walk(func(path lint.Path, n *lint.Node) bool {
		if from := noted[n]; from != nil {
			entry := lint.NewObject(lint.Span{})
			entry.Set("path", lint.Span{}, Path(path))
			entry.Set("from", lint.Span{}, Texts(from))
			all.Items = append(all.Items, entry)
		}
		return true
	})
	if len(all.Items) == 0 {
		return nil
	}
	return all
}
