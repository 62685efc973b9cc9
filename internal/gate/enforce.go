package gate

import (
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// Enforcement says from which day on findings block, by the ID or the kind of their
// rules, or by DefaultKind. Zero is from the beginning, and so is what it does not name.
// An ID goes before a kind.
type Enforcement map[string]time.Time

// Never is the day from which on findings block that are only reported.
var Never = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// For gives the day from which on findings of a rule block. What could not be checked, or
// is wrong with a waiver, always does.
func (e Enforcement) For(rule *lint.Rule) time.Time {
	if rule.Kind() == ownKind {
		return time.Time{}
	}
	first, named := Never, false
	for name, from := range e {
		if rule.Named(name) && !from.After(first) {
			first, named = from, true
		}
	}
	if named {
		return first
	}
	from := e.kind(rule.Kind())
	if credentials := e.kind("secret"); rule.PointsAtSecret() && credentials.Before(from) {
		return credentials // as their threshold holds, whoever finds them
	}
	return from
}

func (e Enforcement) kind(name string) time.Time {
	if from, ok := e[name]; ok {
		return from
	}
	return e[DefaultKind]
}
