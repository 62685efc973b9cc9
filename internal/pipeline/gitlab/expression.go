package gitlab

import (
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// odds is what can be said of a condition before it is known who asks.
type odds int

const (
	maybe odds = iota
	no
	yes
)

func oddsOf(b bool) odds {
	if b {
		return yes
	}
	return no
}

func (a odds) not() odds {
	switch a {
	case yes:
		return no
	case no:
		return yes
	}
	return maybe
}

// operand is a word in a condition.
type operand struct {
	set     odds
	text    string
	exact   bool // the text is known
	pattern bool // between slashes
}

// judge says whether a rule's condition holds when an event starts a pipeline.
func (e event) judge(n *lint.Node) odds {
	if n == nil {
		return yes
	}
	if !model.IsScalar(n) {
		return maybe
	}
	tokens, ok := tokensOf(n.Text)
	if !ok {
		return maybe
	}
	r := &ruleReader{tokens: tokens, known: e.known}
	result := r.or(0)
	if r.failed || len(r.tokens) > 0 {
		return maybe
	}
	return result
}

var ruleToken = regex.Lazy(`^(?:\s+|(&&|\|\||==|!=|=~|!~|[()!])|(\$[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\})|("[^"]*"|'[^']*')|(/(?:\\.|[^/\\\n])+/[ismU]*)|(null\b))`)

func tokensOf(text string) ([]string, bool) {
	var all []string
	for text != "" {
		found := ruleToken().FindString(text)
		if found == "" {
			return nil, false
		}
		if text = text[len(found):]; strings.TrimSpace(found) != "" {
			all = append(all, found)
		}
	}
	return all, true
}

// ruleReader judges a condition while it reads it.
type ruleReader struct {
	tokens []string
	known  func(string) operand
	failed bool
}

func (r *ruleReader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return r.tokens[0]
}

func (r *ruleReader) take() string {
	token := r.peek()
	if token == "" {
		r.failed = true
		return ""
	}
	r.tokens = r.tokens[1:]
	return token
}

// maxParentheses bounds how deep a condition is nested.
const maxParentheses = 100

func (r *ruleReader) or(depth int) odds {
	result := r.and(depth)
	for r.peek() == "||" {
		r.take()
		right := r.and(depth)
		switch {
		case result == yes || right == yes:
			result = yes
		case result == maybe || right == maybe:
			result = maybe
		}
	}
	return result
}

func (r *ruleReader) and(depth int) odds {
	result := r.one(depth)
	for r.peek() == "&&" {
		r.take()
		right := r.one(depth)
		switch {
		case result == no || right == no:
			result = no
		case result == maybe || right == maybe:
			result = maybe
		}
	}
	return result
}

func (r *ruleReader) one(depth int) odds {
	if depth > maxParentheses {
		r.failed = true
		return maybe
	}
	switch r.peek() {
	case "!":
		r.take()
		return r.one(depth + 1).not()
	case "(":
		r.take()
		result := r.or(depth + 1)
		if r.take() != ")" {
			r.failed = true
		}
		return result
	}
	left := r.operand()
	switch r.peek() {
	case "==":
		r.take()
		return equalOperands(left, r.operand())
	case "!=":
		r.take()
		return equalOperands(left, r.operand()).not()
	case "=~":
		r.take()
		return matchOperands(left, r.operand())
	case "!~":
		r.take()
		return matchOperands(left, r.operand()).not()
	}
	if left.exact && left.text == "" {
		return no
	}
	return left.set
}

func (r *ruleReader) operand() operand {
	token := r.take()
	switch {
	case token == "":
	case token == "null":
		return operand{set: no}
	case token[0] == '$':
		return r.known(strings.Trim(token[1:], "{}"))
	case token[0] == '"' || token[0] == '\'':
		return operand{set: yes, exact: true, text: token[1 : len(token)-1]}
	case token[0] == '/':
		return operand{set: yes, exact: true, pattern: true, text: token}
	default:
		r.failed = true
	}
	return operand{}
}

func equalOperands(a, b operand) odds {
	switch {
	case a.set == no && b.set == no:
		return yes
	case a.set == no && b.set == yes, a.set == yes && b.set == no:
		return no
	case a.exact && b.exact:
		return oddsOf(a.text == b.text)
	}
	return maybe
}

func matchOperands(a, b operand) odds {
	if a.set == no {
		return no
	}
	if !a.exact || !b.pattern {
		return maybe
	}
	end := strings.LastIndexByte(b.text, '/')
	pattern := b.text[1:end]
	if flags := b.text[end+1:]; flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	compiled, err := regexp.Compile(strings.ReplaceAll(pattern, `\/`, "/"))
	if err != nil {
		return maybe
	}
	return oddsOf(compiled.MatchString(a.text))
}
