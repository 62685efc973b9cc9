package jenkins

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads '…', "…", ”'…”' and """…""".
func (l *lexer) quoted(t *token) {
	mark := l.data[l.at : l.at+1]
	if triple := strings.Repeat(mark, 3); strings.HasPrefix(l.data[l.at:], triple) {
		mark = triple
	}
	l.at += len(mark)
	if !l.until(t, mark, escaped, mark[0] == '"') {
		l.report(t.start, t.start+len(mark), "this string is not closed; add the "+mark+" that is missing")
	}
}

// slashy reads /…/. It says false, and reads nothing, if the slash only divides.
func (l *lexer) slashy(t *token) bool {
	start, wrong := l.at, len(l.wrong)
	l.at++
	if l.until(t, "/", slashEscaped, true) {
		return true
	}
	l.at, l.wrong, l.noSlashy = start, l.wrong[:wrong], true
	*t = token{start: t.start, line: t.line, space: t.space, match: -1}
	return false
}

func (l *lexer) dollarSlashy(t *token) bool {
	l.at += len("$/")
	if !l.until(t, "/$", dollarEscaped, true) {
		l.report(t.start, t.start+2, "this string is not closed; add the /$ that is missing")
	}
	return true
}

// until reads a text up to its closing mark, and says whether there is one. What
// is opened on a line without a line break in it must be closed there.
func (l *lexer) until(t *token, mark string, escape func(string) (string, int), holes bool) bool {
	var value strings.Builder
	t.kind = text
	for l.at < len(l.data) {
		rest := l.data[l.at:]
		if rest[0] == '\n' && (mark == `"` || mark == "'") {
			t.value = value.String()
			return false
		}
		if meaning, size := escape(rest); size > 0 {
			value.WriteString(meaning)
			l.at += size
			continue
		}
		if strings.HasPrefix(rest, mark) {
			l.at += len(mark)
			t.value = value.String()
			return true
		}
		if holes && rest[0] == '$' && l.hole(t, &value) {
			continue
		}
		value.WriteByte(rest[0])
		l.at++
	}
	t.value = value.String()
	return false
}

// escaped is what a backslash and what follows mean in quotes.
func escaped(s string) (meaning string, size int) {
	if len(s) < 2 || s[0] != '\\' {
		return "", 0
	}
	switch s[1] {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case '\n':
		return "", 2
	case '\r':
		return "", 2
	case 'u':
		return unicodeEscape(s)
	}
	_, width := utf8.DecodeRuneInString(s[1:])
	return s[1 : 1+width], 1 + width
}

func unicodeEscape(s string) (string, int) {
	digits := strings.TrimLeft(s[1:], "u")
	size := len(s) - len(digits) + 4
	if len(digits) < 4 {
		return "u", 2
	}
	code, err := strconv.ParseUint(digits[:4], 16, 16)
	if err != nil {
		return "u", 2
	}
	return string(rune(code)), size
}

func slashEscaped(s string) (string, int) {
	if strings.HasPrefix(s, `\/`) {
		return "/", 2
	}
	return "", 0
}

func dollarEscaped(s string) (string, int) {
	switch {
	case strings.HasPrefix(s, "$$"):
		return "$", 2
	case strings.HasPrefix(s, "$/"):
		return "/", 2
	}
	return "", 0
}

// hole reads ${…} or $name.name, and says whether there is one.
func (l *lexer) hole(t *token, value *strings.Builder) bool {
	start := l.at
	rest := l.data[start:]
	h := hole{start: start, offset: value.Len()}
	switch {
	case strings.HasPrefix(rest, "${") && l.depth < maxNesting:
		l.at += len("${")
		l.depth++
		h.tokens = l.tokens(true)
		l.depth--
		l.at = min(l.at+1, len(l.data))
	case strings.HasPrefix(rest, "${"):
		l.report(start, start+2, "strings within strings are nested too deep to be read; take the inner ones out into variables")
		return false
	default:
		h.tokens = dotted(rest[1:], start+1)
		if len(h.tokens) == 0 {
			return false
		}
		l.at = h.tokens[len(h.tokens)-1].end
	}
	h.end = l.at
	value.WriteString(l.data[start:l.at])
	h.length = value.Len() - h.offset
	t.holes = append(t.holes, h)
	return true
}

// dotted reads name.name.name behind a dollar sign.
func dotted(s string, at int) []token {
	var all []token
	for {
		length := strings.IndexByte(s[:nameLength(s)]+"$", '$')
		if length == 0 {
			break
		}
		if len(all) > 0 {
			all = append(all, token{kind: operator, value: ".", start: at - 1, end: at, match: -1})
		}
		all = append(all, token{kind: name, value: s[:length], start: at, end: at + length, match: -1})
		if len(s) <= length || s[length] != '.' {
			break
		}
		s, at = s[length+1:], at+length+1
	}
	if len(all) == 0 {
		return nil
	}
	return append(all, token{start: all[len(all)-1].end, end: all[len(all)-1].end, match: -1})
}
