package arm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// operator is one of Bicep that has two sides, and the function that does the same.
type operator struct {
	token    string
	binds    int // how tightly
	function string
	negated  bool
}

// operators are tried from the first, so that no token comes before a longer one.
var operators = []operator{
	{"??", 1, "coalesce", false},
	{"||", 2, "or", false},
	{"&&", 3, "and", false},
	{"==", 4, "equals", false}, {"!=", 4, "equals", true},
	{"=~", 4, "equalsInAnyCase", false}, {"!~", 4, "equalsInAnyCase", true},
	{"<=", 5, "lessOrEquals", false}, {">=", 5, "greaterOrEquals", false}, {"<", 5, "less", false}, {">", 5, "greater", false},
	{"+", 6, "add", false}, {"-", 6, "sub", false},
	{"*", 7, "mul", false}, {"/", 7, "div", false}, {"%", 7, "mod", false},
}

// logical are the functions of logic: what they depend on is all there is to say of them.
var logical = map[string]bool{
	"and": true, "or": true, "not": true, "equals": true, "equalsinanycase": true, "less": true, "lessorequals": true,
	"greater": true, "greaterorequals": true, "add": true, "sub": true, "mul": true, "div": true, "mod": true,
}

// logic evaluates functions whose answer is a truth value or a number, and range; nil
// stands for others, and for what cannot be known.
func (t *template) logic(function string, arguments []*lint.Node, at lint.Span) *lint.Node {
	var value *lint.Node
	switch {
	case function == "true" && len(arguments) == 0, function == "false" && len(arguments) == 0:
		return lint.NewBool(function == "true", at)
	case function == "and", function == "or":
		return t.joined(arguments, function == "or", at)
	case function == "not" && len(arguments) == 1 && arguments[0].Kind == lint.Bool:
		value = lint.NewBool(arguments[0].Text != "true", at)
	case function == "empty" && len(arguments) == 1 && known(arguments[0]):
		n := arguments[0]
		value = lint.NewBool(n.Text == "" && len(n.Items) == 0 && len(n.Fields) == 0, at)
	case len(arguments) == 2 && known(arguments[0]) && known(arguments[1]):
		value = t.compared(function, arguments[0], arguments[1], at)
	}
	if from := t.depends(arguments); value != nil && len(from) > 0 {
		t.derived[value] = from
	}
	return value
}

// joined is decided by one argument that decides, or by all that do not.
func (t *template) joined(arguments []*lint.Node, deciding bool, at lint.Span) *lint.Node {
	unknown := false
	for _, argument := range arguments {
		if argument.Kind != lint.Bool {
			unknown = true
		} else if (argument.Text == "true") == deciding && len(t.derived[argument]) == 0 {
			return lint.NewBool(deciding, at)
		}
	}
	if unknown || len(arguments) == 0 {
		return nil
	}
	decides := func(n *lint.Node) bool { return (n.Text == "true") == deciding }
	value := lint.NewBool(slices.ContainsFunc(arguments, decides) == deciding, at)
	if from := t.depends(arguments); len(from) > 0 {
		t.derived[value] = from
	}
	return value
}

func (t *template) compared(function string, a, b *lint.Node, at lint.Span) *lint.Node {
	x, errX := strconv.ParseInt(a.Text, 10, 64)
	y, errY := strconv.ParseInt(b.Text, 10, 64)
	numbers := a.Kind == lint.Number && b.Kind == lint.Number && errX == nil && errY == nil
	order := strings.Compare(a.Text, b.Text)
	if numbers {
		order = cmp.Compare(x, y)
	}
	plain := a.Kind != lint.List && a.Kind != lint.Object && b.Kind != lint.List && b.Kind != lint.Object
	switch ordered := numbers || a.Kind == lint.String && b.Kind == lint.String; {
	case function == "equals" && plain:
		return lint.NewBool(a.Kind == b.Kind && a.Text == b.Text, at)
	case function == "equalsinanycase" && plain:
		return lint.NewBool(strings.EqualFold(a.Text, b.Text), at)
	case function == "less" && ordered:
		return lint.NewBool(order < 0, at)
	case function == "lessorequals" && ordered:
		return lint.NewBool(order <= 0, at)
	case function == "greater" && ordered:
		return lint.NewBool(order > 0, at)
	case function == "greaterorequals" && ordered:
		return lint.NewBool(order >= 0, at)
	case function == "startswith" && plain:
		return lint.NewBool(strings.HasPrefix(strings.ToLower(a.Text), strings.ToLower(b.Text)), at)
	case function == "endswith" && plain:
		return lint.NewBool(strings.HasSuffix(strings.ToLower(a.Text), strings.ToLower(b.Text)), at)
	case function == "contains":
		return contains(a, b, at)
	case numbers:
		return t.calculated(function, x, y, at)
	}
	return nil
}

// contains is nil where a list holds what is not known.
func contains(of, sought *lint.Node, at lint.Span) *lint.Node {
	switch of.Kind {
	case lint.List:
		unknown := false
		for _, each := range of.Items {
			if each.Kind == sought.Kind && each.Text == sought.Text && known(each) && each.Kind != lint.List && each.Kind != lint.Object {
				return lint.NewBool(true, at)
			}
			unknown = unknown || !known(each) || each.Kind == lint.List || each.Kind == lint.Object
		}
		if !unknown {
			return lint.NewBool(false, at)
		}
	case lint.Object:
		return lint.NewBool(slices.ContainsFunc(of.Fields, func(f lint.Field) bool { return strings.EqualFold(f.Key, sought.Text) }), at)
	case lint.String:
		return lint.NewBool(strings.Contains(of.Text, sought.Text), at)
	}
	return nil
}

func (t *template) calculated(function string, x, y int64, at lint.Span) *lint.Node {
	switch {
	case function == "add":
		return lint.NewNumber(x+y, at)
	case function == "sub":
		return lint.NewNumber(x-y, at)
	case function == "mul":
		return lint.NewNumber(x*y, at)
	case function == "div" && y != 0:
		return lint.NewNumber(x/y, at)
	case function == "mod" && y != 0:
		return lint.NewNumber(x%y, at)
	case function == "range" && y >= 0 && y <= maxRange:
		made := lint.NewList(at)
		for i := range y {
			t.spent++
			made.Items = append(made.Items, lint.NewNumber(x+i, at))
		}
		return made
	}
	return nil
}

// maxRange is what Azure allows.
const maxRange = 10_000

func known(n *lint.Node) bool { return !partial.IsUnknown(n) }
