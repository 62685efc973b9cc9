package jenkins

import (
	"encoding/json"
	"slices"

	"github.com/policyctl/policyctl/internal/lint"
)

// parser turns tokens into the tree that the package comment describes. What it
// does not understand ends with its statement.
type parser struct {
	src    *lint.Source
	tokens []token
	at     int
	stop   int // index of the token that ends the group
	inline bool
	depth  int
	read   map[int]*lint.Node // closures and holes by where they begin: each is read once, whatever is tried around it
}

func newParser(src *lint.Source, tokens []token) *parser {
	return &parser{src: src, tokens: tokens, stop: len(tokens) - 1, read: map[int]*lint.Node{}}
}

// within reads a part of the file that has tokens of its own.
func (p *parser) within(tokens []token) *parser {
	return &parser{src: p.src, tokens: tokens, stop: len(tokens) - 1, depth: p.depth + 1, read: p.read}
}

func (p *parser) span(start, end int) lint.Span {
	return lint.Span{Source: p.src, Start: start, End: end}
}

// since is the range from a token to the last one that was read.
func (p *parser) since(first int) lint.Span {
	last := max(p.at-1, first)
	return p.span(p.tokens[first].start, p.tokens[last].end)
}

func (p *parser) peek() token { return p.ahead(0) }

func (p *parser) ahead(n int) token {
	if p.at+n >= p.stop {
		last := p.tokens[p.stop]
		return token{kind: end, start: last.start, end: last.start, line: true, match: -1}
	}
	return p.tokens[p.at+n]
}

func (p *parser) is(values ...string) bool {
	t := p.peek()
	return (t.kind == operator || t.kind == name) && slices.Contains(values, t.value)
}

func (p *parser) isOperator(value string) bool {
	t := p.peek()
	return t.kind == operator && t.value == value
}

// broken holds where the statement may have ended with the line.
func (p *parser) broken() bool {
	t := p.peek()
	return t.kind == end || t.line && !p.inline
}

// group runs read within the brackets that open here, and leaves them behind.
func (p *parser) group(inline bool, read func()) {
	open, stop, was := p.at, p.stop, p.inline
	last := p.tokens[open].match
	if last < 0 || last > stop {
		last = stop
	}
	p.at, p.stop, p.inline = open+1, last, inline
	read()
	p.at, p.stop, p.inline = min(last+1, stop), stop, was
}

// deeper says whether there is room for one more level; pair it with p.depth--.
func (p *parser) deeper() bool {
	p.depth++
	return p.depth <= maxDepth
}

// maxDepth bounds the levels of expressions and statements.
const maxDepth = 400

func object(at lint.Span, fields ...any) *lint.Node {
	n := lint.NewObject(at)
	for i := 0; i+1 < len(fields); i += 2 {
		if value, _ := fields[i+1].(*lint.Node); value != nil {
			n.Set(fields[i].(string), value.Span, value)
		}
	}
	return n
}

func list(items []*lint.Node) *lint.Node { return lint.NewList(lint.Span{}, items...) }

func word(t token, src *lint.Source) *lint.Node {
	return lint.NewString(t.value, lint.Span{Source: src, Start: t.start, End: t.end})
}

func (p *parser) statements() []*lint.Node {
	var all []*lint.Node
	for p.at < p.stop {
		if p.isOperator(";") {
			p.at++
			continue
		}
		first := p.at
		var n *lint.Node
		if p.deeper() {
			n = p.statement()
		}
		if n == nil || p.at == first || !p.ended(n) {
			n = p.unread(first)
		}
		p.depth--
		all = append(all, n)
	}
	return all
}

// ended holds behind a statement: something else begins.
func (p *parser) ended(n *lint.Node) bool {
	return p.broken() || p.is(";") || n.Get("annotation") != nil || p.tokens[p.at-1].value == "}" || p.tokens[p.at-1].value == ":" || n.Get("if") != nil || n.Get("loop") != nil
}

// unread leaves out what cannot be read, up to where a statement can begin; the
// blocks in it are read.
func (p *parser) unread(first int) *lint.Node {
	var blocks []*lint.Node
	p.at = first
	for p.at < p.stop && (p.at == first || !p.tokens[p.at].line && !p.isOperator(";")) {
		t := p.tokens[p.at]
		switch {
		case t.match <= p.at:
			p.at++
		case t.value == "{":
			blocks = append(blocks, p.closure())
		default:
			blocks = append(blocks, p.blocksWithin(t.match)...)
		}
	}
	return object(p.since(first), "unread", lint.NewString("", p.since(first)), "blocks", list(blocks))
}

// blocksWithin reads the blocks between other brackets.
func (p *parser) blocksWithin(last int) []*lint.Node {
	var blocks []*lint.Node
	for last = min(last, p.stop); p.at < last; {
		if p.tokens[p.at].kind == operator && p.tokens[p.at].value == "{" {
			blocks = append(blocks, p.closure())
			continue
		}
		p.at++
	}
	p.at = min(last+1, p.stop)
	return blocks
}

// closure reads { a, b -> … }.
func (p *parser) closure() *lint.Node {
	open := p.at
	if n := p.read[p.peek().start]; n != nil {
		p.group(false, func() {})
		return n
	}
	var parameters, body []*lint.Node
	if p.deeper() {
		p.group(false, func() {
			parameters = p.closureParameters()
			body = p.statements()
		})
	} else {
		p.group(false, func() {})
		body = []*lint.Node{object(p.since(open), "unread", lint.NewString("", p.since(open)))}
	}
	p.depth--
	n := object(p.since(open), "closure", list(body), "parameters", list(parameters))
	p.read[p.tokens[open].start] = n
	return n
}

// maxLook bounds how far ahead is looked to tell forms apart.
const maxLook = 60

func (p *parser) closureParameters() []*lint.Node {
	arrow := -1
	for i := 0; i < maxLook && arrow < 0; i++ {
		switch t := p.ahead(i); {
		case t.kind == end, t.kind == operator && slices.Contains([]string{"{", "}", ";", "("}, t.value):
			return nil
		case t.kind == operator && t.value == "->":
			arrow = p.at + i
		}
	}
	if arrow < 0 {
		return nil
	}
	var names []*lint.Node
	for ; p.at < arrow; p.at++ {
		next := p.tokens[p.at+1]
		if t := p.tokens[p.at]; t.kind == name && next.kind == operator && slices.Contains([]string{",", "->", "="}, next.value) {
			names = append(names, word(t, p.src))
		}
	}
	p.at = arrow + 1
	return names
}

// block reads a block, or the one statement that stands for one.
func (p *parser) block() []*lint.Node {
	if p.isOperator("{") {
		return p.closure().Get("closure").List()
	}
	first := p.at
	if p.deeper() {
		defer func() { p.depth-- }()
		if n := p.statement(); n != nil {
			return []*lint.Node{n}
		}
	} else {
		p.depth--
	}
	return []*lint.Node{p.unread(first)}
}

// literalNumber keeps what JSON can say.
func literalNumber(t token, src *lint.Source) *lint.Node {
	n := word(t, src)
	if json.Valid([]byte(t.value)) {
		n.Kind = lint.Number
	}
	return n
}
