package dockerfile

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

// blank are the characters that part the words of an instruction. Line breaks
// are none: a logical line has none, but for carriage returns.
const blank = "\t\v\f\r "

// trim removes white space on both sides.
func (t text) trim() text {
	s := t.String()
	start := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	return t.cut(start, start+len(strings.TrimSpace(s)))
}

// cutWord parts a text at its first blanks.
func (t text) cutWord() (word, rest text) {
	s := t.String()
	i := strings.IndexAny(s, blank)
	if i < 0 {
		return t, t.from(t.len())
	}
	return t.cut(0, i), t.from(i + len(s[i:]) - len(strings.TrimLeft(s[i:], blank)))
}

// fields are the words between blanks; quotes mean nothing.
func (t text) fields() []text {
	var all []text
	for rest := t; rest.len() > 0; {
		var word text
		word, rest = rest.cutWord()
		all = append(all, word)
	}
	return all
}

// cutEqual parts a text at its first equal sign.
func (t text) cutEqual() (before, after text, ok bool) {
	i := strings.IndexByte(t.String(), '=')
	if i < 0 {
		return t, t.from(t.len()), false
	}
	return t.cut(0, i), t.from(i + 1), true
}

// flags takes the leading --name=value words off the arguments of an instruction.
func (t text) flags(escape byte) (flags []text, rest text) {
	s := t.String()
	for at := 0; ; {
		for at < len(s) && unicode.IsSpace(rune(s[at])) {
			at++
		}
		if !strings.HasPrefix(s[at:], "--") {
			return flags, t.from(at)
		}
		end := flagEnd(s, at, escape)
		if unquoteFlag(s[at:end], escape) == "--" {
			return flags, t.from(end)
		}
		flags = append(flags, t.cut(at, end))
		at = end
	}
}

func flagEnd(s string, at int, escape byte) int {
	quote := byte(0)
	for ; at < len(s); at++ {
		switch c := s[at]; {
		case c == escape:
			at++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case unicode.IsSpace(rune(c)):
			return at
		}
	}
	return len(s)
}

// unquoteFlag removes quotes and escapes of a flag: unlike in values, an escape
// character counts within all quotes.
func unquoteFlag(s string, escape byte) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == escape:
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// words are the words between white space; quotes keep it, and stay.
func (t text) words(escape byte) []text {
	var all []text
	s := t.String()
	for at := 0; at < len(s); {
		c, width := utf8.DecodeRuneInString(s[at:])
		if unicode.IsSpace(c) {
			at += width
			continue
		}
		end := wordEnd(s, at, escape)
		if end < len(s) || s[at:] != string(escape) {
			all = append(all, t.cut(at, end))
		}
		at = end
	}
	return all
}

func wordEnd(s string, at int, escape byte) int {
	quote := rune(0)
	for at < len(s) {
		c, width := utf8.DecodeRuneInString(s[at:])
		switch {
		case c == rune(escape) && quote != '\'' && at+width < len(s):
			at += width
			_, width = utf8.DecodeRuneInString(s[at:])
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case unicode.IsSpace(c):
			return at
		}
		at += width
	}
	return at
}

// value is a word without its quotes and escapes, and the variables that it
// refers to. $NAME stays as it is written.
func (t text) value(escape byte) (value string, references []string) {
	s := t.String()
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case c == escape && escapes(s, i, quote, escape):
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
		default:
			if name := variable(s[i:]); c == '$' && quote != '\'' && name != "" {
				references = append(references, name)
			}
			b.WriteByte(c)
		}
	}
	return b.String(), references
}

// escapes says whether the escape character at i takes the meaning of the next
// one. Between double quotes it does so for few, between single quotes for none.
func escapes(s string, i int, quote, escape byte) bool {
	switch quote {
	case '\'':
		return false
	case '"':
		return i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '$' || s[i+1] == escape)
	}
	return true
}

// variable gives the name of $NAME or ${NAME... at the start of s, or "".
func variable(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "$"), "{")
	for i, c := range []byte(s) {
		if c != '_' && !isLetter(c) && (i == 0 || c < '0' || c > '9') {
			return s[:i]
		}
	}
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// valueNode makes a string of a word that may be quoted.
func (t text) valueNode(escape byte) *lint.Node {
	value, _ := t.value(escape)
	return lint.NewString(value, t.span())
}

// array reads a JSON list of strings. What is no JSON is not ok: Docker takes it
// as plain text. Lists of anything else do not come here, BuildKit refuses them.
func (t text) array() (items []text, values []string, ok bool) {
	s := t.String()
	if !strings.HasPrefix(s, "[") || json.Unmarshal([]byte(s), &values) != nil {
		return nil, nil, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			end := stringEnd(s, i)
			items = append(items, t.cut(i, end))
			i = end - 1
		}
	}
	return items, values, true
}

// stringEnd gives the end of the JSON string that begins at i.
func stringEnd(s string, i int) int {
	for i++; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(s))
}

// unescapeJSON is the text within a JSON string; every character knows which
// escape sequence it comes from.
func (t text) unescapeJSON() text {
	s := t.String()
	g := &gathered{source: t.in.source}
	for i := 1; i < len(s)-1; {
		width := sequence(s[i:])
		if width == 1 {
			g.add(t.place(i).start, []byte{s[i]})
		} else {
			var chars string
			_ = json.Unmarshal([]byte(`"`+s[i:i+width]+`"`), &chars)
			from, to := t.place(i).start, t.place(i+width-1).end
			g.addEscaped(from, to-from, chars)
		}
		i += width
	}
	return g.text()
}

// sequence is the length of the character or escape sequence at the start of a
// valid JSON string; a pair of surrogates is one.
func sequence(s string) int {
	switch {
	case s[0] != '\\' || len(s) < 2:
		return 1
	case s[1] != 'u':
		return 2
	case len(s) >= 12 && s[6] == '\\' && s[7] == 'u' && isSurrogate(s[2:4]):
		return 12
	}
	return min(6, len(s))
}

func isSurrogate(hex string) bool {
	return strings.EqualFold(hex, "d8") || strings.EqualFold(hex, "d9") || strings.EqualFold(hex, "da") || strings.EqualFold(hex, "db")
}
