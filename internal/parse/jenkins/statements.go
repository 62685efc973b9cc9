package jenkins

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

var modifiers = []string{"private", "public", "protected", "static", "final", "abstract", "transient", "volatile", "native", "synchronized", "def", "var"}

var primitives = []string{"boolean", "byte", "char", "short", "int", "long", "float", "double", "void"}

// statement reads one statement, or gives nil.
func (p *parser) statement() *lint.Node {
	for p.peek().kind == name && p.ahead(1).kind == operator && p.ahead(1).value == ":" && p.ahead(2).kind != end && !p.is("default") {
		p.at += 2 // a label
	}
	first, t := p.at, p.peek()
	if t.kind == operator && t.value == "@" && p.ahead(1).kind == name {
		return p.annotation()
	}
	if t.kind != name {
		return p.command()
	}
	next := p.ahead(1)
	switch opens := next.kind == operator && next.value == "("; t.value {
	case "import", "package":
		return p.importing()
	case "if":
		if opens {
			return p.branches()
		}
	case "for", "while":
		if opens {
			return p.loop()
		}
	case "do":
		if next.value == "{" {
			p.at++
			return p.doLoop(first)
		}
	case "try":
		return p.try()
	case "switch", "synchronized":
		if opens {
			return p.switching()
		}
	case "case", "default":
		return p.caseLabel()
	case "return", "throw", "assert":
		return p.returning()
	case "break", "continue":
		return p.jump()
	case "class", "interface", "trait", "enum":
		if next.kind == name {
			return p.class()
		}
	}
	if n := p.declaration(); n != nil {
		return n
	}
	p.at = first
	return p.command()
}

func (p *parser) annotation() *lint.Node {
	first := p.at
	p.at++
	called := word(p.peek(), p.src)
	for p.at++; p.isOperator(".") && p.ahead(1).kind == name; p.at += 2 {
		called = word(p.ahead(1), p.src)
	}
	var args []*lint.Node
	if p.isOperator("(") && !p.peek().line {
		args, _ = p.parenthesised()
	}
	n := object(p.since(first), "annotation", called, "arguments", list(args))
	if p.is("_") {
		p.at++
	}
	return n
}

func (p *parser) importing() *lint.Node {
	first := p.at
	for p.at++; !p.broken() && !p.is(";"); {
		p.at++
	}
	at := p.since(first)
	return object(at, "import", lint.NewString(string(at.Text()), at))
}

func (p *parser) branches() *lint.Node {
	first := p.at
	p.at++
	condition := p.condition()
	then := p.block()
	otherwise := []*lint.Node(nil)
	if p.isOperator(";") && p.ahead(1).value == "else" {
		p.at++
	}
	if p.is("else") {
		p.at++
		otherwise = p.block()
	}
	return object(p.since(first), "if", condition, "then", list(then), "else", list(otherwise))
}

// condition reads what stands in the brackets behind if, while and switch.
func (p *parser) condition() *lint.Node {
	open := p.at
	var n *lint.Node
	p.group(true, func() {
		if n = p.expression(); n == nil || p.at < p.stop {
			n = p.unreadAll(open + 1)
		}
	})
	return n
}

func (p *parser) loop() *lint.Node {
	first := p.at
	p.at++
	var header []*lint.Node
	var variable *lint.Node
	p.group(true, func() { variable, header = p.loopHeader() })
	var body []*lint.Node
	if !p.isOperator(";") {
		body = p.block()
	}
	return object(p.since(first), "loop", list(header), "variable", variable, "body", list(body))
}

// loopHeader reads "def x in list", "x : list", or the three parts.
func (p *parser) loopHeader() (variable *lint.Node, header []*lint.Node) {
	for i := 1; i < maxLook; i++ {
		t := p.ahead(i)
		if t.kind == end || t.value == "(" || t.value == ";" {
			break
		}
		if (t.value == "in" || t.value == ":") && p.ahead(i-1).kind == name {
			variable = word(p.ahead(i-1), p.src)
			p.at += i + 1
			break
		}
	}
	return variable, p.separated()
}

