package terraform

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/policyctl/policyctl/internal/lint"
)

var stringType = cty.String

// Values carry marks through every operation: where their literals stand, what
// they refer to, and whether they are sensitive.

// origin is a literal in the source.
type origin struct {
	span  lint.Span
	from  string // what it belongs to, for people
	said  string // in place of that it is a literal
	value cty.Value
}

// passage is a local, an argument or an output by which a value is handed on.
type passage struct {
	span    lint.Span
	message string
	order   int // what a value passes first has the lower one
}

// whole is the mark of a resource as one object: the name of its address. What the
// configuration does not set of it the provider does.
type whole string

// message says what stands at the literal.
func (o *origin) message() string {
	switch {
	case o.said != "":
		return o.said
	case o.from != "":
		return "the literal stands here: " + o.from
	}
	return "the literal stands here"
}

// quoted holds for a whole text, such as templatefile is given, and not for what stands
// in a text beside the rest.
func (o *origin) quoted() bool {
	data, from, to := o.span.Source.Data, o.span.Start-1, o.span.End
	if from+1 < to && data[from+1] == '"' {
		return true
	}
	return from >= 0 && to < len(data) && data[from] == '"' && data[to] == '"'
}

// remains holds unless a text that was made with the literal does not have it any more,
// as what replace looks for.
func (o *origin) remains(v cty.Value) bool {
	return o.value.Type() != cty.String || v.Type() != cty.String || strings.Contains(v.AsString(), o.value.AsString())
}

// reference names something that a value depends on.
type reference string

// sensitive is the mark of a value that Terraform would hide.
type sensitive struct{}

// maxMarks bounds the marks of one value: a text joined from thousands of
// literals needs no list of all of them.
const maxMarks = 64

// mark adds a reference. A value that already has many keeps those.
func refer(v cty.Value, name string) cty.Value {
	if name == "" || len(v.Marks()) > maxMarks {
		return v
	}
	return v.Mark(reference(name))
}

// references lists what the marks refer to, sorted.
func references(marks cty.ValueMarks) []string {
	var names []string
	for mark := range marks {
		if name, ok := mark.(reference); ok {
			names = append(names, string(name))
		}
	}
	slices.Sort(names)
	return names
}

// origins lists the literals among the marks, in the order of the source.
func origins(marks cty.ValueMarks) []*origin {
	var all []*origin
	for mark := range marks {
		if from, ok := mark.(*origin); ok && from.span.Source != nil {
			all = append(all, from)
		}
	}
	slices.SortFunc(all, func(a, b *origin) int { return compareSpans(a.span, b.span) })
	return slices.CompactFunc(all, func(a, b *origin) bool { return a.span == b.span })
}

// passages lists what is on the way of a value, the nearest first.
func passages(marks cty.ValueMarks) []*passage {
	var all []*passage
	for mark := range marks {
		if by, ok := mark.(*passage); ok && by.span.Source != nil {
			all = append(all, by)
		}
	}
	slices.SortFunc(all, func(a, b *passage) int { return b.order - a.order })
	seen := map[lint.Span]bool{}
	return slices.DeleteFunc(all, func(by *passage) bool {
		again := seen[by.span]
		seen[by.span] = true
		return again
	})
}

func compareSpans(a, b lint.Span) int {
	if a.Source != b.Source {
		return strings.Compare(a.Source.Path, b.Source.Path)
	}
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

func isSensitive(marks cty.ValueMarks) bool {
	_, ok := marks[sensitive{}]
	return ok
}

// withoutOrigins leaves the literals and their ways out: those of a key or a
// condition are no part of what it selects.
func withoutOrigins(marks cty.ValueMarks) cty.ValueMarks {
	kept := cty.ValueMarks{}
	for mark := range marks {
		switch mark.(type) {
		case *origin, *passage, whole:
		default:
			kept[mark] = struct{}{}
		}
	}
	return kept
}

// trim keeps a bounded number of marks, the same ones in every run.
func trim(v cty.Value) cty.Value {
	if len(v.Marks()) <= maxMarks {
		return v
	}
	v, marks := v.Unmark()
	kept := cty.ValueMarks{}
	for _, mark := range []any{sensitive{}, outside{}} {
		if _, has := marks[mark]; has {
			kept[mark] = struct{}{}
		}
	}
	for i, name := range references(marks) {
		if i < maxMarks/2 {
			kept[reference(name)] = struct{}{}
		}
	}
	for i, from := range origins(marks) {
		if i < maxMarks/4 {
			kept[from] = struct{}{}
		}
	}
	for i, by := range passages(marks) {
		if i < maxMarks/8 {
			kept[by] = struct{}{}
		}
	}
	return v.WithMarks(kept)
}

func union(a, b cty.ValueMarks) cty.ValueMarks {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 {
		return b
	}
	return cty.NewValueMarks(append(keys(a), keys(b)...)...)
}

func keys(marks cty.ValueMarks) []any {
	var all []any
	for mark := range marks {
		all = append(all, mark)
	}
	return all
}
