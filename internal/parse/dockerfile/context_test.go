package dockerfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// The expectations are those of Docker's documentation of .dockerignore.
func TestIgnore(t *testing.T) {
	tests := []struct {
		name, rules, file string
		want              bool
	}{
		{"a name at the root", ".env", ".env", true},
		{"and nowhere below", ".env", "api/.env", false},
		{"a slash in front changes nothing", "/.env", ".env", true},
		{"a folder", "certs", "certs/a/b.pem", true},
		{"with a slash behind", "certs/", "certs/b.pem", true},
		{"a star ends at a slash", "*/temp*", "a/b/temporary", false},
		{"one level", "*/temp*", "a/temporary.txt", true},
		{"a question mark", "temp?", "tempa", true},
		{"is one character", "temp?", "temp", false},
		{"two stars are any number of folders", "**/*.pem", "a/b/c.pem", true},
		{"none as well", "**/*.pem", "c.pem", true},
		{"in the middle", "a/**/b", "a/x/y/b", true},
		{"behind", "a/**", "a/b", true},
		{"a class", "id_[re]*", "id_rsa", true},
		{"a dot is a dot", "*.pem", "xpem", false},
		{"other signs are themselves", "a+(b)", "a+(b)", true},
		{"the last that matches decides", "*.md\n!README.md", "README.md", false},
		{"for all that stands before it", "*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true},
		{"not for what follows", "!README.md\n*.md", "README.md", true},
		{"an exception within a folder", "keys\n!keys/pub", "keys/pub/a.pem", false},
		{"a comment", "# .env", ".env", false},
		{"dots are resolved", "./a/../.env", ".env", true},
		{"a pattern that is none", "[", "[", false},
		{"everything", "*\n!src", "a/b", true},
		{"but the sources", "*\n!src", "src/b", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ignored(test.rules).ignores(test.file); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// inRepository gives files as a run does.
func inRepository(tree map[string]string) func(string) *lint.Source {
	return func(name string) *lint.Source {
		if name == "**" {
			return &lint.Source{Path: name, Data: []byte(strings.Join(slices.Sorted(maps.Keys(tree)), "\n") + "\n")}
		}
		if text, ok := tree[name]; ok {
			return &lint.Source{Path: name, Data: []byte(text)}
		}
		return nil
	}
}

func TestWhatIsTakenAlong(t *testing.T) {
	files := inRepository(map[string]string{"web/Dockerfile": "", "web/.env": "A=b\n", "web/main.go": "", ".env": ""})
	docs, _ := Parse([]*lint.Source{{Path: "web/Dockerfile", Data: []byte("FROM a\nCOPY . /app\n")}}, files)
	got := docs[0].Root.At(lint.Path{"stages", 0, "instructions", 0, "takes"})
	if want := "[map[file:web/.env ignore:web/.dockerignore line:.env source:0 text:A=b\n]]"; fmt.Sprint(got.Plain()) != want {
		t.Errorf("got  %v\nwant %v", got.Plain(), want)
	}
	if at := got.At(lint.Path{0, "text"}).Span.Location().String(); at != "web/.env:1:1" {
		t.Errorf("the text stands at %s", at)
	}
}

func TestLimitsOfTheContextAreGaps(t *testing.T) {
	many := map[string]string{"large/.env": strings.Repeat("A=b\n", maxText)}
	for i := range maxTaken + 1 {
		many[fmt.Sprintf("many/%d.key", i)] = ""
	}
	for i := range maxCompose + 1 {
		many[fmt.Sprintf("compose/compose.%d.yaml", i)] = ""
	}
	var stages strings.Builder
	for i := range 400 {
		fmt.Fprintf(&stages, "FROM a AS s%d\n%s", i, strings.Repeat("COPY --from=0 / /\n", min(i, 1)))
		if i == 0 {
			stages.WriteString(strings.Repeat("COPY many /\n", 900))
		}
	}
	stages.WriteString("FROM b\n")
	tests := []struct{ name, file, want string }{
		{"many files", "FROM a\nCOPY many /app\n", "too many"},
		{"many stages", stages.String(), "too many"},
		{"a large file", "FROM a\nCOPY large /app\n", "large file"},
		{"many Compose files", "FROM a\nCOPY src /app\n", "Compose files are many"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, _ := Parse([]*lint.Source{{Path: "Dockerfile", Data: []byte(test.file)}}, inRepository(many))
			if text := fmt.Sprint(docs[0].Gaps); !strings.Contains(text, test.want) {
				t.Errorf("got %s", text)
			}
		})
	}
	docs, _ := Parse([]*lint.Source{{Path: "shop/Dockerfile", Data: []byte("FROM a\nCOPY src /app\n")}}, inRepository(many))
	if len(docs[0].Gaps) > 0 {
		t.Errorf("Compose files of another project: got %v", docs[0].Gaps)
	}
}
