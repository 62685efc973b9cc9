package scanner

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func newScanner(t testing.TB, options Options) *Scanner {
	t.Helper()
	if options.Packs == nil {
		options.Detectors = Ours()
	}
	s, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// token makes up a credential of a provider's format at run time: one that
// stands in the source would stop every scanner that reads this repository.
func token(prefix string, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	random := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	b.WriteString(prefix)
	for range n {
		b.WriteByte(letters[random.IntN(len(letters))])
	}
	return b.String()
}

func show(result Result) string {
	var b strings.Builder
	for _, f := range result.Findings {
		fmt.Fprintf(&b, "%s-%d:%d %s anchor=%s\n", f.Location, f.Location.End.Line, f.Location.End.Column, f.Rule.ID, f.Anchor)
	}
	return b.String()
}

// A byte order mark changes neither what is found nor how it is known.
func TestByteOrderMark(t *testing.T) {
	own := newScanner(t, Options{Gitleaks: &Gitleaks{Path: "g", Data: []byte("[[rules]]\nid = 'first'\nregex = '^opens ([a-z0-9]{12})'\n")}})
	for _, test := range []struct {
		name, path, text string
		scanner          *Scanner
	}{
		{"a pattern from the start", "a.txt", "opens k3j9x7q2m4v8\n", own},
		{"the key of the first line", "app.env", "DB_PASSWORD=correct-horse-battery\n", newScanner(t, Options{})},
		{"a quoted key", "a.json", `{"password": "correct-horse-battery"}`, newScanner(t, Options{})},
	} {
		t.Run(test.name, func(t *testing.T) {
			plain := test.scanner.Scan(&lint.Source{Path: test.path, Data: []byte(test.text)})
			marked := test.scanner.Scan(&lint.Source{Path: test.path, Data: []byte("\ufeff" + test.text)})
			if diff := cmp.Diff(show(plain), show(marked)); diff != "" || len(plain.Findings) != 1 {
				t.Error(len(plain.Findings), diff)
			}
		})
	}
}

func TestScan(t *testing.T) {
	const password = "correct-horse-battery"
	pat := token("gh"+"p_", 36)
	tests := []struct{ name, path, text, want string }{
		{"on the first line", "a.txt", "token = " + pat, "a.txt:1:9-1:49 secret/github-pat anchor=token\n"},
		{"on a later line, behind wide characters", "a.txt", "# ä\n\n\tkey: \"ö😀\" token: '" + pat + "'\n", "a.txt:3:20-3:60 secret/github-pat anchor=token\n"},
		{"behind line breaks of Windows", "a.txt", "x\r\ny\r\ntoken: " + pat + "\r\n", "a.txt:3:8-3:48 secret/github-pat anchor=token\n"},
		{"twice on one line", "a.txt", "a: " + pat + " b: " + pat + "\n", "a.txt:1:4-1:44 secret/github-pat anchor=a\na.txt:1:48-1:88 secret/github-pat anchor=b\n"},
		{"a password in a URL", "a.yaml", "url: postgres://shop:" + password + "@db/shop\n", "a.yaml:1:22-1:43 secret/url-credential anchor=shop\n"},
		{"a password in a configuration file", "app.env", "A=1\nDB_PASSWORD=correct-horse-battery\n", "app.env:2:13-2:34 secret/password anchor=DB_PASSWORD\n"},
		{"no such line elsewhere", "main.go", "DB_PASSWORD=correct-horse-battery\n", ""},
		{"nothing", "a.txt", "hello\n", ""},
	}
	s := newScanner(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := s.Scan(&lint.Source{Path: tt.path, Data: []byte(tt.text)})
			if diff := cmp.Diff(tt.want, show(result)); diff != "" {
				t.Error(diff)
			}
			for _, f := range result.Findings {
				if shown := fmt.Sprintf("%+v", f); strings.Contains(shown, pat) || strings.Contains(shown, "correct-horse") {
					t.Error("a finding holds the credential")
				}
			}
			if redacted := result.Redact(tt.text); strings.Contains(redacted, pat) {
				t.Error("Redact left a credential in")
			}
		})
	}
}

