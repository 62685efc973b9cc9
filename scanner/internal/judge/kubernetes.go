package judge

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/policyctl/policyctl/internal/regex"
)

var (
	kindSecret = []byte("kind: Secret")
	separator  = []byte("\n---")
)

// secrets yields the members of Kubernetes Secrets: whatever they are called, they
// are there because they are secret. Those under data are decoded.
func (r *reader) secrets(yield func(field)) {
	if r.lang == data {
		r.secretsJSON(yield)
	}
	if r.lang != config {
		return
	}
	for from := 0; ; {
		i := bytes.Index(r.data[from:], kindSecret)
		if i < 0 {
			return
		}
		at := from + i
		from = len(r.data)
		if n := bytes.Index(r.data[at:], separator); n >= 0 {
			from = at + n
		}
		if c := r.byteAt(at + len(kindSecret)); c != '\n' && c != '\r' && c != 0 && c != ' ' {
			continue // SecretStore
		}
		start := max(0, bytes.LastIndex(r.data[:at], separator))
		r.members64(start, from, at-bytes.LastIndexByte(r.data[:at], '\n')-1, yield)
	}
}

// members64 yields the members of the maps data and stringData that are indented
// like the kind.
func (r *reader) members64(start, end, indent int, yield func(field)) {
	section := ""
	for at := start; at < end; {
		stop := end
		if n := bytes.IndexByte(r.data[at:end], '\n'); n >= 0 {
			stop = at + n
		}
		line := r.data[at:stop]
		text := bytes.TrimLeft(line, " -")
		depth := len(line) - len(text)
		key, rest, ok := bytes.Cut(text, []byte(":"))
		switch {
		case depth <= indent && len(text) > 0:
			section = string(bytes.TrimSpace(key))
		case ok && (section == "data" || section == "stringData"):
			value := bytes.Trim(rest, " \t\r\"'")
			if f, ok := member(string(bytes.Trim(key, "\"' ")), string(value), section == "data"); ok {
				f.keyStart = at + depth
				f.start = at + depth + len(key) + 1 + bytes.Index(rest, value)
				f.end = f.start + len(value)
				yield(f)
			}
		}
		at = stop + 1
	}
}

// member decodes a member of a Secret. One that a template fills in is none.
func member(key, value string, encoded bool) (field, bool) {
	f := field{key: key, op: ":", form: inSecret, value: value}
	if len(value) < 4 || strings.HasPrefix(value, "#") {
		return f, false
	}
	if !encoded {
		return f, true
	}
	plain, err := base64.StdEncoding.DecodeString(value)
	f.value = strings.TrimSpace(string(plain))
	return f, err == nil && len(f.value) >= 4
}

// ordinary are members of Secrets that are none: names, addresses, certificates.
var ordinary = []string{"user", "name", "host", "url", "uri", "crt", "cert", "ca.", "email", "port", "database", "endpoint", "region", "bucket", "domain", "issuer", "type", "config", "-id", "_id"}

// Ordinary says whether the name of a member of a Secret is that of a name, an address or
// a certificate.
func Ordinary(key string) bool { return isOrdinary(key) }

func isOrdinary(key string) bool {
	key = strings.ToLower(key)
	for _, word := range ordinary {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// kindJSON is how JSON says that an object is a Secret, and mapJSON where the map of
// its members begins.
var (
	kindJSON = regex.Lazy(`"kind"\s{0,4}:\s{0,4}"Secret"`)
	mapJSON  = regex.Lazy(`"(data|stringData)"\s{0,4}:\s{0,4}\{`)
	pairJSON = regex.Lazy(`^[\s,]{0,80}"([^"\\]{1,96})"\s{0,4}:\s{0,4}"([^"\\]*)"`)
)

// beside is how far from the kind of a Secret its members may stand.
const beside = 16 << 10

// secretsJSON yields the members of Secrets that are written as JSON.
func (r *reader) secretsJSON(yield func(field)) {
	if !bytes.Contains(r.data, []byte(`"Secret"`)) {
		return
	}
	kinds := kindJSON().FindAllIndex(r.data, -1)
	for i, kind := range kinds {
		from, to := max(0, kind[0]-beside), min(len(r.data), kind[1]+beside)
		if i > 0 {
			from = max(from, kinds[i-1][1])
		}
		if i+1 < len(kinds) {
			to = min(to, kinds[i+1][0])
		}
		start, end := from+opens(r.data[from:kind[0]]), kind[1]+closes(r.data[kind[1]:to])
		object := r.data[start:end]
		done, depth := 0, 0
		for _, m := range mapJSON().FindAllSubmatchIndex(object, -1) {
			depth += level(object[done:m[0]])
			if done = m[0]; depth == 0 {
				r.membersJSON(start+m[1], string(object[m[2]:m[3]]) == "data", yield)
			}
		}
	}
}

// level is how much deeper it is behind a text than before it.
func level(text []byte) int {
	depth := 0
	for _, c := range text {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return depth
}

// opens gives where the object begins that a text ends in, closes where the one ends
// that a text begins in. Braces within strings are rare, and cost a Secret at most.
func opens(text []byte) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		if depth += level(text[i : i+1]); depth > 0 {
			return i + 1
		}
	}
	return 0
}

func closes(text []byte) int {
	depth := 0
	for i := range text {
		if depth += level(text[i : i+1]); depth < 0 {
			return i
		}
	}
	return len(text)
}

func (r *reader) membersJSON(at int, encoded bool, yield func(field)) {
	for {
		m := pairJSON().FindSubmatchIndex(r.data[at:min(len(r.data), at+2*maxValue)])
		if m == nil {
			return
		}
		if f, ok := member(string(r.data[at+m[2]:at+m[3]]), string(r.data[at+m[4]:at+m[5]]), encoded); ok {
			f.keyStart, f.start, f.end = at+m[2], at+m[4], at+m[5]
			yield(f)
		}
		at += m[1]
	}
}
