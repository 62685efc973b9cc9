package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// writeText writes for people, and for the tools that link path:line:col. The
// first line of a finding is complete in itself.
func writeText(w io.Writer, r Report) error {
	c := newCleaner(r)
	t := &text{Report: r, cleaner: c, paint: painter(r.Color)}
	for _, f := range c.judged(r.Verdict.Findings) {
		t.finding(&f)
	}
	t.summary(c.coverage(r.Verdict.Coverage))
	_, err := io.WriteString(w, t.b.String())
	return err
}

// Explain writes all that is known of the findings that are asked for, and nothing
// about the run. What the others found stays hidden in the lines that it quotes.
func Explain(w io.Writer, r Report, asked func(gate.Judged) bool) error {
	r.Verbose = true
	c := newCleaner(r)
	t := &text{Report: r, cleaner: c, paint: painter(r.Color)}
	for _, f := range c.judged(r.Verdict.Findings) {
		if asked(f) {
			t.finding(&f)
		}
	}
	_, err := io.WriteString(w, t.b.String())
	return err
}

// Obstacles writes why the run could not check all, as text does at its end, and
// nothing if it could.
func Obstacles(w io.Writer, r Report) error {
	c := newCleaner(r)
	t := &text{Report: r, cleaner: c}
	t.obstacles(c.coverage(r.Verdict.Coverage))
	_, err := io.WriteString(w, t.b.String())
	return err
}

type text struct {
	Report
	cleaner *cleaner
	paint   painter
	b       strings.Builder
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(&t.b, format, args...) }

func (t *text) finding(f *gate.Judged) {
	accepted := f.Status == gate.Waived || f.Status == gate.Existing
	if accepted && !t.Verbose || t.Quiet && f.Status != gate.Blocking {
		return
	}
	t.printf("%s: %s: %s [%s]\n", t.place(f.Location), t.paint.severity(f.Rule.Severity), f.Message, f.Rule.ID)
	if t.Quiet {
		return
	}
	// What cannot be parsed may hold credentials that nothing recognised.
	if f.Rule != lint.SyntaxError && f.Rule != lint.TooComplex {
		t.b.WriteString(t.cleaner.frame(f.Location, t.paint))
	}
	if c := f.Commit; c != nil {
		t.note("commit", fmt.Sprintf("%s of %s by %s", c.Hash, c.Time.UTC().Format(time.DateOnly), Plain(c.Author)))
	}
	t.note("known", strings.Join(f.Facts, "; "))
	if t.Verbose {
		t.evidence(f)
	}
	t.note("why", Plain(f.Rule.Description))
	for _, related := range f.Related {
		t.note("see", t.place(related.Location)+": "+related.Message)
	}
	for _, step := range f.Flow {
		t.note("way", t.place(step.Location)+": "+step.Message)
	}
	t.note("fix", Plain(f.Rule.Fix))
	if f.Fix != nil {
		t.note("edit", t.edit(f.Fix))
	}
	t.note("gate", f.Reason)
	t.b.WriteByte('\n')
}

// evidence says why something was judged to be a credential.
func (t *text) evidence(f *gate.Judged) {
	if f.Confidence > 0 {
		t.note("sure", fmt.Sprintf("%.0f %%", 100*f.Confidence))
	}
	reasons := f.Evidence
	if len(reasons) == 0 && f.Confidence > 0 {
		reasons = []string{"it has the form that " + f.Rule.ID + " describes"}
	}
	for _, reason := range reasons {
		t.note("as", reason)
	}
}

// note writes what belongs to a finding, under its frame.
func (t *text) note(label, content string) {
	if content != "" {
		t.printf("%6s: %s\n", label, content)
	}
}

// edit words the exact change that a policy proposes.
func (t *text) edit(fix *lint.Fix) string {
	place := t.place(fix.Location)
	var value strings.Builder
	encoder := json.NewEncoder(&value)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(fix.Value)
	text := shorten(Plain(strings.TrimSpace(value.String())), 200)
	switch {
	case fix.Op == "move":
		return fmt.Sprintf("move %s from %s to where it is used", Plain(fix.Key), place)
	case err != nil || fix.Op == "remove":
		return Plain(fix.Op) + " " + place
	case fix.Op == "add":
		if fix.Key != "" {
			text = Plain(fix.Key) + ": " + text
		}
		return fmt.Sprintf("add %s at %s", text, place)
	default:
		return fmt.Sprintf("%s %s with %s", Plain(fix.Op), place, text)
	}
}

// place writes a location so that it can be clicked. Two colons in front would
// be a command to the runner of GitHub.
func (t *text) place(at lint.Location) string {
	folder := strings.HasSuffix(at.Path, "/")
	if at.Commit == "" { // what is in a commit has no place in the work tree
		at.Path = path.Join(t.Prefix, at.Path)
	}
	at.Path = Plain(at.Path)
	if folder {
		at.Path += "/"
	}
	if strings.HasPrefix(at.Path, "::") {
		at.Path = "./" + at.Path
	}
	return at.String()
}

