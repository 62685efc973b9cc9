package scanner

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"path"
	"sort"
	"strconv"
	"unicode/utf8"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// Bounds of decoding: a text in a text in a text is looked into, but what is
// looked at remains of the order of the file.
const (
	decodeTimes   = 4       // as many bytes as a file has may be decoded of it: ordinary files need two
	decodeBudget  = 1 << 16 // bytes that may be decoded of a small file
	minBase64     = 16
	minHex        = 32
	namedWithin   = 64 // how far in front of an encoded text its name may stand
	escapedAround = 256
	mostEscaped   = 256 << 10 // bytes of a line that are unescaped at once: each escape is remembered
	escapedAgain  = 16 << 10  // of which the next bytes begin with so many: no credential is longer
)

// piece is a text made of a part of another by decoding.
type piece struct {
	text     []byte
	segments []segment
}

// segment says which bytes of a piece come from which of its source. If both
// are equally long, they are the same bytes; else the first were decoded.
type segment struct{ text, source between }

func (s segment) decoded() bool { return s.text.hi-s.text.lo != s.source.hi-s.source.lo }

// origin gives the bytes of the source that a range of a piece comes from.
func (p *piece) origin(at between) (source between, decoded bool) {
	source = between{-1, -1}
	first := sort.Search(len(p.segments), func(i int) bool { return p.segments[i].text.hi > at.lo })
	for _, s := range p.segments[first:] {
		if s.text.lo >= at.hi {
			break
		}
		from := s.source
		if s.decoded() {
			decoded = true
		} else {
			from = between{s.source.lo + max(0, at.lo-s.text.lo), s.source.hi - max(0, s.text.hi-at.hi)}
		}
		if source.lo < 0 {
			source.lo = from.lo
		}
		source.hi = from.hi
	}
	return source, decoded
}

// decoding looks into what is encoded in a text.
type decoding struct {
	engine       *engine
	path, commit string
	budget       int // of bytes; below 0 when something was left out
	ask          ask
	matches      []match
	found        []judge.Finding
}

// findDecoded gives the matches in encoded parts of a text, and what the judge finds in
// them. The value of such a match is decoded; its place is that of what was decoded. cut says
// that the budget did not last.
func (e *engine) findDecoded(text []byte, path, commit string, ask ask) (matches []match, found []judge.Finding, cut bool) {
	d := &decoding{engine: e, path: path, commit: commit, ask: ask, budget: decodeTimes*len(text) + decodeBudget}
	d.look(text, func(at between) (between, bool) { return at, true })
	return d.matches, d.found, d.budget < 0
}

// decodedName is what a decoded text is called: nothing says in which language it is.
const decodedName = "decoded"

// judge asks about what was decoded. A text that was encoded as a whole is read by
// itself; of one in which characters are escaped, what has such characters counts.
func (d *decoding) judge(p *piece, places judge.Places, place func(between) (between, bool)) {
	file, from, to := d.path, 0, len(p.text)
	for _, s := range p.segments {
		if s.decoded() && s.source.hi-s.source.lo > longestEscape {
			file, from, to = path.Join(path.Dir(d.path), decodedName), s.text.lo, s.text.hi
		}
	}
	if places = places.Within(from, to); len(places) == 0 {
		return
	}
	for _, f := range d.ask(file, p.text[from:to], places) {
		written := between{min(f.Name, f.Start) + from, f.End + from}
		if p.text[max(0, written.lo-1)] == '/' { // of a URL that is none before, or has been looked at
			written = between{written.lo - len("://"), written.lo}
		}
		if _, decoded := p.origin(written); !decoded {
			continue
		}
		source, _ := p.origin(between{f.Start + from, f.End + from})
		if at, ok := place(source); ok && at.lo >= 0 {
			f.Start, f.End = at.lo, at.hi
			d.found = append(d.found, f)
		}
	}
}

// look decodes parts of a text. place says where a range of the text stands in
// the file, and whether it is worth being decoded. Each time the text is shorter: it ends.
func (d *decoding) look(text []byte, place func(between) (between, bool)) {
	each := func(p piece) {
		if d.budget -= len(p.text); d.budget < 0 {
			return
		}
		back := func(at between) (between, bool) {
			source, decoded := p.origin(at)
			if !decoded || source.lo < 0 {
				return source, false
			}
			return place(source)
		}
		var places judge.Places
		for _, m := range d.engine.find(p.text, d.path, d.commit, &places) {
			if at, ok := back(m.whole); ok {
				if m.at, ok = back(m.value); !ok { // the value itself was not encoded
					m.at = at
				}
				m.start = at.lo
				d.matches = append(d.matches, m)
			}
		}
		d.judge(&p, places, place)
		d.look(p.text, back)
	}
	eachRun(text, func(at between) {
		if _, ok := place(at); ok && d.budget >= 0 {
			if plain := decodeRun(text[at.lo:at.hi]); plain != nil {
				each(surround(text, at, plain))
			}
		}
	})
	eachEscaped(text, func(at between) {
		if _, ok := place(at); ok && d.budget >= 0 {
			each(unescape(text, at))
		}
	})
}

// runBytes are those of base64, in both alphabets, and of hex.
var runBytes = func() (c class) {
	for _, b := range []byte("+/-_") {
		c.addByte(b)
	}
	c.addRange('0', '9')
	c.addRange('A', 'Z')
	c.addRange('a', 'z')
	return c
}()

// eachRun gives the runs of a text that may be base64 or hex.
func eachRun(text []byte, do func(between)) {
	for p := 0; p+minBase64 <= len(text); {
		start := p + minBase64
		for start > p && runBytes.has(text[start-1]) {
			start--
		}
		if start > p {
			p = start
			continue
		}
		end := p + minBase64
		for end < len(text) && runBytes.has(text[end]) {
			end++
		}
		for n := 0; n < 2 && end < len(text) && text[end] == '='; n++ {
			end++
		}
		do(between{p, end})
		p = end + 1
	}
}

