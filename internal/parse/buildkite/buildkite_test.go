package buildkite

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestClaims(t *testing.T) {
	tests := []struct {
		path, text string
		want       bool
	}{
		{".buildkite/pipeline.yml", "steps:\n", true},
		{"sample/.buildkite/deploy/pipeline.deploy.yaml", "steps:\n", true},
		{".buildkite/pipeline.json", `{"steps": []}`, true},
		{"buildkite.yml", "steps:\n", true},
		{"buildkite/pipeline.yml", "steps:\n", true},
		{"buildkite/other.yml", "steps:\n", false},
		{"pipeline.yml", "steps:\n", false},
		{".buildkite/docker-compose.yml", "services:\n", false},
		{".buildkite/run.sh", "steps\n", false},
	}
	for _, test := range tests {
		if got := Claims(&lint.Source{Path: test.path, Data: []byte(test.text)}); got != test.want {
			t.Errorf("%s: got %t, want %t", test.path, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	const pipeline, other = ".buildkite/pipeline.yml", ".buildkite/other.yml"
	tests := []struct {
		name, path, text string
		docs             int
		want             string // the first words of the finding
	}{
		{"a pipeline", pipeline, "steps: [wait]\n", 1, ""},
		{"a list of steps", pipeline, "- command: make # steps\n", 1, ""},
		{"somebody else's list", other, "- steps\n", 0, ""},
		{"somebody else's file", other, "note: steps\n", 0, ""},
		{"steps that are no list", other, "steps: {}\n", 0, `1:8 "steps" must be a list`},
		{"a command that is a mapping", other, "steps: [{group: g, steps: [{command: [make, {echo a: b}]}]}]\n", 1, "1:45 a command must be text"},
		{"two documents", other, "steps: []\n---\nsteps: []\n", 1, "3:1 the file holds several"},
		{"no YAML", other, "steps: [\n", 0, "1:1 YAML cannot be parsed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: test.path, Data: []byte(test.text)}})
			if len(docs) != test.docs {
				t.Errorf("got %d documents, want %d", len(docs), test.docs)
			}
			got := ""
			for _, f := range findings {
				got += strings.TrimPrefix(f.Location.String(), test.path+":") + " " + f.Message
			}
			if !strings.HasPrefix(got, test.want) || len(findings) > 1 || (test.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