// summary says what was checked, what was not, and what came of it. The last
// line of a run that was not checked says so.
func (t *text) summary(coverage gate.Coverage) {
	t.printf("%s\n", t.counts(len(coverage.Failures) == 0))
	if len(coverage.Skipped) > 0 {
		t.printf("not checked: %s\n", Skipped(coverage.Skipped))
	}
	if t.Confidence > 0 {
		t.printf("not shown: credentials that are judged to be one with less than %g %%, as the configuration says\n", 100*t.Confidence)
	}
	if n := len(coverage.Gaps); n > 0 {
		hint := ""
		if !t.Verbose {
			hint = " (--verbose lists " + pick(n, "it", "them") + ")"
		}
		t.printf("not resolved: %s, what depends on %s was not judged%s\n", Count(n, "place"), pick(n, "it", "them"), hint)
	}
	if t.Verbose {
		t.details(coverage)
	}
	if n := len(t.Verdict.Gone); n > 0 {
		t.printf("baseline: %s no finding any more\n", Count(n, "line")+pick(n, " matches", " match"))
	}
	days := make([]string, len(t.Verdict.Findings))
	for i := range days {
		days[i] = day(t.Verdict.Findings[i].From)
	}
	for _, line := range slices.Concat(judgedBy(t.Verdict.Settings), coming(days)) {
		t.printf("%s\n", line)
	}
	t.obstacles(coverage)
}

// obstacles says why the run is no pass even without a finding, if it is none.
func (t *text) obstacles(coverage gate.Coverage) {
	obstacles := coverage.Failures
	for _, failure := range obstacles {
		t.printf("policyctl: could not check%s\n", t.failure(failure))
	}
	switch {
	case len(obstacles) == 0:
	case coverage.Files == 0 || len(coverage.Rules) == 0:
		t.printf("policyctl: nothing was checked\n")
	default:
		t.printf("policyctl: not checked: %s left the check incomplete\n", Count(len(obstacles), "failure"))
	}
}

// judgedBy says in lines what a change is judged by, and what it makes of that.
func judgedBy(s gate.Settings) (lines []string) {
	if s.Base == "" {
		return nil
	}
	from := "the work tree"
	switch {
	case s.Tip != "":
		from = "the base as it is now, " + short(s.Tip)
	case s.Trusted:
		from = "the base"
	}
	lines = append(lines, fmt.Sprintf("compared with %s, settings of %s", short(s.Base), from))
	if len(s.Changed) == 0 {
		return lines
	}
	names := make([]string, len(s.Changed))
	for i, name := range s.Changed {
		names[i] = Plain(name)
	}
	lines = append(lines, "the change alters the gate, once it is merged: "+strings.Join(names, ", "))
	if s.Then >= 0 {
		lines = append(lines, fmt.Sprintf("by its settings %d would block", s.Then))
	}
	return lines
}

// short is as much of a hash as people need.
func short(commit string) string { return Plain(commit[:min(len(commit), 12)]) }

// counts is the line of numbers. Those that are zero are left out, but for what
// blocks.
func (t *text) counts(complete bool) string {
	total := len(t.Verdict.Findings)
	parts := []string{fmt.Sprintf("%d blocking", t.Verdict.Count(gate.Blocking))}
	for _, row := range []struct {
		status gate.Status
		name   string
	}{{gate.Minor, "minor"}, {gate.Waived, "waived"}, {gate.Existing, "existing"}} {
		if n := t.Verdict.Count(row.status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, row.name))
		}
	}
	separator := ": "
	if total < 2 {
		separator = ", "
	}
	verb := "checked"
	if !complete {
		verb = "read"
	}
	files := Count(t.Verdict.Coverage.Files, "file")
	if n := t.Verdict.Coverage.Commits; n > 0 {
		files = fmt.Sprintf("%s with %s", Count(n, "commit"), Count(t.Verdict.Coverage.Files, "version")+" of files")
	}
	return files + " " + verb + ", " + Count(total, "finding") + separator + strings.Join(parts, ", ")
}

// Skipped counts by reason what was left out, the commonest reason first. What a reason says
// in parentheses is of one file, as its size: where several have the same it is left out.
func Skipped(skips []lint.Skip) string {
	counts := map[string]int{}
	var reasons []string
	whole := map[string]string{}
	for _, skip := range skips {
		reason, _, _ := strings.Cut(skip.Reason, " (")
		if counts[reason] == 0 {
			reasons = append(reasons, reason)
			whole[reason] = skip.Reason
		}
		if whole[reason] != skip.Reason {
			whole[reason] = reason
		}
		counts[reason] += max(skip.Files, 1)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for i, reason := range reasons {
		reasons[i] = fmt.Sprintf("%d %s", counts[reason], whole[reason])
	}
	return strings.Join(reasons, ", ")
}

func (t *text) details(coverage gate.Coverage) {
	for _, skip := range coverage.Skipped {
		t.printf("  %s: not checked: %s\n", t.place(lint.Location{Path: skip.Path}), skip.Reason)
	}
	for _, gap := range coverage.Gaps {
		t.printf("  %s: not resolved: %s\n", t.place(gap.Location), gap.Message)
	}
}

func (t *text) failure(failure lint.Failure) string {
	s := ""
	if failure.Path != "" {
		s += " " + t.place(lint.Location{Path: failure.Path})
	}
	if failure.Rule != "" {
		s += " by " + Plain(failure.Rule)
	}
	return s + ": " + failure.Message
}

// Count words how many there are of something.
func Count(n int, noun string) string { return fmt.Sprintf("%d %s", n, pick(n, noun, noun+"s")) }

func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// shorten cuts a text to a number of characters.
func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n == most-1 && len([]rune(s[i:])) > 1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// painter colours if it is true. Colour never says what words do not.
type painter bool

func (p painter) paint(code, s string) string {
	if !p || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p painter) severity(severity lint.Severity) string {
	code := "36"
	switch {
	case severity >= lint.High:
		code = "1;31"
	case severity == lint.Medium:
		code = "33"
	}
	return p.paint(code, severity.String())
}

// mark paints the marks, not the blanks in front of them.
func (p painter) mark(marks string) string {
	blank := len(marks) - len(strings.TrimLeft(marks, " "))
	return marks[:blank] + p.paint("1;31", marks[blank:])
}
