package compose

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// assignments makes an object of strings out of NAME=value items or a mapping.
// A name without a value is null: the value comes from the environment.
func assignments(value *lint.Node) *lint.Node {
	switch value.Kind {
	case lint.List:
		return fromList(value)
	case lint.Object:
		object := copied(value)
		for i := range object.Fields {
			object.Fields[i].Value = text(untagged(object.Fields[i].Value))
		}
		return object
	}
	return value
}

func fromList(list *lint.Node) *lint.Node {
	object := lint.NewObject(list.Span)
	object.Via = list.Via
	known := map[string]int{}
	for _, item := range list.Items {
		if item.Kind != lint.String {
			continue
		}
		name, value := cutEqual(item)
		if _, twice := known[name.Text]; !twice {
			known[name.Text] = len(object.Fields)
			object.Fields = append(object.Fields, lint.Field{})
		}
		object.Fields[known[name.Text]] = lint.Field{Key: name.Text, Span: name.Span, Value: value}
	}
	return object
}

// text is a scalar as Compose hands it on: as a string.
func text(value *lint.Node) *lint.Node {
	if value.Kind != lint.Number && value.Kind != lint.Bool {
		return value
	}
	written := *value
	written.Kind = lint.String
	return &written
}

// cutEqual parts NAME=value. Both keep their own places, as far as the text
// stands in the file as it is read.
func cutEqual(item *lint.Node) (name, value *lint.Node) {
	before, _, ok := strings.Cut(item.Text, "=")
	if !ok {
		return item, &lint.Node{Kind: lint.Null, Span: item.Span, Via: item.Via}
	}
	return item.Part(0, len(before)), item.Part(len(before)+1, len(item.Text))
}

// volume reads source:target:mode. One part alone is a target.
func volume(item *lint.Node) *lint.Node {
	object := lint.NewObject(item.Span)
	object.Via = item.Via
	keys := []string{"source", "target", "mode"}
	parts := colons(item.Text)
	if len(parts) == 1 {
		keys = keys[1:]
	}
	for i, key := range keys {
		if i < len(parts) {
			object.Set(key, lint.Span{}, item.Part(parts[i].start, parts[i].end))
		}
	}
	return object
}

type between struct{ start, end int }

// colons are the parts of a text between colons. Those of ${A:-b} and of a drive
// (C:\) part nothing.
func colons(s string) []between {
	var parts []between
	start, open := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			open++
		case '}':
			open = max(0, open-1)
		case ':':
			if open == 0 && !isDrive(s[start:i]) {
				parts = append(parts, between{start, i})
				start = i + 1
			}
		}
	}
	return append(parts, between{start, len(s)})
}

// isDrive says whether a text is a letter: Compose takes it for a drive.
func isDrive(s string) bool { return len(s) == 1 && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z' }
