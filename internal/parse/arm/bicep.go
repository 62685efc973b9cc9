package arm

import (
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/partial"
)

// statement is one of a Bicep file.
type statement struct {
	keyword    string // param, var, resource, module, output, targetScope, using
	name       string
	typ        string // of a resource its type, of a module its source
	typed      lint.Span
	existing   bool
	body       *expression // nil if it has none
	decorators []*expression
	at         lint.Span // of the name
}

// file reads the statements. Behind one that is wrong it goes on with the next.
func (p *parser) file() []*statement {
	p.data = p.src.Data
	var all []*statement
	for {
		p.blank(true)
		if p.at >= len(p.data) {
			return all
		}
		p.wrong = false
		start := p.at
		s := p.statement()
		if s != nil && !p.wrong {
			all = append(all, s)
		}
		if p.wrong {
			p.at = max(p.at, start+1)
			p.recover()
		}
	}
}

// keywords begin statements.
var keywords = map[string]bool{
	"targetScope": true, "param": true, "var": true, "resource": true, "module": true, "output": true, "type": true, "func": true, "import": true,
	"metadata": true, "using": true, "extends": true, "extension": true, "provider": true, "assert": true, "test": true,
}

// recover goes on to the next line that begins a statement.
func (p *parser) recover() {
	for p.at < len(p.data) {
		if p.data[p.at] != '\n' {
			p.at++
			continue
		}
		p.at++
		before := p.at
		begins := p.peek() == '@' || keywords[p.word()]
		p.at = before
		if begins {
			return
		}
	}
}

func (p *parser) statement() *statement {
	s := &statement{}
	for p.peek() == '@' {
		p.at++
		s.decorators = append(s.decorators, p.postfix())
		p.blank(true)
		if p.wrong {
			return nil
		}
	}
	s.keyword = p.word()
	p.blank(false)
	switch s.keyword {
	case "targetScope":
		s.body = p.assigned()
	case "using":
		p.expression()
	case "param", "output", "var":
		p.declared(s)
		before := p.at
		if p.peek() != '=' {
			p.skipType()
			s.typ = strings.TrimSpace(string(p.data[before:p.at]))
		}
		if p.peek() == '=' || s.keyword != "param" || isParameters(p.src) {
			s.body = p.assigned()
		}
	case "resource", "module":
		p.declared(s)
		start := p.at
		typ := p.expression()
		if typ.kind != literal || typ.value.Kind != lint.String {
			p.fail("a type is missing")
			return nil
		}
		s.typ, s.typed = typ.value.Text, p.span(start)
		p.blank(false)
		if p.word() == "existing" {
			s.existing = true
		}
		s.body = p.assigned()
	case "metadata", "assert", "test", "type", "func", "import", "extension", "provider", "extends":
		p.skipStatement()
	default:
		p.fail("the statement is not known")
	}
	if p.wrong {
		return nil
	}
	p.blank(false)
	if p.at < len(p.data) && p.peek() != '\n' && p.peek() != '}' {
		p.fail("a line break is missing behind the statement")
	}
	return s
}

func (p *parser) declared(s *statement) {
	start := p.at
	if s.name = p.word(); s.name == "" {
		p.fail("a name is missing")
	}
	s.at = p.span(start)
	p.blank(false)
}

func (p *parser) assigned() *expression {
	p.blank(true)
	if !p.take("=") {
		return p.fail("a '=' is missing")
	}
	p.blank(false)
	return p.body()
}

// skipType steps over a type: to the '=', or to the end of the line. Brackets, and
// unions that go on on the next line, belong to it.
func (p *parser) skipType() {
	depth := 0
	for p.at < len(p.data) {
		switch c := p.peek(); {
		case p.has("'''"):
			p.multiline()
			continue
		case c == '\'':
			p.quoted()
			continue
		case p.has("//") || p.has("/*"):
			p.blank(false)
			continue
		case c == '{' || c == '[' || c == '(':
			depth++
		case c == '}' || c == ']' || c == ')':
			if depth == 0 {
				return
			}
			depth--
		case c == '=' && depth == 0:
			return
		case c == '\n' && depth == 0:
			before := p.at
			p.blank(true)
			if p.peek() != '|' {
				p.at = before
				return
			}
			continue
		}
		p.at++
	}
}

// skipStatement steps over what declares no value.
func (p *parser) skipStatement() {
	p.skipType()
	for p.peek() == '=' {
		p.at++
		p.take(">")
		p.blank(true)
		p.skipType()
	}
}

// innerResource reads a resource that stands within the body of another; nil if
// something else stands there.
func (p *parser) innerResource() *statement {
	before := p.at
	if p.inText.Source != nil {
		return nil
	}
	if p.peek() != '@' {
		isResource := p.word() == "resource" && (p.peek() == ' ' || p.peek() == '\t')
		p.at = before
		if !isResource {
			return nil
		}
	}
	return p.statement()
}

// bicep makes the document of a file.
func (t *template) bicep(statements []*statement) {
	t.out.Set("language", lint.Span{}, lint.NewString("bicep", lint.Span{}))
	parameters := isParameters(t.src)
	values := lint.NewList(lint.Span{})
	for _, s := range statements {
		t.declare(s, parameters)
	}
	for i, s := range statements {
		switch s.keyword {
		case "targetScope":
			t.out.Set("scope", lint.Span{}, t.some(s.body))
		case "param":
			switch {
			case parameters && s.body != nil:
				entry := lint.NewObject(s.at)
				entry.Set("name", s.at, lint.NewString(s.name, s.at))
				entry.Set("value", s.at, t.some(s.body))
				values.Items = append(values.Items, entry)
			case s.body != nil:
				t.parameters.Items[index(statements[:i], "param")].Set("default", s.at, t.some(s.body))
			}
		case "resource":
			t.bicepResource(s, "", "")
		case "module":
			t.module(s)
		case "output":
			t.output(s)
		}
	}
	if parameters {
		t.out.Set("parameter_values", lint.Span{}, values)
	}
}

