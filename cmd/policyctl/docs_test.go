package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// example is a block of code of a document that says in its first line which file it is.
var example = regexp.MustCompile("(?ms)^```\\w+\n# ([\\w./-]+)\n(.*?)^```$")

var (
	component = regexp.MustCompile(`(?m)^ *(- )?(uses|component|image): .*$`)
	pinned    = regexp.MustCompile(`@(sha256:[0-9a-f]{64}|[0-9a-f]{40}( # v\d+\.\d+\.\d+)?)$`)
)

// TestExamples checks the pipelines of docs as they would stand in a repository: they
// are read, and no policy of any tier has anything to say about them.
func TestExamples(t *testing.T) {
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		doc   string
		also  []string // files of the repository that the examples need
		files int
		want  map[string]int // documents of each platform, the neutral ones not counted
	}{
		{"github.md", nil, 5, map[string]int{"githubactions": 5}},
		{"ci.md", []string{"templates/policyctl.yml"}, 7, map[string]int{"gitlab": 2, "azure": 1, "jenkins": 1, "bitbucket": 1, "circleci": 1, "buildkite": 1}},
	}
	for _, test := range tests {
		t.Run(test.doc, func(t *testing.T) {
			i := slices.IndexFunc(docs, func(name string) bool { return filepath.Base(name) == test.doc })
			text, err := os.ReadFile(docs[i])
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{}
			for _, m := range example.FindAllSubmatch(text, -1) {
				files[string(m[1])] = m[2]
				for _, uses := range component.FindAllString(string(m[2]), -1) {
					if !pinned.MatchString(uses) {
						t.Errorf("%s: %s is not pinned to a commit", m[1], uses)
					}
				}
			}
			for _, name := range test.also {
				if files[name], err = os.ReadFile("../../" + name); err != nil {
					t.Fatal(err)
				}
			}
			if len(files) != test.files {
				t.Errorf("%d files, want %d", len(files), test.files)
			}
			report := quiet(t, files)
			for platform, want := range test.want {
				if got := report.Summary.Documents[platform]; got != want {
					t.Errorf("%d documents of %s, want %d; there are %v", got, platform, want, report.Summary.Documents)
				}
			}
		})
	}
}

// checked is what a test needs of a saved report.
type checked struct {
	Summary struct {
		Documents map[string]int
	}
}

// quiet checks files by the rules of all tiers, of which none may find anything.
func quiet(t *testing.T, files map[string][]byte) checked {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if status := run(context.Background(), []string{"check", "--tier", "strict", "--tier", "audit", "--fail-on", "low", "--format", "text", "--format", "json=report.json"}, nil, &out, &out); status != statusPassed || !strings.Contains(out.String(), ", 0 findings,") {
		t.Errorf("status %d: %s", status, out.String())
	}
	data, err := os.ReadFile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	var report checked
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	return report
}

var (
	commandLine = regexp.MustCompile(`(?m)(?:^|[\s"'` + "`" + `(:])policyctl ([a-z]+[^#|;&\n` + "`" + `]*)`)
	setLine     = regexp.MustCompile(`(?m)set -- ([^#|;&\n]*)`)
	flagName    = regexp.MustCompile(`(?:^|\s)--([a-z][a-z-]+)`)
)

// TestDocumentedFlags holds the commands that documents and pipelines show to what
// the program takes.
func TestDocumentedFlags(t *testing.T) {
	seen := 0
	for _, name := range []string{"README.md", "docs/github.md", "docs/ci.md", "templates/policyctl.yml"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, m := range commandLine.FindAllSubmatch(text, -1) {
			lines = append(lines, string(m[1]))
		}
		for _, m := range setLine.FindAllSubmatch(text, -1) {
			lines = append(lines, "check "+string(m[1])) // what is set there is for check
		}
		for _, line := range lines {
			command, _, err := newRoot().Find(strings.Fields(line))
			if err != nil || !command.HasParent() {
				continue // prose: policyctl says …
			}
			for _, m := range flagName.FindAllStringSubmatch(line, -1) {
				seen++
				if command.Flags().Lookup(m[1]) == nil {
					t.Errorf("%s shows %q, and %s has no flag --%s", name, line, command.CommandPath(), m[1])
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d flags are shown", seen)
	}
}
