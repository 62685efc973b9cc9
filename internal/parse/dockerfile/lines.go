package dockerfile

import (
	"bytes"
	"unicode"

	"github.com/policyctl/policyctl/internal/lint"
)

// byteOrderMark may stand before the first line; it is no part of it.
var byteOrderMark = []byte("\ufeff")

// logicalLine gathers the instruction that begins on a line: continuations,
// comments and empty lines within it are left out, as BuildKit does. It also
// gives the number of the line that follows.
func logicalLine(src *lint.Source, line int, escape byte) (text, int) {
	g := &gathered{source: src}
	for first := true; line <= src.Lines(); first = false {
		at, chars := physicalLine(src, line)
		line++
		if !first && (isComment(chars) || len(bytes.TrimSpace(chars)) == 0) {
			continue
		}
		if first {
			trimmed := bytes.TrimLeftFunc(chars, unicode.IsSpace)
			at, chars = at+len(chars)-len(trimmed), trimmed
		}
		chars, more := cutContinuation(chars, escape)
		g.add(at, chars)
		if !more {
			break
		}
	}
	return g.text(), line
}

// physicalLine gives where a line begins, and its characters without the break.
func physicalLine(src *lint.Source, line int) (int, []byte) {
	at := src.Offset(lint.Position{Line: line, Column: 1})
	chars := bytes.TrimRight(src.Line(line), "\r")
	if line == 1 && bytes.HasPrefix(chars, byteOrderMark) {
		return len(byteOrderMark), chars[len(byteOrderMark):]
	}
	return at, chars
}

func isComment(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeftFunc(line, unicode.IsSpace), []byte{'#'})
}

// cutContinuation removes an escape character at the end of a line, unless it
// is escaped itself.
func cutContinuation(line []byte, escape byte) ([]byte, bool) {
	trimmed := bytes.TrimRight(line, " \t")
	n := len(trimmed)
	if n == 0 || trimmed[n-1] != escape || n > 1 && trimmed[n-2] == escape {
		return line, false
	}
	return trimmed[:n-1], true
}

// heredoc is a document within an instruction.
type heredoc struct {
	name string
	body text // without its last line, which is the name again
}

// heredocs gathers the documents that begin on a line, one behind the other.
// The second result is all of them with their last lines.
func heredocs(src *lint.Source, line int, declared []declaration) ([]heredoc, text) {
	var found []heredoc
	first := line
	for _, d := range declared {
		begin := line
		for line <= src.Lines() && !d.endsAt(rawLine(src, line)) {
			line++
		}
		found = append(found, heredoc{d.name, rawLines(src, begin, line)})
		line++
	}
	return found, rawLines(src, first, line)
}

// declaration announces a heredoc: <<NAME, or <<-NAME with tabs to be chomped.
type declaration struct {
	name  string
	chomp bool
}

func (d declaration) endsAt(line []byte) bool {
	if d.chomp {
		line = bytes.TrimLeft(line, "\t")
	}
	return string(printable(line)) == d.name
}

func rawLine(src *lint.Source, line int) []byte { return bytes.TrimRight(src.Line(line), "\r") }

// rawLines gives the lines from begin up to end, breaks and all.
func rawLines(src *lint.Source, begin, end int) text {
	from := src.Offset(lint.Position{Line: begin, Column: 1})
	to := max(from, src.Offset(lint.Position{Line: end, Column: 1}))
	g := &gathered{source: src}
	g.add(from, src.Data[from:to])
	return g.text()
}
