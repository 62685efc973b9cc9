package arm

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// parser reads Bicep, and the expressions within texts of JSON templates: these are
// a part of what Bicep has, but for the escapes of their texts.
type parser struct {
	src      *lint.Source
	data     []byte
	at       int
	depth    int
	inText   lint.Span // the text of a JSON template in which an expression stands; zero for Bicep
	findings []lint.Finding
	wrong    bool // since the statement began
}

func (p *parser) span(start int) lint.Span {
	if p.inText.Source != nil {
		return p.inText
	}
	return lint.Span{Source: p.src, Start: start, End: min(max(p.at, start), len(p.data))}
}

// fail reports what is wrong, once for a statement.
func (p *parser) fail(message string) *expression {
	if !p.wrong && p.inText.Source == nil {
		start := min(p.at, len(p.data))
		at := lint.Span{Source: p.src, Start: start, End: min(start+1, len(p.data))}
		p.findings = append(p.findings, at.Report(lint.SyntaxError, "Bicep cannot be parsed: "+message))
	}
	p.wrong = true
	return &expression{kind: opaque, at: p.span(p.at)}
}

func (p *parser) peek() byte {
	if p.at < len(p.data) {
		return p.data[p.at]
	}
	return 0
}

func (p *parser) has(prefix string) bool {
	return bytes.HasPrefix(p.data[min(p.at, len(p.data)):], []byte(prefix))
}

// take steps over a word of punctuation, and says whether it stood there.
func (p *parser) take(token string) bool {
	if !p.has(token) {
		return false
	}
	p.at += len(token)
	return true
}

// blank skips white space and comments; line breaks only where they mean nothing.
func (p *parser) blank(lines bool) {
	data := p.data
	for p.at < len(data) {
		switch c := data[p.at]; {
		case c == ' ' || c == '\t' || c == '\r', lines && c == '\n', c == 0xEF && p.has("\ufeff"):
			p.at++
			if c == 0xEF {
				p.at += 2
			}
		case p.has("//"), p.has("#disable-") || p.has("#restore-"):
			for p.at < len(data) && data[p.at] != '\n' {
				p.at++
			}
		case p.has("/*"):
			end := bytes.Index(data[p.at:], []byte("*/"))
			if end < 0 {
				p.at = len(data)
				return
			}
			p.at += end + 2
		default:
			return
		}
	}
}

func isWord(c byte, first bool) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || !first && c >= '0' && c <= '9'
}

// word reads a name, "" if there is none.
func (p *parser) word() string {
	start := p.at
	for isWord(p.peek(), p.at == start) {
		p.at++
	}
	return string(p.data[start:p.at])
}

// nested guards against nesting that is too deep.
func (p *parser) nested(read func() *expression) *expression {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return p.fail("expressions are nested too deep")
	}
	return read()
}

func (p *parser) expression() *expression { return p.nested(p.ternary) }

func (p *parser) ternary() *expression {
	p.blank(false)
	start := p.at
	condition := p.binary(1)
	p.blankBefore("?", ":")
	if !p.has("?") || p.has("??") || p.has("?.") {
		return condition
	}
	p.at++
	p.blank(true)
	yes := p.expression()
	p.blank(true)
	if !p.take(":") {
		return p.fail("a ':' is missing")
	}
	p.blank(true)
	no := p.expression()
	return &expression{kind: either, arguments: []*expression{condition, yes, no}, at: p.span(start)}
}

// blankBefore skips blanks, and line breaks too if one of the tokens follows them.
func (p *parser) blankBefore(tokens ...string) {
	p.blank(false)
	before := p.at
	p.blank(true)
	for _, token := range tokens {
		if p.has(token) {
			return
		}
	}
	p.at = before
}

// binary reads operators that bind at least so tightly.
func (p *parser) binary(tightly int) *expression {
	start := p.at
	left := p.unary()
	for {
		before := p.at
		p.blankBefore("??", "||", "&&")
		o := p.operator()
		if o.token == "" || o.binds < tightly {
			p.at = before
			return left
		}
		p.at += len(o.token)
		p.blank(true)
		right := p.nested(func() *expression { return p.binary(o.binds + 1) })
		left = &expression{kind: call, name: o.function, arguments: []*expression{left, right}, at: p.span(start)}
		if o.negated {
			left = &expression{kind: call, name: "not", arguments: []*expression{left}, at: left.at}
		}
	}
}

// operator is the one that stands here, the zero operator if there is none.
func (p *parser) operator() operator {
	if p.inText.Source != nil || p.has("//") || p.has("/*") {
		return operator{}
	}
	for _, o := range operators {
		if p.has(o.token) {
			return o
		}
	}
	return operator{}
}

