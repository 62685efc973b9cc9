package contract

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

// shape says what may stand at a place of a document. The zero shape lets
// anything stand there.
type shape struct {
	sort   sort
	fields fields   // of a record
	needs  []need   // of a record
	each   *shape   // of a list or a mapping
	words  []string // of text: the choice
	form   *regexp.Regexp
	want   string // what is wrong where the form does not match, and what to do
}

type fields map[string]shape

// need is a field that must stand in a record, and what to write into it.
type need struct{ key, hint string }

type sort uint8

const (
	isAnything sort = iota
	isText
	isGlob
	isNumber
	isDuration
	isDate
	isList
	isMapping // the author chooses the keys
	isRecord  // the schema lists the keys
)

var (
	anything = shape{}
	text     = shape{sort: isText}
	glob     = shape{sort: isGlob}
	number   = shape{sort: isNumber}
	duration = shape{sort: isDuration}
	date     = shape{sort: isDate}
)

func record(f fields, needs ...need) shape {
	return shape{sort: isRecord, fields: f, needs: needs}
}
func list(each shape) shape       { return shape{sort: isList, each: &each} }
func mapping(each shape) shape    { return shape{sort: isMapping, each: &each} }
func words(known ...string) shape { return shape{sort: isText, words: known} }
func form(pattern, want string) shape {
	return shape{sort: isText, form: regexp.MustCompile(pattern), want: want}
}

// checker collects what is wrong with a document. Messages name keys, never
// values: somebody may have pasted a credential into the wrong field.
type checker struct {
	problems []problem
	// values says that contract/value-in-contract reports the holders.
	values bool
}

type problem struct {
	path    lint.Path
	spot    lint.Spot
	message string
}

// maxProblems bounds the report of a file that is no contract at all.
const maxProblems = 50

func (c *checker) report(path lint.Path, format string, args ...any) {
	c.problems = append(c.problems, problem{path: path, message: fmt.Sprintf(format, args...)})
}

// findings gives every problem the place where it stands in a document.
func (c *checker) findings(doc *lint.Document) []lint.Finding {
	var all []lint.Finding
	for i, p := range c.problems {
		if i == maxProblems {
			p.message = fmt.Sprintf("%s; %d more problems of the document are not shown", p.message, len(c.problems)-i-1)
		}
		if i > maxProblems {
			break
		}
		place, err := doc.Locate(p.path, p.spot)
		if err != nil { // not even the first part of the path exists
			place, _ = doc.Locate(nil, lint.Spot{})
		}
		all = append(all, lint.Finding{Rule: Invalid, Location: place.Location, Anchor: place.Anchor,
			Message: fmt.Sprintf("%s: %s", p.path, p.message)})
	}
	return all
}

// check reports what does not fit the shape, and gives the value back as
// policies see it: with numbers beside durations and dates.
func (s shape) check(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	switch {
	case s.sort == isAnything:
		return n
	case len(n.Via) > 0:
		c.problems = append(c.problems, problem{at, lint.Spot{Key: true}, "an alias; write the value out, so that it stands where it is read"})
		return n
	case n.Kind == lint.Null:
		c.report(at, "null says nothing; write a value or remove the field")
		return n
	}
	switch s.sort {
	case isRecord:
		return s.checkRecord(c, at, n)
	case isMapping:
		return s.checkMapping(c, at, n)
	case isList:
		return s.checkList(c, at, n)
	case isNumber:
		if !wholeNumber.MatchString(n.Text) || n.Kind != lint.Number {
			c.report(at, "want a whole number")
		}
	case isDuration, isDate: // read by checkRecord, which keeps the number
	default:
		s.checkText(c, at, n)
	}
	return n
}

var wholeNumber = regexp.MustCompile(`^[0-9]{1,9}$`)

