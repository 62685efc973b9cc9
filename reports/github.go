package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// perGrade is how many annotations of each sort GitHub shows of a step. It drops the
// others without a word.
const perGrade = 10

// writeGitHub writes workflow commands: annotations at the lines of a pull request. What
// is not annotated is counted, for a log that ends after ten lines looks like all.
func writeGitHub(w io.Writer, r *jsonReport) error {
	var b strings.Builder
	shown, left := [isNote + 1]int{}, 0
	command := func(g grade, title, message string, at lint.Location) {
		if shown[g]++; shown[g] > perGrade {
			left++
			return
		}
		name := [...]string{"error", "warning", "notice"}[g]
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", name, annotated(at), property.Replace(title), data.Replace(message))
	}
	for _, failure := range r.NotChecked.Failures {
		command(isError, "policyctl could not check", "could not check: "+failure.Message, lint.Location{Path: failure.Path})
	}
	for _, f := range worst(r.open()) {
		command(f.grade(), r.rule(f.Rule).Title, f.sentence(), f.Location)
	}
	if left > 0 {
		fmt.Fprintf(&b, "and %d more: GitHub shows %d of each sort\n", left, perGrade)
	}
	fmt.Fprintf(&b, "policyctl: %s\n", r.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// data and property write what stands behind and in front of the second two colons.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotated writes a place. Columns are taken only where all is on one line.
func annotated(at lint.Location) string {
	if at.Path == "" || at.Commit != "" { // of a file of history no line is shown
		return ""
	}
	text := "file=" + property.Replace(Plain(at.Path)) + ","
	number := func(name string, n int) {
		if n > 0 {
			text += name + "=" + strconv.Itoa(n) + ","
		}
	}
	number("line", at.Start.Line)
	number("endLine", at.End.Line)
	if at.Start.Line == at.End.Line {
		number("col", at.Start.Column)
		number("endColumn", at.End.Column)
	}
	return text
}
