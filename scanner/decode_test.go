package scanner

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestDecoded(t *testing.T) {
	pat := token("gh"+"p_", 36)
	b64 := base64.StdEncoding.EncodeToString
	deep := "password: " + pat
	for range 12 {
		deep = b64([]byte(deep))
	}
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
		{"base64 twelve times", "token: ", deep, "\n", "secret/github-pat"},
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

// TestDecodeJudged finds credentials that no format gives away in what is encoded. @ is
// where the encoded text stands; the place is that of it, or of the value where only its
// name is escaped.
func TestDecodeJudged(t *testing.T) {
	value := token("Xk4", 14)
	in64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	password := "db_pass" + "word = \"" + value + "\""
	object := `{"db":{"pass` + `word":"` + value + `"}}`
	tests := []struct{ path, before, encoded, after, want string }{
		{"a.py", `x = "`, in64(password), `"`, "secret/password"},
		{"a.txt", "", in64(object), "\n", "secret/password"},
		{"a.yaml", "blob: ", in64(object), "\n", "secret/password"},
		{"a.go", "var x = `", in64("export DB_PASS" + "WORD=" + value), "`", "secret/password"},
		{"a.yaml", "blob: ", in64("postgres://ops:" + value + "@db.internal/shop"), "", "secret/url-credential"},
		{"a.py", `x = "`, hex.EncodeToString([]byte(password)), `"`, "secret/password"},
		{"a.js", `x = "db_pass` + `word%3D%22`, value, `%22"`, "secret/password"},
		{"a.js", `{"pass\u00` + `77ord":"`, value, `"}`, "secret/password"},
		{"a.yaml", "password: !!binary ", in64(value), "\n", "secret/password"},
		{"a.txt", "u=postgres%3A%2F%2Fops%3A", value, "%40db.internal%2Fshop", "secret/url-credential"},
		{"a.txt", "", in64(`{"kind": "token", "token": "next token"}`), "\n", ""},
		{"a.go", `"http://%3Fam:pa%3F`, "sword", `@shop.internal"`, ""},
		{"a.yaml", "blob: ", in64("password: ${DB_PASSWORD}"), "\n", ""},
	}
	s := newScanner(t, Options{Detectors: Ours()})
	for _, tt := range tests {
		src := &lint.Source{Path: tt.path, Data: []byte(tt.before + tt.encoded + tt.after)}
		var got []string
		for _, f := range s.Scan(src).Findings {
			got = append(got, f.Rule.ID)
			if at := string(src.Data[src.Offset(f.Location.Start):src.Offset(f.Location.End)]); at != tt.encoded {
				t.Errorf("%s: it stands at %s, over %d bytes; want %d", tt.before, f.Location, len(at), len(tt.encoded))
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %q, want %q", tt.before, got, tt.want)
		}
	}
}

// FuzzDecode holds places of what was decoded to the file.
func FuzzDecode(f *testing.F) {
	pat := token("gh"+"p_", 36)
	f.Add([]byte("t: " + base64.StdEncoding.EncodeToString([]byte(pat))))
	f.Add([]byte("%67hp_" + pat[4:] + "&amp;\\u0041 \n&#65;"))
	f.Add([]byte(strings.Repeat("QUFB", 8) + "=="))
	f.Add([]byte("\u200bpass\u00adword\u00a0:\ufeff" + pat + "\u200b"))
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		matches, found, _ := s.engine().findDecoded(text, "a.txt", "", s.judge.Find)
		for _, f := range found {
			matches = append(matches, match{at: between{f.Start, f.End}})
		}
		for _, m := range matches {
			if m.at.lo < 0 || m.at.lo >= m.at.hi || m.at.hi > len(text) {
				t.Errorf("a value stands at %v of %d bytes", m.at, len(text))
			}
		}
		eachEscaped(text, func(at between) {
			p := unescape(text, at)
			if source, _ := p.origin(between{0, len(p.text)}); len(p.text) > 0 && (source.lo < at.lo || source.hi > at.hi) {
				t.Errorf("%v comes from %v", at, source)
			}
		})
	})
}

