package jenkins

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

// kind is what a token is.
type kind uint8

const (
	end kind = iota
	name
	number
	text     // a string; with holes it is what Groovy calls a GString
	operator // brackets and separators too
)

// token is a word of Groovy and where it stands.
type token struct {
	kind       kind
	value      string // of a text what it means, the holes as they are written
	start, end int
	line       bool // a line break stands before it
	space      bool // a blank or a line break stands before it
	holes      []hole
	match      int // of a bracket: the index of its partner
}

// hole is a part of a text that Groovy replaces: ${expression} or $name.
type hole struct {
	start, end     int // in the file, marks included
	offset, length int // in the text's value
	tokens         []token
}

// lexer splits a file into tokens. Each byte is looked at a bounded number of
// times, whatever the file.
type lexer struct {
	src      *lint.Source
	data     string
	at       int
	depth    int
	noSlashy bool // no further string between slashes is closed
	wrong    []lint.Finding
}

// maxNesting bounds strings within strings, and brackets within brackets.
const maxNesting = 100

func lex(src *lint.Source) (tokens []token, wrong []lint.Finding) {
	l := &lexer{src: src, data: string(src.Data)}
	if strings.HasPrefix(l.data, "#!") {
		l.at = lineEnd(l.data, 0)
	}
	l.at += len("\ufeff") * strings.Count(l.data[:min(3, len(l.data))], "\ufeff")
	tokens = l.tokens(false)
	return tokens, l.wrong
}

func lineEnd(s string, from int) int {
	if i := strings.IndexByte(s[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(s)
}

func (l *lexer) report(start, stop int, message string) {
	if len(l.wrong) < maxWrong {
		l.wrong = append(l.wrong, lint.Span{Source: l.src, Start: start, End: stop}.Report(lint.SyntaxError, message))
	}
}

// maxWrong bounds what is said about one file.
const maxWrong = 20

// tokens reads to the end of the file, or of the hole that the lexer is in.
func (l *lexer) tokens(hole bool) []token {
	var all []token
	var open []int
	for {
		line, space := l.blanks()
		t := token{start: l.at, line: line, space: space, match: -1}
		if l.at >= len(l.data) {
			l.unclosed(all, open)
			t.end = l.at
			return append(all, t)
		}
		if hole && len(open) == 0 && l.data[l.at] == '}' {
			t.end = l.at
			return append(all, t)
		}
		l.next(&t, all)
		t.end = l.at
		open = l.pair(&t, all, open)
		all = append(all, t)
	}
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

// pair finds the partner of a closing bracket.
func (l *lexer) pair(t *token, all []token, open []int) []int {
	if t.kind != operator {
		return open
	}
	switch t.value {
	case "(", "[", "{":
		return append(open, len(all))
	case ")", "]", "}":
	default:
		return open
	}
	if len(open) == 0 {
		l.report(t.start, t.end, "this "+t.value+" closes nothing; remove it, or open what it is meant to close")
		return open
	}
	// The nearest bracket of the kind: those in between were forgotten.
	last := len(open) - 1
	for i := last; i >= 0 && i > last-maxNesting; i-- {
		if closing[all[open[i]].value] == t.value {
			l.unclosed(all, open[i+1:])
			all[open[i]].match, t.match = len(all), open[i]
			return open[:i]
		}
	}
	l.report(t.start, t.end, "this "+t.value+" closes nothing; remove it, or open what it is meant to close")
	return open
}

func (l *lexer) unclosed(all []token, open []int) {
	for _, i := range open {
		l.report(all[i].start, all[i].end, "this "+all[i].value+" is not closed; add the "+closing[all[i].value]+" that is missing")
	}
}

// blanks skips blanks and comments.
func (l *lexer) blanks() (line, space bool) {
	for l.at < len(l.data) {
		rest := l.data[l.at:]
		switch {
		case rest[0] == '\n':
			line = true
			l.at++
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\f':
			l.at++
		case strings.HasPrefix(rest, "\\\n"), strings.HasPrefix(rest, "\\\r\n"):
			l.at += strings.IndexByte(rest, '\n') + 1
		case strings.HasPrefix(rest, "//"):
			l.at = lineEnd(l.data, l.at)
		case strings.HasPrefix(rest, "/*"):
			line = l.comment() || line
		default:
			return line, space
		}
		space = true
	}
	return line, space
}

func (l *lexer) comment() (line bool) {
	start := l.at
	length := strings.Index(l.data[start+2:], "*/")
	if length < 0 {
		l.at = len(l.data)
		l.report(start, start+2, "this comment is not closed; add the */ that is missing")
		return true
	}
	l.at = start + 2 + length + 2
	return strings.Contains(l.data[start:l.at], "\n")
}

// next reads one token.
func (l *lexer) next(t *token, before []token) {
	rest := l.data[l.at:]
	c := rest[0]
	switch {
	case c == '"' || c == '\'':
		l.quoted(t)
	case c == '/' && !l.noSlashy && startsValue(before) && l.slashy(t):
	case strings.HasPrefix(rest, "$/") && startsValue(before) && l.dollarSlashy(t):
	case c >= '0' && c <= '9':
		t.kind, t.value = number, rest[:numberLength(rest)]
		l.at += len(t.value)
	case nameLength(rest) > 0:
		t.kind, t.value = name, rest[:nameLength(rest)]
		l.at += len(t.value)
	default:
		t.kind, t.value = operator, rest[:operatorLength(rest)]
		l.at += len(t.value)
	}
}

// startsValue holds where a slash cannot divide, because nothing stands before
// it that could be divided.
func startsValue(before []token) bool {
	if len(before) == 0 {
		return true
	}
	switch t := before[len(before)-1]; t.kind {
	case name:
		return t.value == "return" || t.value == "in" || t.value == "case" || t.value == "throw" || t.value == "assert"
	case operator:
		return t.value != ")" && t.value != "]" && t.value != "}"
	}
	return false
}

func numberLength(s string) int {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] == '_' ||
		s[i] == '.' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9') {
		i++
	}
	return i
}

func nameLength(s string) int {
	for i, r := range s {
		if r != '_' && r != '$' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return i
		}
	}
	return len(s)
}

// operators of more than one byte, the longest first.
var operators = []string{
	">>>=", "<=>", "==~", "===", "!==", "**=", "<<=", ">>=", ">>>", "...", "..<", "?.", "*.", "*:", ".&", ".@", "::", "->", "=~", "==", "!=", "<=", ">=",
	"&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "?=", "?:", "**", "<<", ">>", "..",
}

func operatorLength(s string) int {
	for _, o := range operators {
		if strings.HasPrefix(s, o) {
			return len(o)
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}