func (s shape) checkText(c *checker, at lint.Path, n *lint.Node) {
	switch {
	case n.Kind != lint.String && (n.Kind == lint.Number || n.Kind == lint.Bool):
		c.report(at, "want text; put the value in quotes")
	case n.Kind != lint.String:
		c.report(at, "want text")
	case s.sort == isGlob && !isPattern(n.Text):
		c.report(at, "not a valid pattern; * stands for a part of a name, ** for any folders")
	case s.words != nil && !slices.Contains(s.words, n.Text):
		c.report(at, "unknown word%s", c.meant(n.Text, s.words))
	case s.form != nil && !s.form.MatchString(n.Text):
		c.report(at, "%s", s.want)
	}
}

func isPattern(text string) bool {
	_, err := path.Match(text, "")
	return err == nil && utf8.ValidString(text)
}

func (s shape) checkList(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.List {
		c.report(at, "want a list; put [ ] around a single value")
		return n
	}
	out := lint.NewList(n.Span)
	for i, item := range n.Items {
		out.Items = append(out.Items, s.each.check(c, below(at, i), item))
	}
	return out
}

func (s shape) checkMapping(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.Object {
		c.report(at, "want a mapping of names to values")
		return n
	}
	out := lint.NewObject(n.Span)
	for _, field := range n.Fields {
		value := s.each.check(c, below(at, field.Key), field.Value)
		out.Fields = append(out.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
	}
	return out
}

func (s shape) checkRecord(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.Object {
		c.report(at, "want a mapping with some of the fields %s", strings.Join(s.known(), ", "))
		return n
	}
	out := lint.NewObject(n.Span)
	var numbers []lint.Field
	for _, field := range n.Fields {
		here := below(at, field.Key)
		shape, known := s.fields[field.Key]
		switch {
		case !within(field.Span, n.Span):
			c.report(here, "comes from a merge key; write the field out, so that it stands where it is read")
		case !known:
			c.unknown(here, field.Key, s)
			if s.computes(field.Key) {
				continue // policies rely on these being ours
			}
		default:
			field.Value = shape.check(c, here, field.Value)
			numbers = append(numbers, shape.number(c, here, field)...)
		}
		out.Fields = append(out.Fields, field)
	}
	for _, field := range numbers {
		out.Set(field.Key, field.Span, field.Value)
	}
	for _, need := range s.needs {
		if n.Field(need.key) == nil {
			c.report(below(at, need.key), "missing; %s", need.hint)
		}
	}
	return out
}

func (s shape) known() []string { return slices.Sorted(maps.Keys(s.fields)) }

func within(inner, outer lint.Span) bool { return inner.Start >= outer.Start && inner.End <= outer.End }

func (c *checker) unknown(at lint.Path, key string, in shape) {
	if c.values && holders.MatchString(key) {
		return
	}
	c.problems = append(c.problems, problem{at, lint.Spot{Key: true}, "unknown field" + c.meant(key, in.known())})
}

// meant is what else could stand here. It takes time to find out, so it is left
// out of problems that will not be shown.
func (c *checker) meant(word string, known []string) string {
	if len(c.problems) > maxProblems {
		return ""
	}
	return meant(word, known)
}

// number is what a duration or date means, as a field of its own beside what was
// written, so that no policy has to parse text.
func (s shape) number(c *checker, at lint.Path, field lint.Field) []lint.Field {
	read, suffix := seconds, "_s"
	switch s.sort {
	case isDate:
		read, suffix = nanoseconds, "_ns"
	case isDuration:
	default:
		return nil
	}
	value := field.Value
	if value.Kind == lint.Null || len(value.Via) > 0 { // reported already
		return nil
	}
	n, wrong := read(value)
	if wrong != "" {
		c.report(at, "%s", wrong)
		return nil
	}
	return []lint.Field{{Key: field.Key + suffix, Span: field.Span, Value: lint.NewNumber(n, value.Span)}}
}

// computes says whether a key is one of those that number makes.
func (s shape) computes(key string) bool {
	duration, counts := strings.CutSuffix(key, "_s")
	date, dates := strings.CutSuffix(key, "_ns")
	return counts && s.fields[duration].sort == isDuration || dates && s.fields[date].sort == isDate
}

// below extends a path without touching what others made of it.
func below(at lint.Path, part any) lint.Path { return append(at[:len(at):len(at)], part) }
