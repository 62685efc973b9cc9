package jenkins

import (
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// command reads an expression whose call may have its arguments without brackets,
// and assignments of one.
func (p *parser) command() *lint.Node {
	first := p.at
	n := p.expression()
	if n == nil {
		return nil
	}
	for links := 0; links < maxLinks && callable(n) && p.tokens[p.at-1].value != "}" && p.argumentStarts(); links++ {
		n = p.commandCall(first, n)
		if n == nil {
			return nil
		}
	}
	if t := p.peek(); t.kind == operator && slices.Contains(assignments, t.value) && !p.broken() {
		p.at++
		if !p.deeper() {
			p.depth--
			return nil
		}
		value := p.command()
		p.depth--
		if value == nil {
			return nil
		}
		return object(p.since(first), "assign", n, "operator", word(t, p.src), "value", value)
	}
	return n
}

var assignments = []string{"=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "?="}

// callable holds for what can take arguments: a name, a member, or a call that
// has none yet.
func callable(n *lint.Node) bool {
	return n.Get("name") != nil || n.Get("property") != nil || n.Get("call") != nil
}

// argumentStarts tells the argument of a command from an operator.
func (p *parser) argumentStarts() bool {
	t := p.peek()
	if p.broken() || !t.space && t.kind != text {
		return false
	}
	switch t.kind {
	case text, number:
		return true
	case name:
		return !slices.Contains(wordOperators, t.value) && t.value != "else"
	case operator:
		return t.value == "[" || t.value == "!" && p.ahead(1).value != "in" && p.ahead(1).value != "instanceof"
	}
	return false
}

var wordOperators = []string{"in", "as", "instanceof"}

func (p *parser) commandCall(first int, callee *lint.Node) *lint.Node {
	args, named, ok := p.arguments()
	if !ok || len(args) == 0 && len(named.Fields) == 0 {
		return nil
	}
	n := p.call(first, callee, args, named)
	// "stage 'x', { … }" has its block among the arguments already.
	return p.trailing(first, n)
}

// call makes a call of what is called and its arguments.
func (p *parser) call(first int, callee *lint.Node, args []*lint.Node, named *lint.Node) *lint.Node {
	n := object(p.since(first))
	switch {
	case callee.Get("name") != nil:
		n.Set("call", lint.Span{}, callee.Get("name"))
	case callee.Get("property") != nil:
		n.Set("call", lint.Span{}, callee.Get("property"))
		n.Set("on", lint.Span{}, callee.Get("of"))
	default:
		n.Set("call", lint.Span{}, lint.NewString("call", lint.Span{}))
		n.Set("on", lint.Span{}, callee)
	}
	n.Set("arguments", lint.Span{}, list(args))
	n.Set("named", lint.Span{}, named)
	return n
}

// arguments reads "a, key: value" up to the end of the group or command.
func (p *parser) arguments() (args []*lint.Node, named *lint.Node, ok bool) {
	named = lint.NewObject(lint.Span{})
	index := map[string]int{}
	for {
		if key, found := p.key(); found {
			value := p.value()
			if value == nil {
				return nil, nil, false
			}
			field := lint.Field{Key: key.Text, Span: key.Span, Value: value}
			if i, twice := index[key.Text]; twice {
				named.Fields[i] = field // as in Groovy, the last counts
			} else {
				index[key.Text] = len(named.Fields)
				named.Fields = append(named.Fields, field)
			}
		} else {
			value := p.value()
			if value == nil {
				return nil, nil, false
			}
			args = append(args, value)
		}
		if !p.isOperator(",") {
			return args, named, true
		}
		p.at++
		if p.at >= p.stop {
			return args, named, true
		}
	}
}

// value is an argument or an item: there a command may stand, or an assignment.
func (p *parser) value() *lint.Node {
	n := p.expression()
	if n != nil && p.isOperator("=") && p.inline {
		p.at++
		return p.expression()
	}
	return n
}

// key reads "name:", "'name':" or "(expression):".
func (p *parser) key() (*lint.Node, bool) {
	t, next := p.peek(), p.ahead(1)
	if (t.kind == name || t.kind == text || t.kind == number) && next.kind == operator && next.value == ":" {
		p.at += 2
		return word(t, p.src), true
	}
	if t.kind == operator && t.value == "(" && t.match > 0 && t.match+1 < p.stop && p.tokens[t.match+1].value == ":" {
		at := p.span(t.start, p.tokens[t.match].end)
		p.at = t.match + 2
		return lint.NewString(string(at.Text()), at), true
	}
	return nil, false
}

func (p *parser) parenthesised() (args []*lint.Node, named *lint.Node) {
	named = lint.NewObject(lint.Span{})
	open := p.at + 1
	p.group(true, func() {
		if p.at >= p.stop {
			return
		}
		if found, names, ok := p.arguments(); ok && p.at >= p.stop {
			args, named = found, names
			return
		}
		args = []*lint.Node{p.unreadAll(open)}
	})
	return args, named
}

// unreadAll leaves out the rest of a group.
func (p *parser) unreadAll(first int) *lint.Node {
	n := p.unread(first)
	for p.at < p.stop {
		more := p.unread(p.at)
		n.Get("blocks").Items = append(n.Get("blocks").Items, more.Get("blocks").Items...)
		n.Span.End = more.Span.End
	}
	n.Get("unread").Span = n.Span
	return n
}

// precedence of the operators between two values; what binds tighter is higher.
var precedence = map[string]int{
	"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5,
	"==": 6, "!=": 6, "<=>": 6, "===": 6, "!==": 6, "=~": 6, "==~": 6,
	"<": 7, "<=": 7, ">": 7, ">=": 7, "in": 7, "instanceof": 7, "as": 7, "!in": 7, "!instanceof": 7,
	"<<": 8, ">>": 8, ">>>": 8, "..": 8, "..<": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10, "**": 11,
}

// maxLinks bounds chains: of calls, and of different operators.
const maxLinks = 2000

// expression reads a value with its operators, ?: included.
func (p *parser) expression() *lint.Node {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return nil
	}
	first := p.at
	n := p.binary(1)
	if n == nil {
		return nil
	}
	switch {
	case p.isOperator("?:"):
		p.at++
		other := p.expression()
		if other == nil {
			return nil
		}
		return p.operation(first, "?:", n, other)
	case p.isOperator("?"):
		p.at++
		then := p.expression()
		if then == nil || !p.isOperator(":") {
			return nil
		}
		p.at++
		other := p.expression()
		if other == nil {
			return nil
		}
		return p.operation(first, "?", n, then, other)
	}
	return n
}

func (p *parser) operation(first int, sign string, operands ...*lint.Node) *lint.Node {
	return object(p.since(first), "operator", lint.NewString(sign, lint.Span{}), "operands", list(operands))
}

// sign is the operator that stands here, if it goes on with the statement.
func (p *parser) sign() (sign string, tokens int) {
	t, next := p.peek(), p.ahead(1)
	if t.kind == operator && t.value == "!" && next.kind == name && (next.value == "in" || next.value == "instanceof") {
		return "!" + next.value, 2
	}
	if t.kind == name && !slices.Contains(wordOperators, t.value) || t.kind == text || p.broken() && t.value != "&&" && t.value != "||" {
		return "", 0
	}
	return t.value, 1
}

func (p *parser) binary(least int) *lint.Node {
	first := p.at
	n := p.unary()
	for links := 0; n != nil; links++ {
		sign, tokens := p.sign()
		level := precedence[sign]
		if level == 0 || level < least {
			return n
		}
		if links > maxLinks || !p.deeper() {
			p.depth--
			return nil
		}
		p.at += tokens
		right := p.operand(sign, level)
		p.depth--
		if right == nil {
			return nil
		}
		n = p.joined(first, sign, n, right)
	}
	return nil
}

// operand is what stands behind an operator: a type behind "as".
func (p *parser) operand(sign string, level int) *lint.Node {
	if length := p.typeLength(); slices.Contains([]string{"as", "instanceof", "!instanceof"}, sign) && length > 0 {
		first := p.at
		p.at += length
		return object(p.since(first), "type", lint.NewString(string(p.since(first).Text()), p.since(first)))
	}
	return p.binary(level + 1)
}

// joined makes one list of a + b + c, and limits how deep other operators go.
func (p *parser) joined(first int, sign string, left, right *lint.Node) *lint.Node {
	if left.Get("operator").Str() == sign && left.Get("brackets") == nil {
		left.Get("operands").Items = append(left.Get("operands").Items, right)
		left.Span = p.since(first)
		return left
	}
	return p.operation(first, sign, left, right)
}

func (p *parser) unary() *lint.Node {
	first, t := p.at, p.peek()
	if t.kind == operator && slices.Contains([]string{"!", "-", "+", "~", "++", "--", "*", "*:"}, t.value) {
		if !p.deeper() {
			p.depth--
			return nil
		}
		p.at++
		n := p.unary()
		p.depth--
		if n == nil {
			return nil
		}
		return p.operation(first, t.value, n)
	}
	if n, is := p.cast(); is {
		return n
	}
	n := p.primary()
	if n == nil {
		return nil
	}
	return p.postfix(first, n)
}

// cast reads "(Type) value".
func (p *parser) cast() (*lint.Node, bool) {
	t := p.peek()
	if t.kind != operator || t.value != "(" || t.match < 0 || t.match+1 >= p.stop {
		return nil, false
	}
	p.at++
	length := p.typeLength()
	typed := p.peek().value
	p.at--
	behind := p.tokens[t.match+1]
	if length == 0 || p.at+1+length != t.match || !isType(typed) && !slices.Contains(primitives, typed) || behind.line && !p.inline {
		return nil, false
	}
	if behind.kind == operator && !slices.Contains([]string{"(", "[", "{"}, behind.value) || behind.kind == name && slices.Contains(wordOperators, behind.value) {
		return nil, false
	}
	if !p.deeper() {
		p.depth--
		return nil, true
	}
	defer func() { p.depth-- }()
	p.at = t.match + 1
	return p.unary(), true
}

func (p *parser) primary() *lint.Node {
	t := p.peek()
	at := p.span(t.start, t.end)
	switch {
	case t.kind == text:
		p.at++
		return p.text(t)
	case t.kind == number:
		p.at++
		return literalNumber(t, p.src)
	case t.kind == name && (t.value == "true" || t.value == "false"):
		p.at++
		return lint.NewBool(t.value == "true", at)
	case t.kind == name && t.value == "null":
		p.at++
		return &lint.Node{Kind: lint.Null, Span: at}
	case t.kind == name && t.value == "new" && p.ahead(1).kind == name:
		return p.construction()
	case t.kind == name && t.value != "else":
		p.at++
		return object(at, "name", word(t, p.src))
	case t.kind == operator && t.value == "{":
		return p.closure()
	case t.kind == operator && t.value == "[":
		return p.listOrMap()
	case t.kind == operator && t.value == "(":
		return p.brackets()
	}
	return nil
}

// text is a string; one with holes tells what stands in them.
func (p *parser) text(t token) *lint.Node {
	whole := word(t, p.src)
	if len(t.holes) == 0 {
		return whole
	}
	var holes []*lint.Node
	for _, h := range t.holes {
		at := p.span(h.start, h.end)
		holes = append(holes, object(at, "offset", lint.NewNumber(int64(h.offset), at), "length", lint.NewNumber(int64(h.length), at), "value", p.holeValue(h, at)))
	}
	return object(whole.Span, "text", whole, "holes", list(holes))
}

func (p *parser) holeValue(h hole, at lint.Span) *lint.Node {
	if n := p.read[h.start]; n != nil {
		return n
	}
	n := &lint.Node{Kind: lint.Null, Span: at}
	switch all := p.within(h.tokens).statements(); len(all) {
	case 0:
	case 1:
		n = all[0]
	default:
		n = object(at, "closure", list(all))
	}
	p.read[h.start] = n
	return n
}

func (p *parser) construction() *lint.Node {
	first := p.at
	p.at++
	length := p.typeLength()
	typed := p.span(p.peek().start, p.ahead(max(length-1, 0)).end)
	p.at += max(length, 1)
	n := object(p.since(first), "new", lint.NewString(string(typed.Text()), typed))
	switch {
	case p.isOperator("(") && !p.broken():
		args, named := p.parenthesised()
		n.Set("arguments", lint.Span{}, list(args))
		n.Set("named", lint.Span{}, named)
	case p.isOperator("["):
		args, _ := p.parenthesised()
		n.Set("arguments", lint.Span{}, list(args))
	}
	n.Span = p.since(first)
	return n
}

func (p *parser) listOrMap() *lint.Node {
	first := p.at
	if p.ahead(1).value == ":" && p.ahead(2).value == "]" {
		p.group(true, func() {})
		return object(p.since(first), "map", lint.NewObject(p.since(first)))
	}
	args, named := p.parenthesised()
	at := p.since(first)
	if len(named.Fields) == 0 {
		return lint.NewList(at, args...)
	}
	named.Span = at
	n := object(at, "map", named)
	if len(args) > 0 {
		n.Set("rest", lint.Span{}, list(args))
	}
	return n
}

// brackets reads (expression).
func (p *parser) brackets() *lint.Node {
	open := p.at
	var n *lint.Node
	p.group(true, func() {
		if n = p.command(); n == nil || p.at < p.stop {
			n = p.unreadAll(open + 1)
		}
	})
	if n.Get("operator") != nil {
		n.Set("brackets", lint.Span{}, lint.NewBool(true, lint.Span{}))
	}
	return n
}

// postfix reads members, calls and indices behind a value.
func (p *parser) postfix(first int, n *lint.Node) *lint.Node {
	for links := 0; ; links++ {
		t := p.peek()
		if links > maxLinks {
			return nil
		}
		switch {
		case t.kind != operator:
			return n
		case slices.Contains([]string{".", "?.", "*.", ".&", ".@", "::"}, t.value):
			if n = p.member(first, n); n == nil {
				return nil
			}
		case t.value == "{" && p.blockFollows(n):
			n = p.trailing(first, n)
		case p.broken():
			return n
		case t.value == "(" && callable(n) || t.value == "(" && n.Get("closure") != nil:
			args, named := p.parenthesised()
			n = p.trailing(first, p.call(first, n, args, named))
		case t.value == "[" && !t.space:
			args, _ := p.parenthesised()
			n = object(p.since(first), "of", n, "index", list(args))
		case t.value == "++" || t.value == "--":
			p.at++
			n = p.operation(first, t.value, n)
		default:
			return n
		}
	}
}

func (p *parser) member(first int, n *lint.Node) *lint.Node {
	p.at++
	t := p.peek()
	switch {
	case t.kind == name || t.kind == text:
		p.at++
		return object(p.since(first), "property", word(t, p.src), "of", n)
	case t.kind == operator && t.value == "(":
		index := list([]*lint.Node{p.brackets()})
		return object(p.since(first), "of", n, "index", index)
	}
	return nil
}

// blockFollows holds where a block belongs to what stands before it: on the same
// line, or on the next, as some people write it.
func (p *parser) blockFollows(n *lint.Node) bool {
	if !callable(n) {
		return false
	}
	return !p.broken() || p.peek().line && n.Get("arguments", "closure") == nil
}

// trailing adds the blocks behind a call to it.
func (p *parser) trailing(first int, n *lint.Node) *lint.Node {
	for links := 0; links < maxLinks && p.isOperator("{") && p.blockFollows(n); links++ {
		if n.Get("call") == nil {
			n = p.call(first, n, nil, lint.NewObject(lint.Span{}))
		}
		block := p.closure()
		n.Get("arguments").Items = append(n.Get("arguments").Items, block)
		n.Span = p.since(first)
	}
	return n
}
