package azure

import (
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
	"github.com/policyctl/policyctl/internal/yaml"
)

func TestClaims(t *testing.T) {
	tests := []struct {
		name, path, data string
		want             bool
	}{
		{"a pipeline", "azure-pipelines.yml", "", true},
		{"one of several pipelines", "ci/azure-pipelines-release.yaml", "", true},
		{"a pipeline with a name before it", "build.azure-pipelines.yml", "", true},
		{"a template in the platform's folder", ".azuredevops/steps/build.yml", "parameters:\n- name: a\nsteps: []\n", true},
		{"another file in that folder", ".azuredevops/pull_request_template.yml", "a: 1\n", false},
		{"a list of jobs anywhere", "ci/jobs.yml", "parameters:\n  a: 1\n\njobs:\n# first\n- job: build\n", true},
		{"a list of jobs with a condition first", "ci/jobs.yml", "jobs:\n- ${{ if eq(parameters.a, 'b') }}:\n  - job: build\n", true},
		{"a list of steps anywhere", "ci/steps.yml", "steps:\n  - task: NuGetAuthenticate@1\n", true},
		{"a list of variables anywhere", "ci/vars.yml", "variables:\n- group: prod\n", true},
		{"a pipeline that extends", "ci/main.yml", "trigger: none\nextends:\n  template: /base.yml\n", true},
		{"GitHub's jobs are a mapping", "ci/x.yml", "on: push\njobs:\n  build:\n    steps:\n    - run: x\n", false},
		{"a workflow of GitHub", ".github/workflows/x.yml", "jobs:\n- job: a\n", false},
		{"GitLab's stages are words", "ci/x.yml", "stages:\n- build\nvariables:\n  A: b\n", false},
		{"CircleCI's jobs are a mapping", "ci/x.yml", "version: 2.1\njobs:\n  build:\n    steps:\n      - checkout\n", false},
		{"Buildkite's steps have commands", "ci/x.yml", "steps:\n- label: test\n  command: make\n", false},
		{"a step deep within", "ci/x.yml", "spec:\n  steps:\n  - script: x\n", false},
		{"no YAML", "azure-pipelines.md", "jobs:\n- job: a\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Claims(&lint.Source{Path: test.path, Data: []byte(test.data)}); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	const pipeline = "azure-pipelines.yml"
	tests := []struct {
		name, path, data string
		docs             int
		want             string // place and message of the only finding
	}{
		{"a pipeline", pipeline, "steps:\n- script: make\n", 1, ""},
		{"nothing but comments", pipeline, "# steps:\n", 0, "1:1: the pipeline is empty"},
		{"no YAML", pipeline, "a: [\n", 0, "1:"},
		{"a list", pipeline, "- a\n", 0, "1:1: a pipeline must be a mapping"},
		{"nothing to run", pipeline, "trigger: none\n", 0, "1:1: a pipeline must have one of the keys"},
		{"two documents", pipeline, "steps: []\n---\nsteps: []\n", 1, "3:1: the file holds several YAML documents"},
		{"somebody else's file in the platform's folder", ".ado/x.yml", "parameters: 5\n", 0, ""},
		{"steps that are no list", pipeline, "steps: 5\n", 1, `1:8: "steps" must be a list`},
		{"steps in a mapping", pipeline, "jobs:\n- job: a\n  steps: {script: x}\n", 1, `3:10: "steps" must be a list`},
		{"an unknown step", pipeline, "steps:\n- run: x\n", 1, "2:3: the entry must be a mapping with one of the keys script"},
		{"an unknown step behind a condition", pipeline, "steps:\n- ${{ if a }}:\n  - run: x\n", 1, "3:5: the entry must be a mapping"},
		{"a step of a deployment", pipeline, "jobs:\n- deployment: a\n  strategy: {runOnce: {deploy: {steps: [x]}}}\n", 1, "3:41: the entry must be a mapping"},
		{"steps that a parameter gives", pipeline, "parameters:\n- name: a\n  type: stepList\nsteps: ${{ parameters.a }}\n", 1, ""},
		{"a step that a parameter gives", pipeline, "steps:\n- ${{ parameters.a }}\n- script: x\n", 1, ""},
		{"a key that an expression gives", pipeline, "steps:\n- ${{ if a }}:\n    script: x\n  ${{ else }}:\n    bash: y\n", 1, ""},
		{"parameters may have any shape", pipeline, "extends:\n  template: a.yml\n  parameters:\n    steps: 5\n", 1, ""},
		{"conditions may stand twice", pipeline, "steps:\n- task: a@1\n  ${{ if a }}:\n    env: {A: b}\n  ${{ else }}:\n    env: {}\n  ${{ if b }}:\n    name: c\n  ${{ else }}:\n    name: d\n", 1, ""},
		{"a key twice is reported and read", pipeline, "steps: []\nsteps: []\n", 1, `2:1: key "steps" occurs twice`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{{Path: test.path, Data: []byte(test.data)}})
			if len(docs) != test.docs {
				t.Errorf("got %d documents, want %d", len(docs), test.docs)
			}
			got := ""
			for _, f := range findings {
				got += strings.TrimPrefix(f.Location.String(), test.path+":") + ": " + f.Message
			}
			if !strings.HasPrefix(got, test.want) || (test.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRepeatedConditionsAreAllKept(t *testing.T) {
	docs, _ := Parse([]*lint.Source{{Path: "azure-pipelines.yml", Data: []byte("steps:\n- script: x\n  ${{ else }}: {a: 1}\n  ${{ else }}: {b: 2}\n  ${{ else }}: {c: 3}\n")}})
	step := docs[0].Root.Get("steps").List()[0]
	if step.Get("${{ else }}", "a") == nil || step.Get("${{ else }} (2)", "b") == nil || step.Get("${{ else }} (3)", "c") == nil {
		t.Error("a condition is lost")
	}
}

// FuzzParse holds that nothing that was read is lost in silence: a file gives a
// document, a finding, or held nothing; and each value stands in the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"steps:\n- script: x\n", "- a", "jobs:", "a: &x [*x]", "steps: []\n---\n", "{", "# nothing", "${{ if a }}:\n  steps: []\n${{ if a }}:\n  jobs: []\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		src := &lint.Source{Path: "azure-pipelines.yml", Data: []byte(data)}
		docs, findings := Parse([]*lint.Source{src})
		if roots, _ := yaml.Read(src); len(roots) > 0 && len(docs) == 0 && len(findings) == 0 {
			t.Error("the file vanished")
		}
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, parsetest.Quoted) {
				t.Error(wrong)
			}
		}
	})
}
