package inventory

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/escape"
)

// fields are the columns of CSV and Markdown, named as in JSON.
var fields = []struct {
	name string
	of   func(Secret) string
}{
	{"name", func(s Secret) string { return s.Name }},
	{"state", func(s Secret) string { return s.State }},
	{"class", func(s Secret) string { return s.Class }},
	{"owner", func(s Secret) string { return s.Owner }},
	{"risk", func(s Secret) string { return s.Risk }},
	{"environments", func(s Secret) string { return strings.Join(s.Environments, " ") }},
	{"stores", func(s Secret) string { return strings.Join(s.Stores, " ") }},
	{"consumers", func(s Secret) string { return strconv.Itoa(s.Consumers) }},
	{"lifetime", Secret.lifetime},
	{"last_rotated", func(s Secret) string { return s.Rotated }},
	{"next_due", func(s Secret) string { return s.Due }},
	{"problems", func(s Secret) string { return strings.Join(s.Problems, " ") }},
	{"place", func(s Secret) string { return fmt.Sprintf("%s:%d", s.File, s.Line) }},
}

// WriteCSV writes for spreadsheets.
func (l List) WriteCSV(w io.Writer) error {
	return l.sheet(w, escape.CSV, func(cells []string) string { return strings.Join(cells, ",") + "\r\n" }, "")
}

// WriteMarkdown writes a table as GitHub and GitLab show it.
func (l List) WriteMarkdown(w io.Writer) error {
	rule := strings.Repeat("| --- ", len(fields)) + "|\n"
	return l.sheet(w, escape.Markdown, func(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }, rule)
}

// sheet writes a line of names, what follows it, and a line for each secret.
func (l List) sheet(w io.Writer, cell func(string) string, line func([]string) string, rule string) error {
	var b strings.Builder
	row := make([]string, len(fields))
	for i, f := range fields {
		row[i] = cell(f.name)
	}
	b.WriteString(line(row) + rule)
	for _, s := range l.Secrets {
		for i, f := range fields {
			row[i] = cell(f.of(s))
		}
		b.WriteString(line(row))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
