package arm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// copied is one of what a loop makes, or one that stands for all. The zero copied is no
// part of a loop.
type copied struct {
	index *lint.Node // nil for one that stands for all
	count *lint.Node // how many it stands for; nil where that is not known
}

// mark says of an entry which one it is.
func (c copied) mark(entry *lint.Node, address string) {
	switch {
	case c.index != nil:
		entry.Set("instance", lint.Span{}, lint.NewString(fmt.Sprintf("%s[%s]", address, c.index.Text), lint.Span{}))
	case c.count != nil:
		entry.Set("count", lint.Span{}, c.count)
	}
}

// items evaluates for each item of the list that a loop of Bicep goes over; for one
// that stands for all where the list is long, or not known.
func (t *template) items(loop *expression, evaluate func(copied)) {
	names := strings.Split(loop.name, ",")
	over := t.some(loop.arguments[0])
	all := over.List()
	if len(all) == 0 || len(all) > maxItems {
		one := copied{}
		if over.Kind == lint.List {
			one.count = number(len(all), loop.at)
		}
		each := partial.Candidates(loop.at, append(partial.References(over), "for."+loop.name), all)
		t.within(names, []*lint.Node{each, partial.Unknown(each.Span, copyIndex)}, func() { evaluate(one) })
		return
	}
	for i, each := range all {
		index := number(i, loop.at)
		t.within(names, []*lint.Node{each, index}, func() { evaluate(copied{index: index}) })
	}
}

// copies evaluates for each time that a copy of a JSON template asks for.
func (t *template) copies(copy *lint.Node, evaluate func(copied)) {
	names := []string{copyIndex, copyIndex + "." + strings.ToLower(copy.Get("name").Str())}
	count := partial.Unknown(copy.Span)
	if asked := copy.Get("count"); asked != nil {
		count = t.present(asked)
	}
	n, err := strconv.Atoi(count.Text)
	if count.Kind != lint.Number || err != nil || n <= 0 || n > maxItems {
		one := copied{}
		if count.Kind == lint.Number {
			one.count = count
		}
		unknown := partial.Unknown(copy.Span, copyIndex)
		t.within(names, []*lint.Node{unknown, unknown}, func() { evaluate(one) })
		return
	}
	for i := range n {
		index := number(i, copy.Span)
		t.within(names, []*lint.Node{index, index}, func() { evaluate(copied{index: index}) })
	}
}

// copyIndex is the function that tells which copy it is, and what an index is called
// that is not known.
const copyIndex = "copyIndex"

// copyIndex is copyIndex(name, offset), either of which may be left out.
func (t *template) copyIndex(e *expression) *lint.Node {
	name, offset := copyIndex, 0
	for _, argument := range t.all(e.arguments) {
		if n, err := strconv.Atoi(argument.Text); err == nil && argument.Kind == lint.Number {
			offset = n
		} else {
			name = copyIndex + "." + strings.ToLower(argument.Str())
		}
	}
	values := t.loops[name]
	if len(values) == 0 || values[len(values)-1].Kind != lint.Number {
		return partial.Unknown(e.at, copyIndex)
	}
	i, _ := strconv.Atoi(values[len(values)-1].Text)
	return number(i+offset, e.at)
}

// number is an index or a count, which is written nowhere.
func number(n int, at lint.Span) *lint.Node {
	made := lint.NewNumber(int64(n), at)
	made.Via = []lint.Step{{Message: "of this loop", Span: at}}
	return made
}

// within evaluates with names that stand for values.
func (t *template) within(names []string, values []*lint.Node, evaluate func()) {
	for i, name := range names[:min(len(names), len(values))] {
		t.loops[name] = append(t.loops[name], values[i])
		defer func() { t.loops[name] = t.loops[name][:len(t.loops[name])-1] }()
	}
	evaluate()
}
