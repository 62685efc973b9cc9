package edit

import (
	"bytes"

	"github.com/policyctl/policyctl/internal/lint"
)

// remove takes a part out of its collection.
func (f *File) remove(at target) change {
	parts := f.parts(at.parent)
	i := at.item
	for at.field != nil && parts[i].start != at.field.Span.Start {
		i++
	}
	switch {
	case len(parts) == 1:
		return f.clear(at.parent)
	case f.json || f.isFlow(at.parent):
		return cutFlow(parts, i)
	}
	return f.cutLines(parts, i)
}

func cutFlow(parts []part, i int) change {
	if i+1 < len(parts) {
		return change{parts[i].start, parts[i+1].start, ""}
	}
	return change{parts[i-1].end, parts[i].end, ""}
}

// part is where a field or an item stands, its dash included.
type part struct{ start, end int }

// parts are those of a collection that stand in it.
func (f *File) parts(parent *lint.Node) []part {
	var all []part
	for _, field := range f.own(parent) {
		all = append(all, part{field.Span.Start, end(field)})
	}
	block := parent.Kind == lint.List && !f.json && !f.isFlow(parent)
	next := parent.Span.Start
	for _, item := range parent.Items {
		p := part{item.Span.Start, max(item.Span.End, item.Span.Start)}
		if block {
			p.start = f.dash(next)
		}
		if len(item.Via) > 0 {
			p.end = f.lineEnd(p.start)
		}
		next = p.end
		all = append(all, p)
	}
	return all
}

// dash is the next one that begins an item.
func (f *File) dash(from int) int {
	for i := from; i < len(f.src.Data); i++ {
		switch f.src.Data[i] {
		case '-':
			return i
		case '#':
			i = f.lineEnd(i)
		}
	}
	return from
}

// clear leaves an empty collection.
func (f *File) clear(parent *lint.Node) change {
	brackets := "{}"
	if parent.Kind == lint.List {
		brackets = "[]"
	}
	start := parent.Span.Start
	if blank := bytes.TrimRight(f.src.Data[:start], " \r\n"); bytes.HasSuffix(blank, []byte(":")) && !f.json && !f.isFlow(parent) {
		start, brackets = len(blank), " "+brackets
	}
	return change{start, parent.Span.End, brackets}
}

// cutLines takes out the lines of a part. The first of an item that begins behind
// its dash makes room for the second.
func (f *File) cutLines(parts []part, i int) change {
	start, end := parts[i].start, f.lineEnd(parts[i].end)
	begin := f.lineStart(start)
	if len(bytes.TrimLeft(f.src.Data[begin:start], " ")) == 0 {
		for end < len(f.src.Data) && f.src.Data[end] == '\r' {
			end++
		}
		if end < len(f.src.Data) {
			return change{begin, end + 1, ""}
		}
		return change{max(begin-len(f.eol), 0), end, ""} // the last line has no break
	}
	if i+1 < len(parts) && len(bytes.TrimSpace(f.src.Data[end:parts[i+1].start])) == 0 {
		return change{start, parts[i+1].start, ""}
	}
	return change{start, end, ""}
}
