package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// writeAzure writes logging commands of Azure Pipelines: issues of the run, with their
// places. It knows errors and warnings only.
func writeAzure(w io.Writer, r *jsonReport) error {
	var b strings.Builder
	issue := func(g grade, rule, message string, at lint.Location) {
		name := "warning"
		if g == isError {
			name = "error"
		}
		fmt.Fprintf(&b, "##vso[task.logissue type=%s;%scode=%s]%s\n", name, issued(at), azureProperty.Replace(rule), azureData.Replace(message))
	}
	for _, failure := range r.NotChecked.Failures {
		issue(isError, notifyFailure, "could not check: "+failure.Message, lint.Location{Path: failure.Path})
	}
	for _, f := range worst(r.open()) {
		issue(f.grade(), f.Rule, f.Message, f.Location)
	}
	fmt.Fprintf(&b, "policyctl: %s\n", r.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// A percent sign has an escape of its own: without it %0A in a name would be read as a
// line break.
var (
	azureData     = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A")
	azureProperty = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A", ";", "%3B", "]", "%5D")
)

func issued(at lint.Location) string {
	if at.Path == "" || at.Commit != "" {
		return ""
	}
	text := "sourcepath=" + azureProperty.Replace(Plain(at.Path)) + ";"
	if at.Start.Line > 0 {
		text += fmt.Sprintf("linenumber=%d;columnnumber=%d;", at.Start.Line, max(at.Start.Column, 1))
	}
	return text
}