func manifest(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestProviderLookAlikes: what a provider's pattern matches by chance.
func TestProviderLookAlikes(t *testing.T) {
	digest, base := makeUp("hex", 40), makeUp("random", 40)
	square := "EA" + "AA" + makeUp("random", 30)
	tests := []struct {
		name, text string
		want       bool
	}{
		{"the commit of an action", "uses: sourcegraph/scip-action@" + digest + "\n", false},
		{"a commit where sourcegraph is spoken of", "# sourcegraph\nrevision = " + digest + "\n", false},
		{"a token of sourcegraph", "# sourcegraph\nSRC_ACCESS_TOKEN=" + digest + "\n", true},
		{"a line of wrapped Base64", base + base[:36] + "\n" + base[:36] + "+a/" + square + "\n" + base + base[:36] + "\n", false},
		{"a token in a path", "curl https://x.internal/" + square + "\n", true},
		{"a certificate in a manifest", "kind: Secret\ndata:\n  certificate: " + manifest("-----BEGIN "+"CERTIFICATE-----\n"+base) + "\n", false},
		{"a member of a manifest", "kind: Secret\ndata:\n  redis: " + manifest(base) + "\n", true},
		{"what is to be replaced", "curl -H 'Authorization: Bearer admin-api-key-change-me' https://x.internal\n", false},
		{"a user of curl without password", "curl -H 'Authorization: Basic " + manifest("browser:") + "' https://x.internal\n", false},
		{"a password of curl from elsewhere", "curl -fsS -u admin:${random_password.p.result} https://x.internal\n", false},
		{"a token of curl from elsewhere, in place of the user", "curl -u \"$NPM_TOKEN:\" https://x.internal\ncurl -u \"${NPM_TOKEN}:\" https://x.internal\n\ncurl -u \"bot:$$NPM_TOKEN\" https://x.internal\ncurl -u \"bot:$(token)\" https://x.internal\n", false},
		{"a password of curl behind a user from elsewhere", "curl -u \"$NPM_USER:" + base + "\" https://x.internal\n", true},
		{"a token of curl", "curl -H 'Authorization: Bearer " + base + "' https://x.internal\n", true},
		{"a token by itself", "# square\n" + square + "\n", true},
	}
	s := newScanner(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(s.Scan(&lint.Source{Path: "a.yaml", Data: []byte(tt.text)}).Findings) > 0; got != tt.want {
				t.Errorf("found is %t, want %t", got, tt.want)
			}
		})
	}
}

func TestTag(t *testing.T) {
	s := newScanner(t, Options{Tag: func(value []byte) string { return fmt.Sprint(len(value)) }})
	result := s.Scan(&lint.Source{Path: "a.env", Data: []byte("DB_PASSWORD=correct-horse-battery\n")})
	if len(result.Findings) != 1 || result.Findings[0].Tag != "21" {
		t.Errorf("got %+v", result.Findings)
	}
}

