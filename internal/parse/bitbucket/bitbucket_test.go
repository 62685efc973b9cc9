package bitbucket

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestClaims(t *testing.T) {
	for path, want := range map[string]bool{
		"bitbucket-pipelines.yml": true, "sample/bitbucket-pipelines.yml": true, "bitbucket-pipelines.yaml": false, "pipelines.yml": false,
	} {
		if got := Claims(&lint.Source{Path: path}); got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text string
		docs       int
		want       string // the first words of the finding
	}{
		{"a configuration", "pipelines: {default: [{step: {script: [make]}}], custom: {x: {import: 'a:b:c'}}}\n", 1, ""},
		{"shared pipelines", "export: true\ndefinitions: {pipelines: {x: []}}\n", 1, ""},
		{"nothing", "# nothing\n", 0, "1:1 the configuration is empty"},
		{"no pipelines", "image: x\n", 0, `1:1 a configuration must have the key "pipelines"`},
		{"a list", "- a\n", 0, "1:1 a configuration must be"},
		{"a list of pipelines", "pipelines: []\n", 0, `1:12 "pipelines" must be`},
		{"two documents", "pipelines: {}\n---\npipelines: {}\n", 1, "3:1 the file holds several"},
		{"a pipeline that is no list", "pipelines: {default: {step: {}}}\n", 1, "1:22 a pipeline must be a list"},
		{"a line that is a mapping", "pipelines: {default: [{parallel: [{step: {script: [make, {pipe: x}, {echo a: b}]}}]}]}\n", 1, "1:69 a line of a script must be"},
		{"a section that is no mapping", "pipelines: {branches: []}\n", 1, `1:23 "branches" must be`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: "bitbucket-pipelines.yml", Data: []byte(test.text)}})
			if len(docs) != test.docs {
				t.Errorf("got %d documents, want %d", len(docs), test.docs)
			}
			got := ""
			for _, f := range findings {
				got += strings.TrimPrefix(f.Location.String(), "bitbucket-pipelines.yml:") + " " + f.Message
			}
			if !strings.HasPrefix(got, test.want) || len(findings) > 1 || (test.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