// separated reads the parts of a loop's header: in brackets no line ends one.
func (p *parser) separated() []*lint.Node {
	var all []*lint.Node
	for p.at < p.stop {
		first := p.at
		if p.is(";", ",") {
			p.at++
			continue
		}
		n := p.statement()
		if n == nil || p.at == first || p.at < p.stop && !p.is(";", ",") {
			n = p.unread(first)
			p.at = max(p.at, first+1)
		}
		all = append(all, n)
	}
	return all
}

func (p *parser) doLoop(first int) *lint.Node {
	body := p.block()
	var header []*lint.Node
	if p.is("while") && p.ahead(1).value == "(" {
		p.at++
		header = append(header, p.condition())
	}
	return object(p.since(first), "loop", list(header), "body", list(body))
}

func (p *parser) try() *lint.Node {
	first := p.at
	p.at++
	if p.isOperator("(") {
		p.condition()
	}
	if !p.isOperator("{") {
		return nil
	}
	body := list(p.block())
	n := object(p.since(first), "try", body)
	var caught []*lint.Node
	for p.is("catch") && p.ahead(1).value == "(" {
		p.at++
		p.group(true, func() {})
		caught = append(caught, p.block()...)
	}
	n.Set("catch", lint.Span{}, list(caught))
	if p.is("finally") {
		p.at++
		n.Set("finally", lint.Span{}, list(p.block()))
	}
	n.Span = p.since(first)
	return n
}

func (p *parser) switching() *lint.Node {
	first := p.at
	p.at++
	subject := p.condition()
	if !p.isOperator("{") {
		return nil
	}
	body := p.block()
	return object(p.since(first), "switch", subject, "body", list(body))
}

// caseLabel reads "case x:".
func (p *parser) caseLabel() *lint.Node {
	first := p.at
	p.at++
	value := lint.NewString("default", p.since(first))
	if p.tokens[first].value == "case" {
		value = p.expression()
	}
	if value == nil || !p.isOperator(":") {
		return nil
	}
	p.at++
	return object(p.since(first), "case", value)
}

func (p *parser) returning() *lint.Node {
	first, what := p.at, p.peek().value
	p.at++
	value := &lint.Node{Kind: lint.Null}
	if !p.broken() && !p.is(";") {
		if value = p.command(); value == nil {
			return nil
		}
	}
	if what == "assert" && p.is(":", ",") {
		p.at++
		message := p.expression()
		if message == nil {
			return nil
		}
		value = p.operation(first, "assert", value, message)
	}
	return object(p.since(first), what, value)
}

func (p *parser) jump() *lint.Node {
	first := p.at
	p.at++
	if !p.broken() && p.peek().kind == name {
		p.at++
	}
	return object(p.since(first), "jump", word(p.tokens[first], p.src))
}

// class reads a class for what its methods run.
func (p *parser) class() *lint.Node {
	first, constants := p.at, p.is("enum")
	called := word(p.ahead(1), p.src)
	for p.at += 2; p.at < p.stop && !p.isOperator("{"); {
		p.at++
	}
	if p.at >= p.stop {
		return nil
	}
	var body *lint.Node
	p.group(false, func() {
		for constants && p.at < p.stop && !p.is(";") {
			p.at++
		}
		body = list(p.statements())
	})
	return object(p.since(first), "class", called, "body", body)
}

// declaration reads "def x = 1", "String f(int a) {…}" and the like, or gives nil
// and may have moved.
func (p *parser) declaration() *lint.Node {
	first, marked := p.at, false
	for p.peek().kind == name && slices.Contains(modifiers, p.peek().value) && (p.ahead(1).kind == name || p.ahead(1).kind == text || p.peek().value == "def" && p.ahead(1).value == "(") {
		marked = true
		p.at++
	}
	if marked && p.isOperator("(") {
		return p.several(first)
	}
	if n := p.typeLength(); n > 0 && (p.ahead(n).kind == name || p.ahead(n).kind == text) && !p.ahead(n).line && !slices.Contains(wordOperators, p.ahead(n).value) {
		if typed := p.peek(); marked || isType(typed.value) || slices.Contains(primitives, typed.value) || n > 1 && p.ahead(n-1).value != "." && p.ahead(n-1).kind == operator || p.qualified(n) {
			marked = true
			p.at += n
		}
	}
	t, next := p.peek(), p.ahead(1)
	if t.kind != name && t.kind != text || !marked {
		return nil
	}
	if next.kind == operator && next.value == "(" && (next.match < 0 || p.bodyBehind(next.match)) {
		return p.function(first)
	}
	if t.kind != name {
		return nil
	}
	return p.variables(first)
}

