package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/escape"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// What a job summary shows. GitHub refuses one of more than 1 MiB a step; nobody reads
// one of 200 kB.
const (
	mostRows     = 50
	mostDetails  = 100
	mostMarkdown = 200_000
	cellWidth    = 300
	soonDays     = 30
)

// writeMarkdown writes a summary for people: the verdict, what is new, what ends soon,
// what was not seen. All texts are escaped: none links, mentions or draws.
func writeMarkdown(w io.Writer, r *jsonReport) error {
	m := &markdown{report: r}
	m.verdict()
	m.findings()
	m.waivers()
	m.notChecked()
	text := m.b.String()
	if len(text) > mostMarkdown { // rows are bounded, so this takes texts of a hostile length
		text = "## policyctl: " + r.Status + "\n\n" + escape.Markdown(r.summary()) + "\n\nThe details are too long to be shown here.\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

type markdown struct {
	report *jsonReport
	b      strings.Builder
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(&m.b, format, args...) }

// inCell writes a text of somebody else.
func inCell(text string) string { return escape.Markdown(shorten(Plain(text), cellWidth)) }

func (m *markdown) verdict() {
	r := m.report
	sign := map[int]string{gate.ExitPassed: "✅", gate.ExitBlocked: "❌"}[r.Exit]
	if sign == "" {
		sign = "⚠️"
	}
	m.printf("## %s policyctl: %s\n\n%s\n", sign, r.Status, inCell(r.summary()))
	for _, line := range r.gate() {
		m.printf("\n%s\n", inCell(line))
	}
	for i, failure := range r.NotChecked.Failures {
		if i == 0 {
			m.printf("\n**What could not be checked is no pass:**\n\n")
		}
		if i == mostRows {
			m.printf("- and %d more\n", len(r.NotChecked.Failures)-i)
			break
		}
		m.printf("- %s\n", inCell(failure.Message+about(failure)))
	}
}

// about says where and by what rule something failed, as far as that is known.
func about(failure lint.Failure) string {
	switch {
	case failure.Path != "" && failure.Rule != "":
		return " (" + failure.Path + ", " + failure.Rule + ")"
	case failure.Path+failure.Rule != "":
		return " (" + failure.Path + failure.Rule + ")"
	default:
		return ""
	}
}

func (m *markdown) findings() {
	open := worst(m.report.open())
	if len(open) == 0 {
		return
	}
	m.printf("\n### Findings\n\n| | Severity | Finding | Place |\n| --- | --- | --- | --- |\n")
	for i := range open {
		if i == mostRows {
			break
		}
		f := &open[i]
		m.printf("| %s | %s | %s | %s |\n", f.Status, f.Severity, inCell(f.sentence()), m.place(f.Location))
	}
	if left := len(open) - mostRows; left > 0 {
		m.printf("\nand %d more.\n", left)
	}
	m.rules(open)
}

// rules says once for each rule why it is there and what to do, folded.
func (m *markdown) rules(open []jsonFinding) {
	var shown []string
	for _, f := range open[:min(len(open), mostRows)] {
		if !slices.Contains(shown, f.Rule) {
			shown = append(shown, f.Rule)
		}
	}
	m.printf("\n<details><summary>Why, and what to do</summary>\n\n")
	for _, id := range shown {
		rule := m.report.rule(id)
		m.printf("- **%s** (%s): %s **Fix:** %s\n", inCell(rule.Title), inCell(id), inCell(rule.Description), inCell(rule.Fix))
	}
	m.printf("\n</details>\n")
}

// place links a line where the run knows under which URL files are shown.
func (m *markdown) place(at lint.Location) string {
	text := inCell(placeOf(at))
	if href := m.report.href(at); href != "" {
		return fmt.Sprintf("[%s](<%s>)", text, href)
	}
	return text
}

// href is the URL of a line, or "".
func (r *jsonReport) href(at lint.Location) string {
	if r.Link == "" || at.Commit != "" || strings.HasSuffix(at.Path, "/") {
		return ""
	}
	href := r.Link + uri(at.Path)
	if at.Start.Line > 0 {
		href += fmt.Sprintf("#L%d", at.Start.Line)
	}
	return href
}

func (m *markdown) waivers() {
	soon := m.report.endingSoon()
	if len(soon) == 0 {
		return
	}
	m.printf("\n### Waivers that end within %d days\n\n| Until | Finding | Place | Reason |\n| --- | --- | --- | --- |\n", soonDays)
	for i, f := range soon {
		if i == mostRows {
			m.printf("\nand %d more.\n", len(soon)-i)
			break
		}
		m.printf("| %s | %s | %s | %s |\n", f.Until, inCell(f.sentence()), m.place(f.Location), inCell(f.Reason))
	}
}

// endingSoon gives the waived findings that count again within a month, the next first.
func (r *jsonReport) endingSoon() []jsonFinding {
	now, err := time.Parse(time.DateOnly, r.AsOf)
	if err != nil {
		return nil
	}
	limit := now.AddDate(0, 0, soonDays).Format(time.DateOnly)
	var soon []jsonFinding
	for _, f := range r.Findings {
		if f.Until != "" && f.Until <= limit {
			soon = append(soon, f)
		}
	}
	slices.SortStableFunc(soon, func(a, b jsonFinding) int { return strings.Compare(a.Until, b.Until) })
	return soon
}

// notChecked lists what nobody looked at, folded.
func (m *markdown) notChecked() {
	n := m.report.NotChecked
	if len(n.Skipped)+len(n.Gaps) == 0 {
		return
	}
	m.printf("\n<details><summary>Not looked at: %s</summary>\n\n", escape.Markdown(unseen(n)))
	rows := 0
	row := func(text, place string) {
		if rows++; rows <= mostDetails {
			m.printf("- %s: %s\n", place, inCell(text))
		}
	}
	for _, gap := range n.Gaps {
		row("not resolved: "+gap.Message, m.place(gap.Location))
	}
	for _, skip := range n.Skipped {
		row("not checked: "+skip.Reason, inCell(skip.Path))
	}
	if rows > mostDetails {
		m.printf("- and %d more\n", rows-mostDetails)
	}
	m.printf("\n</details>\n")
}

// unseen says in a line what nobody looked at.
func unseen(n jsonNotChecked) string {
	var parts []string
	if len(n.Gaps) > 0 {
		parts = append(parts, Count(len(n.Gaps), "place")+" not resolved")
	}
	if len(n.Skipped) > 0 {
		parts = append(parts, Skipped(n.Skipped))
	}
	return strings.Join(parts, ", ")
}
