// Package parsetest checks what every reader owes to a report: each value has a place,
// and what stands there says the value.
package parsetest

import (
	"fmt"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Misplaced lists the values of a document that stand nowhere in their file, or where
// something else stands. Reread gives the text that stands at a value, and whether that
// must be the value: it need not be where an expression stands.
func Misplaced(doc *lint.Document, reread func(*lint.Node) (string, bool)) []string {
	var all []string
	complain := func(at lint.Path, format string, args ...any) {
		all = append(all, fmt.Sprintf("%s: ", at)+fmt.Sprintf(format, args...))
	}
	doc.Root.Walk(func(at lint.Path, n *lint.Node) bool {
		if _, err := doc.Locate(at, lint.Spot{}); err != nil {
			complain(at, "%v", err)
		}
		if n.Span.Source == nil {
			return true
		}
		if n.Span.Start < 0 || n.Span.Start > n.Span.End || n.Span.End > len(n.Span.Source.Data) {
			complain(at, "range %d to %d of %d", n.Span.Start, n.Span.End, len(n.Span.Source.Data))
			return true
		}
		if again, ok := reread(n); ok && again != n.Text {
			complain(at, "%q reads as %q, not %q", n.Span.Text(), again, n.Text)
		}
		return true
	})
	return all
}

// Quoted reads a text of YAML or JSON that stands in quotation marks.
func Quoted(n *lint.Node) (string, bool) {
	text := n.Span.Text()
	if n.Kind != lint.String || len(n.Via) > 0 || len(text) < 2 || text[0] != '"' && text[0] != '\'' {
		return "", false
	}
	docs, _ := yaml.Read(&lint.Source{Path: n.Span.Source.Path, Data: text})
	if len(docs) != 1 || docs[0].Kind != lint.String {
		return "", false
	}
	return docs[0].Text, true
}
