package contract

import (
	"fmt"
	"path"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// checker collects what is wrong with a document. Messages name keys, and quote a
// value only where it cannot be a credential: somebody may have pasted one into
// the wrong field.
type checker struct {
	problems []problem
	// values says that contract/value-in-contract reports the holders.
	values bool
}

type problem struct {
	rule    *lint.Rule
	path    lint.Path
	spot    lint.Spot
	message string
	at      lint.Span // where it stands, if no path leads there
}

// maxProblems bounds the report of a file that is no contract at all.
const maxProblems = 50

func (c *checker) report(rule *lint.Rule, path lint.Path, format string, args ...any) {
	c.problems = append(c.problems, problem{rule: rule, path: path, message: fmt.Sprintf(format, args...)})
}

func (c *checker) reportKey(rule *lint.Rule, path lint.Path, format string, args ...any) {
	c.problems = append(c.problems, problem{rule: rule, path: path, spot: lint.Spot{Key: true}, message: fmt.Sprintf(format, args...)})
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
		if p.at.Source != nil {
			place.Location = p.at.Location()
		}
		shown, anchor := shown(p.path, place.Anchor)
		all = append(all, lint.Finding{Rule: p.rule, Location: place.Location, Anchor: anchor,
			Message: fmt.Sprintf("%s: %s", shown, p.message)})
	}
	return all
}

// shown writes a path and its anchor for a message. A key that does not look like
// the name of anything is left out: it may be a credential, pasted as a key.
func shown(path lint.Path, anchor string) (lint.Path, string) {
	path = slices.Clone(path)
	for i, part := range path {
		if key, isKey := part.(string); isKey && !likeKey(key) {
			path[i] = "…"
			anchor = strings.ReplaceAll(anchor, key, "…")
		}
	}
	return path, anchor
}

var plainKey = regex.Lazy(`^[A-Za-z][A-Za-z0-9_./-]{0,62}$`)

// likeKey allows a key few digits, and few changes between lower case, capitals and
// digits: names have some, tokens many.
func likeKey(key string) bool {
	const manyDigits, manyChanges = 5, 7
	digits, changes := 0, 0
	before := 0
	for _, c := range key {
		class := 0
		switch {
		case c >= '0' && c <= '9':
			class = 1
			digits++
		case c >= 'A' && c <= 'Z':
			class = 2
		}
		if class != before {
			changes++
		}
		before = class
	}
	return plainKey().MatchString(key) && digits < manyDigits && changes < manyChanges
}

// check reports what does not fit the shape, and gives the value back as
// policies see it: with numbers beside durations and dates.
func (s shape) check(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	switch {
	case s.sort == isAnything:
		return n
	case len(n.Via) > 0:
		c.reportKey(Alias, at, "an alias; write the value out, so that it stands where it is read")
		return n
	case n.Kind == lint.Null:
		c.report(NullValue, at, "null says nothing; write a value or remove the field")
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
		s.checkNumber(c, at, n)
	case isBool:
		if n.Kind != lint.Bool {
			c.report(InvalidValue, at, "want true or false, without quotes")
		}
	case isDuration, isAmount, isDate: // read by checkRecord, which keeps the number
	default:
		s.checkText(c, at, n)
	}
	return n
}

var wholeNumber = regex.Lazy(`^[1-9][0-9]{0,8}$`)

func (s shape) checkNumber(c *checker, at lint.Path, n *lint.Node) {
	if n.Kind != lint.Number || !wholeNumber().MatchString(n.Text) {
		c.report(InvalidValue, at, "want a whole number from 1")
	}
}

func (s shape) checkText(c *checker, at lint.Path, n *lint.Node) {
	switch {
	case n.Kind == lint.Number || n.Kind == lint.Bool:
		c.report(InvalidValue, at, "want text; put the value in quotes")
	case n.Kind != lint.String:
		c.report(InvalidValue, at, "want text")
	case s.sort == isGlob && !isPattern(n.Text):
		c.report(InvalidPattern, at, "not a valid pattern; * stands for a part of a name, ** for any folders")
	case s.sort == isExpression:
		checkExpression(c, at, n.Text)
	case s.words != nil && !slices.Contains(s.words, n.Text):
		c.report(InvalidValue, at, "unknown word%s", c.choice(n.Text, s.words))
	case s.form != nil && !s.form.is().MatchString(n.Text):
		c.report(s.form.rule, at, "%s", s.form.wrong(n.Text))
	}
}

func (p *pattern) wrong(text string) string {
	if p.why != nil {
		return p.why(text)
	}
	return p.want
}

func isPattern(text string) bool {
	_, err := path.Match(text, "")
	return err == nil && utf8.ValidString(text)
}

