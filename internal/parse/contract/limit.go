package contract

import (
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// limit is what contracts of a class must keep to in one field.
var limit = limits()

// limits builds the shape of a limit: the fields that can have one are those of a
// contract, by their path.
func limits() shape {
	keys := make([]string, len(limited))
	for i, f := range limited {
		keys[i] = f.key
	}
	s := record(
		field{"field", words(keys...), "Field of a contract's spec, for example rotation.interval.", "name the field that has the limit, for example rotation.interval"},
		field{"min", amount, "Least duration or number.", ""},
		field{"max", amount, "Greatest duration or number.", ""},
		field{"allow", some(text), "The only values that are allowed.", ""},
		field{"deny", some(text), "Values that are not allowed.", ""},
		field{"required", boolean, "Whether the field must be there.", ""},
		field{"pattern", expression, "RE2 expression that values match.", ""},
		field{"when", record(conditions()...), "Values of other fields that a contract must have for the limit to hold.", ""},
		field{"from", date, "First day on which the limit holds.", ""},
		field{"until", date, "Last day on which the limit holds.", ""},
	)
	s.also = checkLimit
	return s
}

// limited are the fields of a contract that can have a limit, and the encryption
// of the store that holds the value.
var limited = append(leaves("", secretSpec.without("class", "references", "extensions")),
	field{key: "encryption.key", shape: text})

// leaves lists the fields of a record that have no fields of their own, by path.
func leaves(prefix string, s shape) []field {
	var all []field
	for _, f := range s.fields {
		if f.shape.sort == isRecord {
			all = append(all, leaves(prefix+f.key+".", f.shape)...)
			continue
		}
		all = append(all, field{key: prefix + f.key, shape: f.shape})
	}
	return all
}

// conditions are the fields that a limit can depend on: those that are words. Of
// a list one word is meant.
func conditions() []field {
	var all []field
	for _, f := range limited {
		switch s := f.shape; {
		case s.sort == isText:
			all = append(all, f)
		case s.sort == isList && s.each.sort == isText:
			all = append(all, field{key: f.key, shape: *s.each})
		}
	}
	return all
}

// bounds are the fields of a limit that say something.
var bounds = []string{"max", "min", "allow", "deny", "required", "pattern"}

func checkLimit(c *checker, at lint.Path, n *lint.Node) {
	if !slices.ContainsFunc(bounds, func(key string) bool { return n.Field(key) != nil }) {
		c.report(MissingField, at, "a limit that limits nothing; add one of max, min, allow, deny, required, pattern")
	}
	i := slices.IndexFunc(limited, func(f field) bool { return f.key == n.Get("field").Str() })
	if i < 0 {
		return // reported, or missing
	}
	for _, key := range []string{"min", "max"} {
		if value := n.Get(key); value != nil && value.Kind != lint.Null && len(value.Via) == 0 {
			limited[i].shape.checkBound(c, below(at, key), value)
		}
	}
	for _, key := range []string{"allow", "deny"} {
		limited[i].shape.checkChoice(c, below(at, key), n.Get(key))
	}
}

// checkBound says whether a number or a duration can be compared with a field.
func (s shape) checkBound(c *checker, at lint.Path, n *lint.Node) {
	switch s.sort {
	case isDuration:
		if n.Kind == lint.Number {
			_, wrong := seconds(n)
			c.report(InvalidDuration, at, "%s", wrong)
		}
	case isNumber, isList, isMapping:
		if _, wrong := seconds(n); n.Kind == lint.String && wrong != "" {
			return // reported as neither
		}
		number.checkNumber(c, at, n)
	default:
		c.report(InvalidValue, at, "the field is neither a duration nor a number of things; limit it by allow, deny, pattern or required")
	}
}

// checkChoice says whether the field can have each of some values.
func (s shape) checkChoice(c *checker, at lint.Path, n *lint.Node) {
	if s.sort == isList {
		s = *s.each
	}
	if s.words == nil {
		return
	}
	for i, item := range n.List() {
		if item.Kind == lint.String && len(item.Via) == 0 {
			s.checkText(c, below(at, i), item)
		}
	}
}
