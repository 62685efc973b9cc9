package expression

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// show writes a tree with every bracket spelled out.
func show(e *Expr) string {
	args := make([]string, len(e.Args))
	for i, arg := range e.Args {
		args[i] = show(arg)
	}
	switch e.Kind {
	case String:
		return fmt.Sprintf("%q", e.Text)
	case Literal, Name:
		return e.Text
	case Property:
		return args[0] + "." + e.Text
	case Index:
		return args[0] + "[" + args[1] + "]"
	case Star:
		return args[0] + ".*"
	case Call:
		return e.Text + "(" + strings.Join(args, ", ") + ")"
	case Not:
		return "!" + args[0]
	}
	return "(" + strings.Join(args, " "+e.Text+" ") + ")"
}

func TestParse(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a context is followed by properties", "github.event.issue.title", "github.event.issue.title"},
		{"names and functions fold their case", "ToJSON(Secrets.Npm_Token)", "tojson(secrets.npm_token)"},
		{"names may hold dashes", "steps.build-all.outputs.x-y", "steps.build-all.outputs.x-y"},
		{"an index is kept apart from a property", "secrets['A']", `secrets["A"]`},
		{"an index may be computed", "secrets[format('{0}_KEY', matrix.env)]", `secrets[format("{0}_KEY", matrix.env)]`},
		{"both stars are one", "a.*.b[*].c", "a.*.b.*.c"},
		{"a quote is escaped by doubling", "'it''s'", `"it's"`},
		{"double braces may stand in a string", "'}}'", `"}}"`},
		{"and binds stronger than or", "a || b && c || d", "(a || (b && c) || d)"},
		{"comparison binds stronger than and", "a == 1 && b != 'x'", `((a == 1) && (b != "x"))`},
		{"order binds stronger than equality", "a < b == c >= d", "((a < b) == (c >= d))"},
		{"not binds strongest", "!a.b == c && !!d", "((!a.b == c) && !!d)"},
		{"brackets win", "(a || b) && c", "((a || b) && c)"},
		{"calls can be taken apart", "fromJSON(secrets.A).users[0].name", "fromjson(secrets.a).users[0].name"},
		{"a bracket can be taken apart", "(a || b).c", "(a || b).c"},
		{"calls need no arguments", "always() && success()", "(always() && success())"},
		{"numbers", "f(1, -2.5, .5, 0xff, 1e3, +1)", "f(1, -2.5, .5, 0xff, 1e3, +1)"},
		{"words", "f(true, False, null, NaN)", "f(true, False, null, NaN)"},
		{"lines may break anywhere", "\n a\n  ||\r\n\tb\n", "(a || b)"},
		{"keywords are names after a dot", "a.true.null", "a.true.null"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(e); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", " ", "is empty"},
		{"a missing operand", "a &&", "a value is missing at column 5"},
		{"a missing operator", "a b", "an operator is missing before column 3"},
		{"an open bracket", "f(a", `")" is missing at column 4`},
		{"an open index", "a[1", `"]" is missing at column 4`},
		{"an open quote", "a == 'hunter", "the quote at column 6"},
		{"a double quote", `a == "b"`, "column 6 of the expression holds a character"},
		{"a dot without a name", "a.", "a name is missing at column 3"},
		{"a trailing comma", "f(a,)", "a value is missing at column 5"},
		{"a single ampersand", "a & b", "column 3 of the expression holds a character"},
		{"a broken number", "1.2.3", "column 1 of the expression holds no number"},
		{"deep nesting", strings.Repeat("(", 1000) + "a" + strings.Repeat(")", 1000), "nests deeper than 50 levels"},
		{"a tower of negations", strings.Repeat("!", 1000) + "a", "nests deeper than 50 levels"},
		{"endless text", strings.Repeat("a||", 10000) + "a", "more than 21000 characters"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestErrorsDoNotQuoteTheText(t *testing.T) {
	for _, text := range []string{"secrets.A || 'correct-horse", "correct-horse battery", "f('correct-horse' x", `"correct-horse"`} {
		if _, err := Parse(text); err == nil || strings.Contains(err.Error(), "horse") {
			t.Errorf("%s: got %v, want an error without it", text, err)
		}
	}
}

func TestPath(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"github.event['Pull_Request'].head.ref", []string{"github", "event", "pull_request", "head", "ref"}},
		{"github.event.commits[0].message", []string{"github", "event", "commits", "0", "message"}},
		{"github.event.commits.*.message", []string{"github", "event", "commits", "*", "message"}},
		{"secrets", []string{"secrets"}},
		{"secrets[matrix.key]", nil},
		{"fromJSON(a).b", nil},
		{"'text'", nil},
		{"a || b", nil},
	}
	for _, test := range tests {
		e, err := Parse(test.text)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := e.Path()
		if !cmp.Equal(got, test.want) || ok != (test.want != nil) {
			t.Errorf("%s: got %v, %t, want %v", test.text, got, ok, test.want)
		}
	}
}

func TestFences(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Fence
	}{
		{"text without expressions", "a $b {{ c }}", nil},
		{"the whole text", "${{ a }}", []Fence{{0, 8, " a "}}},
		{"several in one text", "x ${{a}} y ${{b}}", []Fence{{2, 8, "a"}, {11, 17, "b"}}},
		{"braces within a string", "${{ format('{{{0}}}', a) }}", []Fence{{0, 27, " format('{{{0}}}', a) "}}},
		{"an escaped quote within a string", "${{ 'it''s }}' }}", []Fence{{0, 17, " 'it''s }}' "}}},
		{"one that is not closed", "${{ a", []Fence{{0, 5, " a"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Fences(test.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if f := Fences("${{ a } }")[0]; f.Closed() {
		t.Error("a fence without an end is called closed")
	}
	if f := Fences("${{ a }}")[0]; !f.Closed() {
		t.Error("a closed fence is called open")
	}
}

func TestParseTakesLinearTime(t *testing.T) {
	begin := time.Now()
	for _, text := range []string{
		"a" + strings.Repeat(".b", maxLength/2-1),
		"a" + strings.Repeat("[0]", maxLength/3-1),
		"a" + strings.Repeat("==a", maxLength/3-1),
		"a" + strings.Repeat("||a", maxLength/3-1),
	} {
		if _, err := Parse(text); err != nil {
			t.Error(err)
		}
	}
	if spent := time.Since(begin); spent > 30*time.Second {
		t.Errorf("took %s", spent)
	}
}

// Each part of an expression stands where it says: read by itself, its text is
// that part again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"github.event.issue.title", "secrets['A'] || secrets[matrix.x].*", "!(a == 'it''s' && b) || f(1, .5)[*].c",
		"-0x1", "a.*.b", "((a))", "contains(fromJSON('[\"a\"]'), inputs.x)", "${{", "a\n==\nb",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, fence := range Fences(text) {
			if whole := text[fence.Start:fence.End]; !strings.Contains(whole, fence.Inner) || !strings.HasPrefix(whole, "${{") {
				t.Errorf("fence %q does not hold %q", whole, fence.Inner)
			}
		}
		e, err := Parse(text)
		if err == nil {
			check(t, text, e, 100)
		}
	})
}

func check(t *testing.T, text string, e *Expr, budget int) {
	if e.Start < 0 || e.End > len(text) || e.Start >= e.End {
		t.Fatalf("%d-%d is no range of %q", e.Start, e.End, text)
	}
	again, err := Parse(text[e.Start:e.End])
	if err != nil || show(again) != show(e) {
		t.Fatalf("%q reads as %v (%v), want %s", text[e.Start:e.End], again, err, show(e))
	}
	for _, arg := range e.Args {
		if budget > 0 {
			check(t, text, arg, budget/2)
		}
	}
}