// bodyBehind holds if a block, or the exceptions that a method throws, follow.
func (p *parser) bodyBehind(i int) bool {
	if i+1 >= p.stop {
		return false
	}
	return p.tokens[i+1].value == "{" || p.tokens[i+1].value == "throws"
}

func isType(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// qualified holds for a type of n tokens that ends as types do: java.util.Map.
func (p *parser) qualified(n int) bool {
	last := p.ahead(n - 1)
	return n > 1 && last.kind == name && isType(last.value)
}

// typeLength counts the tokens of a type that may stand here.
func (p *parser) typeLength() int {
	i, depth := 0, 0
	for i < maxLook {
		t := p.ahead(i)
		switch {
		case t.kind == name && (i == 0 || p.ahead(i-1).value == "." || depth > 0):
		case t.kind == operator && t.value == "." && p.ahead(i-1).kind == name:
		case t.kind == operator && t.value == "<" && i > 0:
			depth++
		case t.kind == operator && (t.value == "," || t.value == "?" || t.value == ".") && depth > 0:
		case t.kind == operator && (t.value == ">" || t.value == ">>" || t.value == ">>>") && depth > 0:
			depth -= len(t.value)
		case t.kind == operator && t.value == "[" && i > 0 && p.ahead(i+1).value == "]":
			i++
		default:
			if depth != 0 {
				return 0
			}
			return i
		}
		i++
	}
	return 0
}

func (p *parser) function(first int) *lint.Node {
	called := word(p.peek(), p.src)
	p.at++
	var parameters, defaults []*lint.Node
	p.group(true, func() { parameters, defaults = p.parameters() })
	for p.at < p.stop && !p.isOperator("{") && !p.broken() {
		p.at++
	}
	var body []*lint.Node
	if p.isOperator("{") {
		body = p.block()
	}
	return object(p.since(first), "function", called, "parameters", list(parameters), "defaults", list(defaults), "body", list(body))
}

// parameters reads the names of parameters; their defaults are read as well.
func (p *parser) parameters() (names, defaults []*lint.Node) {
	for p.at < p.stop {
		t, next := p.peek(), p.ahead(1)
		last := next.kind == end || next.kind == operator && (next.value == "," || next.value == "=")
		p.at++
		if t.kind != name || !last {
			continue
		}
		names = append(names, word(t, p.src))
		if p.isOperator("=") {
			p.at++
			if value := p.expression(); value != nil {
				defaults = append(defaults, object(value.Span, "define", word(t, p.src), "value", value))
			}
		}
	}
	return names, defaults
}

// several reads "def (a, b) = list".
func (p *parser) several(first int) *lint.Node {
	var names []*lint.Node
	p.group(true, func() { names, _ = p.parameters() })
	if !p.isOperator("=") {
		return nil
	}
	p.at++
	value := p.command()
	if value == nil {
		return nil
	}
	return object(p.since(first), "define", list(names), "value", value)
}

// variables reads "x = 1, y = 2" behind a type.
func (p *parser) variables(first int) *lint.Node {
	var all []*lint.Node
	for {
		start := p.at
		called := word(p.peek(), p.src)
		p.at++
		var value *lint.Node
		if p.isOperator("=") {
			p.at++
			if value = p.command(); value == nil {
				return nil
			}
		}
		all = append(all, object(p.since(start), "define", called, "value", value))
		if !p.isOperator(",") || p.ahead(1).kind != name {
			break
		}
		p.at++
	}
	if len(all) == 1 {
		all[0].Span = p.since(first)
		return all[0]
	}
	return object(p.since(first), "closure", list(all))
}
