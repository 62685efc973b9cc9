package github

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// diff is what a pull request shows of files: comments may only stand there.
type diff map[string]map[int]line

// line is a line of a file as the pull request leaves it.
type line struct {
	text string // without its line break, a carriage return included
	hunk int    // a comment on more than one line stays within a hunk
}

var hunkHeader = regex.Lazy(`^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@`)

// readPatch reads the patch that the API gives of a file. There is none of a
// binary file, of one that is only renamed and of one that is too large, and one
// may be cut: what is not there is not shown, so nothing can stand at it.
func readPatch(patch string) map[int]line {
	lines := map[int]line{}
	number, left, hunk := 0, 0, 0
	for text := range strings.SplitSeq(patch, "\n") {
		if m := hunkHeader().FindStringSubmatch(text); m != nil {
			number, left = toInt(m[1]), 1
			if m[2] != "" {
				left = toInt(m[2])
			}
			hunk++
			continue
		}
		if left <= 0 || text == "" || text[0] != ' ' && text[0] != '+' {
			continue // of the old file, or no line of a file
		}
		lines[number] = line{text[1:], hunk}
		number++
		left--
	}
	return lines
}

func toInt(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// view is what a pull request shows, beside what was checked.
type view struct {
	diff
	certain bool                             // the very commit that is shown was checked
	checked func(lint.Location) *lint.Source // files as they were checked; nil where none is at hand
}

// lines gives the lines of a place if the pull request shows all of them as they
// were checked: a report may be about a merge in which they stand elsewhere.
func (v view) lines(at lint.Location) []line {
	first, last := extent(at)
	if at.Commit != "" || first < 1 || last-first > maxLines {
		return nil
	}
	same := v.same(at)
	var lines []line
	for n := first; n <= last; n++ {
		shown, ok := v.diff[at.Path][n]
		if !ok || len(lines) > 0 && shown.hunk != lines[0].hunk || !same(n, shown.text) {
			return nil
		}
		lines = append(lines, shown)
	}
	return lines
}

// same says whether a line that is shown is what was checked.
func (v view) same(at lint.Location) func(n int, shown string) bool {
	if !v.certain && v.checked != nil {
		if src := v.checked(at); src != nil {
			return func(n int, shown string) bool { return string(src.Line(n)) == strings.TrimSuffix(shown, "\r") }
		}
	}
	return func(int, string) bool { return v.certain }
}

// maxLines is how many lines a comment spans at most.
const maxLines = 100

// extent gives the first and last line of a place. An end at the begin of a line
// is behind the line break of the one before.
func extent(at lint.Location) (first, last int) {
	first, last = at.Start.Line, max(at.End.Line, at.Start.Line)
	if last > first && at.End.Column <= 1 {
		last--
	}
	return first, last
}

// replaced gives the lines that stand in place of some once a text stands at a
// place of which they are the extent.
func replaced(lines []line, at lint.Location, text string) ([]string, bool) {
	final := lines[len(lines)-1].text
	before, inFirst := cut(lines[0].text, at.Start.Column)
	upTo, inLast := cut(final, at.End.Column)
	switch {
	case !inFirst:
		return nil, false
	case at.End.Line == at.Start.Line+len(lines): // the last line break goes too
		if text = before + text; text == "" {
			return nil, true
		}
		// Without one, the next line would be joined to this one.
		text, joined := strings.CutSuffix(text, "\n")
		return strings.Split(text, "\n"), joined
	case !inLast || at.End.Line != at.Start.Line+len(lines)-1 || len(lines) == 1 && len(upTo) < len(before):
		return nil, false
	default:
		return strings.Split(before+text+final[len(upTo):], "\n"), true
	}
}

// cut gives what stands in front of a column, which counts code points from 1.
func cut(text string, column int) (string, bool) {
	for i := range text {
		if column--; column == 0 {
			return text[:i], true
		}
	}
	return text, column == 1
}

// texts gives what lines say.
func texts(lines []line) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.text)
	}
	return all
}

func compare(a, b lint.Position) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) }