// isParameters holds for a file that gives parameters their values.
func isParameters(src *lint.Source) bool {
	return strings.HasSuffix(strings.ToLower(src.Path), ".bicepparam")
}

func index(statements []*statement, keyword string) int {
	n := 0
	for _, s := range statements {
		if s.keyword == keyword {
			n++
		}
	}
	return n
}

// declare makes a name known before values are made: the order of statements means
// nothing.
func (t *template) declare(s *statement, parameters bool) {
	switch s.keyword {
	case "param":
		if parameters {
			t.stores["parameters"][strings.ToLower(s.name)] = func() *lint.Node { return t.some(s.body) }
			return
		}
		var from func() *lint.Node
		if s.body != nil {
			from = func() *lint.Node { return t.eval(s.body) }
		}
		t.parameter(s.name, s.at, lint.NewString(s.typ, lint.Span{}), s.decorated("secure") != nil, t.description(s), from)
	case "var":
		t.stores["variables"][strings.ToLower(s.name)] = func() *lint.Node { return t.eval(s.body) }
	case "resource":
		t.symbols[s.name] = "resources." + s.name
		for _, inner := range nestedIn(s.body) {
			t.declare(inner, parameters)
		}
	case "module":
		t.symbols[s.name] = "modules." + s.name
	case "type", "func", "import", "extension", "provider":
	}
}

func nestedIn(body *expression) []*statement {
	switch {
	case body == nil:
		return nil
	case body.kind == object:
		return body.nested
	case body.kind == loop || body.kind == either && len(body.arguments) == 2:
		return nestedIn(body.arguments[1])
	}
	return nil
}

// decorated is the decorator of that name, nil if there is none.
func (s *statement) decorated(name string) *expression {
	for _, decorator := range s.decorators {
		if decorator.kind == call && strings.EqualFold(decorator.name, name) {
			return decorator
		}
	}
	return nil
}

func (t *template) description(s *statement) *lint.Node {
	decorator := s.decorated("description")
	if decorator == nil || len(decorator.arguments) == 0 {
		return nil
	}
	return t.some(decorator.arguments[len(decorator.arguments)-1])
}

// each evaluates the body of a resource or a module, once for each that a loop makes.
func (t *template) each(body *expression, use func(body *expression, which copied)) {
	switch {
	case body.kind == loop:
		t.items(body, func(which copied) {
			t.each(body.arguments[1], func(body *expression, _ copied) { use(body, which) })
		})
	case body.kind == either && len(body.arguments) == 2:
		t.each(body.arguments[1], use)
	default:
		use(body, copied{})
	}
}

func (t *template) bicepResource(s *statement, parentType, parent string) {
	typ := unversioned(s.typ)
	if parentType != "" && !strings.Contains(typ, ".") {
		typ = parentType + "/" + typ
	}
	t.each(s.body, func(body *expression, which copied) {
		entry := lint.NewObject(body.at)
		entry.Set("address", s.at, lint.NewString(s.name, s.at))
		which.mark(entry, s.name)
		entry.Set("type", s.typed, &lint.Node{Kind: lint.String, Text: typ})
		values := lint.NewObject(body.at)
		made := t.some(body)
		if parent != "" {
			entry.Set("parent", lint.Span{}, lint.NewString(parent, lint.Span{}))
		}
		for _, field := range made.Object() {
			switch field.Key {
			case "name":
				entry.Set("name", field.Span, field.Value)
			case "parent":
				if references := partial.References(field.Value); len(references) == 1 {
					entry.Set("parent", field.Span, lint.NewString(strings.TrimPrefix(references[0], "resources."), lint.Span{}))
				}
			case "dependsOn":
			default:
				values.Set(field.Key, field.Span, field.Value)
			}
		}
		if s.existing {
			entry.Set("existing", lint.Span{}, lint.NewBool(true, lint.Span{}))
		}
		entry.Set("values", s.at, values)
		t.holder(t.resources, entry)
		for _, inner := range nestedIn(body) {
			t.bicepResource(inner, typ, s.name)
		}
	})
}

func (t *template) module(s *statement) {
	if strings.HasPrefix(s.typ, "br:") || strings.HasPrefix(s.typ, "br/") || strings.HasPrefix(s.typ, "ts:") || strings.HasPrefix(s.typ, "ts/") {
		t.gap(s.typed, "the module is not in this repository; it was not judged")
	}
	t.each(s.body, func(body *expression, which copied) {
		entry := lint.NewObject(body.at)
		entry.Set("address", s.at, lint.NewString(s.name, s.at))
		which.mark(entry, s.name)
		entry.Set("source", s.typed, lint.NewString(s.typ, s.typed))
		values := t.some(body).Get("params")
		if values == nil {
			values = lint.NewObject(body.at)
		}
		entry.Set("values", s.at, values)
		t.holder(t.modules, entry)
		if !strings.Contains(s.typ, ":") {
			t.calls = append(t.calls, moduleCall{s.name, s.typ, s.typed, values, s.at})
		}
	})
}

func (t *template) output(s *statement) {
	if s.body == nil {
		return
	}
	entry := lint.NewObject(s.at)
	entry.Set("name", s.at, lint.NewString(s.name, s.at))
	entry.Set("secure", lint.Span{}, lint.NewBool(s.decorated("secure") != nil, lint.Span{}))
	entry.Set("value", s.at, t.some(s.body))
	t.holder(t.outputs, entry)
}
