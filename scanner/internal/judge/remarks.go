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
	alone := r.lang != markup && !r.comment(f.keyStart) && !r.trails(f.keyStart)
	if mark := r.quote(at); mark != nil || r.byteAt(at) == '\n' {
		return
	}
	end := r.wordEnd(at)
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
	if r.lang != prose && !comment {
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
	case r.has(at, " -> "):
		next = at + len(" -> ")
	case row:
		next++
	case r.byteAt(next-1) == '`' && r.has(at, " `"): // - token `x`
	default:
		phrase, _, said := bytes.Cut(r.data[at:min(len(r.data), at+maxPhrase)], []byte(" is")) // of the database, is
		next = at + len(phrase) + len(" is")
		if c := r.byteAt(next); !said || c != ' ' && c != ':' || bytes.ContainsAny(phrase, ".,:;|()=\n") {
			return false
		}
		next++
	}
	next = r.marks(next)
	end := r.wordEnd(next)
	text := bytes.TrimRight(r.data[next:end], ".,;)|"+emphasis)
	if row && r.byteAt(r.marks(next+len(text))) != '|' || !isOpaque(string(text)) {
		return false
	}
	f.op, f.form = ":", bareLine
	r.yieldTrimmed(f, next, next+len(text))
	return true
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
	return string(bytes.Trim(r.lead(start, maxKey), emphasis)) == "|"
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
