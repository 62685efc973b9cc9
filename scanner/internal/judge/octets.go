package judge

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// keySizes are how many bytes keys have.
var keySizes = []int{16, 24, 32, 48, 64}

// octets reads a key that a program writes as numbers, and says whether it does:
// aesKey := []byte{0x1f, ...}, "\x1f...". Tests hold vectors that everybody knows.
func (r *reader) octets(f field, at int) bool {
	if key := r.known.read(f.key).facts; key.noun < nounAPIKey || !key.last || key.public || r.tests {
		return false
	}
	head := r.rest(at, maxKey)
	for n, c := range head {
		start, end, plain := 0, 0, []byte(nil)
		switch {
		case c == '"' || c == '\'':
			start = at + n + 1
			end, plain = r.escaped(start)
		case c == '{' || c == '[' || c == '(':
			start = r.blank(at + n + 1)
			end, plain = r.numbers(start)
		case c == ',' || c == '?' || c == '`':
			return false
		}
		if plain != nil && slices.Contains(keySizes, len(plain)) && isKey(plain) {
			f.op, f.form = "=", quoted
			f.start, f.end, f.value = start, end, string(r.data[start:end])
			r.certain("api-key")(f, 0.8)
			return true
		}
		if c == '"' || c == '\'' {
			return false
		}
	}
	return false
}

// isKey says whether bytes are those of a key, and no series, table or vector of a standard.
func isKey(plain []byte) bool {
	sorted := slices.Clone(plain)
	slices.Sort(sorted)
	return len(slices.Compact(sorted))*3 > len(plain)*2 && !counts(plain, 0) && !repeats(string(plain)) && !Published(hex.EncodeToString(plain)) && !isPlaceholder(string(plain))
}

// numbers reads bytes with commas between them, as far as they are some.
func (r *reader) numbers(at int) (end int, plain []byte) {
	for len(plain) <= keySizes[len(keySizes)-1] {
		for _, cast := range [...]string{"(byte)", "(uint8_t)"} {
			if r.has(at, cast) {
				at = r.spaces(at + len(cast))
			}
		}
		stop := at
		for stop < len(r.data) && stop-at < 8 && (isWord(r.data[stop]) && r.data[stop] != '.') {
			stop++
		}
		digits := strings.TrimSuffix(string(r.data[at:stop]), "u8")
		n, err := strconv.ParseInt(digits, 0, 16)
		if err != nil || n < -128 || n > 255 {
			return end, plain
		}
		plain, end = append(plain, byte(n)), stop
		if at = r.blank(stop); r.byteAt(at) != ',' {
			return end, plain
		}
		at = r.blank(at + 1)
	}
	return end, nil
}

// escaped reads a text that is written as the numbers of its bytes: \x1f\x2b.
func (r *reader) escaped(at int) (end int, plain []byte) {
	text := r.rest(at, maxGap)
	stop := bytes.IndexAny(text, `"'`)
	if stop < 8 || stop%4 != 0 {
		return at, nil
	}
	for i := 0; i < stop; i += 4 {
		n, err := strconv.ParseUint(string(text[i+2:i+4]), 16, 8)
		if text[i] != '\\' || text[i+1] != 'x' || err != nil {
			return at, nil
		}
		plain = append(plain, byte(n))
	}
	return at + stop, plain
}
