package githubactions

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
		{"a workflow", ".github/workflows/ci.yml", "", true},
		{"a workflow with the long ending", ".github/workflows/ci.yaml", "", true},
		{"a workflow in a nested sample", "docs/sample/.github/workflows/ci.yml", "", true},
		{"a folder below workflows is not read by GitHub", ".github/workflows/old/ci.yml", "", false},
		{"another folder's name may end alike", "my.github/workflows/ci.yml", "", false},
		{"no YAML", ".github/workflows/README.md", "", false},
		{"a workflow elsewhere", "ci/ci.yml", "on: push\njobs: {}\n", false},
		{"an action at the root", "action.yml", "runs:\n  using: node24\n", true},
		{"an action in a folder", ".github/actions/setup/action.yaml", "runs:\n", true},
		{"an action.yml that runs nothing", "tasks/action.yml", "- debug:\n", false},
		{"a name that ends alike", "reaction.yml", "runs:\n", false},
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
	src := &lint.Source{Path: ".github/workflows/ci.yml", Data: []byte("on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n")}
	docs, findings := Parse([]*lint.Source{src})
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	doc := docs[0]
	if doc.Platform != "githubactions" || doc.Path != src.Path || doc.Name != "" {
		t.Errorf("got %q %q %q", doc.Platform, doc.Path, doc.Name)
	}
	if got := doc.Root.Get("on").Str(); got != "push" {
		t.Errorf("on is %q", got)
	}
	place, err := doc.Locate(lint.Path{"jobs", "build", "steps", 0, "run"}, lint.Spot{})
	if err != nil || place.Location.String() != ".github/workflows/ci.yml:6:14" {
		t.Errorf("got %v, %v", place.Location, err)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	const workflow, action = ".github/workflows/ci.yml", "action.yml"
	tests := []struct {
		name, path, data string
		docs             int
		want             string // place and message of the only finding
	}{
		{"nothing but comments", workflow, "# on: push\n", 0, `1:1: the workflow is empty`},
		{"an empty file", workflow, "", 0, `1:1: the workflow is empty`},
		{"an action of nothing but comments", action, "# runs:\n", 0, ""},
		{"a job that is no mapping", workflow, "jobs: {a: 5, b: {steps: []}}\n", 1, `1:8: a job must be a mapping`},
		{"a job without a value", workflow, "jobs:\n  a:\n", 1, `2:3: a job must be a mapping`},
		{"steps that are no list", workflow, "jobs: {b: {steps: 5}}\n", 1, `1:19: "steps" must be a list`},
		{"a step that is no mapping", workflow, "jobs: {b: {steps: [x]}}\n", 1, `1:20: a step must be a mapping`},
		{"an action whose steps are no list", action, "runs: {steps: 5}\n", 1, `1:15: "steps" must be a list`},
		{"as many events as are read", workflow, "on: [" + strings.Repeat("push,", 100) + "]\njobs: {}\n", 1, ""},
		{"more events", workflow, "on: [" + strings.Repeat("push,", 100) + "pull_request_target]\njobs: {}\n", 0, `1:5: the workflow names more than 100 events`},
		{"60,000 expressions", workflow, "jobs: {a: {steps: [{run: '" + strings.Repeat("${{ secrets.A }}", 60_000) + "'}]}}\n", 1, ""},
		{"expressions beyond the limit", workflow, "jobs: {a: {steps: [{run: '" + strings.Repeat("${{ secrets.A }}", 70_000) + "'}]}}\n", 0, `1:1: expressions, repeated by aliases`},
		{"a large script without expressions", workflow, "jobs: {a: {steps: [{run: '" + strings.Repeat("env.A ", 500_000) + "'}]}}\n", 1, ""},
		{"a script with variables of its shell", workflow, "env: {A: '${{ vars." + strings.Repeat("a", 2000) + " }}'}\njobs: {a: {steps: [{run: '${{ env.A }}" + strings.Repeat("$env:A ", 2000) + "'}]}}\n", 1, ""},
		{"variables repeated by variables", workflow, "env: {A: '${{ vars." + strings.Repeat("a", 2000) + " }}'}\njobs: {a: {env: {B: '" + strings.Repeat("${{ env.A }}", 50) + "'}, steps: [{run: '" + strings.Repeat("${{ env.B }}", 50) + "'}]}}\n", 0, `1:1: expressions, repeated by aliases`},
		{"a condition repeated by aliases", workflow, "x: &x {if: a" + strings.Repeat("||a", 6000) + "}\njobs: {a: {steps: [" + strings.Repeat("*x,", 100) + "]}}\n", 0, `1:1: expressions, repeated by aliases`},
		{"a template with a placeholder", workflow, "on:\n  push:\n    branches: [$default-branch]\njobs: {}\n", 1, ""},
		{"a list", workflow, "- a\n", 0, `1:1: a workflow must be a mapping`},
		{"no jobs", workflow, "on: push\n", 0, `1:1: a workflow must have the key "jobs"`},
		{"jobs that are a list", workflow, "on: push\njobs:\n  - a\n", 0, `3:3: "jobs" of a workflow must be a mapping`},
		{"jobs without a value", workflow, "on: push\njobs:\n", 0, `2:1: "jobs" of a workflow must be a mapping`},
		{"two documents", workflow, "on: push\njobs: {}\n---\non: push\njobs: {}\n", 1, `4:1: the file holds several YAML documents`},
		{"no YAML", workflow, "a: [\n", 0, `1:`},
		{"a key twice is reported and read", workflow, "on: push\njobs: {}\njobs: {}\n", 1, `3:1: key "jobs" occurs twice`},
		{"an action", action, "runs:\n  using: composite\n  steps: []\n", 1, ""},
		{"an action without a runner", action, "runs: composite\n", 0, `1:7: "runs" of an action must be a mapping`},
		{"somebody else's action.yml", action, "- runs: a\n", 0, ""},
		{"somebody else's action.yml with several documents", action, "a: runs\n---\nb: 1\n", 0, ""},
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

// FuzzParse holds that nothing that was read is lost in silence: a file gives a
// document, a finding, or held nothing.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"on: push\njobs: {a: {steps: [{run: x}]}}\n", "- a", "jobs:", "a: &x [*x]", "runs: {}\n---\n", "{", "# nothing"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		src := &lint.Source{Path: ".github/workflows/x.yml", Data: []byte(data)}
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
