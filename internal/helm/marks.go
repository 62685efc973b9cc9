package helm

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// marks are words that occur nowhere else, one for each text in the values. A chart is
// rendered a second time with them in place of the texts: where they land the values do.
// What a mark became other than itself or its base64 is not followed.
type marks struct {
	nodes   []*lint.Node
	ids     map[*lint.Node]int
	literal map[string]bool         // texts that templates compare with, which a mark would fail
	others  map[string][]*lint.Node // numbers and truth values, by their keys
}

var (
	quoted  = regex.Lazy("\"([^\"\\\\\n]*)\"|`([^`\n]*)`")
	written = regex.Lazy(`zq7k([0-9]{6})k7qz`)
)

func newMarks(e *engine, values *lint.Node) *marks {
	m := &marks{ids: map[*lint.Node]int{}, literal: map[string]bool{}, others: map[string][]*lint.Node{}}
	values.Walk(func(_ lint.Path, n *lint.Node) bool {
		for _, field := range n.Object() {
			if kind := field.Value.Kind; kind == lint.Bool || kind == lint.Number {
				m.others[field.Key] = append(m.others[field.Key], field.Value)
			}
		}
		return true
	})
	for _, o := range e.owners {
		for _, found := range quoted().FindAllSubmatch(o.src.Data, -1) {
			m.literal[string(found[1])+string(found[2])] = true
		}
	}
	return m
}

// text is the mark of a text. Empty ones have none, for they are tested, nor have those
// that are templates themselves.
func (m *marks) text(n *lint.Node) string {
	if m == nil || n.Text == "" || m.literal[n.Text] || strings.Contains(n.Text, "{{") || len(m.nodes) >= 999_999 {
		return n.Text
	}
	id, known := m.ids[n]
	if !known {
		id = len(m.nodes)
		m.nodes, m.ids[n] = append(m.nodes, n), id
	}
	return fmt.Sprintf("zq7k%06dk7qz", id)
}

// trace looks for marks in what was rendered with them, and gives the values that were
// rendered without their places in the values of the chart.
func (m *marks) trace(n, marked *lint.Node) {
	if n == nil || marked == nil {
		return
	}
	if marked.Kind == lint.String {
		m.follow(n, marked.Text)
		return
	}
	for _, field := range n.Fields {
		m.trace(field.Value, marked.Get(field.Key))
		m.copied(field)
	}
	if len(n.Items) == len(marked.Items) {
		for i, item := range n.Items {
			m.trace(item, marked.Items[i])
		}
	}
}

// valueOf is an action that writes nothing but a value of the chart.
var valueOf = regex.Lazy(`^\{\{-?\s*\.Values\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)\s*(?:\|[^{}]*)?-?\}\}$`)

// whence gives numbers and truth values, which nothing can mark, the place in the values that
// their action names.
func whence(root, values *lint.Node) {
	root.Walk(func(_ lint.Path, n *lint.Node) bool {
		if n.Kind != lint.Bool && n.Kind != lint.Number || len(n.Via) > 0 || n.Span.Source == nil {
			return true
		}
		if found := valueOf().FindSubmatch(n.Span.Text()); found != nil {
			value := values.Get(strings.Split(string(found[1]), ".")...)
			if value != nil && value.Kind == n.Kind && value.Text == n.Text && value.Span.Source != nil {
				n.Via = []lint.Step{{Message: "it is this value", Span: value.Span}}
			}
		}
		return true
	})
}

// copied handles a number or truth value, which nothing can mark: if its key is none of the
// template's it was written with the whole mapping around it, and if the values have one
// such entry, that is it.
func (m *marks) copied(field lint.Field) {
	var found []*lint.Node
	for _, n := range m.others[field.Key] {
		if n.Kind == field.Value.Kind && n.Text == field.Value.Text {
			found = append(found, n)
		}
	}
	if len(found) != 1 || len(field.Value.Via) > 0 || !bytes.HasPrefix(field.Span.Text(), []byte("{{")) {
		return
	}
	field.Value.Via = []lint.Step{{Message: "the template writes it here", Span: field.Value.Span}}
	field.Value.Span = found[0].Span
}

// follow handles a text: the place of a value that is the whole of it is that in the
// values; of one that is a part of it the template's, for there the rest of it stands.
func (m *marks) follow(n *lint.Node, marked string) {
	real, found := m.real(marked)
	if len(found) == 0 {
		decoded, err := base64.StdEncoding.DecodeString(marked)
		if err != nil {
			return
		}
		real, found = m.real(string(decoded))
		marked, real = string(decoded), base64.StdEncoding.EncodeToString([]byte(real))
	}
	if len(found) == 0 || strings.TrimRight(real, "\n") != strings.TrimRight(n.Text, "\n") || len(n.Via) > 0 {
		return
	}
	if len(found) == 1 && written().FindString(marked) == strings.TrimSpace(marked) {
		n.Via = []lint.Step{{Message: "the template writes it here", Span: n.Span}}
		n.Span = found[0].Span
		return
	}
	for _, value := range found {
		n.Via = append(n.Via, lint.Step{Message: "a part of it is this value", Span: value.Span})
	}
}

// real is a text with values in place of their marks, and the nodes of those values.
func (m *marks) real(marked string) (string, []*lint.Node) {
	var found []*lint.Node
	text := written().ReplaceAllStringFunc(marked, func(mark string) string {
		id := 0
		if _, err := fmt.Sscanf(mark, "zq7k%06dk7qz", &id); err != nil || id >= len(m.nodes) {
			return mark
		}
		found = append(found, m.nodes[id])
		return m.nodes[id].Text
	})
	return text, found
}
