package edit

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// replace writes another value in place of one that is there.
func (f *File) replace(at target, value *lint.Node) (change, error) {
	old := at.node.Span
	switch {
	case at.empty():
		return f.fill(at, value)
	case value.Kind == lint.String:
		return change{old.Start, old.End, f.like(old.Text(), value.Text)}, nil
	case at.flow || f.inline(value):
		l := oneLine
		if at.flow && at.parent != nil {
			l = f.layout(at.parent)
		}
		return change{old.Start, old.End, f.flow(value, l)}, nil
	case f.onLineOfKey(at):
		indent := f.column(at.field.Span.Start) + 2
		return change{f.colon(at.field), old.End, f.newline(indent) + f.block(value, indent)}, nil
	}
	return change{old.Start, old.End, f.block(value, f.column(old.Start))}, nil
}

// empty says whether there is no text of the value: key: and nothing behind it.
func (t target) empty() bool {
	return t.node.Kind == lint.Null && t.field != nil && t.node.Span == t.field.Span
}

// onLineOfKey says whether only spaces stand between a key and its value.
func (f *File) onLineOfKey(at target) bool {
	if at.field == nil {
		return false
	}
	from := f.colon(at.field)
	return from <= at.node.Span.Start && len(bytes.Trim(f.src.Data[from:at.node.Span.Start], " ")) == 0
}

// colon is where the colon behind a key ends.
func (f *File) colon(field *lint.Field) int {
	i := bytes.IndexByte(f.src.Data[field.Span.End:], ':')
	return field.Span.End + i + 1
}

// fill writes a value behind a key that has none.
func (f *File) fill(at target, value *lint.Node) (change, error) {
	colon := f.colon(at.field)
	if at.flow || f.inline(value) {
		return change{colon, colon, " " + f.flow(value, oneLine)}, nil
	}
	// The lines go behind a comment on the line of the key.
	indent := f.column(at.field.Span.Start) + 2
	end := f.lineEnd(colon)
	return change{end, end, f.newline(indent) + f.block(value, indent)}, nil
}

// insert adds a field to a mapping.
func (f *File) insert(at target, key string, value *lint.Node) (change, error) {
	if at.parent.Kind == lint.Null {
		outer := lint.NewObject(lint.Span{})
		outer.Set(key, lint.Span{}, value)
		at.node = at.parent
		if at.field == nil {
			return change{}, errors.New("stands in an empty item; edit it by hand")
		}
		return f.replace(at, outer)
	}
	own := f.own(at.parent)
	before := predecessor(own, key, at.known)
	if at.flow {
		l := f.layout(at.parent)
		return f.insertFlow(at.parent, before, f.text(key)+l.colon+f.flow(value, l)), nil
	}
	if len(own) == 0 {
		return change{}, errors.New("stands among fields of a merge key; edit it by hand")
	}
	indent := f.column(own[0].Span.Start)
	text := f.field(key, value, indent)
	if before < 0 {
		start := own[0].Span.Start
		return change{start, start, text + f.newline(indent)}, nil
	}
	return f.insertLine(end(own[before]), strings.Repeat(" ", indent)+text), nil
}

// own are the fields of a mapping that stand in it, and not in what it merges.
func (f *File) own(n *lint.Node) []lint.Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(field lint.Field) bool { return !within(field.Span, n.Span) })
}

// predecessor is the last of the fields that stand before key in the schema, -1 if
// key is to be the first. What the schema does not know comes last.
func predecessor(fields []lint.Field, key string, known []string) int {
	mine := slices.Index(known, key)
	if mine < 0 {
		return len(fields) - 1
	}
	for i := len(fields) - 1; i >= 0; i-- {
		if theirs := slices.Index(known, fields[i].Key); theirs >= 0 && theirs < mine {
			return i
		}
	}
	return -1
}

// end is where the text of a field ends. The value of an alias stands elsewhere.
func end(field lint.Field) int {
	if len(field.Value.Via) > 0 {
		return field.Span.End
	}
	return max(field.Value.Span.End, field.Span.End)
}

// insertLine writes a line behind the one in which something ends.
func (f *File) insertLine(behind int, line string) change {
	at := f.lineEnd(behind)
	return change{at, at, f.eol + line}
}

// appendTo adds an item to a list.
func (f *File) appendTo(at target, item *lint.Node) (change, error) {
	list := at.node
	if at.flow || f.isFlow(list) {
		last := len(list.Items) - 1
		if last >= 0 && len(list.Items[last].Via) > 0 {
			return change{}, errors.New("ends with an alias; write it out first")
		}
		return f.insertFlow(list, last, f.flow(item, f.layout(list))), nil
	}
	dash := f.column(list.Span.Start)
	text := f.block(item, dash+2)
	if f.isFlow(list.Items[len(list.Items)-1]) {
		text = f.flow(item, oneLine)
	}
	return f.insertLine(list.Span.End, strings.Repeat(" ", dash)+"- "+text), nil
}

// lineStart is where the line of an offset begins, behind a byte order mark.
func (f *File) lineStart(offset int) int {
	start := bytes.LastIndexByte(f.src.Data[:offset], '\n') + 1
	if start == 0 && bytes.HasPrefix(f.src.Data, []byte("\ufeff")) {
		return len("\ufeff")
	}
	return start
}

// lineEnd is where the line of an offset ends, before its line break.
func (f *File) lineEnd(offset int) int {
	end := len(f.src.Data)
	if i := bytes.IndexByte(f.src.Data[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	for end > offset && f.src.Data[end-1] == '\r' {
		end--
	}
	return end
}

func (f *File) column(offset int) int { return offset - f.lineStart(offset) }
