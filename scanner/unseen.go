package scanner

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// unseen gives what people read for a character that they do not see, or take for a blank:
// "" or " ". Documents are full of them, and what is copied from there into a configuration
// brings them along; somebody may also mean them to part the name of a password.
func unseen(c rune) (plain string, ok bool) {
	switch {
	case c < 0x80:
		return "", false
	case unicode.Is(unicode.Cf, c), 0x300 <= c && c <= 0x36f, 0xfe00 <= c && c <= 0xfe0f, 0xe0100 <= c && c <= 0xe01ef, // accents and variants
		c == 0x115f, c == 0x1160, c == 0x3164, c == 0xffa0: // letters of Korean without a form
		return "", true
	case unicode.IsSpace(c), c == 0x2800:
		return " ", true
	case c == '＝':
		return "=", true
	}
	return "", false
}

// typed gives what people type for a character: itself, if it is of ASCII.
func typed(c rune) (plain string, ok bool) {
	if '\t' <= c && c < 0x7f {
		return string(c), true
	}
	return unseen(c)
}

// unseenLeads are the bytes with which characters begin that are not seen: few letters of any
// language do.
const unseenLeads = "\xc2\xcc\xcd\xd8\xdb\xdc\xe0\xe1\xe2\xe3\xef\xf0\xf3"

var isUnseenLead = func() (is [256]bool) {
	for _, c := range []byte(unseenLeads) {
		is[c] = true
	}
	return is
}()

// nextUnseen gives the first character at or behind an offset that is not seen, the end of
// the text if there is none. Most texts are ASCII: many bytes are looked at at once.
func nextUnseen(text []byte, p int) int {
	const beyond = 0x8080808080808080
	word := binary.LittleEndian.Uint64
	for p < len(text) {
		switch {
		case isUnseenLead[text[p]]:
			c, size := utf8.DecodeRune(text[p:])
			if _, ok := unseen(c); ok {
				return p
			}
			p += size
		case text[p] >= utf8.RuneSelf:
			p++
		case p+32 <= len(text) && (word(text[p:])|word(text[p+8:])|word(text[p+16:])|word(text[p+24:]))&beyond == 0:
			p += 32
		case p+8 <= len(text) && word(text[p:])&beyond == 0:
			p += 8
		default:
			p++
		}
	}
	return p
}
