package edit

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// writer writes values as a file has them.
type writer struct {
	eol  string // the line break
	json bool
}

func writerFor(src *lint.Source) writer {
	w := writer{"\n", strings.EqualFold(path.Ext(src.Path), ".json")}
	if i := bytes.IndexByte(src.Data, '\n'); i > 0 && src.Data[i-1] == '\r' {
		w.eol = "\r\n"
	}
	return w
}

func (w writer) newline(indent int) string { return w.eol + strings.Repeat(" ", indent) }

// block writes a value in lines; all but the first are indented. A list of plain
// values stands in one line.
func (w writer) block(n *lint.Node, indent int) string {
	var lines []string
	switch {
	case w.inline(n):
		return w.flow(n, oneLine)
	case n.Kind == lint.List:
		for _, item := range n.Items {
			lines = append(lines, "- "+w.block(item, indent+2))
		}
	default:
		for _, field := range n.Fields {
			lines = append(lines, w.field(field.Key, field.Value, indent))
		}
	}
	return strings.Join(lines, w.newline(indent))
}

// field writes a key, which stands at a column, and its value.
func (w writer) field(key string, value *lint.Node, indent int) string {
	switch {
	case !w.json && value.Kind == lint.String && expression().MatchString(value.Text):
		return w.text(key) + ": " + value.Text
	case w.inline(value):
		return w.text(key) + ": " + w.flow(value, oneLine)
	}
	return w.text(key) + ":" + w.newline(indent+2) + w.block(value, indent+2)
}

// inline says whether a value is written in one line.
func (w writer) inline(n *lint.Node) bool {
	switch n.Kind {
	case lint.Object:
		return w.json || len(n.Fields) == 0
	case lint.List:
		return w.json || !slices.ContainsFunc(n.Items, func(item *lint.Node) bool { return item.Kind == lint.List || item.Kind == lint.Object })
	}
	return true
}

// flow writes a value in brackets, as a part of a collection of this layout.
func (w writer) flow(n *lint.Node, l layout) string {
	var parts []string
	switch n.Kind {
	case lint.List:
		for _, item := range n.Items {
			parts = append(parts, w.flow(item, l.inside()))
		}
		return bracketed("[", parts, "]", l)
	case lint.Object:
		for _, field := range n.Fields {
			parts = append(parts, w.text(field.Key)+l.colon+w.flow(field.Value, l.inside()))
		}
		return bracketed("{", parts, "}", l)
	case lint.String:
		return w.text(n.Text)
	case lint.Null:
		return "null"
	}
	return n.Text
}

func bracketed(open string, parts []string, closed string, l layout) string {
	if l.line == "" || len(parts) == 0 {
		return open + strings.Join(parts, l.comma) + closed
	}
	line := l.inside().line
	return open + line + strings.Join(parts, ","+line) + l.line + closed
}

func (w writer) text(text string) string {
	if !w.json && isPlain(text) {
		return text
	}
	return doubleQuoted(text)
}

// doubleQuoted writes a text as JSON does, which YAML reads too.
func doubleQuoted(text string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always can be
	return strings.TrimSuffix(out.String(), "\n")
}

var (
	// plain are texts that need no quotes, wherever they stand.
	plain = regex.Lazy("^[\\pL\\pN_./][^\\pC,\\[\\]{}\"\\\\`\u2028\u2029]*$")
	// expression are those of workflows. Outside of brackets they need no quotes.
	expression = regex.Lazy(`^\$\{\{ [A-Za-z0-9_.]+ \}\}$`)
	// other are those that other readers of YAML take for something else.
	other = regex.Lazy(`(?i)^(?:y|n|yes|no|on|off|true|false|null|[0-9]+(?::[0-9]+)+)$`)
)

func isPlain(text string) bool {
	if !plain().MatchString(text) || other().MatchString(text) || strings.Contains(text, ": ") || strings.Contains(text, " #") ||
		strings.HasSuffix(text, ":") || strings.TrimSpace(text) != text {
		return false
	}
	docs, findings := yaml.Read(&lint.Source{Path: "a.yaml", Data: []byte("- " + text)})
	return len(findings) == 0 && len(docs) == 1 && len(docs[0].List()) == 1 && docs[0].Items[0].Str() == text
}

// like writes a text with the quotes of the value that it replaces.
func (w writer) like(old []byte, text string) string {
	switch {
	case len(old) > 0 && old[0] == '"':
		return doubleQuoted(text)
	case len(old) > 0 && old[0] == '\'' && !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return w.text(text)
}
