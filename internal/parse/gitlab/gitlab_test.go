package gitlab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestClaims(t *testing.T) {
	const component = "# comment\n---\nspec:\n  inputs:\n    stage: {default: test}\n---\na: {script: [x]}\n"
	tests := []struct {
		path, text string
		want       bool
	}{
		{".gitlab-ci.yml", "", true},
		{"sub/project/.gitlab-ci.yml", "", true},
		{".gitlab-ci-deploy.yaml", "a: {}\nb:\n  script: [x]\n", true},
		{".gitlab-ci.params.yml", "app:\n  name: x\n", false},
		{"ci/deploy.gitlab-ci.yml", "", true},
		{"gitlab-ci.yml", "", true},
		{".gitlab/ci/rules.yml", ".a:\n  rules: []\n", true},
		{".gitlab/ci/nested/rules.yml", "include: x\n", true},
		{".gitlab-ci/rules.yml", "variables: {}\n", true},
		{".nvidia-ci.yml", "a:\n  image: x\n  stage: build\n  script: [x]\n", true},
		{".common-ci.yml", ".a:\n  extends:\n  - .b\n  script: [x]\n", true},
		{"azure-ci.yml", "stages:\n- stage: a\n  jobs:\n  - script: x\n", false},
		{"travis-ci.yml", "script: [x]\nstages: [a]\n", false},
		{".gitlab/ci/data.yml", "- x\n", false},
		{".gitlab/agents/a/config.yaml", "", false},
		{".gitlab/ci/script.sh", "", false},
		{"templates/scan.yml", component, true},
		{"templates/scan/template.yml", component, true},
		{"templates/pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n", false},
		{"templates/scan.yml", "spec:\n  replicas: 1\n", false},
		{"other/scan.yml", component, false},
		{"gitlab-ci.md", "", false},
	}
	for _, test := range tests {
		if got := Claims(&lint.Source{Path: test.path, Data: []byte(test.text)}); got != test.want {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
	}
}

func TestFindings(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"a definition in order", ".gitlab-ci.yml", "stages: [a]\n.t: [x]\ndefault: {before_script: [x]}\na: {script: [x, [y, !reference [.t]]]}\n", ""},
		{"nothing but a comment", ".gitlab-ci.yml", "# none\n", "1:1 the pipeline definition is empty, which GitLab refuses; write a job, or remove the file"},
		{"nothing, in a folder", ".gitlab/ci/a.yml", "# none\n", ""},
		{"a list", ".gitlab-ci.yml", "- a\n", "1:1 a pipeline definition must be a mapping from the names of jobs to jobs"},
		{"a list, in a folder", ".gitlab/ci/a.yml", "- a\n", ""},
		{"a job that is none", ".gitlab-ci.yml", "a: x\n", `1:1 a job must be a mapping with the key "script", "trigger" or "run"; a dot before its name makes it a template`},
		{"a colon in a line", ".gitlab-ci.yml", "a:\n  script:\n  - x\n  - echo: b\n", "4:5 a line of a script must be text, and this is a mapping because of its colon; put the line in quotes"},
		{"a colon in a line of all jobs", ".gitlab-ci.yml", "before_script: [[{echo: b}]]\na: {script: x}\n", "1:18 a line of a script must be text, and this is a mapping because of its colon; put the line in quotes"},
		{"a header", "templates/a.yml", "spec: {inputs: {a: {}}}\n---\na: {script: [x]}\n", ""},
		{"a header alone", "templates/a.yml", "spec: {inputs: {a: {}}}\n", ""},
		{"a document that nobody reads", ".gitlab-ci.yml", "a: {script: [x]}\n---\nb: {script: [x]}\n", `3:1 GitLab reads one YAML document, and a header with the key "spec" before it; remove the others`},
		{"a third document", ".gitlab-ci.yml", "spec: {}\n---\na: {script: [x]}\n---\nb: {script: [x]}\n", `5:1 GitLab reads one YAML document, and a header with the key "spec" before it; remove the others`},
		{"a circle", ".gitlab-ci.yml", "a: {extends: b, script: [x]}\nb: {extends: [c, a]}\n", "1:14 the job extends itself, or one that does; remove one of these keys\n2:14 the job extends itself, or one that does; remove one of these keys"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{{Path: test.path, Data: []byte(test.text)}})
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%d:%d %s", f.Location.Start.Line, f.Location.Start.Column, f.Message))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACircleIsNoMistakeOfSyntax(t *testing.T) {
	_, findings := Parse([]*lint.Source{{Path: ".gitlab-ci.yml", Data: []byte("a: {extends: a, script: [x]}\n")}})
	if len(findings) != 1 || findings[0].Rule != lint.Circular {
		t.Errorf("got %v", findings)
	}
}

func TestHeaderIsPartOfTheDocument(t *testing.T) {
	docs, _ := Parse([]*lint.Source{{Path: "templates/a.yml", Data: []byte("spec: {inputs: {a: {}}}\n---\nb: {script: [x]}\n")}})
	if len(docs) != 1 || docs[0].Root.Get("spec", "inputs", "a") == nil || docs[0].Root.Get("b", "script") == nil {
		t.Errorf("got %d documents", len(docs))
	}
}
