package expression

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// GitHub refuses expressions beyond these limits, so nothing is lost by them.
const (
	maxLength = 21000
	maxDepth  = 50
)

// Parse reads one expression, without the marks around it. Errors never quote
// the text: it may hold a credential.
func Parse(text string) (*Expr, error) {
	if len(text) > maxLength {
		return nil, fmt.Errorf("the expression has more than %d characters", maxLength)
	}
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens, size: len(text)}
	if len(tokens) == 0 {
		return nil, errors.New("the expression is empty")
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if rest := p.peek(); rest.kind != end {
		return nil, fmt.Errorf("an operator is missing before column %d of the expression", rest.start+1)
	}
	return e, nil
}

type parser struct {
	tokens []token
	size   int
	next   int
	depth  int
}

func (p *parser) peek() token {
	if p.next < len(p.tokens) {
		return p.tokens[p.next]
	}
	return token{kind: end, start: p.size, end: p.size}
}

func (p *parser) take() token {
	t := p.peek()
	p.next++
	return t
}

// accept takes the next token if it is that mark.
func (p *parser) accept(text string) bool {
	if t := p.peek(); t.kind != mark || t.text != text {
		return false
	}
	p.next++
	return true
}

func (p *parser) expect(text string) error {
	if p.accept(text) {
		return nil
	}
	return fmt.Errorf("%q is missing at column %d of the expression", text, p.peek().start+1)
}

func (p *parser) or() (*Expr, error) { return p.joined(Or, "||", p.and) }

func (p *parser) and() (*Expr, error) { return p.joined(And, "&&", p.equality) }

