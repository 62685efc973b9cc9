// Package expression reads the language of GitHub Actions that stands between
// ${{ and }}: literals, contexts, properties, calls and operators. It says where
// in the text each part stands. It evaluates nothing and does not know which
// contexts and functions exist.
package expression

import "strings"

// Kind is the type of an Expr. The zero Kind is invalid.
type Kind uint8

// The kinds of expressions.
const (
	String   Kind = iota + 1 // a quoted string
	Literal                  // a number, true, false or null
	Name                     // a context: github, secrets, matrix
	Property                 // Args[0].Text
	Index                    // Args[0][Args[1]]
	Star                     // Args[0].* or Args[0][*]
	Call                     // Text(Args...)
	Not                      // !Args[0]
	And                      // Args joined with &&, at least two
	Or                       // Args joined with ||, at least two
	Compare                  // Args[0] Text Args[1]
)

// Expr is an expression and the range of bytes where it stands in the text that
// was parsed.
type Expr struct {
	Kind       Kind
	Text       string // a string's value, a literal as written, an operator; names are in lower case, as GitHub folds them
	Args       []*Expr
	Start, End int
}

// Path gives the names that lead from a context to a value, an index by a
// literal like the property it means: github.event['issue'].title. A star
// becomes "*". It is false where the way is computed, or does not begin at a
// context.
func (e *Expr) Path() ([]string, bool) {
	var path []string
	for ; e.Kind != Name; e = e.Args[0] {
		switch {
		case e.Kind == Property:
			path = append(path, e.Text)
		case e.Kind == Star:
			path = append(path, "*")
		case e.Kind == Index && (e.Args[1].Kind == String || e.Args[1].Kind == Literal):
			path = append(path, strings.ToLower(e.Args[1].Text))
		default:
			return nil, false
		}
	}
	path = append(path, e.Text)
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path, true
}

// Fence is one ${{ … }} in a text.
type Fence struct {
	Start, End int    // with its marks
	Inner      string // without them
}

// Closed says whether the fence has an end. One without is an error to GitHub;
// it reaches to the end of the text.
func (f Fence) Closed() bool { return f.End-f.Start == len(f.Inner)+len("${{}}") }

// Fences finds the expressions in a text. A }} within a quoted string does not
// end one.
func Fences(text string) []Fence {
	var fences []Fence
	for from := 0; ; {
		start := strings.Index(text[from:], "${{")
		if start < 0 {
			return fences
		}
		start += from
		fence := fenceAt(text, start)
		fences = append(fences, fence)
		from = fence.End
	}
}

func fenceAt(text string, start int) Fence {
	quoted := false
	for i := start + 3; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], "}}"):
			return Fence{start, i + 2, text[start+3 : i]}
		}
	}
	return Fence{start, len(text), text[start+3:]}
}
