package scanner

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/policyctl/policyctl/scanner/internal/judge"
)

// known are the values that were found. Names and messages of other files are
// searched for them: what is a credential here is one there.
type known struct {
	lock   sync.Mutex
	values map[string]bool
	index  map[string][]string // what to look for, by its first bytes; nil when a value came since
}

// leastKnown is how long a value is at least that is looked for: shorter ones occur
// by chance.
const leastKnown = 6

// mostEncoded is beyond what a name holds.
const mostEncoded = 1 << 10

// mostKnown bounds the memory of values; where there are more, a name with one of the rest
// is still judged by itself.
const mostKnown = 50_000

func (k *known) add(values []string) {
	k.lock.Lock()
	defer k.lock.Unlock()
	for _, value := range values {
		if len(k.values) < mostKnown && len(value) >= leastKnown && !k.values[value] && !isWord(value) {
			k.values[strings.Clone(value)] = true
			k.index = nil
		}
	}
}

// mostOfName is how long a value in lower case is at most that may be the name of a program, as
// people take it for a password: zabbix.
const mostOfName = 10

// isWord says that a value tells nothing where it occurs: with the password "postgres" the
// name of each image would be masked, and no file of that name could be found again.
func isWord(value string) bool {
	return len(value) < leastRun && !strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) }) && (judge.Wordlike(value) || strings.ToLower(value) == value && len(value) < mostOfName)
}

// forms are how a value stands in a text: as it is, in upper and lower case, as the names of
// some platforms are, and in hex and base64. In base64 a
// text has three forms, by what stands in front; of each that part counts which what
// stands around has no say in.
func forms(value string) []string {
	all := []string{value}
	for _, cased := range []string{strings.ToUpper(value), strings.ToLower(value)} {
		if cased != value && len(cased) == len(value) {
			all = append(all, cased)
		}
	}
	if len(value) > mostEncoded {
		return all
	}
	all = append(all, hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))))
	for front := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString([]byte(strings.Repeat("\x00", front) + value))
			all = append(all, text[(8*front+5)/6:8*(front+len(value))/6])
		}
	}
	return all
}

func (k *known) forms() map[string][]string {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.index == nil {
		k.index = map[string][]string{}
		for value := range maps.Keys(k.values) {
			for _, form := range forms(value) {
				k.index[form[:leastKnown]] = append(k.index[form[:leastKnown]], form)
			}
		}
		for _, list := range k.index {
			slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
		}
	}
	return k.index
}

// mask takes the values out of a text, also where it is percent-encoded.
func (k *known) mask(text string) string {
	index := k.forms()
	if len(index) == 0 || len(text) < leastKnown {
		return text
	}
	plain, at := unpercent(text)
	var out strings.Builder
	shown := 0 // up to which all of text is written
	for i := 0; i+leastKnown <= len(plain); i++ {
		for _, form := range index[string(plain[i:i+leastKnown])] {
			if bytes.HasPrefix(plain[i:], []byte(form)) {
				out.WriteString(text[shown:at[i]])
				out.WriteString(mask)
				i += len(form)
				shown = at[i]
				i--
				break
			}
		}
	}
	return out.String() + text[shown:]
}

// unpercent decodes what is percent-encoded, and tells where each byte of it, and the end,
// stands in the text.
func unpercent(text string) (plain []byte, at []int) {
	plain, at = make([]byte, 0, len(text)), make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		at = append(at, i)
		if text[i] == '%' && i+3 <= len(text) {
			if decoded, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				plain = append(plain, decoded[0])
				i += 3
				continue
			}
		}
		plain = append(plain, text[i])
		i++
	}
	return plain, append(at, len(text))
}
