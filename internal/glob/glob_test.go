package glob

import (
	"strings"
	"testing"
	"time"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		name      string
		glob      string
		path      string
		dir, file bool
	}{
		{"a name begins at the root", "docs", "docs", true, true},
		{"and nowhere else", "docs", "a/docs", false, false},
		{"a slash behind matches directories only", "docs/", "docs", true, false},
		{"so do two stars behind", "docs/**", "docs", true, false},
		{"and two stars and one", "docs/**/*", "docs", true, false},
		{"and any repetition", "docs/**/**/", "docs", true, false},
		{"two stars in front match at any depth", "**/vendor/**", "a/b/vendor", true, false},
		{"or at none", "**/vendor/**", "vendor", true, false},
		{"a tree is not matched from within", "**/vendor/**", "vendor/a", false, false},
		{"one star stays within a name", "docs/*", "docs/a", true, true},
		{"and does not cross a slash", "docs/*", "docs/a/b", false, false},
		{"two stars cross it", "docs/**/*.md", "docs/a/b.md", true, true},
		{"a question mark is a character", "?", "é", true, true},
		{"a class", "[a-c]x", "bx", true, true},
		{"braces", "{a,b}/*.md", "b/c.md", true, true},
		{"a point and a slash in front mean nothing", "./docs", "docs", true, true},
		{"bytes that are no UTF-8", "a\xff*", "a\xffb", true, true},
		{"an escaped star", `a\*`, "ab", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := Parse(test.glob)
			if err != nil {
				t.Fatal(err)
			}
			if dir, file := g.Dir(test.path), g.File(test.path); dir != test.dir || file != test.file {
				t.Errorf("got %v, %v, want %v, %v", dir, file, test.dir, test.file)
			}
			if g.String() != test.glob {
				t.Errorf("written as %q", g)
			}
		})
	}
}

func TestTheZeroGlobMatchesNothing(t *testing.T) {
	var g Glob
	if g.Dir("") || g.File("a") || g.Dir(".") {
		t.Error("it matches")
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, glob, want string }{
		{"empty", "", "matches nothing"},
		{"only a point", "./", "matches nothing"},
		{"absolute", "/etc/**", `starts with "/"`},
		{"negated", "!docs", "under include"},
		{"out of the root", "a/../../b", "leads out of the root"},
		{"open class", "a[", "malformed"},
		{"open brace", "{a", "malformed"},
		{"ends in a backslash", `a\`, "malformed"},
		{"too many choices", strings.Repeat("{a,b}", 30), "more than 1000 combinations"},
		{"too many nested choices", strings.Repeat("{a,", 40) + strings.Repeat("}", 40), "more than 1000 combinations"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.glob)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("**/{a,b}/**/*.md", "x/a/y/z.md")
	f.Add("[!a-c]?*\\*", "dxy*")
	f.Add(strings.Repeat("**/*a", 50), strings.Repeat("a/", 100))
	f.Fuzz(func(t *testing.T, text, path string) {
		g, err := Parse(text)
		if err != nil {
			return
		}
		begin := time.Now()
		if g.File(path) && !g.Dir(path) {
			t.Errorf("%q matches %q as a file and not as a directory", text, path)
		}
		if took := time.Since(begin); len(text)+len(path) < 1000 && took > 10*time.Second {
			t.Errorf("%q takes %s", text, took)
		}
	})
}
