package pipeline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/parse/bitbucket"
	"github.com/policyctl/policyctl/internal/parse/buildkite"
	"github.com/policyctl/policyctl/internal/parse/circleci"
	"github.com/policyctl/policyctl/internal/parse/githubactions"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/parse/jenkins"
	"github.com/policyctl/policyctl/internal/pipeline"
)

// ci are the platforms, each with a job into which the lines of a script are put.
var ci = map[string]struct {
	path  string
	parse func([]*lint.Source) ([]*lint.Document, []lint.Finding)
}{
	"github":    {".github/workflows/x.yml", githubactions.Parse},
	"gitlab":    {".gitlab-ci.yml", gitlab.Parse},
	"azure":     {"azure-pipelines.yml", azure.Parse},
	"bitbucket": {"bitbucket-pipelines.yml", bitbucket.Parse},
	"buildkite": {".buildkite/pipeline.yml", buildkite.Parse},
	"circleci":  {".circleci/config.yml", circleci.Parse},
	"jenkins":   {"Jenkinsfile", jenkins.Parse},
}

// linked gives the neutral document of a file of a platform.
func linked(t *testing.T, platform, text string) *lint.Document {
	t.Helper()
	src := &lint.Source{Path: ci[platform].path, Data: []byte(text)}
	docs, findings := ci[platform].parse([]*lint.Source{src})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	return pipeline.Link(docs[0], func(path string) *lint.Source {
		if path == src.Path {
			return docs[0].Root.Span.Source
		}
		return nil
	})
}