func TestNewRefuses(t *testing.T) {
	entry := "- id: x\n  title: X\n  severity: high\n  fix: F\n  keywords: [k]\n  regex: 'k(.)'\n  match: [k1]\n  ignore: [x]\n"
	own := func(old, new string) Options {
		return Options{Packs: []fs.FS{fstest.MapFS{"own.yaml": {Data: []byte(strings.Replace(entry, old, new, 1))}}}}
	}
	tests := []struct {
		name    string
		options Options
		want    string
	}{
		{"a pattern that does not compile", own("k(.)", "k("), `own.yaml:1:3: detector "x": regex: error parsing regexp`},
		{"an unknown field", own("title", "tittle"), "own.yaml: yaml: unmarshal errors:\n  line 2: field tittle not found"},
		{"a second document", own("ignore: [x]\n", "ignore: [x]\n---\n[]\n"), "own.yaml: want one document"},
		{"a group that is not there", own("fix: F", "fix: F\n  group: 2"), "group is 2, and the regex has 1"},
		{"a detector without examples", own("  match: [k1]\n", ""), "needs keywords, and examples"},
		{"an id of a user's rule that is one of ours", Options{Detectors: Ours(), Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte("[[rules]]\nid = \"password\"\nregex = \"abcdef\"\n")}}, `.gitleaks.toml: rule "password": policyctl has a detector of this id; choose another id`},
		{"an id that is taken", own("id: x", "id: github-pat"), `own.yaml:1:3: detector "github-pat": is defined already`},
		{"a bad pattern in gitleaks' format", Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte("[[rules]]\nid = \"r\"\nregex = \"(\"\n")}}, `.gitleaks.toml:3:10: rule "r": not a valid RE2 expression: missing closing )`},
		{"a bad pattern in an allow-list", Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte("[allowlist]\npaths = [\"(\"]\n")}}, ".gitleaks.toml:2:11: allowlist: not a valid RE2 expression: missing closing )"},
		{"no TOML", Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte("a = = b")}}, ".gitleaks.toml:1:5: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.options.Packs == nil {
				tt.options.Detectors = Ours()
			}
			_, err := New(tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestGitleaksConfiguration(t *testing.T) {
	const text = "title = \"ours\"\n[extend]\nuseDefault = true\ndisabledRules = [\"github-pat\"]\n" +
		"[[rules]]\nid = \"acme\"\nregex = '''acme-[0-9]{6}'''\nkeywords = [\"acme-\"]\n[[rules]]\nid = \"jwt\"\n[[rules.allowlists]]\npaths = ['''fixtures/''']\n"
	for range 4 { // gitleaks' own loader loses all rules at the third time
		s := newScanner(t, Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte(text)}})
		if n := len(s.Rules()); n < 200 {
			t.Fatalf("%d rules", n)
		}
		result := s.Scan(&lint.Source{Path: "a.txt", Data: []byte("acme-123456 " + token("gh"+"p_", 36) + "\n")})
		if diff := cmp.Diff("a.txt:1:1-1:12 secret/acme anchor=\n", show(result)); diff != "" {
			t.Error(diff)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	s := newScanner(b, Options{})
	text := strings.Repeat("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  key: value\n", 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Scan(&lint.Source{Path: "x.yaml", Data: []byte(text)})
	}
}

func TestIgnored(t *testing.T) {
	text := "a: " + token("gh"+"p_", 36) + "\nb: " + token("gh"+"p_", 36) + " # gitleaks:allow\n"
	tests := []struct {
		name    string
		options Options
		want    int
	}{
		{"nothing is ignored unasked", Options{}, 2},
		{"comments", Options{Comments: true}, 1},
		{"a fingerprint", Options{Ignore: &Gitleaks{Path: ".gitleaksignore", Data: []byte("# ours\n\na.txt:github-pat:1\n")}}, 1},
		{"a fingerprint of a commit", Options{Ignore: &Gitleaks{Path: ".gitleaksignore", Data: []byte("abc:a.txt:github-pat:1")}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := newScanner(t, tt.options).Scan(&lint.Source{Path: "a.txt", Data: []byte(text)})
			if len(result.Findings) != tt.want {
				t.Errorf("got %d findings, want %d", len(result.Findings), tt.want)
			}
		})
	}
	named := newScanner(t, Options{
		Gitleaks: &Gitleaks{Path: "g", Data: []byte("[[rules]]\nid = 'store'\npath = '\\.(jks|p12)$'\n[[rules]]\nid = 'asks'\npath = 'x$'\nkeywords = ['word']\n")},
		Ignore:   &Gitleaks{Path: "i", Data: []byte("b.jks:store:0\na.zip!in/c.jks:store:0\nabc:d\\d.jks:store:0")},
	})
	for path, want := range map[string]int{"a.jks": 1, "a.p12": 1, "b.jks": 0, "a.zip!/in/c.jks": 0, "a.zip!/in/d.jks": 1, "d/d.jks": 0, "x": 1, "a.txt": 0} {
		if got := named.Scan(&lint.Source{Path: path, Data: []byte("a Word"), Commit: "abc"}); len(got.Findings) != want {
			t.Errorf("%s: %d findings", path, len(got.Findings))
		}
		if got := named.Named(path, "abc"); path != "x" && len(got) != want {
			t.Errorf("%s, not read: %d findings", path, len(got))
		}
	}
	if got := named.Scan(&lint.Source{Path: "x", Data: []byte("a")}); len(got.Findings) != 0 {
		t.Error("a rule does not ask for its keyword")
	}
	judged := "db_password: " + token("", 20) + " # gitleaks:allow\n"
	for name, options := range map[string]Options{"comment": {Comments: true}, "file": {Ignore: &Gitleaks{Path: "x", Data: []byte("a.yaml:password:1")}}, "gitleaks' own rule": {Ignore: &Gitleaks{Path: "x", Data: []byte("a.yaml:generic-api-key:1")}}, "disabled": {Disabled: []string{"secret/password"}}} {
		if n := len(newScanner(t, options).Scan(&lint.Source{Path: "a.yaml", Data: []byte(judged)}).Findings); n != 0 {
			t.Errorf("%s: %d findings of what is judged", name, n)
		}
	}
	if n := len(newScanner(t, Options{}).Scan(&lint.Source{Path: "a.yaml", Data: []byte(judged)}).Findings); n != 1 {
		t.Errorf("%d findings of what is judged", n)
	}
	if _, err := New(Options{Ignore: &Gitleaks{Path: "x", Data: []byte("\na.txt\n")}}); err == nil || !strings.HasPrefix(err.Error(), "x:2:1: want path:rule:line") {
		t.Errorf("a line that says nothing gives %v", err)
	}
}

func TestRequired(t *testing.T) {
	const config = "[[rules]]\nid = \"user\"\nregex = '''user-[0-9]+'''\nskipReport = true\n" +
		"[[rules]]\nid = \"pair\"\nregex = '''pass-[0-9]+'''\n[[rules.required]]\nid = \"user\"\nwithinLines = 1\n"
	s := newScanner(t, Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte(config)}})
	result := s.Scan(&lint.Source{Path: "a.txt", Data: []byte("pass-1\n\nuser-2\npass-3\n")})
	if diff := cmp.Diff("a.txt:4:1-4:7 secret/pair anchor=\n", show(result)); diff != "" {
		t.Error(diff)
	}
}

