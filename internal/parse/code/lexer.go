package code

import "bytes"

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
	return c == '/' && l.lang.regex && l.pattern()
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
