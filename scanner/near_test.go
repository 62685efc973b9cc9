package scanner

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// A rule that names a path and no pattern is about the file as such.
func TestPathOnly(t *testing.T) {
	const config = "[[rules]]\nid = \"state\"\npath = '''\\.tfstate$'''\n[[rules.allowlists]]\npaths = ['''^examples/''']\n"
	tests := []struct{ name, path, want string }{
		{"the path matches", "prod.tfstate", "prod.tfstate:1:1-1:1 secret/state anchor=\n"},
		{"another path", "prod.tf", ""},
		{"a path that is allowed", "examples/prod.tfstate", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScanner(t, Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte(config)}})
			if diff := cmp.Diff(tt.want, show(s.Scan(&lint.Source{Path: tt.path, Data: []byte("{}\n{}\n")}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// pairs finds what has a user near by.
func pairs(t *testing.T, distance string) *Scanner {
	t.Helper()
	config := "[[rules]]\nid = \"user\"\nregex = '''user-[0-9]+'''\nskipReport = true\n" +
		"[[rules]]\nid = \"pair\"\nregex = '''pass-[0-9]+'''\n[[rules.required]]\nid = \"user\"\n" + distance
	return newScanner(t, Options{Gitleaks: &Gitleaks{Path: ".gitleaks.toml", Data: []byte(config)}})
}

func TestNear(t *testing.T) {
	tests := []struct{ name, distance, text, want string }{
		{"anywhere", "", "pass-1\n\n\n\nuser-2\n", "a.txt:1:1-1:7 secret/pair anchor=\n"},
		{"nowhere", "", "pass-1\n", ""},
		{"on the line", "withinLines = 0\n", "user-1 pass-1\npass-2\n", "a.txt:1:8-1:14 secret/pair anchor=\n"},
		{"near in columns, on any line", "withinColumns = 2\n", "  user-1\n\npass-1\n         pass-2\n", "a.txt:3:1-3:7 secret/pair anchor=\n"},
		{"near in both", "withinLines = 1\nwithinColumns = 2\n", "  user-1\npass-1\npass-2\n       pass-3\n", "a.txt:2:1-2:7 secret/pair anchor=\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := &lint.Source{Path: "a.txt", Data: []byte(tt.text)}
			if diff := cmp.Diff(tt.want, show(pairs(t, tt.distance).Scan(src))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each of many matches is looked up, and not held against all others.
func TestManyNear(t *testing.T) {
	const n = 30_000
	for _, text := range []string{"pass-1 user-1 ", "pass-1\nuser-1\n", "pass-1 ", "pass-1\n"} {
		src := &lint.Source{Path: "a.txt", Data: []byte(strings.Repeat(text, n))}
		s := pairs(t, "withinLines = 1\nwithinColumns = 1\n")
		start := cpu()
		s.Scan(src)
		if spent := cpu() - start; spent > 4*time.Second { // pair by pair it takes minutes
			t.Errorf("%d times %q take %v", n, text, spent)
		}
	}
}
