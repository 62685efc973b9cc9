package judge

import (
	"bytes"
	"strings"
)

// first says whether nothing but indentation, a list mark or a comment mark
// stands before an offset on its line.
func (r *reader) first(at int) bool {
	limit := at - maxGap
	for at--; at >= 0 && r.data[at] != '\n'; at-- {
		if at < limit {
			return false
		}
		switch c := r.data[at]; c {
		case ' ', '\t', '-', '#', ';', '/', '*', '"', '\'', '>', '|', '+', '?':
		default:
			return at >= 5 && string(r.data[at-5:at+1]) == "export" || at >= 2 && (string(r.data[at-2:at+1]) == "ENV" || string(r.data[at-2:at+1]) == "ARG") || at >= 2 && string(r.data[at-2:at+1]) == "set"
		}
	}
	return true
}

// bareValue yields a value without quotation marks.
func (r *reader) bareValue(f field, at int, spacedKey bool) {
	if before := r.byteAt(f.keyStart - 1); (f.op == ":" || f.op == "=" && (r.lang == data || r.lang == code)) && (before == '"' || before == '\'') && !f.keyQuoted { // "X-Token: x"
		end := at
		for end < len(r.data) && end-at < 512 && r.data[end] > ' ' && r.data[end] != before && r.data[end] != '\\' {
			end++
		}
		if r.byteAt(end) == before && end > at && (f.op == ":" && isSpace(r.data[at-1]) || !cheap(string(r.data[at:end])) && (f.op == ":" || bytes.ContainsAny(r.data[at:end], "0123456789"))) {
			f.form = inHeader
			r.yieldTrimmed(f, at, end)
			return
		}
	}
	if r.lang == code && f.op == "=" && !f.keyQuoted && r.quote(f.keyStart-1) != nil && r.known.read(f.key).facts.upper { // "PGPASSWORD=x psql"
		if end := r.wordEnd(at); r.byteAt(end) == ' ' && (isMadeUp(string(r.data[at:end])) || isRandom(string(r.data[at:end])) || isCompound(string(r.data[at:end]))) {
			f.form = bareWord
			r.yieldTrimmed(f, at, end)
			return
		}
	}
	if r.lang == shell && f.op == "=" && r.byteAt(f.keyStart-1) == '$' { // of PowerShell: without quotation marks it is a command
		return
	}
	if r.lang == data && (f.op == "=" && (r.layer(f.keyStart) || r.embedded(f.keyStart)) || f.op == ":" && isSpace(r.byteAt(at-1)) && r.embedded(f.keyStart) || f.op == "" && r.takes(f.keyStart)) {
		end := at
		for end < len(r.data) && end-at < 512 && r.data[end] > ' ' && r.data[end] != '"' && r.data[end] != '\\' {
			end++
		}
		f.form = bareWord
		r.yieldTrimmed(f, at, end)
		return
	}
	first := r.first(f.keyStart)
	parameter := r.parameter(&f)
	if (r.lang == code || r.lang == data || r.lang == markup) && !parameter {
		r.remark(f, at)
		return
	}
	if first && (r.lang == lines || r.lang == config || r.lang == prose && f.op == ":") {
		end := r.line.find(r, at, lineEnds)
		if end < 0 {
			return
		}
		text := bytes.TrimRight(r.data[at:end], " \t\r")
		if n := bytes.LastIndex(text, []byte(" <")); n >= 0 && len(text)-n <= len(" <99>") && text[len(text)-1] == '>' { // a callout of AsciiDoc
			text = bytes.TrimRight(text[:n], " ")
		}
		if bytes.IndexByte(text, ' ') < 0 {
			if r.lang == config {
				text = bytes.TrimRight(text, ",")
			}
			f.form = bareLine
			r.yieldTrimmed(f, at, r.fragment(f, at, at+len(text)))
			return
		}
		if r.lang != prose && isPhrase(f.key, string(text)) {
			f.form = bareLine
			r.yieldTrimmed(f, at, at+len(text))
			return
		}
		if f.op == ":" {
			return
		}
	}
	if spacedKey && f.op != "" && !first || f.op == ":" && r.byteAt(at-1) == ':' && !parameter && r.lang != lines {
		// "a = b" within a sentence, unless nobody would write it there; a:b
		if r.lang == prose && !isOpaque(string(r.data[at:r.wordEnd(at)])) || r.lang != prose && f.op != "=" {
			return
		}
	}
	end := r.bare.find(r, at, wordEnds)
	if end < 0 {
		return
	}
	if r.byteAt(f.keyStart-1) == '#' && end-at < patterned { // of an example
		return
	}
	end = r.fragment(f, at, end)
	if f.op == ":" && r.lang == prose && !r.closes(end) {
		return
	}
	f.form = bareWord
	r.yieldTrimmed(f, at, end)
}