func (p *parser) unary() *expression {
	p.blank(false)
	start := p.at
	isNumber := p.at+1 < len(p.data) && p.data[p.at+1] >= '0' && p.data[p.at+1] <= '9'
	switch c := p.peek(); {
	case c == '!':
		p.at++
		of := p.nested(p.unary)
		return &expression{kind: call, name: "not", arguments: []*expression{of}, at: p.span(start)}
	case c == '-' && !isNumber:
		p.at++
		of := p.nested(p.unary)
		return &expression{kind: opaque, arguments: []*expression{of}, at: p.span(start)}
	}
	return p.postfix()
}

func (p *parser) postfix() *expression {
	start := p.at
	of := p.primary()
	for !p.wrong {
		switch {
		case p.has("::"), p.has("."), p.has(".?"), p.has("?."):
			p.at += strings.IndexFunc(string(p.data[p.at:])+"x", func(r rune) bool { return r != ':' && r != '.' && r != '?' })
			name := p.word()
			if name == "" {
				return p.fail("a name is missing behind the '.'")
			}
			if p.peek() == '(' {
				of = p.called(name, of, start)
				continue
			}
			of = &expression{kind: member, name: name, arguments: []*expression{of}, at: p.span(start)}
		case p.take("[?"), p.take("["):
			p.blank(true)
			index := p.expression()
			p.blank(true)
			if !p.take("]") {
				return p.fail("a ']' is missing")
			}
			of = &expression{kind: item, arguments: []*expression{of, index}, at: p.span(start)}
		case p.peek() == '!' && !p.has("!=") && !p.has("!~"):
			p.at++
		default:
			return of
		}
	}
	return of
}

// called reads the arguments of a call. The object of a method is the first of them.
func (p *parser) called(function string, of *expression, start int) *expression {
	made := &expression{kind: call, name: function}
	if of != nil {
		made.arguments = append(made.arguments, of)
	}
	p.at++ // (
	for {
		p.blank(true)
		if p.take(")") {
			made.at = p.span(start)
			return made
		}
		if p.wrong || p.at >= len(p.data) {
			return p.fail("a ')' is missing")
		}
		made.arguments = append(made.arguments, p.argument())
		p.blank(true)
		p.take(",")
	}
}

// argument reads an argument, which may be a function of its own.
func (p *parser) argument() *expression {
	before := p.at
	names := p.lambda()
	if names == nil {
		p.at = before
		return p.expression()
	}
	p.blank(true)
	body := p.expression()
	return &expression{kind: opaque, arguments: []*expression{body}, at: p.span(before)}
}

// lambda reads "a =>" or "(a, b) =>"; nil if there is none.
func (p *parser) lambda() []string {
	var names []string
	if p.take("(") {
		for {
			p.blank(true)
			if p.take(")") {
				break
			}
			name := p.word()
			if name == "" {
				return nil
			}
			names = append(names, name)
			p.blank(true)
			p.take(",")
		}
	} else if name := p.word(); name != "" {
		names = append(names, name)
	}
	p.blank(false)
	if !p.take("=>") {
		return nil
	}
	return names
}

func (p *parser) primary() *expression {
	p.blank(false)
	start := p.at
	switch c := p.peek(); {
	case p.has("'''"):
		return p.multiline()
	case c == '\'':
		return p.quoted()
	case c == '[' && p.inText.Source == nil:
		return p.nested(p.list)
	case c == '{' && p.inText.Source == nil:
		return p.nested(p.object)
	case c == '(':
		p.at++
		p.blank(true)
		inner := p.expression()
		p.blank(true)
		if !p.take(")") {
			return p.fail("a ')' is missing")
		}
		return inner
	case c >= '0' && c <= '9', c == '-':
		p.at++
		for c := p.peek(); c >= '0' && c <= '9' || c == '.' && p.inText.Source != nil; c = p.peek() {
			p.at++
		}
		return &expression{kind: literal, value: &lint.Node{Kind: lint.Number, Text: strings.TrimSuffix(string(p.data[start:p.at]), "."), Span: p.span(start)}, at: p.span(start)}
	}
	word := p.word()
	switch {
	case word == "":
		return p.fail("a value is missing")
	case p.peek() == '(':
		return p.called(word, nil, start)
	case word == "true" || word == "false":
		return &expression{kind: literal, value: lint.NewBool(word == "true", p.span(start)), at: p.span(start)}
	case word == "null":
		return &expression{kind: literal, value: &lint.Node{Kind: lint.Null, Span: p.span(start)}, at: p.span(start)}
	}
	return &expression{kind: name, name: word, at: p.span(start)}
}

func (p *parser) multiline() *expression {
	start := p.at
	p.at += 3
	end := bytes.Index(p.data[p.at:], []byte("'''"))
	if end < 0 {
		return p.fail("a text does not end")
	}
	content := string(p.data[p.at : p.at+end])
	p.at += end + 3
	for p.peek() == '\'' { // quotes before the last three belong to the text
		content += "'"
		p.at++
	}
	content = strings.TrimPrefix(strings.TrimPrefix(content, "\r"), "\n")
	return &expression{kind: literal, value: lint.NewString(content, p.span(start)), at: p.span(start)}
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '\\': '\\', '\'': '\'', '$': '$'}

