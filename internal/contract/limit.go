package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// limit is what contracts of a class may be, whoever sets their fields.
type limit struct {
	class    string
	builtIn  bool
	node     *lint.Node // as it is written
	field    []string   // below spec
	allow    []string
	deny     []string
	pattern  *regexp.Regexp
	required bool
	when     []lint.Field // what other fields must be for it to hold
	from     int64        // nanoseconds; 0 for always
}

func limits(doc *lint.Document, builtIn bool) []limit {
	var all []limit
	for _, n := range doc.Root.Get("spec", "limits").List() {
		l := limit{
			class: doc.Name, builtIn: builtIn, node: n, field: strings.Split(n.Get("field").Str(), "."),
			allow: texts(n.Get("allow")), deny: texts(n.Get("deny")), required: isTrue(n.Get("required")),
			when: n.Get("when").Object(), from: number(n.Get("from_ns")),
		}
		if pattern := n.Get("pattern").Str(); pattern != "" {
			l.pattern, _ = regexp.Compile(pattern) // one that does not compile was reported
		}
		all = append(all, l)
	}
	return all
}

func isTrue(n *lint.Node) bool { return n != nil && n.Kind == lint.Bool && n.Text == "true" }

// inForce says whether a limit holds for a contract at a time.
func (l *limit) inForce(spec *lint.Node, now int64) bool {
	for _, condition := range l.when {
		value := spec.Get(strings.Split(condition.Key, ".")...)
		if value.Str() != condition.Value.Str() && !slices.Contains(texts(value), condition.Value.Str()) {
			return false
		}
	}
	return now >= l.from
}

// paths are the places in a spec that a limit speaks of: rotation can be said for
// each environment.
func (l *limit) paths(spec *lint.Node) [][]string {
	all := [][]string{l.field}
	if l.field[0] == "rotation" {
		for _, environment := range spec.Get("environments").Object() {
			all = append(all, append([]string{"environments", environment.Key}, l.field...))
		}
	}
	return all
}

// amount is a duration in seconds, a number, or how many items a list has.
func amount(of *lint.Node, path []string) (int64, bool) {
	last := len(path) - 1
	parent := of.Get(path[:last]...)
	if seconds := parent.Get(path[last] + "_s"); seconds != nil {
		return number(seconds), true
	}
	switch n := parent.Get(path[last]); {
	case n == nil:
	case n.Kind == lint.Number:
		return number(n), true
	case n.Kind == lint.List:
		return int64(len(n.Items)), true
	}
	return 0, false
}

func (l *limit) bound(which string) (int64, bool) { return amount(l.node, []string{which}) }

// broken says what is wrong with the value at a path, "" if nothing is. It quotes
// no value but a duration, a count or a word of the limit itself.
func (l *limit) broken(spec *lint.Node, path []string) string {
	value := spec.Get(path...)
	if value == nil {
		return ""
	}
	n, counts := amount(spec, path)
	written := value.Text
	if value.Kind == lint.List {
		written = fmt.Sprint(n)
	}
	most, hasMost := l.bound("max")
	least, hasLeast := l.bound("min")
	switch {
	case counts && hasMost && n > most:
		return fmt.Sprintf("%s exceeds the limit %s of %s", written, l.node.Get("max").Text, l.of())
	case counts && hasLeast && n < least:
		return fmt.Sprintf("%s is below the limit %s of %s", written, l.node.Get("min").Text, l.of())
	}
	for _, word := range words(value) {
		switch {
		case slices.Contains(l.deny, word):
			return fmt.Sprintf("%s is denied by %s", word, l.of())
		case l.allow != nil && !slices.Contains(l.allow, word):
			return fmt.Sprintf("only %s is allowed by %s", strings.Join(l.allow, ", "), l.of())
		case l.pattern != nil && !l.pattern.MatchString(word):
			return fmt.Sprintf("does not match %s, the pattern of %s", l.node.Get("pattern").Text, l.of())
		}
	}
	return ""
}

// words are a text, or the texts of a list.
func words(n *lint.Node) []string {
	if n.Kind == lint.String {
		return []string{n.Text}
	}
	return texts(n)
}

// of names whose limit it is: class api-key for risk.rating critical.
func (l *limit) of() string {
	text := "class " + l.class
	if l.class == common {
		text = "every built-in class"
	}
	for _, condition := range l.when {
		text += fmt.Sprintf(" where %s is %s", condition.Key, condition.Value.Str())
	}
	return text
}

// String says a limit in words: rotation.interval at most 90d where risk.rating
// is critical.
func (l *limit) String() string {
	var said []string
	if max := l.node.Get("max"); max != nil {
		said = append(said, "at most "+max.Text)
	}
	if min := l.node.Get("min"); min != nil {
		said = append(said, "at least "+min.Text)
	}
	if l.allow != nil {
		said = append(said, "only "+strings.Join(l.allow, ", "))
	}
	if l.deny != nil {
		said = append(said, "not "+strings.Join(l.deny, ", "))
	}
	if l.pattern != nil {
		said = append(said, "matching "+l.pattern.String())
	}
	if l.required {
		said = append(said, "required")
	}
	text := strings.Join(l.field, ".") + " " + strings.Join(said, ", ")
	for _, condition := range l.when {
		text += fmt.Sprintf(" where %s is %s", condition.Key, condition.Value.Str())
	}
	if from := l.node.Get("from").Str(); from != "" {
		text += " from " + from
	}
	return text
}

// stricter orders limits on the same field, the strictest first.
func stricter(a, b *limit) int {
	x, hasX := a.bound("max")
	y, hasY := b.bound("max")
	switch {
	case hasX && hasY && x != y:
		return int(max(min(x-y, 1), -1))
	case hasX != hasY && hasX:
		return -1
	case hasX != hasY:
		return 1
	}
	return 0
}

// tighten brings defaults of classes within the limits: a default is a proposal,
// and one that depends on the risk need not be written twice.
func (l *limit) tighten(m *merged) {
	for _, path := range l.paths(m.spec) {
		if m.origins[strings.Join(path, ".")].Kind != classKind || l.broken(m.spec, path) == "" {
			continue
		}
		last := len(path) - 1
		parent := m.spec.Get(path[:last]...)
		field := parent.Field(path[last])
		value := *field.Value
		most, hasMost := l.bound("max")
		switch {
		case value.Kind == lint.List && l.deny != nil:
			value.Items = slices.DeleteFunc(slices.Clone(value.Items), func(n *lint.Node) bool { return slices.Contains(l.deny, n.Str()) })
		case value.Kind == lint.String && hasMost:
			value.Text = l.node.Get("max").Text
			parent.Set(path[last]+"_s", field.Span, lint.NewNumber(most, value.Span))
		}
		parent.Field(path[last]).Value = &value
	}
}

// loosened gives the bound of a repository's limit that is wider than a built-in
// one of the same field and condition, and that one's bound.
func (l *limit) loosened(starter *limit) (bound *lint.Node, want string) {
	if !slices.Equal(l.field, starter.field) || !sameConditions(l.when, starter.when) || l.from != starter.from {
		return nil, ""
	}
	most, has := l.bound("max")
	if allowed, hasToo := starter.bound("max"); has && hasToo && most > allowed {
		return l.node.Get("max"), starter.node.Get("max").Text
	}
	return nil, ""
}

func sameConditions(a, b []lint.Field) bool {
	return slices.EqualFunc(a, b, func(x, y lint.Field) bool { return x.Key == y.Key && x.Value.Str() == y.Value.Str() })
}