// FuzzConfiguration reads what users write: it is refused, or it works.
func FuzzConfiguration(f *testing.F) {
	f.Add([]byte("[extend]\nuseDefault = true\n[[rules]]\nid = \"x\"\nregex = \"a(b)\"\nsecretGroup = 1\n[[rules.allowlists]]\ncondition = \"AND\"\nregexTarget = \"line\"\nregexes = [\"c\"]\nstopwords = [\"d\"]\npaths = [\"e\"]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := New(Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: data}})
		if err != nil {
			if !strings.HasPrefix(err.Error(), ".gitleaks.toml:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		s.Scan(&lint.Source{Path: "e", Data: []byte("x = ab c d ab\n")})
	})
}

// The same password may stand at several places: each is found.
func TestTheSamePasswordTwice(t *testing.T) {
	s := newScanner(t, Options{})
	for _, text := range []string{
		"Server=x;User Id=sa;Password=@;\nServer=y;User Id=sa;Password=@;\n",
		`{"A": "Server=x;User Id=sa;Password=@;", "B": "Server=y;User Id=sa;Password=@;"}`,
		"A=\"host=db user=shop password=@ dbname=x\"\nB=\"host=db user=shop password=@ dbname=y\"\n",
		"a=jdbc:postgresql://db/x?user=shop&password=@\nb=jdbc:postgresql://db/y?user=shop&password=@\n",
		"db_user = shop\ndb_password = @\ndb_admin_user = admin\ndb_admin_password = @\n",
		"env = [\"DB_PASSWORD=@\"]\nenv = [\"DB_USER=shop\", \"DB_PASSWORD=@\"]\n",
	} {
		for _, value := range []string{"Hk3mPw8Rz5" + "Tq1Vx7", "k3mpw8rz5tq" + "1vx7b", "zq#7-Lm2!" + "pR"} {
			found := s.Scan(&lint.Source{Path: "app.conf", Data: []byte(strings.ReplaceAll(text, "@", value))}).Findings
			if len(found) != 2 {
				t.Errorf("%d findings in %s", len(found), text)
			}
		}
	}
}
