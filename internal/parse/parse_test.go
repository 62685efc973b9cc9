package parse

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestUnits(t *testing.T) {
	paths := []string{"b/pod.yaml", "a/main.tf", "x.txt", "a/vars.tf", "a/prod.auto.tfvars", "b/main.tf", "a/Dockerfile"}
	want := [][]string{{"a/Dockerfile"}, {"a/main.tf", "a/prod.auto.tfvars", "a/vars.tf"}, {"b/main.tf"}, {"b/pod.yaml"}, {"x.txt"}}
	for range 10 {
		if diff := cmp.Diff(want, Units(paths, nil)); diff != "" {
			t.Fatal(diff)
		}
		slices.Reverse(paths)
	}
}

// TestParse has files of every platform, and one that belongs to two.
func TestParse(t *testing.T) {
	files := map[string]string{
		"main.tf":                  "locals {}\n",
		"Dockerfile":               "FROM scratch\n",
		"compose.yaml":             "services: {}\n",
		".github/workflows/ci.yml": "on: push\njobs: {}\n",
		"bitbucket-pipelines.yml":  "pipelines: {}\n",
		".buildkite/pipeline.yml":  "steps: []\n",
		".circleci/config.yml":     "version: 2.1\njobs: {}\n",
		".gitlab-ci.yml":           "a: {script: [x]}\n",
		"azure-pipelines.yml":      "steps: []\n",
		"both.yaml":                "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n---\napiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: y}\nspec: {class: api-key}\n",
		"Jenkinsfile":              "node { sh 'make' }\n",
		"main.go":                  "var dsn = os.Getenv(\"DSN\")\n",
		"empty.go":                 "package empty\n",
		"notes.txt":                "apiVersion: v1\n",
		"other.yaml":               "a: [broken\n",
	}
	var got []string
	for path, text := range files {
		docs, findings := Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		for _, doc := range docs {
			got = append(got, path+" "+doc.Platform)
		}
		for _, f := range findings {
			t.Errorf("%s: %s", f.Location, f.Message)
		}
	}
	slices.Sort(got)
	want := ".buildkite/pipeline.yml buildkite\n.circleci/config.yml circleci\n.github/workflows/ci.yml githubactions\n.gitlab-ci.yml gitlab\nDockerfile dockerfile\nJenkinsfile jenkins\nazure-pipelines.yml azure\nbitbucket-pipelines.yml bitbucket\nboth.yaml contract\nboth.yaml kubernetes\ncompose.yaml compose\nmain.go code\nmain.tf terraform"
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestUnsupported(t *testing.T) {
	const helm, other = "Helm template, searched for credentials only", "template, searched for credentials only"
	tests := []struct{ path, text, want string }{
		{"chart/templates/web.yaml", "a: {{ .Values.a }}\n", helm},
		{"chart/templates/sub/web.YML", "a: {{- $.Release.Name }}\n", helm},
		{"ci/templates/build.yml", "parameters: {a: b}\nsteps:\n- bash: ${{ parameters.a }}\n", ""},
		{"chart/templates/web.json", "{\"a\": {{ include \"x\" . }}}\n", helm},
		{"chart/templates/_helpers.TPL", "{{ define \"x\" }}{{ end }}\n", helm},
		{"roles/web/templates/web.yaml", "# see .Values\na: {{ x }}\n", other},
		{"roles/web/templates/admin.conf", "kind: Config\nusers: {{ x }}\n", other},
		{"roles/web/templates/web.txt", "a: {{ x }}\n", ""},
		{"chart/templates/plain.yaml", "a: 1\n", ""},
		{"docs/web.yaml", "a: {{ x }}\n", ""},
	}
	for _, tt := range tests {
		if got := Unsupported(&lint.Source{Path: tt.path, Data: []byte(tt.text)}, nil); got != tt.want {
			t.Errorf("%s: %q", tt.path, got)
		}
	}
}
