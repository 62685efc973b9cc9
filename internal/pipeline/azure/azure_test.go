package azure_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/azure"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// linkAzure links the first of some files, "-- path --" before each; the first
// needs none.
func linkAzure(t testing.TB, text string) *lint.Document {
	t.Helper()
	sources := map[string]*lint.Source{}
	name := "azure-pipelines.yml"
	for i, part := range strings.Split("\n"+text, "\n-- ") {
		if i > 0 {
			name, part, _ = strings.Cut(part, " --\n")
		}
		sources[name] = &lint.Source{Path: name, Data: []byte(strings.TrimPrefix(part, "\n"))}
	}
	docs, findings := azure.Parse([]*lint.Source{sources["azure-pipelines.yml"]})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("got %d documents, findings %v", len(docs), findings)
	}
	return pipeline.Link(docs[0], func(path string) *lint.Source { return sources[path] })
}

// exposuresOf writes one line for each exposure: what is exposed, where, and what
// stands at its place.
func exposuresOf(t testing.TB, doc *lint.Document) string {
	t.Helper()
	var lines []string
	for i, e := range doc.Root.Get("exposures").List() {
		path := lint.Path{"exposures", i, "secret"}
		place, err := doc.Locate(path, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		secret := e.Get("secret")
		name := secret.Get("name").Str()
		if name == "" {
			name = "all"
		}
		for _, part := range []string{secret.Get("group").Str(), secret.Get("store").Str()} {
			if part != "" {
				name = part + ":" + name
			}
		}
		if e.Get("platform_token").Text == "true" {
			name += " (token)"
		}
		line := fmt.Sprintf("%s %s %s=%s", e.Get("address").Str(), e.Get("at").Str(), e.Get("variable").Str(), name)
		at := doc.Root.At(path).Span
		line += fmt.Sprintf(" at %s %q", place.Location.Path, at.Text())
		if len(place.Via) > 0 {
			line += fmt.Sprintf(" via %d", len(place.Via))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestAzureGivesTheDocumentedShape(t *testing.T) {
	read := func(name string) *lint.Source {
		data, err := os.ReadFile(filepath.Join("testdata", name+".sample"))
		if err != nil {
			return nil
		}
		return &lint.Source{Path: name, Data: data}
	}
	docs, findings := azure.Parse([]*lint.Source{read("azure-pipelines.yml")})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatal(findings)
	}
	doc := pipeline.Link(docs[0], read)
	pipelinetest.Golden(t, doc, "azure-pipelines")
	pipelinetest.CheckPlaced(t, doc)
}

func TestAzureSecrets(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a variable of the settings in an environment", "steps:\n- script: x\n  env: {T: $(ApiToken)}\n", `
jobs.Job.steps.script.env.T step_env T=ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"a name that promises no secret", "steps:\n- script: x $(Folder) $(pwd)\n  env: {T: $(Version)}\n", "\n"},
		{"the platform's variables are none", "steps:\n- script: x $(Build.Token) $(agent.secret)\n", "\n"},
		{"the job's token in any case", "steps:\n- script: x $(system.accesstoken)\n", `
jobs.Job.steps.script inline =System.AccessToken (token) at azure-pipelines.yml "$(system.accesstoken)"
`},
		{"several in one script", "steps:\n- bash: |\n    a $(A_TOKEN)\n    b $(B_TOKEN)\n", `
jobs.Job.steps.bash inline =A_TOKEN at azure-pipelines.yml "$(A_TOKEN)"
jobs.Job.steps.bash inline =B_TOKEN at azure-pipelines.yml "$(B_TOKEN)"
`},
		{"the only group", "variables:\n- group: g\nsteps:\n- script: x\n  env: {T: $(ApiToken)}\n", `
variables.g setting =variable_group:g:all at azure-pipelines.yml "g"
jobs.Job.steps.script.env.T step_env T=variable_group:g:ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"one of two groups", "variables: [{group: g}, {group: h}]\nsteps:\n- script: x\n  env: {T: $(ApiToken)}\n", `
variables.g setting =variable_group:g:all at azure-pipelines.yml "g"
variables.h setting =variable_group:h:all at azure-pipelines.yml "h"
jobs.Job.steps.script.env.T step_env T=variable_group:ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"variables are followed to their secret", "variables: {A: 'x$(B)', B: $(ApiToken), C: plain}\nsteps:\n- script: x $(a) $(C)\n", `
variables.A setting A=ApiToken at azure-pipelines.yml "$(B)" via 1
variables.B setting B=ApiToken at azure-pipelines.yml "$(ApiToken)"
jobs.Job.steps.script inline =ApiToken at azure-pipelines.yml "$(a)" via 2
`},
		{"variables that name each other are none", "variables: {A: $(B), B: $(A)}\nsteps:\n- script: x $(A)\n", "\n"},
		{"a variable of the job hides that of the pipeline", "variables: {Token: $(OldToken)}\njobs:\n- job: a\n  variables: {Token: plain}\n  steps:\n  - script: x $(Token)\n", `
variables.Token setting Token=OldToken at azure-pipelines.yml "$(OldToken)"
`},
		{"an expression that runs", "variables:\n- name: A\n  value: $[ coalesce(variables['ApiToken'], 'x') ]\nsteps:\n- script: x\n  env: {T: $(A)}\n", `
variables.A setting A=ApiToken at azure-pipelines.yml "variables['ApiToken']"
jobs.Job.steps.script.env.T step_env T=ApiToken at azure-pipelines.yml "$(A)" via 1
`},
		{"an expression that is worked out before", "variables: {A: $(ApiToken)}\nsteps:\n- script: x ${{ variables.A }} ${{ variables['a'] }}\n", `
variables.A setting A=ApiToken at azure-pipelines.yml "$(ApiToken)"
jobs.Job.steps.script inline =ApiToken at azure-pipelines.yml "$(ApiToken)" via 1
jobs.Job.steps.script inline =ApiToken at azure-pipelines.yml "$(ApiToken)" via 1
`},
		{"a condition hands nothing on", "steps:\n- script: x\n  condition: ne(variables['ApiToken'], '')\n", `
jobs.Job.steps.script.condition condition =ApiToken at azure-pipelines.yml "variables['ApiToken']"
`},
		{"a variable that a script sets", "steps:\n- bash: echo \"##vso[task.setvariable variable=AppToken;issecret=true]$x\"\n- script: y $(AppToken)\n", "\n"},
		{"an output of a step", "steps:\n- bash: x\n  name: login\n- script: y $(login.token)\n", "\n"},
		{"secrets of a vault by their names", "steps:\n- task: AzureKeyVault@2\n  inputs: {azureSubscription: c, KeyVaultName: v, SecretsFilter: 'db-url,b'}\n- script: x $(DB-URL) $(other)\n", `
jobs.Job.steps.AzureKeyVault setting =azure_key_vault:v:db-url at azure-pipelines.yml "db-url"
jobs.Job.steps.AzureKeyVault setting =azure_key_vault:v:b at azure-pipelines.yml "b"
jobs.Job.steps.script inline =azure_key_vault:v:db-url at azure-pipelines.yml "$(DB-URL)"
`},
		{"all secrets of a vault", "steps:\n- task: AzureKeyVault@2\n  inputs: {KeyVaultName: v, SecretsFilter: '*'}\n- script: x $(ApiToken)\n", `
jobs.Job.steps.AzureKeyVault setting =azure_key_vault:v:all at azure-pipelines.yml "'*'"
jobs.Job.steps.script inline =azure_key_vault:v:ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"a vault of another job", "jobs:\n- job: a\n  steps:\n  - task: AzureKeyVault@2\n    inputs: {KeyVaultName: v, SecretsFilter: b}\n- job: c\n  steps:\n  - script: x $(b)\n", `
jobs.a.steps.AzureKeyVault setting =azure_key_vault:v:b at azure-pipelines.yml "b"
`},
		{"a secure file", "steps:\n- task: InstallAppleCertificate@2\n  inputs: {certSecureFile: c.p12, certPwd: $(P12Password)}\n", `
jobs.Job.steps.InstallAppleCertificate.inputs.certPwd input certPwd=P12Password at azure-pipelines.yml "$(P12Password)"
jobs.Job.steps.InstallAppleCertificate file secureFilePath=file:c.p12 at azure-pipelines.yml "c.p12"
`},
		{"a script within a task", "steps:\n- task: Bash@3\n  inputs: {targetType: inline, script: x $(ApiToken)}\n", `
jobs.Job.steps.Bash.inputs.script inline script=ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"the variables of a stage are those of each job", "stages:\n- stage: s\n  variables: {A: $(ApiToken)}\n  jobs:\n  - job: a\n    steps: [{script: x}]\n  - job: b\n    steps: [{script: x}]\n", `
stages.s.jobs.a.variables.A setting A=ApiToken at azure-pipelines.yml "$(ApiToken)"
stages.s.jobs.b.variables.A setting A=ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"a container's variables", "resources: {containers: [{container: c, image: a/b:1, env: {T: $(ApiToken)}}]}\njobs:\n- job: a\n  container: c\n  steps: [{script: x}]\n", `
jobs.a.container.env.T container_env T=ApiToken at azure-pipelines.yml "$(ApiToken)"
`},
		{"legs of a matrix", "jobs:\n- job: a\n  strategy: {matrix: {one: {T: $(OneToken)}, two: {T: $(TwoToken)}}}\n  steps:\n  - script: x $(T)\n", `
jobs.a.matrix.one.T setting T=OneToken at azure-pipelines.yml "$(OneToken)"
jobs.a.matrix.two.T setting T=TwoToken at azure-pipelines.yml "$(TwoToken)"
jobs.a.steps.script inline =OneToken at azure-pipelines.yml "$(T)" via 1
jobs.a.steps.script inline =TwoToken at azure-pipelines.yml "$(T)" via 1
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := exposuresOf(t, linkAzure(t, test.text))
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), strings.TrimPrefix(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// stepsOf writes one line for each step: its job, kind, shell, and script or
// component.
func stepsOf(doc *lint.Document) string {
	var lines []string
	for _, step := range doc.Root.Get("steps").List() {
		line := fmt.Sprintf("%s %s %s %s%s", step.Get("job").Str(), step.Get("kind").Str(), step.Get("shell").Str(), step.Get("script").Str(), step.Get("component").Str())
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	for _, gap := range doc.Root.Get("gaps").List() {
		lines = append(lines, "gap "+gap.Get("why").Str()+" "+string(gap.Span.Text()))
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestAzureTemplates(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"steps of a template", "steps:\n- template: a/b.yml\n  parameters: {x: 1}\n-- a/b.yml --\nparameters: {x: 0, y: 2}\nsteps:\n- bash: ${{ parameters.x }} ${{ parameters.y }}\n- template: c.yml\n-- a/c.yml --\nsteps: [{bash: deep}]\n", `
Job shell bash 1 2
Job shell bash deep
`},
		{"a path from the root", "steps:\n- template: a/b.yml\n-- a/b.yml --\nsteps: [{template: /c.yml}]\n-- c.yml --\nsteps: [{bash: root}]\n", "Job shell bash root\n"},
		{"conditions that are known", "steps:\n- template: a.yml\n  parameters: {run: false, kind: Two}\n-- a.yml --\nparameters:\n- {name: run, type: boolean, default: true}\n- {name: kind, default: one}\nsteps:\n- ${{ if parameters.run }}:\n  - bash: no\n- ${{ elseif eq(parameters.kind, 'two') }}:\n  - bash: yes\n- ${{ else }}:\n  - bash: no\n", "Job shell bash yes\n"},
		{"conditions that are not known are read both ways", "steps:\n- ${{ if eq(variables['Build.Reason'], 'Manual') }}:\n  - bash: a\n- ${{ else }}:\n  - bash: b\n", `
Job shell bash a
Job shell bash b
gap computed ${{ if eq(variables['Build.Reason'], 'Manual') }}
`},
		{"parameters that somebody chooses", "parameters:\n- {name: debug, type: boolean, default: false}\nsteps:\n- ${{ if parameters.debug }}:\n  - bash: a\n- bash: b ${{ parameters.debug }}\n", `
Job shell bash a
Job shell bash b ${{ parameters.debug }}
gap computed ${{ if parameters.debug }}
`},
		{"loops over lists and mappings", "parameters:\n- {name: l, type: object, default: [1, {a: 2}]}\n- {name: m, type: object, default: {k: v}}\nsteps:\n- ${{ each x in parameters.l }}:\n  - bash: i ${{ x.a }}\n- ${{ each x in parameters.m }}:\n  - bash: ${{ x.key }}=${{ x.value }}\n", `
Job shell bash i
Job shell bash i 2
Job shell bash k=v
`},
		{"steps that are given", "steps:\n- template: a.yml\n  parameters:\n    before: [{bash: mine $(X)}]\n-- a.yml --\nparameters:\n- {name: before, type: stepList, default: []}\nsteps:\n- ${{ parameters.before }}\n- ${{ each s in parameters.before }}:\n  - ${{ s }}\n- bash: its\n", `
Job shell bash mine $(X)
Job shell bash mine $(X)
Job shell bash its
`},
		{"a pipeline that extends", "trigger: none\nextends:\n  template: base.yml\n  parameters:\n    jobs:\n    - job: mine\n      steps: [{bash: x}]\n-- base.yml --\nparameters:\n- {name: jobs, type: jobList}\njobs:\n- job: scan\n  steps: [{bash: scan}]\n- ${{ each j in parameters.jobs }}:\n  - job: ${{ j.job }}_checked\n    steps:\n    - ${{ j.steps }}\n", `
scan shell bash scan
mine_checked shell bash x
`},
		{"steps that are copied key by key", "steps:\n- template: a.yml\n  parameters:\n    s: [{bash: x, displayName: d}, {pwsh: y}]\n-- a.yml --\nparameters: {s: []}\nsteps:\n- ${{ each s in parameters.s }}:\n  - ${{ each pair in s }}:\n      ${{ pair.key }}: ${{ pair.value }}\n    env: {A: b}\n", "Job shell bash x\nJob shell pwsh y\n"},
		{"steps that are nothing but copied", "steps:\n- template: a.yml\n  parameters:\n    s: [{bash: x, displayName: d}, {pwsh: y}]\n-- a.yml --\nparameters: {s: []}\nsteps:\n- ${{ each s in parameters.s }}:\n  - ${{ each pair in s }}:\n      ${{ pair.key }}: ${{ pair.value }}\n", "Job shell bash x\nJob shell pwsh y\n"},
		{"one of several templates to extend", "trigger: none\nparameters: [{name: official, type: boolean, default: true}]\nextends:\n  ${{ if parameters.official }}:\n    template: a.yml\n  ${{ else }}:\n    template: b.yml\n-- a.yml --\njobs: [{job: a, steps: [{bash: x}]}]\n-- b.yml --\njobs: [{job: b, steps: [{bash: y}]}]\n", "a shell bash x\nb shell bash y\ngap computed ${{ if parameters.official }}\n"},
		{"a template of another repository that is extended", "trigger: none\nextends:\n  template: a.yml@r\n  parameters:\n    settings: {a: b}\n    stages: [{stage: s, jobs: [{job: j, steps: [{bash: x}]}]}]\n", "s.j shell bash x\ngap remote a.yml@r\n"},
		{"parts of a mapping", "steps:\n- bash: x\n  env:\n    ${{ if true }}:\n      A: b\n    ${{ insert }}: {C: d}\n    ${{ if false }}:\n      E: f\n", "Job shell bash x\n"},
		{"a template of another repository", "resources: {repositories: [{repository: r, name: o/r, ref: main}]}\njobs:\n- template: a.yml@r\n  parameters:\n    steps: [{bash: given}]\n", "Job shell bash given\ngap remote a.yml@r\n"},
		{"this repository by its name", "steps: [{template: a.yml@self}]\n-- a.yml --\nsteps: [{bash: x}]\n", "Job shell bash x\n"},
		{"a template that is missing", "steps: [{template: a.yml}]\n", "gap remote a.yml\n"},
		{"a template whose name is computed", "parameters: [{name: t, default: a}]\nsteps:\n- template: ${{ parameters.t }}.yml\n", "gap computed ${{ parameters.t }}.yml\n"},
		{"templates that include each other", "steps: [{template: a.yml}]\n-- a.yml --\nsteps: [{template: azure-pipelines.yml}]\n", "gap remote azure-pipelines.yml\n"},
		{"a template that includes itself", "steps: [{template: a.yml}, {bash: z}]\n-- a.yml --\nsteps: [{bash: x}, {template: a.yml}, {bash: y}]\n", "Job shell bash x\nJob shell bash y\nJob shell bash z\ngap remote a.yml\n"},
		{"a path out of the repository", "steps: [{template: ../../a.yml}]\n", "gap remote ../../a.yml\n"},
		{"an expression that cannot be read", "steps:\n- bash: a ${{ b c }} d\n- ${{ if x x }}:\n  - bash: e\n", `
Job shell bash a ${{ b c }} d
Job shell bash e
gap syntax ${{ b c }}
gap syntax ${{ if x x }}
`},
		{"functions", "variables: {v: A-b}\nsteps:\n- bash: ${{ format('{0}_{1}', upper('x'), replace(variables.v, '-', '.')) }} ${{ join(',', split('1;2', ';')) }} ${{ coalesce('', 'c') }} ${{ iif(in('a', 'b', 'A'), 'yes', 'no') }} ${{ length('abc') }}\n", "Job shell bash X_A.b 1,2 c yes 3\n"},
		{"shells of a system", "jobs:\n- job: w\n  pool: {vmImage: windows-2025}\n  steps: [{script: dir}, {pwsh: x}]\n- job: u\n  pool: own\n  steps: [{script: ls}]\n", `
w shell cmd dir
w shell pwsh x
u shell ls
`},
		{"a script of the repository", "steps:\n- task: Bash@3\n  inputs: {filePath: $(Build.SourcesDirectory)/ci/x.sh}\n- task: PowerShell@2\n  inputs: {filePath: y.ps1, pwsh: true}\n-- ci/x.sh --\nmake\n", `
Job shell bash make Bash@3
Job shell pwsh PowerShell@2
gap remote y.ps1
`},
		{"jobs of one name in two stages", "stages:\n- stage: a\n  jobs: [{job: j, steps: [{bash: x}]}]\n- stage: b\n  jobs: [{job: j, steps: [{bash: y}]}]\n", "a.j shell bash x\nb.j shell bash y\n"},
		{"jobs of one name by a condition", "jobs:\n- ${{ if variables.a }}:\n  - job: j\n    steps: [{bash: x}]\n- ${{ else }}:\n  - job: j\n    steps: [{bash: y}]\n", `
j shell bash x
j (2) shell bash y
gap computed ${{ if variables.a }}
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := stepsOf(linkAzure(t, test.text))
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What comes from a template stands where it is written, and says through which
// files it came.
func TestAzurePlaces(t *testing.T) {
	doc := linkAzure(t, `steps:
- template: a.yml
  parameters:
    token: $(ApiToken)
-- a.yml --
parameters: [{name: token}]
steps:
- template: b.yml
  parameters: {value: "x ${{ parameters.token }} y"}
-- b.yml --
parameters: {value: ''}
steps:
- bash: |
    echo 'it''s' ${{ parameters.value }}
    curl $(OtherToken)
`)
	got := exposuresOf(t, doc)
	want := `jobs.Job.steps.bash inline =ApiToken at azure-pipelines.yml "$(ApiToken)" via 4
jobs.Job.steps.bash inline =OtherToken at b.yml "$(OtherToken)" via 2
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	place, err := doc.Locate(lint.Path{"exposures", 0, "secret"}, lint.Spot{})
	if err != nil {
		t.Fatal(err)
	}
	way := ""
	for _, step := range place.Via {
		way += step.Message + " " + step.Location.String() + "\n"
	}
	if diff := cmp.Diff(`the template takes it here a.yml:4:26
the template takes it here b.yml:4:18
the template is included here azure-pipelines.yml:2:13
the template is included here a.yml:3:13
`, way); diff != "" {
		t.Error(diff)
	}
	pipelinetest.CheckPlaced(t, doc)
}

func TestAzureTriggers(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing said", "", "push pull_request?"},
		{"switched off", "trigger: none\npr: none\n", "manual"},
		{"branches", "trigger: [main]\npr: [main]\n", "push pull_request?"},
		{"tags only", "trigger: {tags: [v*]}\npr: none\n", "tag"},
		{"branches and tags", "trigger: {branches: [main], tags: [v*]}\npr: none\n", "tag push"},
		{"a schedule", "trigger: none\npr: none\nschedules: [{cron: 0 0 * * *}]\n", "schedule"},
		{"another pipeline", "trigger: none\npr: none\nresources: {pipelines: [{pipeline: a, source: b, trigger: true}, {pipeline: c, source: d}]}\n", "upstream"},
		{"a webhook", "trigger: none\npr: none\nresources: {webhooks: [{webhook: a, connection: b}]}\n", "api"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, trigger := range linkAzure(t, test.text+"steps: []\n").Root.Get("triggers").List() {
				got = append(got, trigger.Get("event").Str()+map[string]string{"unknown": "?"}[trigger.Get("from_fork").Str()])
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A condition of the template can keep a group from pull requests, in a job that they start.
func TestAzureGroupsThatPullRequestsDoNotGet(t *testing.T) {
	text := "pr: [main]\njobs:\n- job: a\n  variables:\n  - ${{ if eq(variables['Build.SourceBranchName'], 'main') }}:\n    - group: branch\n  - ${{ if ne(variables['Build.Reason'], 'PullRequest') }}:\n    - group: reason\n" +
		"  - ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:\n    - group: test\n  - ${{ else }}:\n    - group: other\n  - group: always\n  steps: [{bash: x}]\n"
	var got []string
	for _, e := range linkAzure(t, text).Root.Get("exposures").List() {
		word := e.Get("secret", "group").Str()
		if e.Get("closed") != nil {
			word += " closed"
		}
		got = append(got, word)
	}
	if diff := cmp.Diff([]string{"branch closed", "reason closed", "test", "other closed", "always"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAzureOpenTo(t *testing.T) {
	const steps = "\n  steps: [{bash: x}]\n"
	tests := []struct{ name, text, want string }{
		{"no condition", "jobs:\n- job: a" + steps, "pull_request"},
		{"nothing said of pull requests", "trigger: [main]\njobs:\n- job: a" + steps, ""},
		{"no pull requests", "pr: none\njobs:\n- job: a" + steps, ""},
		{"another reason is asked for", "jobs:\n- job: a\n  condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))" + steps, ""},
		{"a branch is asked for", "jobs:\n- job: a\n  condition: eq(variables['Build.SourceBranch'], 'refs/heads/main')" + steps, ""},
		{"a variable asks for a branch", "variables:\n  isMain: ${{ eq(variables['Build.SourceBranch'], 'refs/heads/main') }}\njobs:\n- job: a\n  condition: and(succeeded(), eq(variables.isMain, 'True'))" + steps, ""},
		{"the same in lower case", "variables:\n  isMain: ${{ eq(variables['Build.SourceBranch'], 'refs/heads/main') }}\njobs:\n- job: a\n  condition: eq(variables['isMain'], 'true')" + steps, ""},
		{"as a truth value", "variables:\n  isMain: $[eq(variables['Build.SourceBranch'], 'refs/heads/main')]\njobs:\n- job: a\n  condition: eq(variables.isMain, true)" + steps, ""},
		{"a variable of the run", "variables:\n- {name: isMain, value: \"$[ eq(variables['Build.SourceBranch'], 'refs/heads/main') ]\"}\njobs:\n- job: a\n  condition: eq(variables.isMain, 'True')" + steps, ""},
		{"a variable asks for pull requests", "variables:\n  isChange: $[eq(variables['Build.Reason'], 'PullRequest')]\njobs:\n- job: a\n  condition: eq(variables.isChange, 'True')" + steps, "pull_request"},
		{"a variable that is not main", "variables:\n  isMain: ${{ eq(variables['Build.SourceBranch'], 'refs/heads/main') }}\njobs:\n- job: a\n  condition: eq(variables.isMain, 'False')" + steps, "pull_request"},
		{"a variable that nobody can work out", "variables:\n  isMain: $[eq(variables.other, 'refs/heads/main')]\njobs:\n- job: a\n  condition: eq(variables.isMain, 'True')" + steps, "pull_request"},
		{"a variable that a parameter of another file decides", "variables:\n  ships: ${{ eq(parameters.unknown, 'yes') }}\njobs:\n- template: t.yml\n-- t.yml --\njobs:\n- job: a\n  condition: eq(variables.ships, 'True')" + steps, "pull_request"},
		{"variables that hang on each other", "variables:\n  isMain: $[variables.isBranch]\n  isBranch: $[variables.isMain]\njobs:\n- job: a\n  condition: eq(variables.isMain, 'True')" + steps, "pull_request"},
		{"no fork", "jobs:\n- job: a\n  condition: ne(variables['System.PullRequest.IsFork'], true)" + steps, ""},
		{"pull requests are asked for", "jobs:\n- job: a\n  condition: eq(variables['Build.Reason'], 'PullRequest')" + steps, "pull_request"},
		{"another condition", "jobs:\n- job: a\n  condition: or(failed(), eq(variables.x, 'y'))" + steps, "pull_request"},
		{"switched off", "jobs:\n- job: a\n  condition: false" + steps, ""},
		{"a condition of the template", "jobs:\n- ${{ if ne(variables['Build.Reason'], 'PullRequest') }}:\n  - job: a\n    steps: [{bash: x}]\n", ""},
		{"the other way of it", "jobs:\n- ${{ if ne(variables['Build.Reason'], 'PullRequest') }}:\n  - job: b\n- ${{ else }}:\n  - job: a\n    steps: [{bash: x}]\n", "pull_request"},
		{"an environment may ask", "jobs:\n- deployment: a\n  environment: prod\n  strategy: {runOnce: {deploy: {steps: [{bash: x}]}}}\n", ""},
		{"a condition of the stage", "stages:\n- stage: s\n  condition: eq(variables['Build.Reason'], 'Manual')\n  jobs: [{job: a, steps: [{bash: x}]}]\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !strings.HasPrefix(test.text, "pr:") && !strings.HasPrefix(test.text, "trigger:") {
				test.text = "pr: [main]\n" + test.text
			}
			doc := linkAzure(t, test.text)
			var got []string
			for _, job := range doc.Root.Get("jobs").List() {
				if !strings.HasSuffix(job.Get("id").Str(), "a") {
					continue
				}
				for _, event := range job.Get("open_to").List() {
					got = append(got, event.Text)
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAzureMachines(t *testing.T) {
	tests := []struct{ name, pool, want string }{
		{"an image of Microsoft's", "{vmImage: ubuntu-latest}", "hosted"},
		{"a pool of Microsoft's", "{name: Azure Pipelines, vmImage: x}", "hosted"},
		{"no machine at all", "server", "hosted"},
		{"a pool of one's own", "build-farm", "self_hosted"},
		{"a pool of one's own with demands", "{name: farm, demands: [gpu]}", "self_hosted"},
		{"a computed pool", "{name: $(Pool)}", "unknown"},
		{"a computed image", "{vmImage: '${{ parameters.image }}'}", "unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkAzure(t, "parameters: [{name: image}]\npool: "+test.pool+"\nsteps: []\n")
			if got := doc.Root.Get("jobs").List()[0].Get("runner", "kind").Str(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAzureOutsidersText(t *testing.T) {
	const script = "steps:\n- bash: echo $(Build.SourceVersionMessage) $(System.PullRequest.SourceBranch) $(Build.BuildId)\n"
	doc := linkAzure(t, "pr: [main]\n"+script)
	got := ""
	for _, u := range doc.Root.Get("untrusted").List() {
		got += u.Get("at").Str() + " " + u.Get("expression").Str() + " " + string(u.Get("expression").Span.Text()) + "\n"
	}
	want := "inline Build.SourceVersionMessage $(Build.SourceVersionMessage)\ninline System.PullRequest.SourceBranch $(System.PullRequest.SourceBranch)\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if closed := linkAzure(t, script); len(closed.Root.Get("untrusted").List()) > 0 {
		t.Error("what only people of the repository write is called untrusted")
	}
}

// A group that a condition keeps from pull requests is closed to who proposes them.
func TestAzureGroupsUnderConditions(t *testing.T) {
	tests := []struct {
		name, variables string
		closed          bool
	}{
		{"no condition", "- group: prod", false},
		{"the main branch", "- ${{ if eq(variables['Build.SourceBranch'], 'refs/heads/main') }}:\n  - group: prod", true},
		{"no pull request", "- ${{ if ne(variables['Build.Reason'], 'PullRequest') }}:\n  - group: prod", true},
		{"else", "- ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:\n  - group: test\n- ${{ else }}:\n  - group: prod", true},
		{"elseif", "- ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:\n  - group: test\n- ${{ elseif eq(variables['X'], 'y') }}:\n  - group: prod", true},
		{"else of something else", "- ${{ if eq(variables['X'], 'y') }}:\n  - group: test\n- ${{ else }}:\n  - group: prod", false},
		{"pull requests alone", "- ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:\n  - group: prod", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkAzure(t, "pr: [main]\nvariables:\n"+test.variables+"\nsteps: [{bash: make}]\n")
			for _, e := range doc.Root.Get("exposures").List() {
				if e.Get("secret", "group").Str() != "prod" {
					continue
				}
				if closed := e.Get("closed") != nil; closed != test.closed {
					t.Errorf("closed is %t", closed)
				}
				return
			}
			t.Error("there is no such group")
		})
	}
}

// A connection that a step uses is closed if conditions keep pull requests from each such step.
func TestAzureConnectionsUnderConditions(t *testing.T) {
	step := func(condition string) string {
		return "- task: AzureCLI@2\n" + condition + "  inputs: {azureSubscription: prod, scriptLocation: inlineScript, inlineScript: az group list}\n"
	}
	kept := step("  condition: ne(variables['Build.Reason'], 'PullRequest')\n")
	for steps, want := range map[string]bool{kept: true, step(""): false, kept + kept: true, kept + step(""): false, step("") + kept: false, step("  condition: always()\n"): false} {
		doc := linkAzure(t, "pr: [main]\nsteps:\n"+steps)
		for _, identity := range doc.Root.Get("identities").List() {
			if identity.Get("kind").Str() == "service_connection" && (identity.Get("closed") != nil) != want {
				t.Errorf("closed is %t:\n%s", !want, steps)
			}
		}
	}
}

func TestAzureIsBounded(t *testing.T) {
	bomb := "parameters:\n- {name: l, type: object, default: [1,2,3,4,5,6,7,8,9,0]}\nsteps:\n"
	indent := ""
	for i := range 8 {
		bomb += fmt.Sprintf("%s- ${{ each x%d in parameters.l }}:\n", indent, i)
		indent += "  "
	}
	bomb += indent + "- bash: x\n"
	branching := "steps: [{template: a.yml}, {template: a.yml}]\n"
	for _, name := range strings.Split("abcdefghijklmnopqrst", "") {
		branching += fmt.Sprintf("-- %s.yml --\nsteps: [{template: %c.yml}, {template: %c.yml}, {bash: x}]\n", name, name[0]+1, name[0]+1)
	}
	names := "variables:\n"
	for i := range 30 {
		names += fmt.Sprintf("  v%d: $(v%d) $(w%d)\n  w%d: $(v%d) $(w%d)\n", i, i+1, i+1, i, i+1, i+1)
	}
	for name, text := range map[string]string{"loops in loops": bomb, "templates that double": branching, "variables that double": names + "steps: [{bash: $(v0)}]\n"} {
		doc := linkAzure(t, text)
		if gap := doc.Root.Get("gaps").List(); len(gap) == 0 || gap[len(gap)-1].Get("why").Str() != "limit" {
			t.Errorf("%s: no limit is reported", name)
		} else if gap[len(gap)-1].Span.Source == nil {
			t.Errorf("%s: the limit has no place", name)
		}
	}
}

// Whatever the files: each element can be located, what is said of a secret
// stands where a file names it, the lists join.
func FuzzAzure(f *testing.F) {
	for _, name := range []string{"azure-pipelines.yml", "templates/image.yml"} {
		text := pipelinetest.Sample(f, name)
		f.Add(text, text)
	}
	f.Add("steps:\n- template: t.yml\n  parameters: {a: '$(A_TOKEN)', s: [{bash: x}]}\n", "parameters: {a: 1, s: []}\nsteps:\n- ${{ each x in parameters.s }}:\n  - ${{ x }}\n- bash: \"it's ${{ parameters.a }}\\n\"\n- ${{ if eq(parameters.a, 1) }}: [{script: 5}]\n  ${{ else }}: {bash: $(B_TOKEN)}\n")
	f.Add("variables: [{name: A_KEY, value: \"$[variables['B_TOKEN']]\"}, {template: t.yml}]\nextends: {template: t.yml, parameters: {jobs: [{job: a}]}}\n", "variables: {B: $(C_TOKEN)}\njobs: ${{ parameters.jobs }}\n")
	f.Fuzz(func(t *testing.T, text, included string) {
		sources := map[string]*lint.Source{"azure-pipelines.yml": {Path: "azure-pipelines.yml", Data: []byte(text)}, "t.yml": {Path: "t.yml", Data: []byte(included)}}
		docs, _ := azure.Parse([]*lint.Source{sources["azure-pipelines.yml"]})
		for _, native := range docs {
			doc := pipeline.Link(native, func(path string) *lint.Source { return sources[path] })
			pipelinetest.CheckPlaced(t, doc)
			pipelinetest.CheckJoins(t, doc)
			for i, exposure := range doc.Root.Get("exposures").List() {
				place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
				if err != nil {
					t.Fatal(err)
				}
				text := pipelinetest.TextAt(sources[place.Location.Path], place.Location)
				for _, step := range place.Via {
					text += pipelinetest.TextAt(sources[step.Location.Path], step.Location)
				}
				name := strings.ToUpper(exposure.Get("secret", "name").Str())
				if !strings.Contains(strings.ToUpper(text), name) && !strings.ContainsAny(text, "\\\n'") {
					t.Errorf("exposure %d of %q stands at %q", i, name, text)
				}
			}
		}
	})
}

// What scripts do with secrets: the engine gets what it needs to know.
func TestAzureFlows(t *testing.T) {
	const head = "steps:\n- bash: |\n    x=$(echo \"$T\" | base64)\n"
	tests := []struct{ name, text, want string }{
		{"a secret that is pasted", "steps:\n- bash: curl -u x:$(ApiToken) https://example.com/$(Build.BuildId)\n", "argv ApiToken\nnetwork ApiToken\n"},
		{"a secret in the environment", "steps:\n- bash: |\n    curl -H \"X: $T\" https://example.com\n  env: {T: $(ApiToken)}\n", "argv ApiToken\nnetwork ApiToken\n"},
		{"a variable that all later steps get", head + "    echo \"##vso[task.setvariable variable=my.token]$x\"\n  env: {T: $(ApiToken)}\n- bash: echo $MY_TOKEN\n", "env_file ApiToken\nlog ApiToken\n"},
		{"a secret variable is not in the environment", head + "    echo \"##vso[task.setvariable variable=mine;issecret=true]$x\"\n  env: {T: $(ApiToken)}\n- bash: echo $MINE\n", ""},
		{"it is where a step names it", head + "    echo \"##vso[task.setvariable variable=mine;issecret=true]$x\"\n  env: {T: $(ApiToken)}\n- bash: curl https://example.com/$(mine)\n- bash: curl https://example.com/$Y\n  env: {Y: $(mine)}\n", "argv ApiToken\nnetwork ApiToken\nargv ApiToken\nnetwork ApiToken\n"},
		{"an output of a step", head + "    echo \"##vso[task.setvariable variable=o;isoutput=true]$x\"\n  env: {T: $(ApiToken)}\n  name: make\n- bash: curl https://example.com/$(make.o)\n", "output ApiToken\nargv ApiToken\nnetwork ApiToken\n"},
		{"an output of another job", "jobs:\n- job: a\n  steps:\n  - bash: echo \"##vso[task.setvariable variable=o;isoutput=true]$T\"\n    name: make\n    env: {T: $(ApiToken)}\n- job: b\n  dependsOn: a\n  variables: {v: \"$[ dependencies.a.outputs['make.o'] ]\"}\n  steps:\n  - bash: curl https://example.com/$(v)\n  - bash: curl https://example.com/$V\n", "output ApiToken\nargv ApiToken\nnetwork ApiToken\nargv ApiToken\nnetwork ApiToken\n"},
		{"a variable of the environment that holds none", "variables: {Token: $(ApiToken)}\nsteps:\n- bash: echo $TOKEN\n", ""},
		{"a script of the repository", "steps:\n- task: Bash@3\n  inputs: {filePath: x.sh}\n  env: {T: $(ApiToken)}\n-- x.sh --\ncurl https://example.com/$T\n", "argv ApiToken\nnetwork ApiToken\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkAzure(t, test.text)
			got := ""
			for _, flow := range doc.Root.Get("flows").List() {
				got += flow.Get("sink").Str() + " " + flow.Get("secret", "name").Str() + "\n"
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			pipelinetest.CheckPlaced(t, doc)
		})
	}
}
