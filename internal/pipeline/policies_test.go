package pipeline_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// The policies are run over workflows as they are written, from the file to the
// place of the finding: what they see and what their own tests feed them cannot
// drift apart unnoticed.
func TestPoliciesOnWorkflows(t *testing.T) {
	policies := compile(t)
	const checkout = "    - uses: actions/checkout@v5\n      with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"
	tests := []struct{ name, text, want string }{
		{"a workflow in good order", `on: pull_request
permissions: {contents: read}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v5
    - env: {TITLE: '${{ github.event.pull_request.title }}', TOKEN: '${{ secrets.TOKEN }}'}
      if: github.actor != 'dependabot[bot]'
      run: publish "$TITLE"
    - uses: actions/upload-artifact@v4
      with: {path: dist}
`, ""},
		{"all secrets as text", steps("push", "    - run: 'echo ${{ toJSON(secrets) }}'\n"),
			`6:18 pipeline/all_secrets_exposed: all secrets are handed to step 1 of job "a"`},
		{"a computed name", steps("push", "    - env: {T: '${{ secrets[github.ref_name] }}'}\n      run: x\n"),
			`6:17 pipeline/all_secrets_exposed: a computed name may mean any secret, so all of them are sent to step 1 of job "a"`},
		{"an issue's title", steps("issues", "    - name: Greet\n      run: echo ${{ github.event.issue.title }}\n"),
			`7:17 pipeline/privileged_script_injection: github.event.issue.title, which an outsider writes, is pasted into the script of step "Greet" of job "a", which has secrets`},
		{"an issue's title in a script that is an input", steps("issues", "    - uses: actions/github-script@v8\n      with: {script: 'x(`${{ github.event.issue.body }}`)'}\n"),
			`7:26 pipeline/privileged_script_injection: github.event.issue.body, which an outsider writes, is pasted into the script of step "actions/github-script" of job "a", which has secrets`},
		{"a branch's name", steps("pull_request", "    - id: b\n      run: git switch ${{ github.head_ref }}\n"),
			`7:23 pipeline/script_injection: github.head_ref, which an outsider writes, is pasted into the script of step "b" of job "a"`},
		{"an issue's title behind a condition", steps("issues", "    - run: echo ${{ github.event.issue.title }}\n      if: github.event.issue.user.login == 'x'\n"),
			`6:17 pipeline/script_injection: github.event.issue.title, which an outsider writes, is pasted into the script of step 1 of job "a"`},
		{"a title of an event that the workflow does not have", steps("push", "    - run: echo ${{ github.event.issue.title }}\n"), ""},
		{"a change that is built", steps("pull_request_target", checkout+"    - run: make\n"),
			`6:13 pipeline/persisted_credential: step "actions/checkout" of job "a" leaves its token on the machine, where step 2 of job "a" finds it without a need` + "\n" +
				`6:13 pipeline/privileged_checkout: step "actions/checkout" of job "a" checks out what an outsider proposes, and a later step runs it beside secrets`},
		{"a change that is built by an action of its own", steps("pull_request_target", checkout+"    - uses: ./.github/actions/build\n"),
			`6:13 pipeline/privileged_checkout: step "actions/checkout" of job "a" checks out what an outsider proposes, and a later step runs it beside secrets`},
		{"a change that is only read", steps("pull_request_target", checkout+"    - uses: actions/labeler@v6\n"), ""},
		{"a change of the same repository", steps("pull_request_target", checkout+"    - run: make\n      if: github.event.pull_request.head.repo.full_name == github.repository\n"),
			`6:13 pipeline/persisted_credential: step "actions/checkout" of job "a" leaves its token on the machine, where step 2 of job "a" finds it without a need`},
		{"a bot's name", steps("pull_request_target", "    - run: gh pr merge\n      if: github.actor == 'dependabot[bot]' && github.event.action\n"),
			`7:11 pipeline/spoofable_actor: step 1 of job "a" is kept from outsiders only by the actor being dependabot[bot], which they can bring about`},
		{"a bot's name beside another guard", steps("pull_request_target", "    - run: gh pr merge\n      if: github.actor == 'dependabot[bot]' && github.event.pull_request.user.login == 'dependabot[bot]'\n"), ""},
		{"a bot's name without secrets", steps("pull_request", "    - run: x\n      if: github.actor == 'dependabot[bot]'\n"), ""},
		{"a password in a variable", steps("push", "    - run: x\n      env: {DB_PASSWORD: correct-horse}\n"),
			`7:26 pipeline/literal_secret: DB_PASSWORD of step 1 of job "a" is a literal credential`},
		{"a registry's password", "on: push\njobs:\n  a:\n    container:\n      image: a:1\n      credentials: {username: x, password: correct-horse}\n",
			`6:44 pipeline/literal_secret: password of job "a" is a literal credential`},
		{"a password of a database beside the job", "on: push\njobs:\n  a:\n    services: {db: {image: 'a:1', env: {POSTGRES_PASSWORD: correct-horse}}}\n    env: {PGPASSWORD: correct-horse}\n", ""},
		{"a secret for a branch", steps("push", "    - uses: x/y@main\n      with: {token: '${{ secrets.T }}', f: '${{ github.token }}'}\n"),
			`7:22 pipeline/secret_to_unpinned_component: step "x/y" of job "a" gives secret T to x/y@main, which can change at any time`},
		{"a secret for a tag", steps("push", "    - uses: x/y@v1\n      env: {T: '${{ secrets.T }}'}\n"),
			`7:17 pipeline/secret_to_tagged_component: step "x/y" of job "a" gives secret T to x/y@v1, whose tag can be moved`},
		{"a secret for a called workflow", "on: push\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@main\n    secrets:\n      T: ${{ secrets.T }}\n",
			`6:10 pipeline/secret_to_unpinned_component: job "a" gives secret T to x/y/.github/workflows/z.yml@main, which can change at any time`},
		{"a secret in a script", steps("push", "    - run: curl -H ${{ secrets.T }} x\n"),
			`6:20 pipeline/secret_in_script: secret T is pasted into the script of step 1 of job "a"; pass it as an environment variable`},
		{"a secret as a build argument", steps("push", "    - uses: docker/build-push-action@0123456789abcdef0123456789abcdef01234567\n      with:\n        build-args: |\n          A=1\n          T=${{ secrets.T }}\n"),
			`10:13 pipeline/secret_in_build_arg: step "docker/build-push-action" of job "a" passes secret T as build argument T, which stays in the image`},
		{"a static key", steps("push", "    - uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567\n      with: {AWS-secret-access-key: '${{ secrets.K }}', aws-access-key-id: '${{ secrets.I }}'}\n"),
			`7:38 pipeline/static_cloud_key: step "aws-actions/configure-aws-credentials" of job "a" logs in to a cloud by secret K; aws-actions/configure-aws-credentials can use the identity of the job`},
		{"a token that may write all, for two jobs", "on: push\npermissions: write-all\njobs:\n  a: {}\n  b: {}\n",
			`2:14 pipeline/write_all_token: the tokens of all jobs without permissions of their own may write everything`},
		{"a token in an artifact", steps("push", "    - uses: actions/checkout@v4\n    - uses: actions/upload-artifact@v4\n      with: {path: ., include-hidden-files: true}\n"),
			`7:13 pipeline/persisted_credential_in_artifact: step "actions/upload-artifact" of job "a" uploads the work tree with the token that the checkout left in .git/config`},
		{"an artifact without hidden files", steps("push", "    - uses: actions/checkout@v4\n    - uses: actions/upload-artifact@v4\n      with: {path: .}\n"), ""},
		{"a field of a secret", steps("push", "    - run: x\n      env: {P: '${{ fromJSON(secrets.S).p }}'}\n"),
			`7:17 pipeline/structured_secret: step 1 of job "a" takes a value out of secret S; logs do not mask it`},
		{"a secret for all jobs, of which one uses it", "on: push\nenv: {T: '${{ secrets.T }}'}\njobs:\n  a: {steps: [{run: '[ -n \"$T\" ]'}]}\n  b: {steps: [{run: 'echo b'}]}\n",
			`2:11 pipeline/secret_used_by_one_step: 2 steps get secret T as T, and only step 1 of job "a" uses it`},
		{"inheriting", "on: push\njobs:\n  a:\n    uses: ./.github/workflows/z.yml\n    secrets: inherit\n",
			`5:14 githubactions/secrets_inherit: job "a" lets ./.github/workflows/z.yml inherit all secrets`},
		{"inheriting to a branch", "on: push\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@main\n    secrets: inherit\n",
			`5:14 githubactions/inherit_to_mutable_workflow: job "a" lets x/y/.github/workflows/z.yml@main inherit all secrets, and that can change at any time`},
		{"commands in logs", "on: push\nenv: {ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true'}\njobs: {}\n",
			`2:40 githubactions/insecure_commands: log output may set environment variables and the path of later steps`},
		{"an app's token", steps("push", "    - uses: actions/create-github-app-token@v3\n      with: {private-key: '${{ secrets.K }}'}\n"),
			`6:13 githubactions/app_token_without_scope: the app token has every right of the app; limit it by permission inputs`},
		{"an outsider's change on one's own machine", "on: pull_request\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    permissions: {}\n    steps: [{run: make}]\n",
			`4:14 pipeline/self_hosted_runner_open_to_forks: job "a" runs what outsiders propose on a runner of one's own`},
		{"one's own machine behind a label of maintainers", "on: {pull_request: {types: [labeled]}}\njobs:\n  a:\n    runs-on: [self-hosted]\n    permissions: {}\n    steps: [{run: make}]\n", ""},
		{"the default token for outsiders", "on: issues\njobs:\n  a:\n    steps: [{run: x}]\n",
			`3:3 pipeline/default_permissions_on_privileged_trigger: outsiders can start job "a", and no permissions limit its token`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			native, neutral := pipelinetest.Workflow(t, ".github/workflows/x.yml", test.text)
			got := append(judge(t, policies, native), judge(t, policies, neutral)...)
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The policies are run over definitions as they are written.
func TestPoliciesOnGitLab(t *testing.T) {
	policies := compile(t)
	const job = "a:\n  services: [postgres:16]\n  script: [make]\n"
	tests := []struct{ name, text, want string }{
		{"a password in a variable", "variables: {DB_PASSWORD: correct-horse}\na: {script: [make]}\n", `1:26 pipeline/literal_secret: DB_PASSWORD of the whole pipeline is a literal credential`},
		{"a password of a job", "a:\n  variables: {DB_PASSWORD: {value: correct-horse, description: x}}\n  script: [make]\n", `2:36 pipeline/literal_secret: DB_PASSWORD of job "a" is a literal credential`},
		{"of a database beside the job", "variables: {POSTGRES_PASSWORD: correct-horse, DB_PASSWORD: correct-horse}\n" + job, ""},
		{"of a database beside the job, at the service", "a:\n  services: [{name: postgres, variables: {POSTGRES_PASSWORD: correct-horse}}]\n  script: [make]\n", ""},
		{"a variable of the settings", "variables: {DB_PASSWORD: $SETTINGS_PASSWORD}\na: {script: ['echo \"$DB_PASSWORD\" | sign']}\n", ""},
		{"a secret for all jobs", "variables: {T: $API_TOKEN}\na: {script: ['echo \"$T\" | sign']}\nb: {script: [ls]}\n", `1:16 pipeline/secret_used_by_one_step: 2 jobs get secret API_TOKEN as T, and only job "a" uses it`},
		{"a secret of one job", "a:\n  variables: {T: $API_TOKEN}\n  script: [ls, 'echo \"$T\" | sign']\n", ""},
		{"a secret for code at a branch", "include: [{component: gitlab.com/x/y@main, inputs: {token: $API_TOKEN}}]\na: {script: [make]}\n",
			"1:23 pipeline/unpinned_include: the whole pipeline includes gitlab.com/x/y@main, which can change at any time\n" +
				`1:60 pipeline/secret_to_unpinned_component: the whole pipeline gives secret API_TOKEN to gitlab.com/x/y@main, which can change at any time`},
		{"a job in good order", "a:\n  environment: production\n  secrets: {KEY: {vault: a/b/c}}\n  script: ['deploy --key-file $KEY']\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linked(t, "gitlab", test.text)
			if diff := cmp.Diff(test.want, strings.Join(judge(t, policies, doc), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func steps(on, steps string) string {
	return "on: " + on + "\njobs:\n  a:\n    permissions: {}\n    steps:\n" + steps
}

func compile(t *testing.T) func(*lint.Document) []any {
	t.Helper()
	var paths []string
	for _, dir := range []string{"pipeline", "githubactions", "lib/pipeline", "lib/githubactions", "lib/secrets"} {
		paths = append(paths, filepath.Join("..", "..", "policies", dir))
	}
	prepared := map[string]rego.PreparedEvalQuery{}
	for _, platform := range []string{"pipeline", "githubactions"} {
		query := rego.Query(fmt.Sprintf("{[rule, found] | data.policyctl.%s[rule].deny[found]}", platform))
		q, err := rego.New(query, rego.Load(paths, nil), rego.StrictBuiltinErrors(true)).PrepareForEval(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		prepared[platform] = q
	}
	return func(doc *lint.Document) []any {
		q := prepared[doc.Platform]
		result, err := q.Eval(context.Background(), rego.EvalInput(pipelinetest.Plain(doc.Root)))
		if err != nil {
			t.Fatal(err)
		}
		return result[0].Expressions[0].Value.([]any)
	}
}

// judge gives the findings of all rules but those that say something of almost
// every file.
func judge(t *testing.T, policies func(*lint.Document) []any, doc *lint.Document) []string {
	t.Helper()
	return slices.DeleteFunc(judgeAll(t, policies, doc), func(found string) bool {
		return strings.Contains(found, "masked_secret_in_log:") || strings.Contains(found, "secret_on_command_line:")
	})
}

// judgeAll leaves out only what needs no secret, or lists what is right.
func judgeAll(t *testing.T, policies func(*lint.Document) []any, doc *lint.Document) []string {
	t.Helper()
	var got []string
	for _, pair := range policies(doc) {
		rule, found := pair.([]any)[0].(string), pair.([]any)[1].(map[string]any)
		if slices.Contains([]string{"secret_without_environment", "permissions_missing", "secret_to_network_host"}, rule) {
			continue
		}
		match, _ := found["match"].(string)
		place, err := doc.Locate(pathOf(found["path"].([]any)), lint.Spot{Match: match})
		if err != nil {
			t.Error(err)
		}
		at := place.Location.Start
		got = append(got, fmt.Sprintf("%d:%d %s/%s: %s", at.Line, at.Column, doc.Platform, rule, found["message"]))
	}
	slices.Sort(got)
	return got
}

func pathOf(parts []any) lint.Path {
	var path lint.Path
	for _, part := range parts {
		if number, ok := part.(json.Number); ok {
			n, _ := number.Int64()
			path = append(path, int(n))
			continue
		}
		path = append(path, part)
	}
	return path
}
