package judge

import (
	"bytes"
	"strings"
)

// remark yields a value without quotation marks in a comment of a program, on a line of
// its own as in a text of several lines, or in the text of a page. Most of what stands
// there is prose and code, so that only what no word and no name looks like counts.
func (r *reader) remark(f field, at int) {
	if key := r.known.read(f.key).facts; key.noun < nounToken || !key.last || key.public || f.op != ":" && f.op != "=" && f.op != ">" {
		return
	}
	if r.lang == markup && f.op == ":" {
		for n := 0; n < 3 && r.byteAt(at) == '<' && lower(r.byteAt(at+1)); n++ { // Password: <code>x</code>
			if stop := bytes.IndexByte(r.rest(at, maxGap), '>'); stop > 0 {
				at += stop + 1
			}
		}
	}
	alone := r.lang != markup && !r.comment(f.keyStart) && !r.trails(f.keyStart)
	if mark := r.quote(at); mark != nil || r.byteAt(at) == '\n' {
		return
	}
	end := r.wordEnd(at)
	if r.lang == data && f.op == ":" && isSpace(r.byteAt(at-1)) && !f.keyQuoted { // a message
		if n := bytes.IndexAny(r.data[at:end], "\"\\"); n >= 0 {
			end = at + n
		}
		alone = false
	}
	text := bytes.TrimRight(r.data[at:end], ".,;)")
	if alone && !(r.first(f.keyStart) && r.ends(end) && len(text) == end-at) || r.lang == markup && !r.ends(end) || !isOpaque(string(text)) {
		return
	}
	f.form = bareLine
	r.yieldTrimmed(f, at, at+len(text))
}

func (r *reader) wordEnd(at int) int {
	end := at
	for end < len(r.data) && end-at < maxGap && r.data[end] > ' ' && r.data[end] != '<' && !r.has(end, "]]>") {
		end++
	}
	return end
}

// told reads what a sentence or a row of a table says of a name, and says whether one does:
// the password is x, the token `x`, | Password | x |, API key is x, token -> x, and what ends a
// line: user bob password x.
func (r *reader) told(f field, at int) bool {
	key := &r.known.read(f.key).facts
	if key.noun < nounToken && key.noun != nounKey || !key.last || key.public {
		return false
	}
	comment := r.lang == code && r.comment(f.keyStart)
	message := r.lang == data && !f.keyQuoted && isSpace(r.byteAt(f.keyStart-1)) // in a string
	if r.lang != prose && !comment && !message {
		return false
	}
	if key.noun == nounKey {
		if !r.qualified(f.keyStart) {
			return false
		}
		f.key = "apikey"
	}
	next := r.marks(at)
	row := r.byteAt(next) == '|' && r.row(f.keyStart)
	switch {
	case r.has(at, " ") && r.ends(r.wordEnd(at+1)):
		next = at + 1
	case comment && !bytes.Contains(r.rest(at, maxPhrase), []byte(" is ")):
		return false
	case message:
		n := r.said(at)
		if n == 0 {
			return false
		}
		next = at + n
	case r.has(at, " -> "):
		next = at + len(" -> ")
	case row:
		next++
	case r.byteAt(next-1) == '`' && r.has(at, " `"): // - token `x`
	default:
		n := r.said(at)
		if n == 0 {
			return false
		}
		next = at + n
	}
	next = r.marks(next)
	end := r.wordEnd(next)
	if n := bytes.IndexAny(r.data[next:end], "\"\\"); message && n >= 0 {
		end = next + n
	}
	text := bytes.TrimRight(r.data[next:end], ".,;)|"+emphasis)
	if row && r.byteAt(r.marks(next+len(text))) != '|' || !isOpaque(string(text)) {
		return false
	}
	f.op, f.form = ":", bareLine
	r.yieldTrimmed(f, next, next+len(text))
	return true
}

// copulas say in some languages what a name is.
var copulas = [...]string{" is", " was", " lautet", " ist", " est", " es", " \u00e9", " \u00e8"}

