package code

import (
	"bytes"
	"unicode/utf8"
)

// char reads 'x' and '\n'. A quote that encloses no character is a lifetime or a
// symbol.
func (l *lexer) char() bool {
	rest := l.data[l.at+1 : min(l.at+14, len(l.data))]
	if len(rest) == 0 {
		return false
	}
	size := 2
	if rest[0] != '\\' {
		_, size = utf8.DecodeRune(rest)
	}
	length := bytes.IndexByte(rest[min(size, len(rest)):], '\'')
	if length < 0 || length > 0 && rest[0] != '\\' || bytes.IndexByte(rest[:size+length], '\n') >= 0 {
		return false
	}
	l.at += 1 + size + length + 1
	return true
}

// open reads a string, up to its end or the first code within.
func (l *lexer) open(q quote) bool {
	if !q.lines && l.failed[q.open[0]] > l.at {
		return false
	}
	start := l.at + len(q.open)
	end, closed, escaped := l.scan(start, q)
	switch {
	case closed && escaped:
		l.emit(text, start, end)
		l.moveTo(end + len(q.end))
	case closed:
		l.emit(plain, start, end)
		l.moveTo(end + len(q.end))
	case end < len(l.data) && l.data[end] != '\n':
		l.emit(text, start, end)
		l.enter(end, q)
	case l.lang.markup && !q.lines: // an apostrophe
		l.failed[q.open[0]] = l.lineEnd
		return false
	default:
		l.emit(text, start, end)
		l.moveTo(end)
	}
	return true
}

// scan gives the end of a string, or of its part up to code or to where the
// string must have ended.
func (l *lexer) scan(at int, q quote) (end int, closed, escaped bool) {
	for at < len(l.data) {
		c := l.data[at]
		rest := l.data[at:]
		switch {
		case c == q.escape && c == '\\', c == q.escape && len(rest) > 1 && rest[1] == c:
			at += 2
			escaped = true
		case c == q.end[0] && hasPrefix(rest, q.end):
			return at, true, escaped
		case c == '\n' && !q.lines:
			return at, false, escaped
		case q.code != "" && c == q.code[0] && hasPrefix(rest, q.code):
			if q.code == "{" && hasPrefix(rest, "{{") {
				at += 2
				escaped = true
				continue
			}
			if len(l.frames) < maxNesting {
				return at, false, escaped
			}
			at++
			escaped = true
		default:
			at++
		}
	}
	return len(l.data), false, escaped
}

func hasPrefix(data []byte, prefix string) bool {
	return len(data) >= len(prefix) && string(data[:len(prefix)]) == prefix
}

// enter begins the code within a string. Brackets enclose it, so that what looks
// for the end of a call does not find one within.
func (l *lexer) enter(at int, q quote) {
	l.frames = append(l.frames, frame{quote: q})
	inner := at + bytes.IndexByte([]byte(q.code), '{') + 1
	l.emit('(', inner-1, inner)
	l.moveTo(inner)
}

// brace ends the code within a string, or a block of that code.
func (l *lexer) brace() {
	top := &l.frames[len(l.frames)-1]
	if top.braces > 0 {
		top.braces--
		l.emit('}', l.at, l.at+1)
		l.at++
		return
	}
	q := top.quote
	l.frames = l.frames[:len(l.frames)-1]
	l.emit(')', l.at, l.at+1)
	end, closed, _ := l.scan(l.at+1, q)
	switch {
	case closed:
		l.moveTo(end + len(q.end))
	case end < len(l.data) && l.data[end] != '\n':
		l.enter(end, q)
	default:
		l.moveTo(end)
	}
}

// pattern reads a regular expression, if this can be one: else it divides.
func (l *lexer) pattern() bool {
	if l.failed['/'] > l.at || !l.wantsValue() {
		return false
	}
	class := false
	for at := l.at + 1; at < l.lineEnd; at++ {
		switch c := l.data[at]; {
		case c == '\\':
			at++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.at = at + 1
			l.emit(text, at, at)
			return true
		}
	}
	l.failed['/'] = l.lineEnd
	return false
}

// before are words behind which a value stands.
var before = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "of": true, "delete": true, "void": true, "throw": true, "new": true,
	"else": true, "do": true, "yield": true, "await": true, "if": true, "unless": true, "when": true, "and": true, "or": true, "not": true, "then": true,
}

func (l *lexer) wantsValue() bool {
	if len(l.tokens) == 0 {
		return true
	}
	switch last := l.tokens[len(l.tokens)-1]; last.kind {
	case word:
		return before[string(l.data[last.start:last.end])]
	case plain, text, ')', ']', '}', '<', '>':
		return last.kind == '>' && len(l.tokens) > 1 && l.tokens[len(l.tokens)-2].kind == '='
	}
	return true
}

// beginHeredoc reads <<~WORD, <<-'WORD' or <<<WORD. The text begins on the next
// line.
func (l *lexer) beginHeredoc() bool {
	if !l.has(l.lang.heredoc) || l.missing >= maxHeredocs || l.heredoc != nil {
		return false
	}
	at := l.at + len(l.lang.heredoc)
	for at < l.lineEnd && (l.data[at] == '~' || l.data[at] == '-' || l.data[at] == ' ' && l.lang.heredoc == "<<<") {
		at++
	}
	indented := at > l.at+len(l.lang.heredoc)
	if at < l.lineEnd && (l.data[at] == '"' || l.data[at] == '\'') {
		at++
	}
	start := at
	for at < l.lineEnd && l.lang.letters[l.data[at]] {
		at++
	}
	name := l.data[start:at]
	if len(name) == 0 || !indented && (name[0] < 'A' || name[0] > 'Z') {
		return false
	}
	if at < l.lineEnd && (l.data[at] == '"' || l.data[at] == '\'') {
		at++
	}
	l.emit(text, start, start)
	l.heredoc = name
	l.at = at
	return true
}

// skipHeredoc skips a text up to the line that begins with its word.
func (l *lexer) skipHeredoc() {
	name := l.heredoc
	l.heredoc = nil
	for at := l.at; at < len(l.data); {
		end := len(l.data)
		if length := bytes.IndexByte(l.data[at:], '\n'); length >= 0 {
			end = at + length
		}
		line := bytes.TrimLeft(l.data[at:end], " \t")
		if bytes.HasPrefix(line, name) && (len(line) == len(name) || !l.lang.letters[line[len(name)]]) {
			l.at = end - len(line) + len(name)
			return
		}
		at = end + 1
	}
	l.missing++
}
