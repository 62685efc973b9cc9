package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

const login = `name: Log in
inputs:
  token: {required: true}
  user: {default: bot}
outputs:
  short: {value: "${{ steps.cut.outputs.short }}"}
  whole: {value: "${{ inputs.token }}"}
runs:
  using: composite
  steps:
    - id: cut
      shell: bash
      env: {T: "${{ inputs.token }}"}
      run: |
        echo "short=${T:0:4}" >> $GITHUB_OUTPUT
        echo ${T:0:4} ${{ inputs.user }}
    - uses: acme/tool@v1
      with: {key: "${{ inputs.token }}", mine: "${{ github.token }}"}
`

func TestCalledActions(t *testing.T) {
	call := "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - id: login\n        uses: ./.github/actions/login\n        with: {token: '${{ secrets.KEY }}'}\n"
	tests := []struct {
		name, text string
		files      map[string]string
		want       []string
	}{
		{
			"a secret goes to the steps of the action", call, map[string]string{".github/actions/login/action.yml": login},
			[]string{"third_party KEY at ${{ inputs.token }}", "output KEY +substring masked=no at ${T:0:4}", "log by echo KEY +substring masked=no at ${T:0:4}"},
		},
		{
			"and comes back", call + "      - run: echo ${{ steps.login.outputs.short }}\n      - run: echo ${{ steps.login.outputs.whole }}\n", map[string]string{".github/actions/login/action.yml": login},
			[]string{"log by echo KEY +substring masked=no at ${T:0:4}", "log by echo KEY +substring masked=no at ${{ steps.login.outputs.short }}", "log by echo KEY masked=yes at ${{ steps.login.outputs.whole }}"},
		},
		{
			"actions see the variables of the step that calls them",
			"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./b\n        env: {T: '${{ secrets.KEY }}'}\n",
			map[string]string{"b/action.yaml": "runs:\n  using: composite\n  steps:\n    - {uses: ./c}\n", "c/action.yml": "runs:\n  using: composite\n  steps:\n    - {shell: bash, run: 'echo ${T:1}'}\n    - {shell: bash, run: 'echo ${{ env.T }}'}\n"},
			[]string{"log by echo KEY +substring masked=no at ${T:1}", "log by echo KEY masked=yes at ${{ env.T }}"},
		},
		{
			"what a step made is handed on",
			"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - id: s\n        env: {T: '${{ secrets.KEY }}'}\n        run: echo \"x=${T:1}\" >> $GITHUB_OUTPUT\n      - {uses: ./b, with: {v: '${{ steps.s.outputs.x }}'}}\n",
			map[string]string{"b/action.yml": "inputs: {v: {}}\nruns:\n  using: composite\n  steps:\n    - {id: s, shell: bash, run: 'echo ${{ inputs.v }}'}\n"},
			[]string{"log by echo KEY +substring masked=no at ${{ inputs.v }}"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, doc := pipelinetest.Followed(t, test.text, test.files)
			pipelinetest.CheckPlaced(t, doc)
			pipelinetest.CheckJoins(t, doc)
			for _, want := range test.want {
				if !slices.ContainsFunc(got, func(flow string) bool { return strings.HasPrefix(flow, want) }) {
					t.Errorf("no %q among\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
}

func TestWhatOfCalledActionsIsNotFollowed(t *testing.T) {
	text := "on: push\njobs:\n  a:\n    steps:\n      - uses: ./b\n      - uses: ./c\n"
	files := map[string]string{"b/action.yml": "inputs: {t: {default: '${{ github.token }}'}}\nruns:\n  using: composite\n  steps:\n    - uses: ./b\n    - {shell: bash, env: {PASSWORD: hunter2}, run: 'echo ${{ github.token }} ${{ inputs.t }} ${{ 5 +'}\n"}
	_, doc := pipelinetest.Followed(t, text, files)
	var got []string
	for _, gap := range doc.Root.Get("gaps").List() {
		got = append(got, gap.Get("why").Str()+": "+gap.Get("what").Str())
	}
	for _, list := range []string{"exposures", "literals"} { // of the action, which is judged by itself
		got = append(got, fmt.Sprint(list, " ", len(doc.Root.Get(list).List())))
	}
	want := []string{
		"syntax: the action calls itself, which GitHub refuses",
		"remote: there is no such action in the repository; what it does with secrets was not judged",
		"exposures 0", "literals 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSecretsOfCalledWorkflows(t *testing.T) {
	called := "on:\n  workflow_call:\n    secrets:\n      A: {required: true}\n      b: {}\n      C: {required: true}\njobs:\n  x:\n    steps:\n      - run: echo ${{ secrets.a }} ${{ secrets.D }} ${{ github.token }}\n"
	tests := []struct {
		name, secrets, called string
		want                  []string
	}{
		{"given by name", "{A: '${{ secrets.X }}', B: '${{ secrets.Y }}', E: '${{ secrets.Z }}'}", called,
			[]string{"A declared required given yes", "B declared given no", "C declared required no", "D yes", "E given no"}},
		{"inherited", "inherit", called, []string{"inherit", "A declared required yes", "B declared no", "C declared required no", "D yes"}},
		{"names that are computed", "{A: x}", "on: workflow_call\njobs: {x: {steps: [{run: 'echo ${{ secrets[github.job] }}'}]}}\n", []string{"A given unknown"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "on: push\njobs:\n  a:\n    uses: ./.github/workflows/y.yml\n    secrets: " + test.secrets + "\n"
			_, doc := pipelinetest.Followed(t, text, map[string]string{".github/workflows/y.yml": test.called})
			pipelinetest.CheckPlaced(t, doc)
			var got []string
			known := doc.Root.Get("components").List()[0].Get("called")
			if known.Get("inherit").Text == "true" {
				got = append(got, "inherit")
			}
			for _, s := range known.Get("secrets").List() {
				words := s.Get("name").Str()
				for _, key := range []string{"declared", "required", "given"} {
					if s.Get(key).Text == "true" {
						words += " " + key
					}
				}
				got = append(got, words+" "+s.Get("read").Str())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Ten actions that call each other ten times would run ten thousand million steps.
func TestActionsThatCallManyAreBounded(t *testing.T) {
	files := map[string]string{}
	for i := range 12 {
		step := fmt.Sprintf("    - {uses: ./a%d, with: {t: '${{ inputs.t }}${{ inputs.t }}'}}\n", i+1)
		files[fmt.Sprintf("a%d/action.yml", i)] = "inputs: {t: {}}\nruns:\n  using: composite\n  steps:\n" + strings.Repeat(step, 10)
	}
	begin := time.Now()
	_, doc := pipelinetest.Followed(t, "on: push\njobs:\n  a:\n    steps:\n      - {uses: ./a0, with: {t: '${{ secrets.KEY }}'}}\n", files)
	if spent := time.Since(begin); spent > 30*time.Second {
		t.Errorf("took %s", spent)
	}
	if pipelinetest.LastGap(doc) != "limit" {
		t.Errorf("the last gap is %q", pipelinetest.LastGap(doc))
	}
}