// decodeRun decodes base64 or hex of printable ASCII, else it gives nil.
func decodeRun(text []byte) []byte {
	if !bytes.ContainsAny(text, "0123456789+/-_") { // a long name rather
		return nil
	}
	if len(text) >= minHex && len(text)%2 == 0 {
		plain := make([]byte, len(text)/2)
		if _, err := hex.Decode(plain, text); err == nil {
			return printable(plain)
		}
	}
	text = bytes.TrimRight(text, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		var start [12]byte // most are not text, and end here
		if _, err := encoding.Decode(start[:], text[:min(len(text), 16)/4*4]); err != nil || printable(start[:]) == nil {
			continue
		}
		plain := make([]byte, encoding.DecodedLen(len(text)))
		if _, err := encoding.Decode(plain, text); err == nil && printable(plain) != nil {
			return plain
		}
	}
	return nil
}

func printable(text []byte) []byte {
	for _, b := range text {
		if b < '\t' || b >= 0x7f {
			return nil
		}
	}
	return text
}

// surround puts a decoded text where the encoded one was: behind its name.
func surround(text []byte, at between, plain []byte) piece {
	before := between{max(0, at.lo-namedWithin), at.lo}
	if i := bytes.LastIndexByte(text[before.lo:before.hi], '\n'); i >= 0 {
		before.lo += i + 1
	}
	after := between{at.hi, min(len(text), at.hi+utf8.UTFMax)}
	var p piece
	p.add(text[before.lo:before.hi], before)
	p.add(plain, at)
	p.add(text[after.lo:after.hi], after)
	return p
}

func (p *piece) add(text []byte, source between) {
	from := len(p.text)
	p.text = append(p.text, text...)
	n := len(p.segments)
	if n > 0 && len(text) == source.hi-source.lo && !p.segments[n-1].decoded() {
		p.segments[n-1].text.hi, p.segments[n-1].source.hi = len(p.text), source.hi
		return
	}
	p.segments = append(p.segments, segment{between{from, len(p.text)}, source})
}

// eachEscaped gives the stretches of lines in which characters are escaped for
// URLs, strings or HTML, or are not seen.
func eachEscaped(text []byte, do func(between)) {
	var next signs
	for p := next.from(text, 0); p < len(text); p = next.from(text, p) {
		if _, size := escape(text[p:]); size == 0 {
			p++
			continue
		}
		at := between{max(0, p-escapedAround), p}
		if i := bytes.LastIndexByte(text[at.lo:p], '\n'); i >= 0 {
			at.lo += i + 1
		}
		for last := p; at.hi < len(text) && text[at.hi] != '\n' && at.hi-last < escapedAround && at.hi-at.lo < mostEscaped; at.hi++ {
			if _, size := escape(text[at.hi:]); size > 0 {
				last = at.hi
			}
		}
		do(at)
		if p = at.hi; at.hi-at.lo == mostEscaped {
			p -= escapedAgain
		}
	}
}

// signs knows where the next of each sign stands that begins an escaped character, and the
// next that is not seen: to look for each by itself is faster than to look at each byte.
type signs [len(escapeSigns) + 1]int

const escapeSigns = `%\&`

// from gives the first of them at or behind an offset, the end of the text if there is none.
func (s *signs) from(text []byte, p int) int {
	first := len(text)
	for i := range s {
		switch {
		case s[i] > p:
		case i == len(escapeSigns):
			s[i] = nextUnseen(text, p)
		default:
			s[i] = len(text)
			if n := bytes.IndexByte(text[p:], escapeSigns[i]); n >= 0 {
				s[i] = p + n
			}
		}
		first = min(first, s[i])
	}
	return first
}

func unescape(text []byte, at between) piece {
	var p piece
	for i := at.lo; i < at.hi; {
		plain, size := escape(text[i:])
		if size == 0 {
			p.add(text[i:i+1], between{i, i + 1})
			i++
			continue
		}
		p.add([]byte(plain), between{i, i + size})
		i += size
	}
	return p
}

// longestEscape is that of "&#x10ffff;".
const longestEscape = 10

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f' }

// escape reads the escaped character that a text begins with: %41, \u0041, &#65;
// or &amp;, or one that is not seen. size is 0 if there is none.
func escape(text []byte) (plain string, size int) {
	switch {
	case text[0] >= utf8.RuneSelf:
		c, size := utf8.DecodeRune(text)
		if plain, ok := unseen(c); ok {
			return plain, size
		}
	case len(text) >= 3 && text[0] == '%' && isHex(text[1]) && isHex(text[2]):
		if n, err := strconv.ParseUint(string(text[1:3]), 16, 8); err == nil && n >= '\t' && n < 0x7f {
			return string(rune(n)), 3
		}
	case len(text) >= 6 && text[0] == '\\' && (text[1] == 'u' || text[1] == 'U') && isHex(text[2]):
		if n, err := strconv.ParseUint(string(text[2:6]), 16, 16); err == nil {
			if plain, ok := typed(rune(n)); ok {
				return plain, 6
			}
		}
	case len(text) >= 4 && text[0] == '&':
		end := bytes.IndexByte(text[:min(len(text), longestEscape)], ';')
		if end < 0 {
			return "", 0
		}
		text := html.UnescapeString(string(text[:end+1]))
		if c, size := utf8.DecodeRuneInString(text); size == len(text) {
			if plain, ok := typed(c); ok {
				return plain, end + 1
			}
		}
	}
	return "", 0
}
