package edit

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// layout is how the parts of a collection in brackets are written.
type layout struct {
	line  string // the line break and indentation before each; empty if all stand in one line
	step  string // by how much more what is inside of a part is indented
	comma string // between parts of one line
	colon string
}

var oneLine = layout{comma: ", ", colon: ": "}

// inside is the layout of a part that is a collection itself.
func (l layout) inside() layout {
	if l.line != "" {
		l.line += l.step
	}
	return l
}

// layout tells from the parts that a collection has how another one is to be written. One
// that is empty follows what is around it.
func (f *File) layout(parent *lint.Node) layout {
	l := oneLine
	l.step = "  "
	if f.json {
		_, l.step, _ = strings.Cut(f.lineBefore(f.firstPart(f.docs[0])), f.eol)
	}
	all := f.parts(parent)
	switch {
	case len(all) > 0:
		l.line = f.lineBefore(all[0].start)
	case l.step != "" && f.json:
		line := f.src.Data[f.lineStart(parent.Span.Start):parent.Span.Start]
		l.line = f.eol + string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))]) + l.step
	}
	if own := f.own(parent); f.json && len(own) > 0 {
		if colon := string(f.src.Data[own[0].Span.End:own[0].Value.Span.Start]); strings.TrimSpace(colon) == ":" {
			l.colon = colon
		}
	}
	if l.colon == ":" {
		l.comma = ","
	}
	return l
}

// firstPart is where the first part of a collection begins, or the collection itself.
func (f *File) firstPart(n *lint.Node) int {
	if all := f.parts(n); len(all) > 0 {
		return all[0].start
	}
	return n.Span.Start
}

// lineBefore is the line break before something and its indentation, nothing if it does not
// begin a line.
func (f *File) lineBefore(offset int) string {
	start := f.lineStart(offset)
	before := f.src.Data[start:offset]
	if bytes.IndexByte(f.src.Data[:offset], '\n') < 0 || len(bytes.Trim(before, " \t")) > 0 {
		return ""
	}
	return f.eol + string(before)
}

// insertFlow adds a part to a collection in brackets, behind one of its parts. A comment
// behind that stays on its line.
func (f *File) insertFlow(parent *lint.Node, before int, text string) change {
	l, all := f.layout(parent), f.parts(parent)
	first, last := parent.Span.Start+1, parent.Span.End-1
	switch {
	case len(all) == 0 && l.line != "":
		return change{first, last, l.line + text + strings.TrimSuffix(l.line, l.step)}
	case len(all) == 0:
		return change{first, first, text}
	case before < 0:
		return change{all[0].start, all[0].start, text + strings.TrimRight(l.comma, " ") + cmp.Or(l.line, l.comma[1:])}
	}
	at := all[before].end
	end := f.lineEnd(at)
	rest, hasComma := strings.CutPrefix(string(f.src.Data[at:end]), ",")
	comment := strings.TrimLeft(rest, " \t")
	switch {
	case l.line == "" || end >= last || comment != "" && comment[0] != '#':
		return change{at, at, strings.TrimRight(l.comma, " ") + cmp.Or(l.line, l.comma[1:]) + text}
	case hasComma:
		return change{end, end, l.line + text + ","}
	}
	return change{at, end, "," + rest + l.line + text}
}
