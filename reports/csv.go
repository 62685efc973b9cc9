package reports

import (
	"io"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/escape"
)

// sheet are the columns of CSV, named as in JSON.
var sheet = []struct {
	name string
	of   func(*jsonFinding) string
}{
	{"status", func(f *jsonFinding) string { return f.Status.String() }},
	{"severity", func(f *jsonFinding) string { return f.Severity.String() }},
	{"kind", func(f *jsonFinding) string { return f.Kind }},
	{"rule", func(f *jsonFinding) string { return f.Rule }},
	{"path", func(f *jsonFinding) string { return Plain(f.Location.Path) }},
	{"line", func(f *jsonFinding) string { return number(f.Location.Start.Line) }},
	{"column", func(f *jsonFinding) string { return number(f.Location.Start.Column) }},
	{"message", func(f *jsonFinding) string { return f.Message }},
	{"subject", func(f *jsonFinding) string { return f.Subject }},
	{"owners", func(f *jsonFinding) string { return strings.Join(f.Owners, " ") }},
	{"reason", func(f *jsonFinding) string { return f.Reason }},
	{"until", func(f *jsonFinding) string { return f.Until }},
	{"commit", func(f *jsonFinding) string { return f.Location.Commit }},
	{"fingerprint", func(f *jsonFinding) string { return f.Fingerprint }},
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// writeCSV writes all findings, a line each, for spreadsheets. What could not be checked
// is a line too, with the status that the run has.
func writeCSV(w io.Writer, r *jsonReport) error {
	var b strings.Builder
	line := func(cell func(int) string) {
		for i := range sheet {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(escape.CSV(cell(i)))
		}
		b.WriteString("\r\n")
	}
	line(func(i int) string { return sheet[i].name })
	for _, failure := range r.NotChecked.Failures {
		cells := map[string]string{"status": "not checked", "rule": failure.Rule, "path": Plain(failure.Path), "message": failure.Message}
		line(func(i int) string { return cells[sheet[i].name] })
	}
	for k := range r.Findings {
		line(func(i int) string { return sheet[i].of(&r.Findings[k]) })
	}
	_, err := io.WriteString(w, b.String())
	return err
}
