package code

import (
	"bytes"
	"unicode/utf8"
)

// Limits that written code does not reach.
const (
	maxLine     = 10_000 // bytes; longer lines are generated, and are skipped
	maxNesting  = 50     // strings within code within strings
	maxHeredocs = 20     // that do not end, before < is no longer taken for one
)

// token is a word, a string or a character of the source. Comments and space
// are none.
type token struct {
	kind       byte // word, plain, text, or the character
	start, end int  // of a string, what stands between the quotes
}

const (
	word  byte = 1
	plain byte = 2 // a string that stands as it is written
	text  byte = 3 // a string with escapes or code in it; its end is that of its first part
)

// lexer is tolerant: what it does not understand is a character, and a string
// that does not end where it must ends there.
type lexer struct {
	lang    *language
	data    []byte
	at      int
	tokens  []token
	frames  []frame
	skipped []int
	lineEnd int
	failed  [256]int // up to where a quote or pattern that began with this is known not to end
	heredoc []byte   // the word that ends the text which begins on the next line
	missing int      // heredocs without an end
}

// frame is a string that is interrupted by code.
type frame struct {
	quote  quote
	braces int // that are open in the code
}

func lex(data []byte, lang *language) ([]token, []int) {
	l := &lexer{lang: lang, data: data, tokens: make([]token, 0, len(data)/8+16)}
	if lang.island[0] != "" {
		l.outside()
	}
	l.line(l.at)
	for l.at < len(data) {
		l.next()
	}
	return l.tokens, l.skipped
}

func (l *lexer) next() {
	c := l.data[l.at]
	switch {
	case l.lang.letters[c]:
		l.word()
	case c == ' ' || c == '\t' || c == '\r':
		l.at++
	case l.lang.special[c] && l.begins(c):
	case c == '}' && len(l.frames) > 0:
		l.brace()
	default:
		if c == '{' && len(l.frames) > 0 {
			l.frames[len(l.frames)-1].braces++
		}
		l.emit(c, l.at, l.at+1)
		l.at++
	}
}

func (l *lexer) emit(kind byte, start, end int) {
	l.tokens = append(l.tokens, token{kind, start, end})
}

func (l *lexer) word() {
	start := l.at
	for l.at < len(l.data) && l.lang.letters[l.data[l.at]] {
		l.at++
	}
	if l.at < len(l.data) && (l.data[l.at] == '"' || l.data[l.at] == '\'' || l.data[l.at] == '#') {
		if l.prefixed(l.data[start:l.at]) {
			return
		}
	}
	l.emit(word, start, l.at)
}

// prefixed reads a string whose kind the word before it says.
func (l *lexer) prefixed(prefix []byte) bool {
	if l.lang.hashes && (string(prefix) == "r" || string(prefix) == "br" || string(prefix) == "cr") {
		return l.hashed()
	}
	for _, p := range l.lang.prefixes {
		if string(prefix) != p {
			continue
		}
		for _, q := range l.lang.quotes {
			if l.has(q.open) {
				return l.open(inline(q, "{"))
			}
		}
	}
	return false
}

// hashed reads r##"..."##.
func (l *lexer) hashed() bool {
	open := l.at
	for open < len(l.data) && l.data[open] == '#' {
		open++
	}
	if open == len(l.data) || l.data[open] != '"' {
		return false
	}
	closing := append([]byte{'"'}, l.data[l.at:open]...)
	length := bytes.Index(l.data[open+1:], closing)
	if length < 0 {
		l.at = len(l.data)
		return true
	}
	l.emit(plain, open+1, open+1+length)
	l.moveTo(open + 1 + length + len(closing))
	return true
}

func (l *lexer) has(text string) bool {
	return len(l.data)-l.at >= len(text) && string(l.data[l.at:l.at+len(text)]) == text
}

// begins reads a comment, a string or another thing that begins here, if one does.
func (l *lexer) begins(c byte) bool {
	if c == '\n' {
		l.newline()
		return true
	}
	for _, begin := range l.lang.line {
		if l.has(begin) && !(l.lang.island[0] != "" && l.has("#[")) {
			l.at = l.lineEnd
			return true
		}
	}
	for _, pair := range l.lang.block {
		if l.has(pair[0]) {
			l.comment(pair)
			return true
		}
	}
	if l.lang.island[1] != "" && l.has(l.lang.island[1]) {
		l.outside()
		return true
	}
	if c == '\'' && l.lang.char {
		return l.char()
	}
	if c == '<' && l.lang.heredoc != "" {
		return l.beginHeredoc()
	}
	for i := range l.lang.quotes {
		if l.has(l.lang.quotes[i].open) {
			return l.open(l.lang.quotes[i])
		}
	}
	return c == '/' && l.lang.regex != noRegex && l.pattern()
}

// newline begins a line.
func (l *lexer) newline() {
	for len(l.frames) > 0 && !l.frames[len(l.frames)-1].quote.lines {
		l.frames = l.frames[:len(l.frames)-1] // the string was not closed
	}
	for _, pair := range l.lang.block {
		if pair[0][0] == '\n' && l.has(pair[0]) {
			l.comment(pair)
			return
		}
	}
	l.at++
	if l.heredoc != nil {
		l.skipHeredoc()
	}
	l.line(l.at)
}

// line notes where a line ends, and skips it if it is too long.
func (l *lexer) line(start int) {
	for {
		length := bytes.IndexByte(l.data[start:], '\n')
		if length < 0 {
			length = len(l.data) - start
		}
		l.at, l.lineEnd = start, start+length
		if length <= maxLine {
			return
		}
		if l.lang.mayRead(l.data[start:l.lineEnd]) {
			l.skipped = append(l.skipped, start)
		}
		if l.at = l.lineEnd; l.at == len(l.data) {
			return
		}
		start = l.at + 1
	}
}

// moveTo goes on behind something that may have held line breaks.
func (l *lexer) moveTo(at int) {
	l.at = min(at, len(l.data))
	if l.at <= l.lineEnd {
		return
	}
	l.lineEnd = len(l.data)
	if length := bytes.IndexByte(l.data[l.at:], '\n'); length >= 0 {
		l.lineEnd = l.at + length
	}
}

func (l *lexer) comment(pair [2]string) {
	at, depth := l.at+len(pair[0]), 1
	for depth > 0 {
		length := bytes.Index(l.data[at:], []byte(pair[1]))
		if length < 0 {
			l.moveTo(len(l.data))
			return
		}
		depth--
		if l.lang.nested {
			depth += bytes.Count(l.data[at:at+length], []byte(pair[0]))
		}
		at += length + len(pair[1])
	}
	l.moveTo(at)
}

// outside skips what is no code.
func (l *lexer) outside() {
	length := bytes.Index(l.data[l.at:], []byte(l.lang.island[0]))
	if length < 0 {
		l.moveTo(len(l.data))
		return
	}
	l.moveTo(l.at + length + len(l.lang.island[0]))
	l.emit(';', l.at-1, l.at)
}

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