// joined reads operands with the same operator between them into one Expr, so
// that a long chain makes no deep tree.
func (p *parser) joined(kind Kind, operator string, operand func() (*Expr, error)) (*Expr, error) {
	first, err := operand()
	if err != nil {
		return nil, err
	}
	args := []*Expr{first}
	for p.accept(operator) {
		arg, err := operand()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	if len(args) == 1 {
		return first, nil
	}
	return &Expr{Kind: kind, Text: operator, Args: args, Start: first.Start, End: args[len(args)-1].End}, nil
}

func (p *parser) equality() (*Expr, error) { return p.compared(p.relation, "==", "!=") }

func (p *parser) relation() (*Expr, error) { return p.compared(p.unary, "<=", ">=", "<", ">") }

func (p *parser) compared(operand func() (*Expr, error), operators ...string) (*Expr, error) {
	left, err := operand()
	if err != nil {
		return nil, err
	}
	for {
		operator := p.acceptAny(operators)
		if operator == "" {
			return left, nil
		}
		right, err := operand()
		if err != nil {
			return nil, err
		}
		left = &Expr{Kind: Compare, Text: operator, Args: []*Expr{left, right}, Start: left.Start, End: right.End}
	}
}

func (p *parser) acceptAny(operators []string) string {
	for _, operator := range operators {
		if p.accept(operator) {
			return operator
		}
	}
	return ""
}

func (p *parser) unary() (*Expr, error) {
	start := p.peek().start
	if !p.accept("!") {
		return p.postfix()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	e, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &Expr{Kind: Not, Text: "!", Args: []*Expr{e}, Start: start, End: e.End}, nil
}

var errTooDeep = fmt.Errorf("the expression nests deeper than %d levels", maxDepth)

// postfix reads what may be followed by .name, .*, [index] and [*].
func (p *parser) postfix() (*Expr, error) {
	e, err := p.primary()
	for err == nil {
		switch {
		case p.accept("."):
			e, err = p.property(e)
		case p.accept("["):
			e, err = p.index(e)
		default:
			return e, nil
		}
	}
	return nil, err
}

func (p *parser) property(of *Expr) (*Expr, error) {
	t := p.take()
	switch {
	case t.kind == word:
		return &Expr{Kind: Property, Text: strings.ToLower(t.text), Args: []*Expr{of}, Start: of.Start, End: t.end}, nil
	case t.kind == mark && t.text == "*":
		return &Expr{Kind: Star, Args: []*Expr{of}, Start: of.Start, End: t.end}, nil
	}
	return nil, fmt.Errorf("a name is missing at column %d of the expression", t.start+1)
}

func (p *parser) index(of *Expr) (*Expr, error) {
	by := (*Expr)(nil)
	if !p.accept("*") {
		e, err := p.nested()
		if err != nil {
			return nil, err
		}
		by = e
	}
	end := p.peek().end
	if err := p.expect("]"); err != nil {
		return nil, err
	}
	if by == nil {
		return &Expr{Kind: Star, Args: []*Expr{of}, Start: of.Start, End: end}, nil
	}
	return &Expr{Kind: Index, Args: []*Expr{of, by}, Start: of.Start, End: end}, nil
}

func (p *parser) nested() (*Expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	return p.or()
}

func (p *parser) primary() (*Expr, error) {
	t := p.take()
	switch {
	case t.kind == quoted:
		return &Expr{Kind: String, Text: t.text, Start: t.start, End: t.end}, nil
	case t.kind == number:
		return &Expr{Kind: Literal, Text: t.text, Start: t.start, End: t.end}, nil
	case t.kind == word:
		return p.named(t)
	case t.kind == mark && t.text == "(":
		return p.parenthesized(t.start)
	}
	return nil, fmt.Errorf("a value is missing at column %d of the expression", t.start+1)
}

// parenthesized gives what stands in the brackets the place of the brackets, so
// that the text of every Expr can be read by itself.
func (p *parser) parenthesized(start int) (*Expr, error) {
	e, err := p.nested()
	if err != nil {
		return nil, err
	}
	e.Start, e.End = start, p.peek().end
	return e, p.expect(")")
}

func (p *parser) named(t token) (*Expr, error) {
	name := strings.ToLower(t.text)
	if p.accept("(") {
		return p.call(name, t.start)
	}
	switch name {
	case "true", "false", "null", "nan", "infinity":
		return &Expr{Kind: Literal, Text: t.text, Start: t.start, End: t.end}, nil
	}
	return &Expr{Kind: Name, Text: name, Start: t.start, End: t.end}, nil
}

func (p *parser) call(name string, start int) (*Expr, error) {
	call := &Expr{Kind: Call, Text: name, Start: start}
	for more := !p.closes(); more; more = p.accept(",") {
		arg, err := p.nested()
		if err != nil {
			return nil, err
		}
		call.Args = append(call.Args, arg)
	}
	call.End = p.peek().end
	return call, p.expect(")")
}

func (p *parser) closes() bool {
	t := p.peek()
	return t.kind == mark && t.text == ")"
}

// token kinds.
const (
	end = iota
	word
	number
	quoted
	mark
)

type token struct {
	kind       int
	text       string // without quotes
	start, end int
}

// marks are the operators and brackets, the longer ones first.
var marks = []string{"||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "*"}

func scan(text string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(text); {
		if strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
			continue
		}
		t, err := tokenAt(text, at, follows(tokens))
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		at = t.end
	}
	return tokens, nil
}

// follows says whether the last token ends a value, so that a dot after it asks
// for a property and does not begin a number.
func follows(tokens []token) bool {
	if len(tokens) == 0 {
		return false
	}
	last := tokens[len(tokens)-1]
	return last.kind != mark || last.text == ")" || last.text == "]" || last.text == "*"
}

func tokenAt(text string, at int, afterValue bool) (token, error) {
	c := text[at]
	switch {
	case c == '\'':
		return quotedAt(text, at)
	case letter(c):
		stop := run(text, at, func(c byte) bool { return letter(c) || digit(c) || c == '-' })
		return token{word, text[at:stop], at, stop}, nil
	case digit(c), c == '-', c == '+', c == '.' && !afterValue:
		return numberAt(text, at)
	}
	for _, m := range marks {
		if strings.HasPrefix(text[at:], m) {
			return token{mark, m, at, at + len(m)}, nil
		}
	}
	return token{}, fmt.Errorf("column %d of the expression holds a character that means nothing there", at+1)
}

func quotedAt(text string, at int) (token, error) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		if text[i] != '\'' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 == len(text) || text[i+1] != '\'' {
			return token{quoted, b.String(), at, i + 1}, nil
		}
		b.WriteByte('\'')
		i++
	}
	return token{}, fmt.Errorf("the quote at column %d of the expression is not closed", at+1)
}

func numberAt(text string, at int) (token, error) {
	stop := run(text, at, func(c byte) bool { return letter(c) || digit(c) || c == '-' || c == '+' || c == '.' })
	written := text[at:stop]
	if _, err := strconv.ParseFloat(written, 64); err == nil {
		return token{number, written, at, stop}, nil
	}
	if _, err := strconv.ParseInt(written, 0, 64); err == nil { // 0xff, 0o17
		return token{number, written, at, stop}, nil
	}
	return token{}, fmt.Errorf("column %d of the expression holds no number", at+1)
}

func run(text string, at int, belongs func(byte) bool) int {
	for at < len(text) && belongs(text[at]) {
		at++
	}
	return at
}

func letter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
