package codeowners

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestFind(t *testing.T) {
	tests := []struct {
		name    string
		files   []string
		want    string
		dialect Dialect
	}{
		{"nowhere", []string{"a/CODEOWNERS", "CODEOWNERS.md"}, "", GitHub},
		{"GitHub takes its own folder first", []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}, ".github/CODEOWNERS", GitHub},
		{"then the root", []string{".github/workflows/ci.yml", ".gitlab-ci.yml", "CODEOWNERS", "docs/CODEOWNERS"}, "CODEOWNERS", GitHub},
		{"then docs", []string{"docs/CODEOWNERS"}, "docs/CODEOWNERS", GitHub},
		{"GitLab takes the root first", []string{".gitlab/CODEOWNERS", "CODEOWNERS"}, "CODEOWNERS", GitLab},
		{"then docs too", []string{".gitlab-ci.yml", "docs/CODEOWNERS"}, "docs/CODEOWNERS", GitLab},
		{"then its own folder", []string{".gitlab/CODEOWNERS"}, ".gitlab/CODEOWNERS", GitLab},
		{"which is GitLab's beside GitHub's workflows too", []string{".github/workflows/ci.yml", ".gitlab/CODEOWNERS"}, ".gitlab/CODEOWNERS", GitLab},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			has := func(name string) bool {
				return slices.ContainsFunc(test.files, func(file string) bool { return file == name || strings.HasPrefix(file, name+"/") })
			}
			if got, dialect := Find(has); got != test.want || dialect != test.dialect {
				t.Errorf("got %q, %d, want %q, %d", got, dialect, test.want, test.dialect)
			}
		})
	}
}

// match is a pattern with paths, parted by commas, that it must and must not match.
type match struct{ pattern, matches, not string }

func TestGitHubPatterns(t *testing.T) {
	check(t, GitHub, []match{
		{"*", "a,a/b,.x/.y", ""},
		{"*.js", "a.js,b/c/a.js,dir.js/a", "a.jsx,js"},
		{"/build/logs/", "build/logs/a,build/logs/b/c", "build/logs,x/build/logs/a,build/a"},
		{"docs/*", "docs/a,docs/.b", "docs/a/b,x/docs/a,docs"},
		{"apps/", "apps/a,x/apps/a,x/apps/y/z", "apps,x/apps"},
		{"/apps", "apps,apps/a,apps/a/b", "x/apps,appsx"},
		{"apps/github", "apps/github,apps/github/a", "x/apps/github"},
		{"README", "README,x/README,README/a", "README.md,readme"},
		{"**/logs", "logs,logs/a,x/y/logs,x/logs/a", "xlogs"},
		{"a/**/z", "a/z,a/b/z,a/b/c/z,a/z/q", "z,a/zz"},
		{"a/**", "a/b,a/b/c", "a,b/a"},
		{"**/*.tf", "a.tf,b/c.tf", "a.tfx"},
		{"/*", "a", "a/b"},
		{"/*/b", "a/b,a/b/c", "b,a/c/b"},
		{"a/*/", "a/b/c,a/b/c/d", "a/b"},
		{"a?c", "abc,x/abc", "ac,a/c"},
		{`with\ blank/`, "with blank/a", `with\ blank/a`},
		{`a\#b`, "a#b", `a\#b`},
		{"a#b", "a#b", "a"},
		{"{a,b}", "", "a,b"},
		{"**/a/**/b", "a/x/a/y/b,a/b", "b/a"},
	})
}

func TestGitLabPatterns(t *testing.T) {
	check(t, GitLab, []match{
		{"*", "a,a/b,.x/.y", ""},
		{"docs", "docs,x/docs", "docs/a"},
		{"/docs", "docs", "docs/a,x/docs"},
		{"docs/", "docs/a,x/docs/a/b", "docs"},
		{"/docs/", "docs/a/b", "x/docs/a"},
		{"docs/*", "docs/a,x/docs/a", "docs/a/b"},
		{"/docs/**/*.md", "docs/a.md,docs/b/c.md", "x/docs/a.md"},
		{"/docs/**", "docs/a", "docs/a/b"},
		{`\#file`, "#file,x/#file", "file"},
		{"/[ab].go", "a.go,b.go", "c.go"},
		{"/[!ab].go", "c.go", "a.go"},
	})
}

func check(t *testing.T, dialect Dialect, tests []match) {
	t.Helper()
	for _, test := range tests {
		owners, gaps := Parse(source(test.pattern+" @x\n"), dialect)
		if len(gaps) > 0 {
			t.Errorf("%s: %v", test.pattern, gaps)
		}
		for _, path := range strings.Split(test.matches, ",") {
			if path != "" && owners.Of(path) == nil {
				t.Errorf("%s does not match %q", test.pattern, path)
			}
		}
		for _, path := range strings.Split(test.not, ",") {
			if path != "" && owners.Of(path) != nil {
				t.Errorf("%s matches %q", test.pattern, path)
			}
		}
	}
}

func source(text string) *lint.Source {
	return &lint.Source{Path: "CODEOWNERS", Data: []byte(text)}
}