// checkExpression tells why an expression is none, but not the part of it that
// RE2 would quote.
func checkExpression(c *checker, at lint.Path, text string) {
	_, err := syntax.Parse(text, syntax.Perl)
	wrong, isSyntax := err.(*syntax.Error)
	switch {
	case err == nil:
	case isSyntax:
		c.report(InvalidPattern, at, "not a valid RE2 expression: %s", wrong.Code)
	default:
		c.report(InvalidPattern, at, "not a valid RE2 expression")
	}
}

func (s shape) checkList(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.List {
		c.report(InvalidValue, at, "want a list; put [ ] around a single value")
		return n
	}
	if s.some && len(n.Items) == 0 {
		c.report(InvalidValue, at, "empty; name at least one, or remove the field")
	}
	out := lint.NewList(n.Span)
	for i, item := range n.Items {
		out.Items = append(out.Items, s.each.check(c, below(at, i), item))
	}
	return out
}

func (s shape) checkMapping(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.Object {
		c.report(InvalidValue, at, "want a mapping of names to values")
		return n
	}
	c.merged(at, n)
	out := lint.NewObject(n.Span)
	for _, field := range n.Fields {
		here := below(at, field.Key)
		if s.keys != nil && !s.keys.is().MatchString(field.Key) {
			c.reportKey(s.keys.rule, here, "%s", s.keys.wrong(field.Key))
		}
		value := s.each.check(c, here, field.Value)
		out.Fields = append(out.Fields, lint.Field{Key: field.Key, Span: field.Span, Value: value})
	}
	return out
}

func (s shape) checkRecord(c *checker, at lint.Path, n *lint.Node) *lint.Node {
	if n.Kind != lint.Object {
		c.report(InvalidValue, at, "want a mapping with some of the fields %s", strings.Join(s.known(), ", "))
		return n
	}
	c.merged(at, n)
	out := lint.NewObject(n.Span)
	var numbers []lint.Field
	for _, field := range n.Fields {
		here := below(at, field.Key)
		known := s.field(field.Key)
		switch {
		case slices.Contains(s.own, field.Key):
			c.problems = append(c.problems, problem{rule: UnknownField, path: here, at: field.Span,
				message: "unknown field; only a contract itself can have it, not what many share"})
			continue // contracts would inherit it
		case known == nil:
			c.unknown(here, field.Key, s)
			if s.computes(field.Key) {
				continue // policies rely on these being ours
			}
		default:
			field.Value = known.shape.check(c, here, field.Value)
			numbers = append(numbers, known.shape.number(c, here, field)...)
		}
		out.Fields = append(out.Fields, field)
	}
	for _, field := range numbers {
		out.Set(field.Key, field.Span, field.Value)
	}
	for _, f := range s.fields {
		if f.need != "" && n.Field(f.key) == nil {
			c.report(MissingField, below(at, f.key), "missing; %s", f.need)
		}
	}
	if s.also != nil {
		s.also(c, at, out)
	}
	return out
}

// merged reports a mapping with fields that stand elsewhere.
func (c *checker) merged(at lint.Path, n *lint.Node) {
	for _, key := range n.Merges {
		c.problems = append(c.problems, problem{rule: Alias, path: at, at: key,
			message: "has fields of a merge key; write them out, so that they stand where they are read"})
	}
}

func (c *checker) unknown(at lint.Path, key string, in shape) {
	switch holder := holders().MatchString(key); {
	case holder && c.values:
	case holder && len(at) > 1:
		c.reportKey(UnknownField, at, "unknown field; no file of policyctl ever holds a value: remove it, and rotate the secret if this was real")
	default:
		c.reportKey(UnknownField, at, "unknown field%s", c.meant(key, in.known()))
	}
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
	read, suffix, rule := seconds, "_s", InvalidDuration
	switch {
	case s.sort == isDate:
		read, suffix, rule = nanoseconds, "_ns", InvalidDate
	case s.sort == isAmount && field.Value.Kind == lint.Number: // limits judge it
		return nil
	case s.sort != isDuration && s.sort != isAmount:
		return nil
	}
	value := field.Value
	if value.Kind == lint.Null || len(value.Via) > 0 { // reported already
		return nil
	}
	n, wrong := read(value)
	if wrong != "" {
		c.report(rule, at, "%s", wrong)
		return nil
	}
	return []lint.Field{{Key: field.Key + suffix, Span: field.Span, Value: lint.NewNumber(n, value.Span)}}
}

// below extends a path without touching what others made of it.
func below(at lint.Path, part any) lint.Path { return append(at[:len(at):len(at)], part) }
