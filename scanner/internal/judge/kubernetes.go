package judge

import (
	"bytes"
	"encoding/base64"
	"strings"
)

var (
	kindSecret = []byte("kind: Secret")
	separator  = []byte("\n---")
)

// secrets yields the members of Kubernetes Secrets: whatever they are called, they
// are there because they are secret. Those under data are decoded.
func (r *reader) secrets(yield func(field)) {
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

func isOrdinary(key string) bool {
	key = strings.ToLower(key)
	for _, word := range ordinary {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
