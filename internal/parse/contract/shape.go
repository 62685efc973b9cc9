package contract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// shape says what may stand at a place of a document. The zero shape lets
// anything stand there.
type shape struct {
	sort   sort
	fields []field  // of a record, in the order in which they are best read
	each   *shape   // of a list or a mapping
	some   bool     // of a list: an empty one would read as "all"
	keys   *pattern // of a mapping
	words  []string // of text: the choice
	form   *pattern // of text
	own    []string // of a record: keys that only a contract itself may have
	def    string   // the name under which JSON Schemas share it
	// also reports what the fields of a record say about each other.
	also func(*checker, lint.Path, *lint.Node)
}

// field is a field of a record.
type field struct {
	key   string
	shape shape
	doc   string // for editors
	need  string // what to write into a field that must be there
}

// pattern is the form of a text, and what breaks it.
type pattern struct {
	is   func() *regexp.Regexp
	rule *lint.Rule
	want string // what is wrong where it does not match, and what to do
	why  func(string) string
}

type sort uint8

const (
	isAnything sort = iota
	isText
	isGlob
	isExpression
	isBool
	isNumber
	isDuration
	isAmount // a duration, or a number of things
	isDate
	isList
	isMapping // the author chooses the keys
	isRecord  // the schema lists the keys
)

var (
	anything   = shape{sort: isAnything}
	text       = shape{sort: isText}
	glob       = shape{sort: isGlob}
	expression = shape{sort: isExpression}
	boolean    = shape{sort: isBool}
	number     = shape{sort: isNumber}
	duration   = shape{sort: isDuration, def: "duration"}
	amount     = shape{sort: isAmount}
	date       = shape{sort: isDate, def: "date"}
)

func record(fields ...field) shape { return shape{sort: isRecord, fields: fields} }

func list(each shape) shape { return shape{sort: isList, each: &each} }

// some is a list that cannot be empty: where the field is missing, all are meant.
func some(each shape) shape { return shape{sort: isList, each: &each, some: true} }

func mapping(each shape) shape { return shape{sort: isMapping, each: &each} }

func named(each shape) shape {
	return shape{sort: isMapping, each: &each, keys: name.form}
}

func words(known ...string) shape { return shape{sort: isText, words: known} }

func matching(rule *lint.Rule, is, want string) shape {
	return shape{sort: isText, form: &pattern{is: regex.Lazy(is), rule: rule, want: want}}
}

// as shares the shape under a name in JSON Schemas.
func (s shape) as(def string) shape {
	s.def = def
	return s
}

// field gives the field with that key, or nil.
func (s shape) field(key string) *field {
	for i := range s.fields {
		if s.fields[i].key == key {
			return &s.fields[i]
		}
	}
	return nil
}

// known lists the keys of a record by name.
func (s shape) known() []string {
	var keys []string
	for _, f := range s.fields {
		keys = append(keys, f.key)
	}
	slices.Sort(keys)
	return keys
}

// without gives a record that lacks some fields.
func (s shape) without(keys ...string) shape {
	s.own = slices.Concat(s.own, keys)
	s.fields = slices.DeleteFunc(slices.Clone(s.fields), func(f field) bool { return slices.Contains(keys, f.key) })
	return s
}

// with gives a record in which a field has another shape.
func (s shape) with(key string, other shape) shape {
	s.fields = slices.Clone(s.fields)
	s.field(key).shape = other
	return s
}

// optional gives a record whose own fields may all be missing.
func (s shape) optional() shape {
	s.fields = slices.Clone(s.fields)
	for i := range s.fields {
		s.fields[i].need = ""
	}
	return s
}

// at follows a path to the shape of what stands there, nil if nothing may.
func (s *shape) at(path lint.Path) *shape {
	for _, part := range path {
		key, isKey := part.(string)
		switch {
		case s.sort == isRecord && isKey && s.field(key) != nil:
			s = &s.field(key).shape
		case s.sort == isMapping && isKey, s.sort == isList && !isKey:
			s = s.each
		default:
			return nil
		}
	}
	return s
}

// Order lists the fields that may stand at a path of a document, in the order in
// which they are best read. It is nil where the author chooses the keys.
func Order(kind string, path lint.Path) []string {
	declared := kindOf(kind)
	if declared == nil {
		return nil
	}
	at := declared.shape.at(path)
	if at == nil {
		return nil
	}
	var keys []string
	for _, f := range at.fields {
		keys = append(keys, f.key)
	}
	return keys
}

// computes says whether a key is one of those that number makes.
func (s shape) computes(key string) bool {
	duration, counts := strings.CutSuffix(key, "_s")
	date, dates := strings.CutSuffix(key, "_ns")
	is := func(key string, any ...sort) bool {
		f := s.field(key)
		return f != nil && slices.Contains(any, f.shape.sort)
	}
	return counts && is(duration, isDuration, isAmount) || dates && is(date, isDate)
}
