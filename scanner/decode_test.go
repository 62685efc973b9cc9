package scanner

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestDecoded(t *testing.T) {
	pat := token("gh"+"p_", 36)
	b64 := base64.StdEncoding.EncodeToString
	var unicodes, entities, percent strings.Builder
	for _, b := range []byte(pat) {
		fmt.Fprintf(&unicodes, `\u%04x`, b)
		fmt.Fprintf(&entities, "&#%d;", b)
		fmt.Fprintf(&percent, "%%%02x", b)
	}
	tests := []struct{ name, before, encoded, after, want string }{
		{"base64", "token: ", b64([]byte(pat)), "\n", "secret/github-pat"},
		{"base64 for URLs", "token: ", base64.RawURLEncoding.EncodeToString([]byte(">>>?" + pat)), "\n", "secret/github-pat"},
		{"hex", "x\ntoken: ", hex.EncodeToString([]byte(pat)), "\n", "secret/github-pat"},
		{"base64 of base64", "token: ", b64([]byte("x: " + b64([]byte(pat)))), "\n", "secret/github-pat"},
		{"percent", "https://example.com/?t=", percent.String(), "&x=y", "secret/github-pat"},
		{"percent in part", "https://example.com/?t=", url.QueryEscape(pat[:4]) + "%" + hex.EncodeToString([]byte(pat[4:5])) + pat[5:], "&x=y", "secret/github-pat"},
		{"escapes of JSON", `{"token": "`, unicodes.String(), `"}`, "secret/github-pat"},
		{"characters of HTML", "<p>", entities.String(), "</p>", "secret/github-pat"},
		{"what only its name tells", "api_key: ", b64([]byte(token("", 24))), "\n", "secret/api-key"},
		{"no text", "data: ", b64([]byte("\x00\x01" + pat)), "\n", ""},
		{"a checksum", "h1:", b64([]byte(strings.Repeat("\xf1", 32))), "\n", ""},
	}
	s := newScanner(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := s.Scan(&lint.Source{Path: "a.txt", Data: []byte(tt.before + tt.encoded + tt.after)})
			var got []string
			for _, f := range result.Findings {
				got = append(got, f.Rule.ID)
				src := lint.Source{Path: "a.txt", Data: []byte(tt.before + tt.encoded + tt.after)}
				at := string(src.Data[src.Offset(f.Location.Start):src.Offset(f.Location.End)])
				if at != tt.encoded {
					t.Errorf("it stands at %s, over %d bytes; want %d", f.Location, len(at), len(tt.encoded))
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzDecode holds places of what was decoded to the file.
func FuzzDecode(f *testing.F) {
	pat := token("gh"+"p_", 36)
	f.Add([]byte("t: " + base64.StdEncoding.EncodeToString([]byte(pat))))
	f.Add([]byte("%67hp_" + pat[4:] + "&amp;\\u0041 \n&#65;"))
	f.Add([]byte(strings.Repeat("QUFB", 8) + "=="))
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, m := range s.engine().findDecoded(text, "a.txt", "") {
			if m.at.lo < 0 || m.at.lo >= m.at.hi || m.at.hi > len(text) {
				t.Errorf("a value stands at %v of %d bytes", m.at, len(text))
			}
		}
		eachEscaped(text, func(at between) {
			p := unescape(text, at)
			if source, _ := p.origin(between{0, len(p.text)}); source != at {
				t.Errorf("%v comes from %v", at, source)
			}
		})
	})
}
