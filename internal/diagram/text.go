package diagram

import (
	"fmt"
	"io"
	"strings"
)

// shapes are how Graphviz and Mermaid draw each kind of node.
var shapes = map[string]struct{ dot, open, close string }{
	"contract":    {"note", "[", "]"},
	"slot":        {"box", "(", ")"},
	"object":      {"cylinder", "[(", ")]"},
	"consumer":    {"component", "[[", "]]"},
	"identity":    {"hexagon", "{{", "}}"},
	"subject":     {"cds", "[/", "/]"},
	"environment": {"folder", "([", "])"},
	"team":        {"oval", "((", "))"},
}

// WriteDOT writes the language of Graphviz.
func (d Diagram) WriteDOT(w io.Writer) error {
	var b strings.Builder
	b.WriteString("digraph secrets {\n\trankdir=LR\n\tnode [fontname=monospace, fontsize=10, shape=box]\n\tedge [fontname=monospace, fontsize=9]\n")
	for _, n := range d.Nodes {
		fmt.Fprintf(&b, "\t%s [label=%s, tooltip=%s", dotQuoted(n.ID), dotQuoted(n.Name), dotQuoted(n.tooltip()))
		if shape := shapes[n.Kind].dot; shape != "" {
			fmt.Fprintf(&b, ", shape=%s", shape)
		}
		if n.ID == d.Around {
			b.WriteString(", penwidth=3")
		}
		b.WriteString("]\n")
	}
	for _, e := range d.Edges {
		fmt.Fprintf(&b, "\t%s -> %s [label=%s, tooltip=%s", dotQuoted(e.From), dotQuoted(e.To), dotQuoted(e.says()), dotQuoted(place(e.File, e.Line)))
		if style := map[string]string{"derived": "dashed", "wildcard": "dotted"}[e.Confidence]; style != "" {
			fmt.Fprintf(&b, ", style=%s", style)
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (n Node) tooltip() string { return strings.TrimSpace(n.Kind + " " + place(n.File, n.Line)) }

// dotQuoted writes a text for Graphviz, which in labels gives a meaning to what
// follows a backslash.
func dotQuoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "", "\x00", "").Replace(text) + `"`
}

// WriteMermaid writes a flowchart of Mermaid.
func (d Diagram) WriteMermaid(w io.Writer) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	number := map[string]int{}
	for i, n := range d.Nodes {
		number[n.ID] = i
		shape := shapes[n.Kind]
		if shape.open == "" {
			shape.open, shape.close = "[", "]"
		}
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, shape.open, mermaidText(n.Name), shape.close)
	}
	for _, e := range d.Edges {
		arrow := "-->"
		if e.Confidence != "exact" {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  n%d %s|\"%s\"| n%d\n", number[e.From], arrow, mermaidText(e.says()), number[e.To])
	}
	if at, found := number[d.Around]; found {
		fmt.Fprintf(&b, "  style n%d stroke-width:4px\n", at)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidText writes every character that could mean something to Mermaid, to
// Markdown or to HTML, which it makes of labels, by its number.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" -./", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