// fragment gives the end of a value that a fragment of a URL may follow: a # ends that of a
// parameter, and a word behind one is no part of a token.
func (r *reader) fragment(f field, at, end int) int {
	token, rest, found := bytes.Cut(r.data[at:end], []byte("#"))
	if !found || strings.IndexByte("?&#", r.byteAt(f.keyStart-1)) < 0 &&
		(r.known.read(f.key).facts.noun >= nounSecret || len(token) < patterned || len(rest) == 0 || bytes.IndexFunc(token, func(c rune) bool { return !isWordRune(c) && c != '_' }) >= 0 || !isPath(string(rest)) || !cheap(string(rest))) {
		return end
	}
	return at + len(token)
}

// layer says whether a name stands in what made a layer of an image: "ENV DB_PASSWORD=x",
// "|1 TOKEN=x /bin/sh -c make".
func (r *reader) layer(start int) bool {
	from := max(0, start-maxGap)
	text := r.data[from:start]
	text = text[bytes.LastIndexByte(text, '"')+1:]
	return bytes.HasSuffix(text, []byte("ENV ")) || bytes.HasSuffix(text, []byte("ARG ")) || len(text) > 2 && text[0] == '|' && text[1] >= '0' && text[1] <= '9'
}

// embedded says whether a name begins a line of a text that stands in a string: a script,
// a configuration.
func (r *reader) embedded(start int) bool {
	at := start
	for _, word := range [...]string{"export ", "%env "} {
		if r.has(at-len(word), word) {
			return true
		}
	}
	for at > 0 && isSpace(r.data[at-1]) {
		at--
	}
	if r.byteAt(at-1) == '"' && r.known.of(r.data[start:max(start, r.nameEnd(start))]).facts.upper { // "API_KEY=x npm start"
		return true
	}
	return r.has(at-2, "\\n") && r.byteAt(at-3) != '\\'
}

// nameEnd gives the end of a name.
func (r *reader) nameEnd(start int) int {
	_, end, _ := r.word(start)
	return end
}

// parameter says whether a name is that of a parameter: of a URL, a connection
// string or a command. A name with a dot is a member of an object.
func (r *reader) parameter(f *field) bool {
	if r.lang == markup && f.op == "=" && r.has(f.keyStart-len("export "), "export ") {
		return true
	}
	switch r.byteAt(f.keyStart - 1) {
	case '#': // https://shop.io/cb#access_token=x
		return f.op == "=" && r.byteAt(f.keyStart-2) > ' '
	case '&', '?', ';':
		return r.lang != code && r.lang != data && r.lang != markup || f.op == "=" && strings.IndexByte(f.key, '.') < 0
	case '-': // --password=x, and -Ddb.password=x of Java
		return f.op == "=" && (r.byteAt(f.keyStart-2) == '-' || r.byteAt(f.keyStart) == 'D' && r.lang == markup)
	case '[':
		return f.op == "=" && r.has(f.keyStart-len("<![CDATA["), "<![CDATA[")
	}
	return false
}

// nested is how many values may end at one place: a=b=c holds two.
const nested = 3

// stop remembers where the last bare value ended. Values that begin within it end
// there too; without this, a line of a=a=a=… would be read once for each of them.
type stop struct{ from, to, times int }

// find gives the end of the bare value at an offset, -1 if there is none or it
// has served often enough.
func (s *stop) find(r *reader, at int, ends func(*reader, int) bool) int {
	if at >= s.from && at < s.to {
		if s.times++; s.times > nested || s.to-at > maxValue || s.to-s.from > maxValue {
			return -1
		}
		return s.to
	}
	end := at
	for end < len(r.data) && end-at <= maxValue && !ends(r, end) {
		end++
	}
	*s = stop{at, end, 0}
	if end-at > maxValue {
		return -1
	}
	return end
}

// lineEnds says whether a value that may fill its line ends at an offset.
func lineEnds(r *reader, at int) bool {
	c := r.data[at]
	return c == '\n' || (c == '#' || c == ';') && at > 0 && isSpace(r.data[at-1])
}

// wordEnds says whether a value within a line ends at an offset.
func wordEnds(r *reader, at int) bool {
	switch r.data[at] {
	case ' ', '\t', '\r', '\n', '"', '\'', '`', '&', ';', ',', ')', ']', '}', '<', '|':
		return true
	case '\\':
		return at+1 >= len(r.data) || strings.IndexByte("\r\n\"'nrt", r.data[at+1]) >= 0
	}
	return false
}

// closes says whether nothing but punctuation follows on the line.
func (r *reader) closes(at int) bool {
	for limit := at + maxGap; at < len(r.data) && at < limit && r.data[at] != '\n'; at++ {
		if strings.IndexByte(" \t\r\\,;\"'`)}]#", r.data[at]) < 0 {
			return false
		}
	}
	return true
}