// said gives the length of a phrase and of the word that says what it is: of the database is. It is
// 0 if there is none.
func (r *reader) said(at int) int {
	text := r.rest(at, maxPhrase)
	text = text[:max(0, bytes.IndexAny(append(text[:len(text):len(text)], '\n'), ".,;|()=\n"))]
	for _, word := range copulas {
		n := bytes.Index(text, []byte(word))
		if end := n + len(word); n >= 0 && end < len(text) && (text[end] == ' ' || text[end] == ':') && bytes.IndexByte(text[:n], ':') < 0 {
			return end + 1
		}
	}
	return 0
}

// qualified says whether a word stands before a name that says that the key opens something:
// API key.
func (r *reader) qualified(start int) bool {
	if r.byteAt(start-1) != ' ' {
		return false
	}
	from, _, ok := r.word(start - 1)
	return ok && qualifiers[strings.ToLower(string(r.data[from:start-1]))]
}

// maxPhrase is how far behind a name a sentence may say what it is.
const maxPhrase = 48

// emphasis may stand around a word of a text.
const emphasis = " \t\"'`*"

// marks steps over emphasis.
func (r *reader) marks(at int) int {
	for limit := at + 8; at < len(r.data) && at < limit && strings.IndexByte(emphasis, r.data[at]) >= 0; at++ {
	}
	return at
}

// row says whether a name begins a row of a table.
func (r *reader) row(start int) bool {
	line := bytes.Trim(r.lead(start, maxKey), emphasis)
	return len(line) > 0 && line[0] == '|' && len(line) <= len("| personal access") && isText(strings.ReplaceAll(string(line[1:]), " ", "")) // | API key |
}

// trails says whether a comment begins before an offset on its line.
func (r *reader) trails(at int) bool {
	line := r.lead(at, maxGap)
	return bytes.Contains(line, []byte(" // ")) || bytes.Contains(line, []byte(" # ")) || bytes.Contains(line, []byte("/* "))
}

// ends says whether a text of a page ends at an offset.
func (r *reader) ends(at int) bool {
	at = r.spaces(at)
	c := r.byteAt(at)
	return c == '<' || c == '\n' || c == '\r' || c == 0 || r.has(at, "-->") || r.has(at, "]]>")
}

// isOpaque says whether a value is one that somebody made up: letters and digits that mix
// as they do in no word, name or version.
func isOpaque(value string) bool {
	if len(value) < 8 || !isWord(value[0]) || strings.ContainsAny(value, "()[]{}<>\"'`|\\,/") {
		return false
	}
	if isChosen(value) || isDated(value) || isPair(value) {
		return true
	}
	s := readShape(value)
	return len(value) >= 10 && s.lower > 0 && s.upper > 0 && s.digits > 0 && s.punct < 2 && s.switches*10 >= 3*s.length && s.cost > 5.3 && s.worst > 6
}

// isPair says whether a value is two words and two digits, as people and programs make
// passwords up: tulip-garden42.
func isPair(value string) bool {
	first, second, found := strings.Cut(value, "-")
	word := strings.TrimRight(second, "0123456789")
	return found && len(second) == len(word)+2 && min(len(first), len(word)) >= 4 && isText(first+word) && strings.ToLower(value) == value
}

// beside gives the offset of the text that stands in the page beside a name: in the next
// cell of a row, or behind the end of what emphasises it. It gives 0 if nothing does.
func (r *reader) beside(at int) int {
	if r.byteAt(at) == ':' {
		at++
	}
	if !r.has(at, "</") {
		return 0
	}
	for range 3 {
		if at = r.blank(at); r.byteAt(at) == ':' {
			at = r.blank(at + 1)
		}
		if r.byteAt(at) != '<' {
			return at
		}
		n := bytes.IndexByte(r.data[at:min(len(r.data), at+maxGap)], '>')
		if n < 0 {
			return 0
		}
		at += n + 1
	}
	return r.blank(at)
}
