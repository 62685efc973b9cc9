package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Of a line that is wider than a terminal the frame shows what is around the
// marks. Of one in which a machine put everything into one line it shows
// nothing: finding the columns would take longer than the check.
const (
	frameWidth  = 120
	frameBefore = 40 // at least so much of a wide line stands in front of the marks
	frameBytes  = 64 << 10
)

// cell is what stands for some columns of a line, as a terminal shows it.
type cell struct {
	text       string
	width      int
	start, end int // columns of the line, from 1, end exclusive
}

// frame shows the line in which a location begins and marks what it names. It
// gives "" where there is nothing to show.
func (c *cleaner) frame(at lint.Location, paint painter) string {
	src := c.source(at)
	if src == nil || at.Start.Line < 1 || at.Start.Line > src.Lines() {
		return ""
	}
	line := src.Line(at.Start.Line)
	if len(line) > frameBytes {
		return ""
	}
	end := at.End.Column
	if at.End.Line != at.Start.Line {
		end = math.MaxInt
	}
	var hidden []part
	if first := c.hidden(src, at.Start.Line, string(line)); first >= 0 {
		// What was recognised may be a part of the credential only, and the line may
		// hold others: of such a line nothing is shown but the name in front.
		if !nameOnly().Match(line[:first]) {
			return ""
		}
		hidden = []part{{first, len(line)}}
	}
	cells := cells(string(line), hidden)
	code, marks := window(cells, at.Start.Column, end)
	gutter := fmt.Sprintf("%5d", at.Start.Line)
	return fmt.Sprintf("%s | %s\n%s | %s\n", gutter, code, strings.Repeat(" ", len(gutter)), paint.mark(marks))
}

// nameOnly fits the front of a line that sets one thing: a name, and what assigns.
var nameOnly = regex.Lazy(`^[\s\-{]*(?:(?:ENV|ARG|LABEL|export|const|let|var|set)\s+)?["']?[A-Za-z_][\w.\-]{0,60}["']?\s*(?:=|:|:=|=>)?\s*["']?$`)

// part is a range of the bytes of a line.
type part struct{ start, end int }

// hidden gives where in a line the first credential begins, -1 if there is none. A
// report may have tens of thousands of them, so each line is looked up, not compared
// with all.
func (c *cleaner) hidden(src *lint.Source, n int, line string) int {
	start := src.Offset(lint.Position{Line: n, Column: 1})
	spans := c.places[fileOf(src)]
	i, _ := slices.BinarySearchFunc(spans, start+1, func(s lint.Span, at int) int { return s.End - at })
	first := len(line)
	if i < len(spans) {
		first = min(first, max(spans[i].Start-start, 0))
	}
	if clean := c.redact(line[:first]); clean != line[:first] { // what policies or other files told
		for first = 0; first < len(clean) && clean[first] == line[first]; first++ {
		}
	}
	for at := range first {
		i, same := slices.BinarySearch(c.values, line[at:])
		if same || i > 0 && strings.HasPrefix(line[at:], c.values[i-1]) {
			return at
		}
	}
	if first == len(line) {
		return -1
	}
	return first
}

// cells lays out a line. hidden is sorted. Neighbouring columns that are hidden
// become one mask.
func cells(text string, hidden []part) []cell {
	var all []cell
	at, column, hiddenTo := 0, 0, 0
	for i, r := range text {
		column++
		next := cell{start: column, end: column + 1}
		for len(hidden) > 0 && hidden[0].start <= i {
			hiddenTo, hidden = max(hiddenTo, hidden[0].end), hidden[1:]
		}
		switch last := len(all) - 1; {
		case i < hiddenTo:
			if last >= 0 && all[last].text == Mask {
				all[last].end++
				continue
			}
			next.text, next.width = Mask, len(Mask)
		case r == '\t':
			next.width = 4 - at%4
			next.text = strings.Repeat(" ", next.width)
		case r == utf8.RuneError || isHidden(r):
			next.text, next.width = string(utf8.RuneError), 1
		case beginsCommand(text[i:]):
			next.text, next.width = string(notCommand), 1
		default:
			next.text, next.width = string(r), runeWidth(r)
		}
		at += next.width
		all = append(all, next)
	}
	return all
}

// runeWidth is the number of places that a character takes in a terminal.
func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// window gives the part of a line that is shown, and the marks under it.
func window(line []cell, start, end int) (code, marks string) {
	indent, length := 0, 0
	for _, c := range line {
		switch {
		case c.end <= start:
			indent += c.width
		case c.start < end || c.start <= start:
			length += c.width
		}
	}
	from, to := 0, math.MaxInt
	if total(line) > frameWidth {
		from = max(0, indent-frameBefore)
		to = from + frameWidth
		length = min(length, frameWidth-frameBefore)
	}
	code, indent = cut(line, from, to, indent)
	return code, strings.Repeat(" ", indent) + "^" + strings.Repeat("~", max(length-1, 0))
}

func total(line []cell) int {
	sum := 0
	for _, c := range line {
		sum += c.width
	}
	return sum
}

// cut gives the cells between two places of the terminal, and where in it the
// place that indent was now is. Dots stand for what is left out.
func cut(line []cell, from, to, indent int) (string, int) {
	var b strings.Builder
	at, skipped := 0, 0
	for _, c := range line {
		switch {
		case at < from:
			skipped += c.width
		case at >= to:
			return b.String() + "…", shifted(indent, skipped)
		default:
			if b.Len() == 0 && skipped > 0 {
				b.WriteString("…")
			}
			b.WriteString(c.text)
		}
		at += c.width
	}
	return strings.TrimRight(b.String(), " "), shifted(indent, skipped)
}

// shifted moves a place by what is left out, less the dots that stand for it.
func shifted(indent, skipped int) int {
	if skipped == 0 {
		return indent
	}
	return indent - skipped + 1
}
