package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
	"github.com/policyctl/policyctl/internal/yaml"
)

// samples are files in testdata, and where they would stand.
var samples = map[string]string{"release": ".github/workflows/release.yml", "called": ".github/workflows/called.yml", "sign": "action.yml"}

func TestLinkGivesTheDocumentedShape(t *testing.T) {
	for name, path := range samples {
		t.Run(name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, path, pipelinetest.Sample(t, name+".yml"))
			if doc.Platform != "pipeline" || doc.Path != path || doc.Name != "" {
				t.Errorf("got %q %q %q", doc.Platform, doc.Path, doc.Name)
			}
			pipelinetest.Golden(t, doc, name)
		})
	}
}

func TestPlaces(t *testing.T) {
	const head = "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n"
	tests := []struct {
		name, steps string
		path        lint.Path
		want        string // the text there
	}{
		{"an expression within a text", "    - run: echo ${{ secrets.A }} ${{ secrets.B }}\n", lint.Path{"exposures", 1, "secret"}, "${{ secrets.B }}"},
		{"the reference itself", "    - run: echo ${{ 'x' || secrets.A }}\n", lint.Path{"exposures", 0, "secret", "name"}, "secrets.A"},
		{"the same expression twice", "    - run: ${{ secrets.A }} ${{ secrets.A }}.\n", lint.Path{"exposures", 1, "secret"}, "${{ secrets.A }}"},
		{"a block of lines", "    - run: |\n        a\n        ${{\n          secrets.A\n        }}\n", lint.Path{"exposures", 0, "secret"}, "${{\n          secrets.A\n        }}"},
		{"a folded block", "    - run: >-\n        a\n        ${{ secrets.A ||\n        'x' }}\n        b\n", lint.Path{"exposures", 0, "secret"}, "${{ secrets.A ||\n        'x' }}"},
		{"doubled quotes", "    - run: 'a ${{ secrets[''A''] }}'\n", lint.Path{"exposures", 0, "secret"}, "${{ secrets[''A''] }}"},
		{"escaped quotes", `    - run: "a \"${{ format('\"{0}', secrets.A) }}\""` + "\n", lint.Path{"exposures", 0, "secret"}, `${{ format('\"{0}', secrets.A) }}`},
		{"an escape that cannot be followed", `    - run: "a ${{ secrets.\x41 }}"` + "\n", lint.Path{"exposures", 0, "secret"}, `"a ${{ secrets.\x41 }}"`},
		{"a variable's name", "    - run: x\n      env: {T: '${{ secrets.A }}'}\n", lint.Path{"exposures", 0, "variable"}, "T"},
		{"a condition without marks", "    - run: x\n      if: github.token == 'x'\n", lint.Path{"exposures", 0, "secret", "name"}, "github.token"},
		{"outsiders' text", "    - run: x ${{ github.event.issue.title }}\n", lint.Path{"untrusted", 0, "expression"}, "${{ github.event.issue.title }}"},
		{"a literal", "    - run: x\n      env: {T: correct-horse}\n", lint.Path{"literals", 0, "value"}, "correct-horse"},
		{"a component", "    - uses: a/b@c\n", lint.Path{"components", 0, "ref"}, "a/b@c"},
		{"an input", "    - uses: a/b@c\n      with: {Name: x}\n", lint.Path{"components", 0, "inputs", "name"}, "x"},
		{"a gap", "    - run: ${{ a b }}\n", lint.Path{"gaps", 0}, "${{ a b }}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			native, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", head+test.steps)
			place, err := doc.Locate(test.path, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			if got := pipelinetest.TextAt(native.Root.Span.Source, place.Location); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestVariablesAreFollowedToTheirSecret(t *testing.T) {
	_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", `on: push
env:
  A: ${{ secrets.DEEP }}
jobs:
  a:
    runs-on: x
    env: {B: "x${{ env.a }}"}
    steps:
    - env: {C: "${{ env['B'] }}", A: "${{ env.A }}"}
      run: use ${{ env.C }} ${{ env.UNKNOWN }} ${{ toJSON(env) }}
`)
	got := map[string]int{}
	for _, e := range doc.Root.Get("exposures").List() {
		got[e.Get("at").Str()+" "+e.Get("secret", "name").Str()]++
	}
	want := map[string]int{"pipeline_env DEEP": 1, "job_env DEEP": 1, "step_env DEEP": 2, "inline DEEP": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	exposures := doc.Root.Get("exposures").List()
	place, err := doc.Locate(lint.Path{"exposures", len(exposures) - 1, "secret"}, lint.Spot{})
	if err != nil || len(place.Via) == 0 || place.Via[0].Message != "the variable is set here" {
		t.Errorf("got %v, %v", place.Via, err)
	}
}

// What each secret in an expression is used for.
func TestSecretsInExpressions(t *testing.T) {
	tests := []struct{ name, expression, want string }{
		{"a name", "secrets.Npm_Token", "input NPM_TOKEN"},
		{"an index", "secrets['NPM_TOKEN']", "input NPM_TOKEN"},
		{"the platform's token by its name", "secrets.GITHUB_TOKEN", "input GITHUB_TOKEN token"},
		{"the platform's token", "github.token", "input GITHUB_TOKEN token"},
		{"the platform's token in a dump", "toJSON(github)", "input GITHUB_TOKEN token to_json"},
		{"all by their context", "secrets", "input all"},
		{"all as text", "toJSON(secrets)", "input all to_json"},
		{"all deep within", "format('{0}', toJSON(secrets))", "input all to_json format"},
		{"all by a star", "join(secrets.*, ',')", "input all join"},
		{"all by a computed name", "secrets[github.ref_name]", "input all computed"},
		{"a name from the matrix", "secrets[matrix.key]", "input ONE; input TWO; input THREE"},
		{"a name made of the matrix", "secrets[format('{0}_KEY', matrix.key)]", "input ONE_KEY; input TWO_KEY; input THREE_KEY"},
		{"a name from a deep matrix", "secrets[matrix.to.name]", "input EU"},
		{"a name by choice", "secrets[inputs.stage]", "input DEV; input PROD"},
		{"a name by condition", "secrets[github.ref == 'x' && 'A' || 'B']", "input A; input B"},
		{"both sides of or", "secrets.A || secrets.B", "input A; input B"},
		{"the last of and", "secrets.A && secrets.B", "input B; condition A"},
		{"tested and handed on", "secrets.A && secrets.A || github.token", "input A; input GITHUB_TOKEN token"},
		{"a choice between two", "inputs.x && secrets.A || secrets.B", "input A; input B"},
		{"a comparison", "secrets.A != ''", "condition A"},
		{"a negation", "!secrets.A", "condition A"},
		{"a test", "contains(secrets.A, 'x')", "condition A"},
		{"a field", "fromJSON(secrets.A).user", "input A json"},
		{"a text", "format('x{0}', secrets.A)", "input A format"},
		{"a case", "case(secrets.A == 'x', secrets.B, secrets.C)", "input B; input C; condition A"},
		{"brackets", "(secrets.A)", "input A"},
		{"twice the same", "secrets.A || secrets.a", "input A"},
		{"a string that only looks like one", "'secrets.A'", ""},
		{"another context", "vars.secrets", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", `on: {workflow_dispatch: {inputs: {stage: {type: choice, options: [dev, prod]}}}}
jobs:
  a:
    runs-on: x
    strategy: {matrix: {key: [one, two], to: [{name: eu}], include: [{key: three}]}}
    steps:
    - uses: a/b@v1
      with:
        key: |-
          ${{ `+test.expression+` }}
`)
			var got []string
			for _, e := range doc.Root.Get("exposures").List() {
				got = append(got, describe(e))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func describe(e *lint.Node) string {
	words := []string{e.Get("at").Str(), e.Get("secret", "name").Str()}
	if e.Get("secret", "computed") != nil {
		words[1] = "all computed"
	} else if e.Get("secret", "all") != nil {
		words[1] = "all"
	}
	if e.Get("platform_token").Text == "true" {
		words = append(words, "token")
	}
	for _, name := range e.Get("transformed").List() {
		words = append(words, name.Text)
	}
	return strings.Join(words, " ")
}

func TestMachines(t *testing.T) {
	tests := []struct{ name, runsOn, want string }{
		{"the platform's", "ubuntu-24.04", "hosted"},
		{"the platform's by a matrix", "${{ matrix.os }}", "hosted"},
		{"one's own", "[self-hosted, linux]", "self_hosted"},
		{"one's own by a condition", "${{ github.event.x && 'self-hosted' || 'ubuntu-latest' }}", "self_hosted"},
		{"a name of one's own", "ubuntu-gpu", "unknown"},
		{"a group", "{group: large}", "unknown"},
		{"a label of a group", "{group: large, labels: macos-latest}", "hosted"},
		{"a computed name", "${{ vars.RUNNER }}", "unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: push\njobs:\n  a:\n    strategy: {matrix: {os: [windows-latest, macos-15]}}\n    runs-on: "+test.runsOn+"\n")
			if got := doc.Root.Get("jobs").List()[0].Get("runner", "kind").Str(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOpenTo(t *testing.T) {
	const target = "{pull_request_target: , workflow_run: {workflows: [a]}, push: }"
	tests := []struct{ name, on, jobs, want string }{
		{"no condition", target, "a: {}", "pull_request_privileged upstream"},
		{"only pushes", "push", "a: {}", ""},
		{"labels are given by maintainers", "{pull_request_target: {types: [labeled]}}", "a: {}", ""},
		{"an author can close", "{pull_request_target: {types: [labeled, closed]}}", "a: {}", "pull_request_privileged"},
		{"one event is asked for", target, "a: {if: github.event_name == 'push'}", ""},
		{"one event is left out", target, "a: {if: github.event_name != 'workflow_run'}", "pull_request_privileged"},
		{"one of two events", target, `a: {if: "github.event_name == 'push' || 'workflow_run' == github.event_name"}`, "upstream"},
		{"the same repository", target, "a: {if: github.event.pull_request.head.repo.full_name == github.repository}", ""},
		{"another repository", target, "a: {if: github.event.pull_request.head.repo.full_name != github.repository}", "pull_request_privileged upstream"},
		{"no fork", target, "a: {if: '!github.event.pull_request.head.repo.fork'}", ""},
		{"a fork", target, "a: {if: github.event.pull_request.head.repo.fork == true}", "pull_request_privileged upstream"},
		{"no fork by comparison", target, "a: {if: github.event.pull_request.head.repo.fork == false}", ""},
		{"a member", target, `a: {if: "contains(fromJSON('[\"OWNER\"]'), github.event.comment.author_association)"}`, ""},
		{"no member", target, `a: {if: "!contains(fromJSON('[\"OWNER\"]'), github.event.comment.author_association)"}`, "pull_request_privileged upstream"},
		{"an event among words", target, `a: {if: "contains('push schedule', github.event_name)"}`, ""},
		{"an event that is part of another word", "{issues: {}, push: {}}", `a: {if: "contains('issues_comment', github.event_name)"}`, "comment"},
		{"a ref of no pull request", "{pull_request: {}}", `a: {if: "contains('refs/heads/main refs/heads/dev', github.ref)"}`, ""},
		{"a ref of the default branch", target, `a: {if: "contains('refs/heads/main refs/heads/dev', github.ref)"}`, "pull_request_privileged upstream"},
		{"a branch that no pull request runs on", "{pull_request: {}}", "a: {if: github.ref == 'refs/heads/main'}", ""},
		{"its short name", "{pull_request: {}}", "a: {if: github.ref_name == github.event.repository.default_branch}", ""},
		{"the default branch", "{pull_request: {}}", "a: {if: \"github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\"}", ""},
		{"any branch", "{pull_request: {}}", "a: {if: \"startsWith(github.ref, 'refs/heads/')\"}", ""},
		{"a tag", target, "a: {if: \"startsWith(github.ref, 'refs/tags/v')\"}", ""},
		{"any ref", "{pull_request: {}}", "a: {if: \"startsWith(github.ref, 'refs/')\"}", "pull_request"},
		{"the ref of a pull request", "{pull_request: {}}", "a: {if: \"startsWith(github.ref, 'refs/pull/')\"}", "pull_request"},
		{"another branch", "{pull_request: {}}", "a: {if: github.ref != 'refs/heads/main'}", "pull_request"},
		{"the branch that a change is for", target, "a: {if: github.ref == 'refs/heads/main'}", "pull_request_privileged upstream"},
		{"a branch of an author's choice", "{pull_request: {}}", "a: {if: github.head_ref == 'main'}", "pull_request"},
		{"a label", target, "a: {if: \"contains(github.event.pull_request.labels.*.name, 'ok')\"}", ""},
		{"what a job found of who asks", target, "a: {needs: check, if: needs.check.outputs.ok}\n  check: {outputs: {ok: '${{ steps.s.outputs.ok }}'}, steps: [{id: s, run: 'gh api x'}]}", ""},
		{"a job that tells of who asks", target, "a: {needs: check, if: needs.check.outputs.ok}\n  check: {outputs: {ok: \"${{ github.event.comment.author_association == 'OWNER' }}\"}}", ""},
		{"a job with another workflow", target, "a: {needs: check, if: needs.check.outputs.ok}\n  check: {uses: a/b/.github/workflows/c.yml@v1}", ""},
		{"a job that looks at files", target, "a: {needs: check, if: needs.check.outputs.ok == '1'}\n  check: {outputs: {ok: '${{ steps.s.outputs.ok }}'}, steps: [{id: s, run: 'echo ok=1 >> $GITHUB_OUTPUT'}]}", "pull_request_privileged upstream"},
		{"a job that looks at paths", target, "a: {needs: check, if: needs.check.outputs.ok == 'true'}\n  check: {outputs: {ok: '${{ steps.s.outputs.ok }}'}, steps: [{id: s, uses: dorny/paths-filter@v3}]}", "pull_request_privileged upstream"},
		{"what no job found", target, "a: {if: needs.check.outputs.ok}", "pull_request_privileged upstream"},
		{"a list of bots", target, `a: {if: "contains(fromJSON('[\"dependabot[bot]\", \"renovate[bot]\"]'), github.actor)"}`, ""},
		{"merged", target, "a: {if: github.event.pull_request.merged}", ""},
		{"another condition", target, "a: {if: \"startsWith(github.event.comment.body, '/test') && success()\"}", "pull_request_privileged upstream"},
		{"a guard among others", target, "a: {if: github.repository == 'a/b' && github.event.pull_request.user.login == 'x' && always()}", ""},
		{"a guard that can be passed by", target, "a: {if: github.event.pull_request.user.login == 'x' || github.event.label}", "pull_request_privileged upstream"},
		{"upstream by pushes", target, "a: {if: github.event.workflow_run.event == 'push'}", ""},
		{"upstream by pull requests", target, "a: {if: github.event.workflow_run.event == 'pull_request'}", "pull_request_privileged upstream"},
		{"what never happens", "{pull_request: }", "a: {if: github.event_name == 'push'}", ""},
		{"a condition pasted into text is always true", target, "a: {if: \"${{ github.event_name }} == 'push'\"}", "pull_request_privileged upstream"},
		{"switched off", target, "a: {if: false}", ""},
		{"a truth value", target, "a: {if: \"${{ false }}\"}", ""},
		{"an environment may ask", target, "a: {environment: test}", ""},
		{"a needed job is guarded", target, "a: {needs: b}\n  b: {needs: [c]}\n  c: {if: github.event_name == 'push'}", ""},
		{"a needed job may fail", target, "a: {needs: b, if: always()}\n  b: {if: github.event_name == 'push'}", "pull_request_privileged upstream"},
		{"jobs that need each other", target, "a: {needs: b}\n  b: {needs: a}", ""},
		{"no job of that name", target, "a: {needs: b}", "pull_request_privileged upstream"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: "+test.on+"\njobs:\n  "+test.jobs+"\n")
			var got []string
			for _, event := range doc.Root.Get("jobs").List()[0].Get("open_to").List() {
				got = append(got, event.Text)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestActorChecks(t *testing.T) {
	const target = "on: pull_request_target\njobs:\n  a:\n    if: "
	tests := []struct{ name, condition, want string }{
		{"one bot", "github.actor == 'a[bot]'", "a[bot] at github.actor == 'a[bot]'; "},
		{"each of two", "github.actor == 'a[bot]' || github.triggering_actor == 'b[bot]'", "a[bot] at github.actor == 'a[bot]'; b[bot] at github.triggering_actor == 'b[bot]'; "},
		{"a list", `contains(fromJSON('["a[bot]", "b[bot]"]'), github.actor)`, `a[bot] at contains(fromJSON('["a[bot]", "b[bot]"]'), github.actor); `},
		{"a list without bots", `contains(fromJSON('["a", "b"]'), github.actor)`, ""},
		{"authors", `contains(fromJSON('["a[bot]"]'), github.event.pull_request.user.login)`, ""},
		{"any but a bot", "github.actor != 'a[bot]'", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := target + test.condition + "\n"
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", data)
			got := ""
			for i, check := range doc.Root.Get("actor_checks").List() {
				at, err := doc.Locate(lint.Path{"actor_checks", i, "condition"}, lint.Spot{})
				if err != nil {
					t.Fatal(err)
				}
				got += check.Get("actor").Str() + " at " + pipelinetest.TextAt(doc.Root.Span.Source, at.Location) + "; "
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestComponents(t *testing.T) {
	tests := []struct{ name, uses, want string }{
		{"a version", "actions/checkout@v4", "action actions checkout version v4 first"},
		{"a digest with its version behind", "Some/Action@0123456789abcdef0123456789abcdef01234567 # tag=v1.2.3", "action some action digest v1.2.3"},
		{"a digest with other words behind", "a/b@0123456789abcdef0123456789abcdef01234567 # pinned", "action a b digest "},
		{"a branch", "a/b@release/v1", "action a b branch release/v1"},
		{"an abbreviated digest may be a branch", "a/b@abcdef0", "action a b branch abcdef0"},
		{"no version", "a/b", "action a b none "},
		{"a folder", "github/codeql-action/init@v4", "action github codeql-action/init version v4 first"},
		{"this repository", "./.github/actions/x", "action  .github/actions/x local  first"},
		{"an image", "docker://ghcr.io/a/b:1.2", "image ghcr.io a/b version 1.2"},
		{"an image by digest", "docker://a/b:1@sha256:0123", "image  a/b digest 1"},
		{"an image without a tag", "docker://localhost:5000/b", "image localhost:5000 b none "},
		{"the latest image", "docker://b:latest", "image  b branch latest"},
		{"a computed image", "docker://b:${{ matrix.x }}", "image   unknown "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: push\njobs:\n  a:\n    steps:\n    - uses: "+test.uses+"\n")
			c := doc.Root.Get("components").List()[0]
			got := strings.Join([]string{c.Get("kind").Str(), c.Get("owner").Str(), c.Get("name").Str(), c.Get("pin").Str(), c.Get("version").Str()}, " ")
			if c.Get("first_party").Text == "true" {
				got += " first"
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCheckouts(t *testing.T) {
	tests := []struct{ name, step, want string }{
		{"as it comes", "uses: actions/checkout@v4", "default work_tree"},
		{"without the token", "{uses: actions/checkout@v4, with: {persist-credentials: 'false'}}", "default removed"},
		{"a version that keeps the token elsewhere", "uses: actions/checkout@v6", "default beside"},
		{"an unknown version", "uses: actions/checkout@main", "default unknown"},
		{"the head of a pull request", "{uses: actions/checkout@v4, with: {ref: '${{ github.event.pull_request.head.sha || github.sha }}'}}", "change work_tree"},
		{"the head of a pull request by a variable", "{uses: actions/checkout@v4, env: {R: '${{ github.head_ref }}'}, with: {ref: '${{ env.R }}'}}", "change work_tree"},
		{"the number of a pull request", "{uses: actions/checkout@v4, with: {ref: 'refs/pull/${{ github.event.issue.number }}/merge'}}", "change work_tree"},
		{"a fork", "{uses: actions/checkout@v4, with: {repository: '${{ github.event.pull_request.head.repo.full_name }}'}}", "change work_tree"},
		{"the base", "{uses: actions/checkout@v4, with: {ref: '${{ github.base_ref }}'}}", "default work_tree"},
		{"a branch", "{uses: actions/checkout@v4, with: {ref: main}}", "other work_tree"},
		{"another repository", "{uses: actions/checkout@v4, with: {repository: a/b}}", "other work_tree"},
		{"what a step found", "{uses: actions/checkout@v4, with: {ref: '${{ steps.a.outputs.ref }}'}}", "unknown work_tree"},
		{"only compared", "{uses: actions/checkout@v4, with: {ref: \"${{ github.head_ref == 'x' && 'y' || 'z' }}\"}}", "default work_tree"},
		{"by a command", "run: gh pr checkout 5", "change unknown"},
		{"by commands", "run: git fetch origin pull/5/head:pr && git checkout pr", "change unknown"},
		{"only fetched", "run: git fetch origin pull/5/head:pr && git diff pr", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: push\njobs:\n  a:\n    steps:\n    - "+test.step+"\n")
			got := ""
			for _, c := range doc.Root.Get("checkouts").List() {
				got += c.Get("source").Str() + " " + c.Get("credential").Str()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestGaps(t *testing.T) {
	tests := []struct{ name, jobs, want string }{
		{"a broken expression", "{a: {steps: [{run: '${{ a b }} ${{ secrets.A }}'}]}}", `2:27: an expression cannot be read: an operator is missing before column 4 of the expression`},
		{"a broken condition", "{a: {if: 'a &&', steps: []}}", `2:16: an expression cannot be read: a value is missing at column 5 of the expression`},
		{"an open expression", "{a: {steps: [{run: 'x ${{ a'}]}}", `2:29: an expression is not closed: }} is missing`},
		{"a computed map", "{a: {env: '${{ fromJSON(vars.x) }}', steps: []}}", `2:17: the entries of this env are known only when it runs and were not judged`},
		{"another repository's workflow", "{a: {uses: a/b/c.yml@v1}}", `2:18: the called workflow is named by its repository, not by a path in this one; what it does with its inputs and secrets was not judged`},
		{"a workflow that this repository lacks", "{a: {uses: ./.github/workflows/b.yml}}", "2:18: there is no such workflow in the repository; what it does with secrets was not judged"},
		{"steps that are no list", "{a: {steps: {run: x}}}", `2:19: the steps are no list and were not judged`},
		{"a step that is no mapping", "{a: {steps: [x]}}", `2:20: a step that is no mapping was not judged`},
		{"a job that is no mapping", "{a: x}", `2:8: a job that is no mapping was not judged`},
		{"an action without a version", "{a: {steps: [{uses: a/b}]}}", `2:27: a component of another repository without a version, which GitHub refuses`},
		{"a computed action", "{a: {steps: [{uses: '${{ matrix.x }}'}]}}", `2:27: which component runs is known only when it runs, and was not judged`},
		{"a job without steps", "{a: {runs-on: x, stepz: [{run: ls}]}}", `2:8: a job with neither "steps" nor "uses" was not judged`},
		{"an unknown level", "{a: {permissions: {contents: wrte}, steps: []}}", `2:26: a permission that is not known, which GitHub refuses`},
		{"an unknown permission", "{a: {permissions: {foo: read}, steps: []}}", `2:26: a permission that is not known, which GitHub refuses`},
		{"known permissions", "{a: {permissions: {contents: read, id-token: write, models: none}, steps: []}}", ""},
		{"an empty step", "{a: {steps: [{name: x}]}}", `2:20: a step with neither "run" nor "uses" was not judged`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, doc := pipelinetest.Workflow(t, "x/.github/workflows/x.yml", "on: push\njobs: "+test.jobs+"\n")
			got := ""
			for _, gap := range doc.Gaps {
				got += strings.TrimPrefix(gap.Location.String(), "x/.github/workflows/x.yml:") + ": " + gap.Message
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if n := len(doc.Root.Get("gaps").List()); n != len(doc.Gaps) {
				t.Errorf("policies see %d gaps of %d", n, len(doc.Gaps))
			}
		})
	}
}

// Hostile files must cost neither time nor memory, and what is left out must be
// said.
func TestGapsOfTriggers(t *testing.T) {
	for text, want := range map[string]string{
		"on: pussh\n":                 "an event that is not known; who can fire it was not judged",
		"on: [push, release]\n":       "",
		"name: x\n":                   "nothing says what starts the workflow; what outsiders can do was not judged",
		"true: pull_request_target\n": "",
	} {
		_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", text+"jobs: {a: {runs-on: x, steps: [{run: 'echo ${{ github.event.pull_request.title }}'}]}}\n")
		got := ""
		for _, gap := range doc.Gaps {
			got += gap.Message
		}
		if got != want {
			t.Errorf("%s got %q, want %q", text, got, want)
		}
		if untrusted := len(doc.Root.Get("untrusted").List()); strings.HasPrefix(text, "true") && untrusted != 1 {
			t.Errorf("%d texts of outsiders", untrusted)
		}
	}
}

func TestHostileFilesAreBounded(t *testing.T) {
	large := strings.Repeat("x", 500_000)
	uses := strings.Repeat("${{ env.A }}", 2000)
	tests := []struct {
		name, text string
		limited    bool
	}{
		{"a large script repeated by aliases", "on: push\nx: &x {run: " + large + "}\njobs: {a: {steps: [" + strings.Repeat("*x,", 5000) + "]}}\n", false},
		{"a long key repeated by aliases", "on: push\nx: &x {run: a, env: {? " + large + " : b}}\njobs: {a: {steps: [" + strings.Repeat("*x,", 5000) + "]}}\n", false},
		{"variables that use variables", "on: push\nenv: {A: '${{ secrets.A }}" + strings.Repeat("${{ secrets.B }}", 2000) + "'}\njobs: {a: {env: {A: '" + uses + "'}, steps: [{run: '" + uses + "'}]}}\n", true},
		{"many expressions with escapes", `{"on": "push", "jobs": {"a": {"steps": [{"run": "` + strings.Repeat(`\x24{{ a }} ${{ '\"' }}`, 20000) + `"}]}}}`, false},
		{"many jobs that need each other", "on: pull_request_target\njobs:\n" + manyJobs(5000), false},
		{"more events than there are", "on: {" + manyEvents(20000) + "}\njobs:\n" + manyJobs(5000), true},
		{"a long condition repeated by aliases", "on: pull_request_target\nx: &x {if: a" + strings.Repeat("||a", 6000) + "}\njobs: {a: {steps: [" + strings.Repeat("*x,", 20000) + "]}}\n", true},
		{"references on one endless line", `{"on": "push", "jobs": {"a": {"steps": [` + strings.Repeat(`{"uses": "a/b@0123456789abcdef0123456789abcdef01234567"},`, 20000) + `{"run": "x"}]}}}`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := &lint.Source{Path: ".github/workflows/x.yml", Data: []byte(test.text)}
			refused := func(f lint.Finding) bool { return f.Rule == lint.TooComplex }
			if _, findings := githubactions.Parse([]*lint.Source{src}); slices.ContainsFunc(findings, refused) != test.limited {
				t.Errorf("the parser says %v", findings)
			}
			roots, _ := yaml.Read(src)
			begin := time.Now()
			doc := pipeline.Link(&lint.Document{Platform: "githubactions", Path: src.Path, Root: roots[0]}, nil)
			if spent := time.Since(begin); spent > 30*time.Second {
				t.Errorf("took %s", spent)
			}
			if limited := pipelinetest.LastGap(doc) == "limit"; limited != test.limited {
				t.Errorf("the last gap is %q", pipelinetest.LastGap(doc))
			}
		})
	}
}

func manyJobs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  j%d: {needs: [j%d, j%d]}\n", i, i+1, i+2)
	}
	return b.String()
}

func manyEvents(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "e%d: , ", i)
	}
	return b.String()
}
