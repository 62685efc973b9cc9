package scanner

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// BenchmarkCorpus scans the folder that -corpus names.
func BenchmarkCorpus(b *testing.B) {
	if *corpus == "" {
		b.Skip("no -corpus")
	}
	var all []*lint.Source
	size := 0
	eachFile(b, *corpus, func(src *lint.Source) { all, size = append(all, src), size+len(src.Data) })
	s := newScanner(b, Options{})
	e := s.engine()
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, src := range all {
			e.scan(src, s.judge.Find)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newScanner(b, Options{}).engine()
	}
}

// adversarial are files that made a scanner slow that does the same work for
// every keyword.
func adversarial() map[string]string {
	const size, begin = 1 << 19, "-----BEGIN " + "PRIVATE KEY-----"
	fill := func(text string) string { return strings.Repeat(text, size/len(text)+1) }
	nested := token("", 100)
	for len(nested) < size {
		nested = base64.StdEncoding.EncodeToString([]byte("key=" + nested))
	}
	return map[string]string{
		"base64 of base64":        nested,
		"lists in lists":          fill("["),
		"objects in objects":      fill(`{"password":`),
		"deeper and deeper":       stairs(size),
		"anchors":                 "a: &a [key]\n" + fill("b: &b [*a, *a]\n"),
		"elements in elements":    fill("<password>"),
		"quotes in quotes":        fill(`"\"`),
		"assignments in one run":  fill("key="),
		"keywords in one word":    fill("key"),
		"secrets":                 fill("secret "),
		"curl":                    fill("curl "),
		"curl with users":         fill("curl -u "),
		"curl on lines":           fill("curl\n"),
		"curl with passwords":     fill("curl -u a:b "),
		"names in a sentence":     fill("token "),
		"names on lines":          fill("token\n"),
		"names in a list":         fill("password,"),
		"names in open brackets":  fill("password["),
		"names in brackets":       fill("password),"),
		"open quotes":             fill("password='"),
		"assigned passwords":      fill("password="),
		"beginnings of keys":      fill(begin),
		"beginnings of tokens":    fill("eyJhbGciOiJIUzI1NiJ9."),
		"beginnings of header":    fill("ey"),
		"manifests":               fill("kind: Secret\n"),
		"manifests on one line":   fill("kind: Secret "),
		"base64":                  fill(token("", 1000)),
		"one assignment":          "key=" + fill("a"),
		"URLs":                    fill("://"),
		"URLs with users":         fill("https://a:"),
		"passwords":               fill("password"),
		"lines of passwords":      fill("password = \n"),
		"prefixes":                fill("ghp_"),
		"vault":                   fill("s."),
		"all providers":           fill("etsy adobe asana okta sentry snyk lob key: "),
		"many values":             fill("api_key = \"" + token("", 24) + "\"\n"),
		"many values on one line": fill("api_key = \"" + token("", 24) + "\" "),
		"spaces":                  fill("key           "),
		"dots":                    fill("key."),
		"characters of two bytes": fill("ключ key=ключ"),
		"no characters":           fill("\x80\xffkey=\x80"),
		"percent":                 fill("%41"),
		"escapes":                 fill(`\u0041`),
		"escapes of HTML":         fill("&#x41;"),
		"escaped names":           fill(`{"pass\u0077` + `ord":"x9Yz8Kd2Lm"},`),
		"beginnings":              fill("BEGIN"),
		"values that never end":   fill(`password="`),
		"users without hosts":     fill("://a:"),
		"quotes":                  fill(`"'`),
		"runs of base64":          fill(token("", 40) + " "),
		"connection strings":      fill("Data Source=a;Password="),
		"users of databases":      fill("User Id=a;Password="),
		"addresses of databases":  fill("jdbc:sqlserver://a;password="),
		"options":                 fill("sqlcmd -S a -U b -P "),
		"short options":           fill("ldapsearch -w "),
		"escaped lines of keys":   fill(begin + `\n`),
		"lines of keys":           fill(begin + "\n"),
		"thirty thousand values":  strings.Repeat("api_key = \""+token("", 24)+"\"\n", 30_000),
	}
}

// stairs are mappings within mappings, each indented deeper.
func stairs(size int) string {
	var b strings.Builder
	for depth := 0; b.Len() < size; depth++ {
		b.WriteString(strings.Repeat(" ", depth) + "secret:\n")
	}
	return b.String()
}

// TestAdversarial holds the engine to a speed that no input may break: bytes per
// second of processor time.
func TestAdversarial(t *testing.T) {
	const floor = 1 << 18 // on a busy machine; what grows with the square is a thousand times slower
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	s := newScanner(t, Options{})
	for name, text := range adversarial() {
		for _, path := range []string{"a.yaml", "a.env", "a.md", "a.go"} {
			start := cpu()
			s.Scan(&lint.Source{Path: path, Data: []byte(text)})
			spent := cpu() - start
			if os.Getenv("VERBOSE") != "" || spent > time.Duration(len(text))*time.Second/floor {
				t.Logf("%s in %s: %.2f s, %.1f MB/s", name, path, spent.Seconds(), float64(len(text))/1e6/spent.Seconds())
			}
			if spent > time.Duration(len(text))*time.Second/floor {
				t.Errorf("%s in %s is too slow", name, path)
			}
		}
	}
}