// What becomes of secrets is judged alike on every platform, with the places of the
// file as it is written.
func TestPoliciesOnFlows(t *testing.T) {
	policies := compile(t)
	const (
		github    = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: {}\n    steps:\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: |\n"
		own       = "on: push\njobs:\n  a:\n    runs-on: [self-hosted]\n    permissions: {}\n    steps:\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: |\n"
		gitlab    = "a:\n  variables: {T: $API_TOKEN}\n  script:\n  - |\n"
		azure     = "steps:\n- env: {T: $(API_TOKEN)}\n  script: |\n"
		bitbucket = "pipelines:\n  default:\n  - step:\n      script:\n      - |\n"
		buildkite = "steps:\n- key: a\n  secrets: {T: API_TOKEN}\n  command: |\n"
		circleci  = "version: 2.1\njobs:\n  a:\n    docker: [{image: 'x@sha256:1'}]\n    steps:\n    - run: |\n"
		jenkins   = "pipeline {\n  agent any\n  stages { stage('a') { steps {\n    withCredentials([string(credentialsId: 'api-token', variable: 'T')]) {\n      sh '''\n"
		closing   = "'''\n    }\n  } } }\n}\n"
	)
	tests := []struct{ name, platform, text, want string }{
		{"a part of a secret in the log", "github", github + "          echo ${T:0:4}\n",
			`9:16 pipeline/secret_in_log: step 1 of job "a" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "gitlab", gitlab + "          echo ${T:0:4}\n",
			`5:16 pipeline/secret_in_log: step 1 of job "a" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "azure", azure + "          echo ${T:0:4}\n",
			`4:16 pipeline/secret_in_log: step 1 of job "Job" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "buildkite", buildkite + "          echo $${T:0:4}\n",
			`5:17 pipeline/secret_in_log: step 1 of job "a" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "circleci", circleci + "          echo ${API_TOKEN:0:4}\n",
			`7:16 pipeline/secret_in_log: step 1 of job "a" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "jenkins", jenkins + "          echo ${T:0:4}\n" + closing,
			`6:16 pipeline/secret_in_log: step 1 of job "a" prints secret api-token, changed by substring, by echo, and the log does not hide it`},
		{"a part of a secret in the log", "bitbucket", bitbucket + "          echo ${API_TOKEN:0:4}\n",
			`6:16 pipeline/secret_in_log: step 1 of job "default/1" prints secret API_TOKEN, changed by substring, by echo, and the log does not hide it`},
		{"the length of a secret, a test, an input of a program", "github", github + "          echo ${#T}\n          [ -n \"$T\" ]\n          echo \"$T\" | sign\n", ""},
		{"the length of a secret, a test, an input of a program", "gitlab", gitlab + "          echo ${#T}\n          [ -n \"$T\" ]\n          echo \"$T\" | sign\n", ""},
		{"the length of a secret, a test, an input of a program", "azure", azure + "          echo ${#T}\n          [ -n \"$T\" ]\n          echo \"$T\" | sign\n", ""},
		{"the length of a secret, a test, an input of a program", "buildkite", buildkite + "          echo $${#T}\n          [ -n \"$$T\" ]\n          echo \"$$T\" | sign\n", ""},
		{"the length of a secret, a test, an input of a program", "circleci", circleci + "          echo ${#API_TOKEN}\n          [ -n \"$API_TOKEN\" ]\n          echo \"$API_TOKEN\" | sign\n", ""},
		{"the length of a secret, a test, an input of a program", "jenkins", jenkins + "          echo ${#T}\n          [ -n \"$T\" ]\n          echo \"$T\" | sign\n" + closing, ""},
		{"the length of a secret, a test, an input of a program", "bitbucket", bitbucket + "          echo ${#API_TOKEN}\n          [ -n \"$API_TOKEN\" ]\n          echo \"$API_TOKEN\" | sign\n", ""},
		{"a whole secret in the log", "github", github + "          echo \"$T\"\n",
			`9:17 pipeline/masked_secret_in_log: step 1 of job "a" prints secret API_TOKEN by echo; only the mask of the log hides it`},
		{"a whole secret in the log", "gitlab", gitlab + "          echo \"$T\"\n",
			`5:17 pipeline/possibly_unmasked_secret_in_log: step 1 of job "a" prints secret API_TOKEN by echo; settings decide whether the log hides it`},
		{"a whole secret in the log", "jenkins", jenkins + "          echo \"$T\"\n" + closing,
			`6:17 pipeline/masked_secret_in_log: step 1 of job "a" prints secret api-token by echo; only the mask of the log hides it`},
		{"all variables", "github", github + "          printenv | sort\n",
			`9:11 pipeline/masked_secret_in_log: step 1 of job "a" prints secret API_TOKEN by printenv; only the mask of the log hides it`},
		{"all variables", "gitlab", gitlab + "          printenv | sort\n",
			`5:11 pipeline/environment_dump: printenv in step 1 of job "a" prints secret API_TOKEN with all other variables`},
		{"all variables", "circleci", circleci + "          printenv | sort\n          [ -n \"$API_TOKEN\" ]\n",
			`7:11 pipeline/masked_secret_in_log: step 1 of job "a" prints secret API_TOKEN by printenv; only the mask of the log hides it`},
		{"a trace", "github", github + "          set -x\n          deploy < <(echo \"$T\")\n",
			`10:28 pipeline/masked_secret_in_log: step 1 of job "a" prints secret API_TOKEN by set -x; only the mask of the log hides it`},
		{"a trace", "gitlab", gitlab + "          set -x\n          deploy < <(echo \"$T\")\n",
			`6:28 pipeline/shell_trace: step 1 of job "a" traces its commands, and prints secret API_TOKEN with them`},
		{"a trace of what was changed", "github", github + "          set -x\n          A=${T:2}\n          [ \"$A\" = x ]\n",
			`10:13 pipeline/shell_trace: step 1 of job "a" traces its commands, and prints secret API_TOKEN with them`},
		{"a verbose program", "gitlab", gitlab + "          curl -v -u \"me:$T\" https://a.example\n",
			`5:26 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to curl as an argument` + "\n" +
				`5:26 pipeline/verbose_tool: curl -v in step 1 of job "a" prints what it is given, secret API_TOKEN among it`},
		{"a verbose program", "azure", azure + "          curl -v -u \"me:$T\" https://a.example\n",
			`4:26 pipeline/masked_secret_in_log: step 1 of job "Job" prints secret API_TOKEN by curl -v; only the mask of the log hides it` + "\n" +
				`4:26 pipeline/secret_on_command_line: step 1 of job "Job" passes secret API_TOKEN to curl as an argument`},
		{"an argument", "github", github + "          deploy --token \"$T\"\n",
			`9:27 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to deploy as an argument`},
		{"an argument on a machine of one's own", "github", own + "          deploy --token \"$T\"\n",
			`9:27 pipeline/secret_in_process_list: step 1 of job "a" passes secret API_TOKEN to deploy as an argument, on a machine that others share`},
		{"an argument on a machine of one's own, by input", "github", own + "          echo \"$T\" | docker login -u me --password-stdin a.example\n          docker logout a.example\n", ""},
		{"a login that stays", "github", own + "          echo \"$T\" | docker login -u me --password-stdin a.example\n",
			`9:23 pipeline/login_without_logout: docker login in step 1 of job "a" leaves its login in ~/.docker/config.json on a machine that others share`},
		{"a login that stays with the machine", "github", github + "          echo \"$T\" | docker login -u me --password-stdin a.example\n", ""},
		{"a file that stays", "github", own + "          echo \"$T\" > ~/key.pem\n",
			`9:21 pipeline/credential_file_left_on_self_hosted_runner: step 1 of job "a" leaves secret API_TOKEN in ~/key.pem on a machine that others share`},
		{"a file that stays with the machine", "github", github + "          echo \"$T\" > ~/key.pem\n", ""},
		{"a file that is removed", "github", own + "          trap \"rm -f ~/key.pem\" EXIT\n          echo \"$T\" > ~/key.pem\n", ""},
		{"a file in the folder that the runner empties", "github", own + "          echo \"$T\" > \"$RUNNER_TEMP/key.pem\"\n", ""},
		{"a command on another machine", "github", github + "          ssh me@a.example \"deploy $T\"\n",
			`9:36 pipeline/secret_as_argument_of_ssh: step 1 of job "a" sends secret API_TOKEN as part of a command to another machine`},
		{"a git URL", "github", github + "          git clone \"https://me:$T@git.example.com/a/b\"\n",
			`9:33 pipeline/token_in_git_url: step 1 of job "a" puts secret API_TOKEN into the URL of git clone`},
		{"a git URL", "gitlab", gitlab + "          git clone \"https://me:$T@git.example.com/a/b\"\n",
			`5:33 pipeline/token_in_git_url: step 1 of job "a" puts secret API_TOKEN into the URL of git clone`},
		{"a git URL", "azure", azure + "          git clone \"https://me:$T@git.example.com/a/b\"\n",
			`4:33 pipeline/token_in_git_url: step 1 of job "Job" puts secret API_TOKEN into the URL of git clone`},
		{"a token of the job in a git URL", "gitlab", "a:\n  script:\n  - git clone https://gitlab-ci-token:$CI_JOB_TOKEN@gitlab.example.com/a/b\n",
			`3:39 pipeline/job_token_in_git_url: step 1 of job "a" puts CI_JOB_TOKEN, the token of the job, into the URL of git clone`},
		{"a token of the job for another host", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n    - env: {T: '${{ github.token }}'}\n      run: 'echo \"$T\" | curl -d @- https://a.example; echo \"$T\" | curl -d @- https://api.github.com/x'\n",
			`7:19 pipeline/job_token_to_foreign_host: step 1 of job "a" sends GITHUB_TOKEN, the token of the job, to a.example`},
		{"a file in an artifact", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: echo \"$T\" > out/key.pem\n    - uses: actions/upload-artifact@v4\n      with: {path: out}\n",
			`9:20 pipeline/secret_in_artifact: step "actions/upload-artifact" of job "a" uploads out/key.pem, which holds secret API_TOKEN`},
		{"a file in an artifact", "gitlab", "a:\n  script:\n  - echo \"$API_TOKEN\" > out/key.pem\n  artifacts: {paths: [out/]}\n",
			`4:23 pipeline/secret_in_artifact: step 1 of job "a" uploads out/key.pem, which holds secret API_TOKEN`},
		{"a file beside an artifact", "gitlab", "a:\n  script:\n  - echo \"$API_TOKEN\" > key.pem\n  artifacts: {paths: [out/]}\n", ""},
		{"a file in a cache", "gitlab", "a:\n  script:\n  - npm config set //registry.npmjs.org/:_authToken \"$API_TOKEN\" --location project\n  - echo \"$API_TOKEN\" > .cache/key\n  cache: {paths: [.cache]}\n",
			`3:54 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to npm as an argument` + "\n" +
				`5:19 pipeline/secret_in_cache: the cache of job "a" keeps .cache/key, which holds secret API_TOKEN`},
		{"a file in a cache", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n    - uses: actions/cache@v4\n      with: {path: ~/.docker, key: x}\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: echo \"$T\" | docker login -u me --password-stdin\n",
			`7:20 pipeline/secret_in_cache: the cache of job "a" keeps ~/.docker/config.json, which holds secret API_TOKEN`},
		{"a build argument", "github", github + "          docker build --build-arg NPM_TOKEN=$T .\n",
			`9:46 pipeline/secret_in_build_arg: step 1 of job "a" passes secret API_TOKEN as build argument NPM_TOKEN, which stays in the image`},
		{"a build argument", "gitlab", gitlab + "          docker build --build-arg NPM_TOKEN=$T .\n",
			`5:46 pipeline/secret_in_build_arg: step 1 of job "a" passes secret API_TOKEN as build argument NPM_TOKEN, which stays in the image`},
		{"a build argument", "jenkins", jenkins + "          docker build --build-arg NPM_TOKEN=$T .\n" + closing,
			`6:46 pipeline/secret_in_build_arg: step 1 of job "a" passes secret api-token as build argument NPM_TOKEN, which stays in the image`},
		{"a build secret", "github", github + "          docker build --secret id=npm,env=T .\n", ""},
		{"an output of a job", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    outputs: {t: '${{ steps.s.outputs.t }}'}\n    steps:\n    - id: s\n      env: {T: '${{ secrets.API_TOKEN }}'}\n      run: echo \"t=$(echo \"$T\" | rev)\" >> $GITHUB_OUTPUT\n",
			`5:19 pipeline/secret_in_job_output: job "a" makes secret API_TOKEN, changed by reverse, the output t` + "\n" +
				`9:20 pipeline/unmasked_variable: step "s" of job "a" sets t to secret API_TOKEN, changed by reverse, without hiding it`},
		{"variables for later jobs", "gitlab", "a:\n  script:\n  - echo \"T=$API_TOKEN\" > v.env\n  artifacts: {reports: {dotenv: v.env}}\n",
			`4:33 pipeline/secret_in_job_output: job "a" makes secret API_TOKEN the output T`},
		{"a variable for later steps", "github", github + "          echo \"T=$T\" >> $GITHUB_ENV\n",
			`9:19 pipeline/secret_in_env_file: step 1 of job "a" gives secret API_TOKEN to all later steps as T`},
		{"a variable for later steps that is not hidden", "github", github + "          echo \"P=$(echo \"$T\" | jq -r .password)\" >> $GITHUB_ENV\n",
			`9:19 pipeline/unmasked_variable: step 1 of job "a" sets P to secret API_TOKEN, changed by json, without hiding it`},
		{"a variable for later steps that is hidden", "github", github + "          P=$(echo \"$T\" | jq -r .password)\n          echo \"::add-mask::$P\"\n          echo \"P=$P\" >> $GITHUB_ENV\n",
			`11:19 pipeline/secret_in_env_file: step 1 of job "a" gives secret API_TOKEN to all later steps as P`},
		{"a variable for later steps that is not hidden", "azure", azure + "          P=$(echo \"$T\" | rev)\n          echo \"##vso[task.setvariable variable=P]$P\"\n",
			`5:51 pipeline/unmasked_variable: step 1 of job "Job" sets P to secret API_TOKEN, changed by reverse, without hiding it`},
		{"a variable for later steps that is hidden", "azure", azure + "          P=$(echo \"$T\" | rev)\n          echo \"##vso[task.setvariable variable=P;issecret=true]$P\"\n", ""},
		{"plain HTTP", "github", github + "          echo \"$T\" | curl -d @- http://api.example.com\n",
			`9:17 pipeline/secret_over_plain_http: step 1 of job "a" sends secret API_TOKEN to api.example.com over plain http`},
		{"plain HTTP", "gitlab", gitlab + "          echo \"$T\" | curl -d @- http://api.example.com\n",
			`5:17 pipeline/secret_over_plain_http: step 1 of job "a" sends secret API_TOKEN to api.example.com over plain http`},
		{"plain HTTP beside the job", "github", github + "          echo \"$T\" | curl -d @- http://vault:8200/v1\n", ""},
		{"a server that is not verified", "github", github + "          echo \"$T\" | curl -sk -d @- https://api.example.com\n",
			`9:17 pipeline/secret_without_tls_verification: curl in step 1 of job "a" sends secret API_TOKEN to a server that it does not verify`},
		{"a server that is not verified", "gitlab", gitlab + "          echo \"$T\" | curl -sk -d @- https://api.example.com\n",
			`5:17 pipeline/secret_without_tls_verification: curl in step 1 of job "a" sends secret API_TOKEN to a server that it does not verify`},
		{"a server that is not verified", "azure", azure + "          echo \"$T\" | curl -sk -d @- https://api.example.com\n",
			`4:17 pipeline/secret_without_tls_verification: curl in step 1 of job "Job" sends secret API_TOKEN to a server that it does not verify`},
		{"a switch for all servers", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    env: {NODE_TLS_REJECT_UNAUTHORIZED: 0}\n    steps:\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: node x.js\n",
			`5:41 pipeline/secret_without_tls_verification: NODE_TLS_REJECT_UNAUTHORIZED makes job "a" accept any server, beside secret API_TOKEN`},
		{"a switch for all servers", "gitlab", "variables: {GIT_SSL_NO_VERIFY: 'true', T: $API_TOKEN}\na: {script: [make]}\n",
			`1:32 pipeline/secret_without_tls_verification: GIT_SSL_NO_VERIFY makes the whole pipeline accept any server, beside secret API_TOKEN`},
		{"an address", "github", github + "          curl \"https://api.example.com/?key=$T\"\n",
			`9:46 pipeline/secret_in_url: curl in step 1 of job "a" sends secret API_TOKEN to api.example.com as part of the address` + "\n" +
				`9:46 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to curl as an argument`},
		{"an address that is the secret", "github", github + "          curl -d hello \"$T\"\n",
			`9:26 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to curl as an argument`},
		{"code", "github", github + "          eval \"deploy $T\"\n",
			`9:24 pipeline/secret_evaluated_as_code: eval in step 1 of job "a" runs secret API_TOKEN as code` + "\n" +
				`9:24 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to deploy as an argument`},
		{"code", "gitlab", gitlab + "          eval \"deploy $T\"\n",
			`5:24 pipeline/secret_evaluated_as_code: eval in step 1 of job "a" runs secret API_TOKEN as code` + "\n" +
				`5:24 pipeline/secret_on_command_line: step 1 of job "a" passes secret API_TOKEN to deploy as an argument`},
		{"variables of another pipeline", "gitlab", "a:\n  variables: {T: $API_TOKEN}\n  trigger: group/deploy\n",
			`2:18 pipeline/secret_to_downstream_pipeline: job "a" hands secret API_TOKEN to group/deploy as T`},
		{"a secret that nothing uses", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    env: {T: '${{ secrets.API_TOKEN }}'}\n    steps:\n    - run: ls\n    - run: mkdir x\n",
			`5:15 pipeline/secret_nobody_uses: nothing in job "a" uses secret API_TOKEN, which it gets as T`},
		{"a secret that one step uses", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    env: {T: '${{ secrets.API_TOKEN }}'}\n    steps:\n    - uses: actions/checkout@v5\n    - run: ls\n    - run: echo \"$T\" | sign\n",
			`5:15 pipeline/secret_used_by_one_step: 3 steps get secret API_TOKEN as T, and only step 3 of job "a" uses it` + "\n" +
				`7:13 pipeline/persisted_credential: step "actions/checkout" of job "a" leaves its token on the machine, where step 3 of job "a" finds it without a need`},
		{"a secret that two steps use", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    env: {T: '${{ secrets.API_TOKEN }}'}\n    steps:\n    - run: echo \"$T\" | sign\n    - run: echo \"$T\" | sign\n", ""},
		{"a secret that somebody else's action gets", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    env: {T: '${{ secrets.API_TOKEN }}'}\n    steps:\n    - uses: x/y@v1\n    - run: echo \"$T\" | sign\n    - run: echo \"$T\" | sign\n",
			`5:15 pipeline/secret_set_before_third_party: x/y@v1 gets secret API_TOKEN as T, which is set for job "a"`},
		{"a secret that somebody else's action gets by a step before", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: echo \"T=$T\" >> $GITHUB_ENV\n    - uses: x/y@v1\n",
			`7:20 pipeline/secret_in_env_file: step 1 of job "a" gives secret API_TOKEN to all later steps as T` + "\n" +
				`7:20 pipeline/secret_set_before_third_party: x/y@v1 gets secret API_TOKEN as T, which step 1 of job "a" sets for later steps`},
		{"an installation", "github", github + "          npm ci\n          [ -n \"$T\" ]\n",
			`9:11 pipeline/secret_during_dependency_install: "npm ci" in step 1 of job "a" runs code of dependencies with secret API_TOKEN in its environment`},
		{"an installation", "gitlab", gitlab + "          npm ci\n          [ -n \"$T\" ]\n",
			`5:11 pipeline/secret_during_dependency_install: "npm ci" in step 1 of job "a" runs code of dependencies with secret API_TOKEN in its environment`},
		{"an installation", "azure", azure + "          npm ci\n          [ -n \"$T\" ]\n",
			`4:11 pipeline/secret_during_dependency_install: "npm ci" in step 1 of job "Job" runs code of dependencies with secret API_TOKEN in its environment`},
		{"an installation", "buildkite", buildkite + "          npm ci\n          [ -n \"$$T\" ]\n",
			`5:11 pipeline/secret_during_dependency_install: "npm ci" in step 1 of job "a" runs code of dependencies with secret API_TOKEN in its environment`},
		{"an installation", "circleci", circleci + "          npm ci\n          [ -n \"$API_TOKEN\" ]\n", ""},
		{"an installation without scripts", "github", github + "          npm ci --ignore-scripts\n          [ -n \"$T\" ]\n", ""},
		{"a download that runs", "github", github + "          curl -fsSL https://get.example.com/x.sh | bash\n          [ -n \"$T\" ]\n",
			`9:11 pipeline/remote_code_beside_secret: step 1 of job "a" runs a download as it comes, with secret API_TOKEN in its environment`},
		{"a download that runs", "gitlab", gitlab + "          curl -fsSL https://get.example.com/x.sh | bash\n          [ -n \"$T\" ]\n",
			`5:11 pipeline/remote_code_beside_secret: step 1 of job "a" runs a download as it comes, with secret API_TOKEN in its environment`},
		{"a download that runs", "azure", azure + "          curl -fsSL https://get.example.com/x.sh | bash\n          [ -n \"$T\" ]\n",
			`4:11 pipeline/remote_code_beside_secret: step 1 of job "Job" runs a download as it comes, with secret API_TOKEN in its environment`},
		{"a download that runs", "buildkite", buildkite + "          curl -fsSL https://get.example.com/x.sh | bash\n          [ -n \"$$T\" ]\n",
			`5:11 pipeline/remote_code_beside_secret: step 1 of job "a" runs a download as it comes, with secret API_TOKEN in its environment`},
		{"a download that runs", "jenkins", jenkins + "          curl -fsSL https://get.example.com/x.sh | bash\n          [ -n \"$T\" ]\n" + closing,
			`6:11 pipeline/remote_code_beside_secret: step 1 of job "a" runs a download as it comes, with secret api-token in its environment`},
		{"a download that runs without secrets", "github", "on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n    - run: curl -fsSL https://get.example.com/x.sh | bash\n    - env: {T: '${{ secrets.API_TOKEN }}'}\n      run: echo \"$T\" | sign\n", ""},
		{"all of a vault", "azure", "steps:\n- task: AzureKeyVault@2\n  inputs: {azureSubscription: s, KeyVaultName: shop, SecretsFilter: '*'}\n- script: ls\n",
			`3:69 pipeline/whole_store_fetched: step "AzureKeyVault" of job "Job" fetches all of shop`},
		{"some of a vault", "azure", "steps:\n- task: AzureKeyVault@2\n  inputs: {azureSubscription: s, KeyVaultName: shop, SecretsFilter: 'a,b'}\n- script: ls\n", ""},
		{"a group in a job for outsiders", "azure", "pr: [main]\nvariables:\n- group: prod\nsteps:\n- script: ls\n",
			`3:10 pipeline/secret_group_in_untrusted_job: job "Job", which outsiders can start by pull_request, gets all of prod`},
		{"a context in a job for outsiders", "circleci", "version: 2.1\njobs:\n  a:\n    docker: [{image: 'x@sha256:1'}]\n    steps: [{run: ls}]\nworkflows:\n  w:\n    jobs:\n    - a: {context: prod}\n", ""},
		{"a script in double quotes", "jenkins", "pipeline {\n  agent any\n  stages { stage('a') { steps {\n    withCredentials([string(credentialsId: 'api-token', variable: 'T')]) {\n      sh \"deploy ${T}\"\n    }\n  } } }\n}\n",
			`5:18 pipeline/secret_in_process_list: step 1 of job "a" passes secret api-token to deploy as an argument, on a machine that others share` + "\n" +
				`5:18 pipeline/secret_in_script: secret api-token is pasted into the script of step 1 of job "a"; write the script in single quotes, so that the shell reads the variable`},
		{"a variable that is replaced at the upload", "buildkite", "steps:\n- key: a\n  secrets: [API_TOKEN]\n  command: echo \"$API_TOKEN\" | sign\n",
			`4:18 pipeline/secret_in_script: secret API_TOKEN is pasted into the script of step 1 of job "a"; write two dollar signs, so that it is read when the job runs`},
		{"a macro in a script", "azure", "variables:\n- group: prod\nsteps:\n- script: echo \"$(API_TOKEN)\" | sign\n",
			`4:17 pipeline/secret_in_script: secret API_TOKEN is pasted into the script of step 1 of job "Job"; pass it as an environment variable`},
		{"a field that is no secret", "github", github + "          echo \"$(echo \"$T\" | jq -r .project_id)\" > /dev/null\n          PROJECT_ID=$(echo \"$T\" | jq -r .project_id)\n          echo \"$PROJECT_ID\"\n", ""},
	}
	for _, test := range tests {
		t.Run(test.platform+": "+test.name, func(t *testing.T) {
			got := judgeAll(t, policies, linked(t, test.platform, test.text))
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
