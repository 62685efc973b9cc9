package circleci

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestClaims(t *testing.T) {
	for path, want := range map[string]bool{
		".circleci/config.yml": true, "sample/.circleci/config.yaml": true, ".circleci/continue_config.yml": true,
		".circleci/src/jobs/a.yml": false, "my.circleci/config.yml": false, ".circleci/config.json": false, "circle.yml": false,
	} {
		if got := Claims(&lint.Source{Path: path}); got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	const config, other = ".circleci/config.yml", ".circleci/codecov.yml"
	tests := []struct {
		name, path, text string
		docs             int
		want             string // the first words of each finding
	}{
		{"a configuration", config, "version: 2.1\njobs: {a: {steps: [checkout]}}\n", 1, ""},
		{"steps that a parameter stands for", config, "jobs: {a: {steps: << parameters.s >>}}\n", 1, ""},
		{"one that goes on", other, "workflows: {}\n", 1, ""},
		{"somebody else's file", other, "coverage: {}\n", 0, ""},
		{"somebody else's list", other, "- a\n", 0, ""},
		{"no part", config, "version: 2.1\n", 0, "1:1 a configuration must have"},
		{"a list", config, "- a\n", 0, "1:1 a configuration must be"},
		{"nothing", config, "# nothing\n", 0, "1:1 the configuration is empty"},
		{"two documents", config, "jobs: {}\n---\njobs: {}\n", 1, "3:1 the file holds several"},
		{"no YAML", config, "jobs: [\n", 0, "1:1 YAML cannot be parsed"},
		{"a job that is none, beside one", config, "jobs: {a: 5, b: {steps: x}, c: {steps: [checkout]}}\nworkflows: []\n", 1, `2:12 "workflows" must be|1:8 a job must be|1:25 "steps" must be`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: test.path, Data: []byte(test.text)}})
			if len(docs) != test.docs {
				t.Errorf("got %d documents, want %d", len(docs), test.docs)
			}
			var got []string
			for _, f := range findings {
				got = append(got, strings.TrimPrefix(f.Location.String(), test.path+":")+" "+f.Message)
			}
			wants := strings.Split(test.want, "|")
			if test.want == "" {
				wants = nil
			}
			if len(got) != len(wants) {
				t.Fatalf("got %q, want %q", got, wants)
			}
			for i, want := range wants {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}
