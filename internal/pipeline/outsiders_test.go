package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// told lists what outsiders' texts are pasted into, and which copies are theirs.
func told(t *testing.T, workflow string, files map[string]string) (all []string) {
	t.Helper()
	_, doc := pipelinetest.Followed(t, workflow, files)
	sources := map[string]*lint.Source{".github/workflows/x.yml": doc.Root.Span.Source}
	for path, data := range files {
		sources[path] = &lint.Source{Path: path, Data: []byte(data)}
	}
	for i, u := range doc.Root.Get("untrusted").List() {
		if u.Get("at").Str() == "inline" {
			place, err := doc.Locate(lint.Path{"untrusted", i, "expression"}, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, u.Get("expression").Str()+" "+u.Get("privileged").Str()+" at "+pipelinetest.TextAt(sources[place.Location.Path], place.Location))
		}
	}
	for _, c := range doc.Root.Get("checkouts").List() {
		if c.Get("source").Str() == "change" {
			all = append(all, "checkout in "+c.Get("job").Str())
		}
	}
	return all
}

const openTo = "on: pull_request_target\npermissions: {}\njobs:\n"

func steps(list string) string {
	return openTo + "  a:\n    runs-on: ubuntu-24.04\n    steps:\n" + list
}

func TestOutsidersTextsOnTheirWay(t *testing.T) {
	title := "      - id: s\n        env: {T: '${{ github.event.pull_request.title }}'}\n        run: "
	called := map[string]string{".github/workflows/r.yml": "on:\n  workflow_call:\n    inputs: {text: {type: string}, ref: {type: string}}\n    outputs: {back: {value: '${{ jobs.b.outputs.o }}'}}\n" +
		"jobs:\n  b:\n    runs-on: x\n    outputs: {o: '${{ steps.s.outputs.o }}'}\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: '${{ inputs.ref }}'}\n" +
		"      - id: s\n        env: {T: '${{ inputs.text }}'}\n        run: echo \"o=$T\" >> $GITHUB_OUTPUT\n      - run: echo ${{ inputs.text }}\n"}
	tests := []struct {
		name, workflow string
		files          map[string]string
		want           []string
	}{
		{"an output of a step", steps(title + "echo \"t=$T\" >> $GITHUB_OUTPUT\n      - run: echo ${{ steps.s.outputs.t }}\n"), nil,
			[]string{"github.event.pull_request.title yes at ${{ steps.s.outputs.t }}"}},
		{"a variable of later steps", steps(title + "echo \"TT=$T\" >> $GITHUB_ENV\n      - run: echo ${{ env.TT }}\n"), nil,
			[]string{"github.event.pull_request.title yes at ${{ env.TT }}"}},
		{"a matrix that a job makes", openTo + "  p:\n    runs-on: x\n    outputs: {m: '${{ steps.s.outputs.m }}'}\n    steps:\n" + title + "echo \"m=$T\" >> $GITHUB_OUTPUT\n" +
			"  a:\n    runs-on: x\n    needs: p\n    strategy: {matrix: {k: '${{ fromJSON(needs.p.outputs.m) }}'}}\n    steps:\n      - run: echo ${{ matrix.k }}\n", nil,
			[]string{"github.event.pull_request.title yes at ${{ matrix.k }}"}},
		{"a matrix that a job makes of what it chose", openTo + "  p:\n    runs-on: x\n    outputs: {m: '${{ steps.s.outputs.m }}'}\n    steps:\n" + title + "echo \"m=[1]\" >> $GITHUB_OUTPUT\n" +
			"  a:\n    runs-on: x\n    needs: p\n    strategy: {matrix: {k: '${{ fromJSON(needs.p.outputs.m) }}'}}\n    steps:\n      - run: echo ${{ matrix.k }}\n", nil, nil},
		{"a quoted variable", steps(title + "echo \"t=$T\" >> $GITHUB_OUTPUT\n      - run: echo \"$X\"\n        env: {X: '${{ steps.s.outputs.t }}'}\n"), nil, nil},
		{"what is left of it is no code", steps(title + "|\n          echo \"a=$(echo \"$T\" | tr -cd 'a-z')\" >> $GITHUB_OUTPUT\n          echo \"b=${T//[^a-z]/}\" >> $GITHUB_OUTPUT\n" +
			"          echo \"c=$(echo \"$T\" | grep -oE '[0-9]+')\" >> $GITHUB_OUTPUT\n          echo \"d=$(echo \"$T\" | sha256sum)\" >> $GITHUB_OUTPUT\n          echo \"e=yes\" >> $GITHUB_OUTPUT\n          echo \"f=$(git rev-parse HEAD)\" >> $GITHUB_OUTPUT\n" +
			"      - run: echo ${{ steps.s.outputs.a }} ${{ steps.s.outputs.b }} ${{ steps.s.outputs.c }} ${{ steps.s.outputs.d }} ${{ steps.s.outputs.e }} ${{ steps.s.outputs.f }}\n"), nil, nil},
		{"what was compared with a pattern", steps(title + "|\n          [[ $T =~ ^[a-z-]+$ ]] || exit 1\n          echo \"t=$T\" >> $GITHUB_OUTPUT\n      - run: echo ${{ steps.s.outputs.t }}\n"), nil, nil},
		{"slashes turned into dashes", steps(title + "echo \"t=$(echo \"$T\" | tr / -)\" >> $GITHUB_OUTPUT\n      - run: echo ${{ steps.s.outputs.t }}\n"), nil,
			[]string{"github.event.pull_request.title yes at ${{ steps.s.outputs.t }}"}},
		{"an output of a job, and a job with a guard", openTo + "  a:\n    runs-on: x\n    outputs: {t: '${{ steps.s.outputs.t }}'}\n    steps:\n" + title + "echo \"t=$T\" >> $GITHUB_OUTPUT\n" +
			"  b:\n    needs: a\n    runs-on: x\n    steps: [{run: 'echo ${{ needs.a.outputs.t }}'}]\n" +
			"  c:\n    needs: a\n    if: github.event.pull_request.head.repo.full_name == github.repository\n    runs-on: x\n    steps: [{run: 'echo ${{ needs.a.outputs.t }}'}]\n", nil,
			[]string{"github.event.pull_request.title yes at ${{ needs.a.outputs.t }}", "github.event.pull_request.title no at ${{ needs.a.outputs.t }}"}},
		{"a called workflow, and back", openTo + "  a:\n    uses: ./.github/workflows/r.yml\n    with: {text: '${{ github.event.pull_request.title }}'}\n" +
			"  b:\n    needs: a\n    runs-on: x\n    steps: [{run: 'echo ${{ needs.a.outputs.back }}'}]\n", called,
			[]string{"github.event.pull_request.title yes at ${{ github.event.pull_request.title }}", "github.event.pull_request.title yes at ${{ needs.a.outputs.back }}"}},
		{"a called workflow with a commit", openTo + "  a:\n    uses: ./.github/workflows/r.yml\n    with: {ref: '${{ github.event.pull_request.head.sha }}', text: '${{ github.event.number }}'}\n", called,
			[]string{"checkout in a"}},
		{"a called workflow with its own", openTo + "  a:\n    uses: ./.github/workflows/r.yml\n    with: {ref: '${{ github.event.pull_request.base.sha }}', text: fixed}\n", called, nil},
		{"an action of the repository", steps(title + "echo \"t=$T\" >> $GITHUB_OUTPUT\n      - uses: ./say\n        with: {what: '${{ steps.s.outputs.t }}'}\n"),
			map[string]string{"say/action.yml": "inputs: {what: {}}\nruns:\n  using: composite\n  steps: [{run: 'echo ${{ inputs.what }}', shell: bash}]\n"},
			[]string{"github.event.pull_request.title yes at ${{ inputs.what }}"}},
		{"a matrix", openTo + "  a:\n    runs-on: x\n    strategy:\n      matrix: {b: ['${{ github.head_ref }}'], include: [{c: {d: '${{ github.event.pull_request.title }}'}}], e: ['${{ github.base_ref }}', x]}\n" +
			"    steps:\n      - run: echo ${{ matrix.b }} ${{ matrix.c.d }} ${{ matrix.e }}\n      - run: echo \"$B\"\n        env: {B: '${{ matrix.b }}'}\n", nil,
			[]string{"github.head_ref yes at ${{ matrix.b }}", "github.event.pull_request.title yes at ${{ matrix.c.d }}"}},
		{"an artifact of another run", strings.Replace(steps("      - uses: actions/download-artifact@v4\n        with: {path: pr, run-id: '${{ github.event.workflow_run.id }}'}\n"+
			"      - id: s\n        run: |\n          echo \"n=$(cat pr/number)\" >> $GITHUB_OUTPUT\n          echo \"m=$(jq -r .m pr/x.json)\" >> $GITHUB_OUTPUT\n          echo \"o=$(grep -oE '^[0-9]+$' pr/number)\" >> $GITHUB_OUTPUT\n          echo \"p=$(cat own/number)\" >> $GITHUB_OUTPUT\n"+
			"      - run: echo ${{ steps.s.outputs.n }} ${{ steps.s.outputs.m }} ${{ steps.s.outputs.o }} ${{ steps.s.outputs.p }}\n"), "pull_request_target", "workflow_run", 1), nil,
			[]string{"the artifact of another run yes at ${{ steps.s.outputs.n }}", "the artifact of another run yes at ${{ steps.s.outputs.m }}"}},
		{"a script of an action", steps("      - id: s\n        uses: actions/github-script@v7\n        with:\n          script: |\n            core.setOutput('t', context.payload.pull_request.title)\n            core.setOutput('n', context.payload.pull_request.number)\n" +
			"            core.setOutput('l', context.payload.pull_request.title.length)\n            return context.payload.pull_request.body\n" +
			"      - run: echo ${{ steps.s.outputs.t }} ${{ steps.s.outputs.n }} ${{ steps.s.outputs.l }} ${{ steps.s.outputs.result }}\n"), nil,
			[]string{"the text of the event yes at ${{ steps.s.outputs.t }}", "the text of the event yes at ${{ steps.s.outputs.result }}"}},
		{"names of files", steps("      - id: f\n        uses: tj-actions/changed-files@v40\n      - run: echo ${{ steps.f.outputs.all_changed_files }}\n"), nil,
			[]string{"all_changed_files of tj-actions/changed-files yes at ${{ steps.f.outputs.all_changed_files }}"}},
		{"quoted names of files", steps("      - id: f\n        uses: tj-actions/changed-files@v45\n      - run: echo ${{ steps.f.outputs.all_changed_files }}\n"), nil, nil},
		{"what the platform tells", steps("      - id: s\n        run: echo \"t=$(gh pr view 1 --json title --jq .title)\" >> $GITHUB_OUTPUT\n      - run: echo ${{ steps.s.outputs.t }}\n"), nil,
			[]string{"the text of the pull request yes at ${{ steps.s.outputs.t }}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, test.workflow, test.files)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChangesThatScriptsCheckOut(t *testing.T) {
	sha := "      - env: {SHA: '${{ github.event.pull_request.head.sha }}', REF: '${{ github.head_ref }}', BASE: '${{ github.base_ref }}'}\n        run: "
	tests := []struct {
		name, steps string
		want        []string
	}{
		{"a commit", sha + "git fetch origin $SHA && git checkout $SHA\n", []string{"checkout in a"}},
		{"what was fetched, a step later", "      - run: git fetch origin pull/$N/head\n      - run: git checkout FETCH_HEAD\n", []string{"checkout in a"}},
		{"a branch that was fetched", sha + "|\n          git fetch origin \"$SHA:change\"\n          git switch change\n", []string{"checkout in a"}},
		{"a clone", sha + "git clone --depth 1 -b \"$REF\" https://example.com/a.git\n", []string{"checkout in a"}},
		{"another remote", "      - env: {URL: '${{ github.event.pull_request.head.repo.clone_url }}'}\n        run: |\n          git remote add fork $URL\n          git fetch fork\n          git checkout fork/main\n", []string{"checkout in a"}},
		{"by a variable", sha + "echo \"WHAT=$REF\" >> $GITHUB_ENV\n      - uses: actions/checkout@v4\n        with: {ref: '${{ env.WHAT }}'}\n", []string{"checkout in a"}},
		{"what the platform tells", "      - run: git checkout $(gh pr view 1 --json headRefName --jq .headRefName)\n", []string{"checkout in a"}},
		{"what the API tells", "      - id: pr\n        run: echo \"sha=$(gh api repos/$R/pulls/$N -q .head.sha)\" >> $GITHUB_OUTPUT\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.sha }}'}\n", []string{"checkout in a"}},
		{"what the API tells of the base", "      - id: pr\n        run: echo \"sha=$(gh api repos/$R/pulls/$N -q .base.sha)\" >> $GITHUB_OUTPUT\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.sha }}'}\n", nil},
		{"all that the API tells", "      - run: |\n          gh api repos/$R/pulls/$N > pr.json\n          git checkout $(jq -r .head.sha pr.json)\n", []string{"checkout in a"}},
		{"another part of it", "      - run: |\n          gh api repos/$R/pulls/$N > pr.json\n          git checkout $(jq -r .base.sha pr.json)\n", nil},
		{"what a script looks up", "      - id: pr\n        uses: actions/github-script@v7\n        with:\n          script: |\n            const pr = await github.rest.pulls.get({owner, repo, pull_number: 1});\n            core.setOutput('sha', pr.data.head.sha);\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.sha }}'}\n", []string{"checkout in a"}},
		{"what a script takes apart", "      - id: pr\n        uses: actions/github-script@v7\n        with:\n          script: |\n            const { data: pr } = await github.rest.pulls.get({owner, repo, pull_number: 1});\n            return pr.head.sha\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.result }}'}\n", []string{"checkout in a"}},
		{"what a script looks up of the base", "      - id: pr\n        uses: actions/github-script@v7\n        with:\n          script: |\n            const pr = await github.rest.pulls.get({owner, repo, pull_number: 1});\n            core.setOutput('sha', pr.data.base.sha);\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.sha }}'}\n", nil},
		{"what an action looks up", "      - id: pr\n        uses: xt0rted/pull-request-comment-branch@v3\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.head_sha }}'}\n", []string{"checkout in a"}},
		{"what an action looks up of the base", "      - id: pr\n        uses: xt0rted/pull-request-comment-branch@v3\n      - uses: actions/checkout@v4\n        with: {ref: '${{ steps.pr.outputs.base_sha }}'}\n", nil},
		{"its own branch", sha + "git fetch origin $BASE && git checkout $BASE\n", nil},
		{"a difference", sha + "git fetch origin $SHA && git diff --name-only $(git merge-base $BASE $SHA) $SHA\n", nil},
		{"a new branch by its name", sha + "git checkout -b \"copy-of-$REF\"\n", nil},
		{"only fetched", "      - run: git fetch origin pull/$N/head\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, steps(test.steps), nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
