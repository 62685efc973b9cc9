package dockerfile

import (
	"sort"

	"github.com/policyctl/policyctl/internal/lint"
)

// text is a stretch of characters that were gathered from a file, and knows
// where each of them stands: a logical line without its continuations, or the
// script within a quoted word. The zero text is empty and stands nowhere.
type text struct {
	in         *gathered
	start, end int
}

// gathered is what texts are cut from.
type gathered struct {
	source *lint.Source
	chars  []byte
	marks  []mark // by rising at
}

// mark says that the characters from at on stand at source and behind.
type mark struct {
	at, source int
	width      int // bytes in the file, of an escape sequence; 0 where character stands beside character
}

// add appends a stretch of the file that begins at source.
func (g *gathered) add(source int, chars []byte) {
	if len(chars) > 0 {
		g.marks = append(g.marks, mark{at: len(g.chars), source: source})
		g.chars = append(g.chars, chars...)
	}
}

// addEscaped appends what an escape sequence of width bytes stands for.
func (g *gathered) addEscaped(source, width int, chars string) {
	if chars != "" {
		g.marks = append(g.marks, mark{len(g.chars), source, width})
		g.chars = append(g.chars, chars...)
	}
}

func (g *gathered) text() text { return text{g, 0, len(g.chars)} }

func (t text) String() string {
	if t.in == nil {
		return ""
	}
	return string(t.in.chars[t.start:t.end])
}

func (t text) len() int { return t.end - t.start }

// cut gives the part from i to j.
func (t text) cut(i, j int) text { return text{t.in, t.start + i, t.start + j} }

// from gives the part from i on.
func (t text) from(i int) text { return t.cut(i, t.len()) }

// span is where the text stands in its file. It includes what was left out
// within: continuations and comments.
func (t text) span() lint.Span {
	if t.in == nil || len(t.in.chars) == 0 {
		return lint.Span{}
	}
	if t.len() > 0 {
		return lint.Span{Source: t.in.source, Start: t.place(0).start, End: t.place(t.len() - 1).end}
	}
	if t.start > 0 {
		end := t.place(-1).end
		return lint.Span{Source: t.in.source, Start: end, End: end}
	}
	start := t.place(0).start
	return lint.Span{Source: t.in.source, Start: start, End: start}
}

type place struct{ start, end int }

// place is where the character at i stands in the file.
func (t text) place(i int) place {
	at := t.start + i
	marks := t.in.marks
	m := marks[sort.Search(len(marks), func(k int) bool { return marks[k].at > at })-1]
	if m.width > 0 {
		return place{m.source, m.source + m.width}
	}
	start := m.source + at - m.at
	return place{start, start + 1}
}

// node makes a string of the text as it stands.
func (t text) node() *lint.Node { return lint.NewString(t.String(), t.span()) }