// TestLongEscaped: a line of nothing but escapes is read in parts, each credential once.
func TestLongEscaped(t *testing.T) {
	s := newScanner(t, Options{})
	for _, at := range []int{0, mostEscaped - 300, mostEscaped - 60, mostEscaped - escapedAgain, mostEscaped} {
		text := strings.Repeat("%70%61", at/6) + "%20" + strings.ReplaceAll(token("gh"+"p_", 36), "_", "%5f") + "%20" + strings.Repeat("%70%61", mostEscaped/6)
		if found := s.Scan(&lint.Source{Path: "a.txt", Data: []byte(text)}).Findings; len(found) != 1 {
			t.Errorf("behind %d bytes: %d findings, want 1", at, len(found))
		}
	}
}

// TestUnseen: what nobody sees in a line hides no credential, and moves none.
func TestUnseen(t *testing.T) {
	s := newScanner(t, Options{Detectors: Ours()})
	value := token("", 16)
	for _, line := range []string{
		"pass\u200bword = \"%s\"", "pass\u00adword: %s", "pass\ufeffword: %s", "client_\u2060secret = '%s'", "\u2066password\u2069 = \"%s\"", "passwo\u0301rd: \"%s\"",
		"password\ufe0f: %s", "password\u200b=\u200b%s", "password =\u200b \"%s\"", "password\u202f=\u202f%s", "password:\u3000%s", "password\u2003:\u2003%s", "password\uff1d%s",
		"password:\u2028%s", "pass\U000e0061word=%s", `{"pass\u200bword": "%s"}`, "password\u00a0= \"%s\"",
	} {
		for _, name := range []string{"a.env", "a.yaml", "a.txt", "a.md"} {
			src := &lint.Source{Path: name, Data: []byte("é\n" + fmt.Sprintf(line, value) + "\u200b\n")}
			found := s.Scan(src)
			if len(found.Findings) != 1 {
				t.Errorf("%s: %+q: %d findings", name, line, len(found.Findings))
				continue
			}
			at := found.Findings[0].Location
			if got := string(src.Data[src.Offset(at.Start):src.Offset(at.End)]); strings.Trim(got, "\u200b") != value {
				t.Errorf("%s: %+q: the place is that of %d bytes", name, line, len(got))
			}
		}
	}
	for _, line := range []string{"L\u2019authentification\u00a0: le mot de passe\u00a0: au moins 12 caract\u00e8res", "pass\u00adword: the word that opens it", "password\u00a0: ${PASSWORD}"} {
		if found := s.Scan(&lint.Source{Path: "a.md", Data: []byte(line)}).Findings; len(found) > 0 {
			t.Errorf("%+q: %d findings", line, len(found))
		}
	}
}

// TestDecodingIsCut: what is encoded too often is no pass, and an ordinary text is none of that.
func TestDecodingIsCut(t *testing.T) {
	s := newScanner(t, Options{})
	nested := func(times int, text string) string {
		for range times {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		return text
	}
	percent := "%" + strings.Repeat("25", 200)
	tests := []struct {
		name, text string
		cut        bool
	}{
		{"a bomb of percent signs", strings.Repeat(percent, 1000), true},
		{"Base64 in Base64", strings.Repeat(nested(25, "a text of no interest, 12345")+"\n", 3), false},
		{"five times", nested(5, strings.Repeat("a text of no interest, 12345\n", 5000)), false},
		{"escapes", strings.Repeat("%41\\u0042&amp;", 50000), false},
		{"one escape in a while", strings.Repeat(strings.Repeat("x = y; ", 40)+"%20", 5000), false},
		{"lines of Base64", strings.Repeat(nested(1, "a text of no interest, 12345 and so on")+"\n", 10000), false},
	}
	for _, tt := range tests {
		if found := s.Scan(&lint.Source{Path: "a.txt", Data: []byte(tt.text)}); (found.Cut != "") != tt.cut {
			t.Errorf("%s: %q", tt.name, found.Cut)
		}
	}
}

// Each character that is not seen is found among others.
func TestNextUnseen(t *testing.T) {
	for c := rune(0x80); c <= utf8.MaxRune; c++ {
		if _, ok := unseen(c); !ok {
			continue
		}
		if got := nextUnseen([]byte("password \u044f\u4e2d\u00e9"+string(c)+"x"), 0); got != len("password \u044f\u4e2d\u00e9") {
			t.Errorf("%U is at %d", c, got)
		}
	}
}