func TestGitHubOwners(t *testing.T) {
	owners, gaps := Parse(source("\ufeff# owners\r\n"+
		"* @first @acme/all\r\n"+
		"*.go\t docs@example.com #@not @these\n"+
		"/apps/ @octo-cat @octo-cat\n"+
		"/apps/github\n"), GitHub)
	if len(gaps) > 0 {
		t.Error(gaps)
	}
	for path, want := range map[string][]string{
		"a":             {"@first", "@acme/all"},
		"b/c.go":        {"docs@example.com"},
		"apps/x.go":     {"@octo-cat"},
		"apps/github/x": nil,
	} {
		if diff := cmp.Diff(want, owners.Of(path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestGitLabSections(t *testing.T) {
	owners, gaps := Parse(source("* @all\n"+
		"[Documentation][2] @docs @docs/more/deep\n"+
		"docs/\n"+
		"README.md @readme\n"+
		"^[Database] @dba\n"+
		"db/\n"+
		"[Secrets]\n"+
		"*.yaml @@maintainer # @commented\n"+
		"!/public.yaml\n"+
		"/public.yaml @late\n"+
		"[documentation] @others\n"+
		"docs/api/\n"+
		"^[Twice] @twice\n"+
		"twice\n"+
		"[twice] @other\n"), GitLab)
	want := "CODEOWNERS:8:1: code owners: an owner is neither @user, @group nor an address; it is not asked\n"
	if got := list(gaps); got != want {
		t.Errorf("got\n%s", got)
	}
	for path, want := range map[string][]string{
		"a":           {"@all"},
		"docs/a":      {"@all", "@docs", "@docs/more/deep"},
		"docs/api/a":  {"@all", "@others"},
		"README.md":   {"@all", "@readme"},
		"db/x":        {"@all"},
		"x.yaml":      {"@all", "@@maintainer", "@commented"},
		"public.yaml": {"@all"},
		"twice":       {"@all", "@twice"},
	} {
		if diff := cmp.Diff(want, owners.Of(path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func list(gaps []lint.Gap) string {
	var b strings.Builder
	for _, gap := range gaps {
		fmt.Fprintf(&b, "%s: %s\n", gap.Location, gap.Message)
	}
	return b.String()
}

func TestWrongLinesAreReported(t *testing.T) {
	tests := []struct {
		dialect Dialect
		text    string
		want    string // of the message
	}{
		{GitHub, "!a @x", `begins with "!"`},
		{GitHub, `\#a @x`, `begins with "\#"`},
		{GitHub, "a[bc] @x", "ranges in brackets"},
		{GitHub, "[Section] @x", "ranges in brackets"},
		{GitHub, "/ @x", "names no file"},
		{GitHub, "a//b @x", "two slashes in a row"},
		{GitHub, "a @x y", "neither @user, @organisation/team nor an address"},
		{GitHub, "a @x/y/z", "neither @user, @organisation/team nor an address"},
		{GitHub, "a @", "neither @user, @organisation/team nor an address"},
		{GitHub, "a b@", "neither @user, @organisation/team nor an address"},
		{GitHub, strings.Repeat("a", 1001) + " @x", "longer than any path"},
		{GitHub, `a\`, "behind a backslash"},
		{GitLab, "/a[b @x", "within brackets"},
		{GitLab, "[Section @x", "the heading of a section has the form"},
		{GitLab, "[] @x", "the heading of a section has the form"},
		{GitLab, "[a][two] @x", "the heading of a section has the form"},
		{GitLab, "! @x", "names no file"},
	}
	for _, test := range tests {
		owners, gaps := Parse(source("* @all\n"+test.text+"\n"), test.dialect)
		if len(gaps) != 1 || !strings.Contains(gaps[0].Message, test.want) || gaps[0].Location.Start.Line != 2 {
			t.Errorf("%.20s: got %v, want %q", test.text, gaps, test.want)
		}
		if got := owners.Of("a"); len(got) != 1 || got[0] != "@all" {
			t.Errorf("%.20s: the line had the effect %v", test.text, got)
		}
	}
}

func TestWhatIsTooLargeOwnsNothing(t *testing.T) {
	for name, text := range map[string]string{
		"bytes":    strings.Repeat("#", maxSize),
		"rules":    strings.Repeat("* @x\n", maxRules+1),
		"sections": manySections(),
	} {
		owners, gaps := Parse(source(text), GitLab)
		if len(gaps) != 1 || owners.Of("a") != nil {
			t.Errorf("%s: got %v, %v", name, owners.Of("a"), gaps)
		}
	}
}

func manySections() string {
	var b strings.Builder
	for i := range maxRules + 1 {
		fmt.Fprintf(&b, "[s%d] @x\n", i)
	}
	return b.String()
}

// Whatever stands before it, the last line that matches decides.
func FuzzParse(f *testing.F) {
	f.Add([]byte("* @a @b/c\n/x/ d@e # f\n"), "x/y", false)
	f.Add([]byte("[A][2] @a\n^[B] @b\n!x\nx/**/y\\ z\n"), "x/a/y z", true)
	f.Fuzz(func(t *testing.T, data []byte, path string, gitLab bool) {
		if strings.Count(path, "/") != strings.Count(strings.Trim(path, "/"), "/") || path == "" || strings.Contains(path, "//") {
			return
		}
		dialect, last := GitHub, "\n* @the-last\n"
		if gitLab {
			dialect, last = GitLab, "\n[a section of its own]\n* @the-last\n"
		}
		owners, gaps := Parse(source(string(data)), dialect)
		for _, owner := range owners.Of(path) {
			if !strings.Contains(string(data), owner) {
				t.Errorf("owner %q stands nowhere", owner)
			}
		}
		for _, gap := range gaps {
			if gap.Location.Start.Line > strings.Count(string(data), "\n")+1 {
				t.Errorf("%v is outside of the file", gap.Location)
			}
		}
		owners, _ = Parse(source(string(data)+last), dialect)
		if got := owners.Of(path); len(got) == 0 || got[len(got)-1] != "@the-last" || !gitLab && len(got) != 1 {
			t.Errorf("got %q", got)
		}
	})
}