// quoted reads a text, with the expressions in it.
func (p *parser) quoted() *expression {
	start := p.at
	p.at++
	var parts []*expression
	var b strings.Builder
	flush := func() {
		parts = append(parts, &expression{kind: literal, value: lint.NewString(b.String(), lint.Span{})})
		b.Reset()
	}
	for {
		c := p.peek()
		switch {
		case p.at >= len(p.data) || c == '\n' && p.inText.Source == nil:
			return p.fail("a text does not end")
		case p.inText.Source != nil && p.has("''"):
			b.WriteByte('\'')
			p.at += 2
		case c == '\'':
			p.at++
			if len(parts) == 0 {
				return &expression{kind: literal, value: lint.NewString(b.String(), p.span(start)), at: p.span(start)}
			}
			flush()
			return &expression{kind: text, arguments: parts, at: p.span(start)}
		case p.inText.Source == nil && c == '\\':
			p.at++
			p.escape(&b)
		case p.inText.Source == nil && p.has("${"):
			flush()
			p.at += 2
			p.blank(true)
			parts = append(parts, p.expression())
			p.blank(true)
			if !p.take("}") {
				return p.fail("a '}' is missing")
			}
		default:
			b.WriteByte(c)
			p.at++
		}
	}
}

func (p *parser) escape(b *strings.Builder) {
	c := p.peek()
	p.at++
	if c == 'u' && p.take("{") {
		start := p.at
		for c := p.peek(); c != '}' && c != 0 && c != '\n'; c = p.peek() {
			p.at++
		}
		code, err := strconv.ParseUint(string(p.data[start:p.at]), 16, 21)
		p.take("}")
		if err == nil {
			b.WriteRune(rune(code))
			return
		}
	}
	if plain, known := escapes[c]; known {
		b.WriteByte(plain)
		return
	}
	p.fail("an escape is not known")
}

// list reads a list, or a loop.
func (p *parser) list() *expression {
	start := p.at
	p.at++
	p.blank(true)
	if before := p.at; p.word() == "for" && (p.peek() == ' ' || p.peek() == '(') {
		return p.loop(start)
	} else {
		p.at = before
	}
	made := &expression{kind: list}
	for {
		p.separators()
		if p.take("]") {
			made.at = p.span(start)
			return made
		}
		if p.wrong || p.at >= len(p.data) {
			return p.fail("a ']' is missing")
		}
		p.take(spread)
		made.arguments = append(made.arguments, p.expression())
	}
}

func (p *parser) separators() {
	for {
		p.blank(true)
		if !p.take(",") {
			return
		}
	}
}

func (p *parser) loop(start int) *expression {
	p.blank(true)
	var names []string
	if p.take("(") {
		for !p.take(")") {
			p.blank(true)
			name := p.word()
			if name == "" {
				return p.fail("a name is missing")
			}
			names = append(names, name)
			p.separators()
		}
	} else {
		names = append(names, p.word())
	}
	p.blank(true)
	if p.word() != "in" {
		return p.fail("'in' is missing")
	}
	p.blank(true)
	over := p.expression()
	p.blank(true)
	if !p.take(":") {
		return p.fail("a ':' is missing")
	}
	p.blank(true)
	body := p.body()
	p.blank(true)
	if !p.take("]") {
		return p.fail("a ']' is missing")
	}
	return &expression{kind: loop, name: strings.Join(names, ","), arguments: []*expression{over, body}, at: p.span(start)}
}

// body reads what a resource is given: an object, under a condition or in a loop.
func (p *parser) body() *expression {
	start := p.at
	if p.word() == "if" {
		p.blank(true)
		condition := p.primary()
		p.blank(true)
		return &expression{kind: either, arguments: []*expression{condition, p.expression()}, at: p.span(start)}
	}
	p.at = start
	return p.expression()
}

func (p *parser) object() *expression {
	start := p.at
	p.at++
	made := &expression{kind: object}
	for {
		p.separators()
		if p.take("}") {
			made.at = p.span(start)
			return made
		}
		if p.wrong || p.at >= len(p.data) {
			return p.fail("a '}' is missing")
		}
		if at := p.span(p.at); p.take(spread) {
			made.fields = append(made.fields, field{&expression{kind: literal, value: lint.NewString(spread, at), at: at}, p.expression()})
			continue
		}
		if inner := p.innerResource(); inner != nil {
			made.nested = append(made.nested, inner)
			continue
		}
		key := p.key()
		p.blank(true)
		if !p.take(":") {
			return p.fail("a ':' is missing")
		}
		p.blank(true)
		made.fields = append(made.fields, field{key, p.expression()})
	}
}

// key is the key of a field: a word, or a text.
func (p *parser) key() *expression {
	if p.peek() == '\'' {
		return p.quoted()
	}
	start := p.at
	word := p.word()
	if word == "" {
		return p.fail("a key is missing")
	}
	return &expression{kind: literal, value: lint.NewString(word, p.span(start)), at: p.span(start)}
}
