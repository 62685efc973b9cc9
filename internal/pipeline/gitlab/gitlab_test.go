package gitlab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
)

// tree is a repository in memory; its folders can be listed.
type tree map[string]string

func (files tree) read(name string) *lint.Source {
	if !strings.HasSuffix(name, "/") {
		text, found := files[name]
		if !found {
			return nil
		}
		return &lint.Source{Path: name, Data: []byte(text)}
	}
	names := map[string]bool{}
	for file := range files {
		if rest, below := strings.CutPrefix(file, strings.TrimPrefix(name, "./")); below {
			first, _, deeper := strings.Cut(rest, "/")
			if deeper {
				first += "/"
			}
			names[first+"\n"] = true
		}
	}
	var list []string
	for name := range names {
		list = append(list, name)
	}
	slices.Sort(list)
	return &lint.Source{Path: name, Data: []byte(strings.Join(list, ""))}
}

// linkGitLab gives the neutral document of one file of a repository.
func linkGitLab(t testing.TB, files tree, name string) *lint.Document {
	t.Helper()
	docs, _ := gitlab.Parse([]*lint.Source{files.read(name)})
	if len(docs) != 1 {
		t.Fatalf("%s: got %d documents", name, len(docs))
	}
	return pipeline.Link(docs[0], files.read)
}

func TestGitLabShape(t *testing.T) {
	files := tree{}
	for _, name := range []string{".gitlab-ci.yml", ".gitlab/ci/templates.yml"} {
		files[name] = pipelinetest.Sample(t, name)
	}
	doc := linkGitLab(t, files, ".gitlab-ci.yml")
	pipelinetest.Golden(t, doc, "gitlab-ci")
	pipelinetest.CheckPlaced(t, doc)
	pipelinetest.CheckJoins(t, doc)
	if doc := linkGitLab(t, files, ".gitlab/ci/templates.yml"); doc != nil {
		t.Error("what the root includes is judged there, and only there")
	}
}

// exposures writes each exposure as: place name variable where job[step] masked.
func exposures(t *testing.T, doc *lint.Document) string {
	t.Helper()
	var all []string
	for i, e := range doc.Root.Get("exposures").List() {
		place, err := doc.Locate(lint.Path{"exposures", i, "secret"}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		secret := e.Get("secret")
		name := strings.Trim(strings.Join([]string{secret.Get("store").Str(), secret.Get("group").Str(), secret.Get("name").Str()}, " "), " ")
		job := e.Get("job").Str()
		if step := e.Get("step"); step != nil {
			job += "[" + step.Text + "]"
		}
		at := strings.TrimPrefix(place.Location.String(), ".gitlab-ci.yml:")
		for _, via := range place.Via {
			at += "<" + strings.TrimPrefix(via.Location.String(), ".gitlab-ci.yml:")
		}
		all = append(all, strings.Join(strings.Fields(fmt.Sprint(at, " ", name, " as ", e.Get("variable").Str(), " ", e.Get("at").Str(), " ", job, " ", e.Get("masked").Str())), " "))
	}
	return strings.Join(all, "\n")
}

func TestGitLabExposures(t *testing.T) {
	tests := []struct {
		name  string
		files tree
		want  string
	}{
		{"a line names a variable of the settings", tree{"": "a:\n  script: ['x $API_TOKEN ${API_TOKEN} $HOME']\n"}, "2:15 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"the token of the job", tree{"": "a:\n  script: ['x $CI_JOB_TOKEN']\n"}, "2:15 CI_JOB_TOKEN as CI_JOB_TOKEN ambient a[0] yes"},
		{"a variable that the shell sets first", tree{"": "a:\n  before_script: ['export API_TOKEN=$(get)']\n  script: ['x $API_TOKEN']\n"}, ""},
		{"the shell of after_script is another", tree{"": "a:\n  script: ['API_TOKEN=$(get)']\n  after_script: ['x $API_TOKEN']\n"}, "3:21 API_TOKEN as API_TOKEN ambient a[1] unknown"},
		{"a variable that depends on itself", tree{"": "a:\n  script: ['API_TOKEN=${API_TOKEN:-none}; x $API_TOKEN']\n"}, "2:23 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"a comment and a quoted dollar", tree{"": "a:\n  script:\n  - |\n    # $API_TOKEN\n    ssh x \"\\$API_TOKEN\"\n"}, ""},
		{"an option that passes a variable on", tree{"": "a:\n  script: ['docker run -e API_TOKEN x', 'docker build --build-arg API_KEY=1 .']\n"}, "2:27 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"a variable of the shell", tree{"": "a:\n  script: ['. ./found; x $private_key']\n"}, ""},
		{"PowerShell", tree{"": "a:\n  script: ['x $env:API_TOKEN %OTHER_TOKEN%']\n"}, "2:15 API_TOKEN as API_TOKEN ambient a[0] unknown\n2:30 OTHER_TOKEN as OTHER_TOKEN ambient a[0] unknown"},
		{"a variable of the file is no secret of the settings", tree{"": "variables: {API_TOKEN: x}\na:\n  script: ['x $API_TOKEN']\n"}, ""},
		{"a variable that takes one of the settings over", tree{"": "a:\n  variables: {T: 'Bearer $API_TOKEN'}\n  script: ['x $T']\n"}, "2:26 API_TOKEN as T job_env a unknown"},
		{"through another variable", tree{"": "variables: {A: $API_TOKEN}\na:\n  variables: {T: $A}\n  script: [x]\n"},
			"1:16 API_TOKEN as A pipeline_env unknown\n1:16<1:16 API_TOKEN as T job_env a unknown"},
		{"a variable that is named for itself", tree{"": "variables: {API_TOKEN: $API_TOKEN}\na: {script: [x]}\n"}, "1:24 API_TOKEN as API_TOKEN pipeline_env unknown"},
		{"two dollars are one", tree{"": "variables: {A: $$API_TOKEN, B: {value: $API_TOKEN, expand: false}}\na: {script: [x]}\n"}, ""},
		{"jobs that do not inherit variables", tree{"": "variables: {T: $API_TOKEN, U: $OTHER_TOKEN}\na: {script: [x]}\nb: {script: [x], inherit: {variables: [U]}}\nc: {script: [x], inherit: {variables: false}}\n"},
			"1:16 API_TOKEN as T pipeline_env a unknown\n1:31 OTHER_TOKEN as U pipeline_env a unknown\n1:31 OTHER_TOKEN as U pipeline_env b unknown"},
		{"a rule that asks whether there is one", tree{"": "a:\n  rules: [{if: $API_TOKEN != null}]\n  script: [x]\n"}, "2:16 API_TOKEN as condition a unknown"},
		{"secrets of other stores", tree{"": `a:
  secrets:
    A: {vault: production/db/password}
    B: {vault: {engine: {name: kv-v2, path: ops}, path: db, field: user}, file: false}
    C: {aws_secrets_manager: 'app#key'}
    D: {azure_key_vault: {name: d}}
  script: ['x $A $B']
`}, "3:5 vault kv-v2/production/db password as A file a yes\n4:5 vault ops/db user as B job_env a yes\n5:5 aws_secrets_manager app key as C file a yes\n6:5 azure_key_vault d as D file a yes"},
		{"an identity token", tree{"": "a:\n  id_tokens: {VAULT_ID_TOKEN: {aud: x}}\n  script: ['x $VAULT_ID_TOKEN']\n"}, "2:15 VAULT_ID_TOKEN as VAULT_ID_TOKEN job_env a yes"},
		{"what another pipeline gets", tree{"": "variables: {T: $API_TOKEN}\na:\n  variables: {U: $OTHER_TOKEN}\n  trigger: x/y\nb:\n  variables: {U: $OTHER_TOKEN}\n  trigger: {project: x/y, forward: {yaml_variables: false}}\n"},
			"1:16 API_TOKEN as T pipeline_env unknown\n3:18 OTHER_TOKEN as U forwarded a unknown\n1:16 API_TOKEN as T forwarded a unknown"},
		{"a template", tree{"": ".t:\n  script: ['x $API_TOKEN']\na: {extends: .t}\nb: {extends: a}\n"},
			"2:15<3:14 API_TOKEN as API_TOKEN ambient a[0] unknown\n2:15<4:14<3:14 API_TOKEN as API_TOKEN ambient b[0] unknown"},
		{"a reference", tree{"": ".t: {script: ['x $API_TOKEN']}\n.u: {script: [!reference [.t, script]]}\na:\n  script:\n  - !reference [.u, script]\n"},
			"1:18<5:5<2:15 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"a reference outside of jobs", tree{"": ".v: {variables: {T: $API_TOKEN}}\nvariables: !reference [.v, variables]\na: {script: [x]}\n"}, "1:21<2:12 API_TOKEN as T pipeline_env unknown"},
		{"a file that is included", tree{"": "include: /ci/a.yml\n", "ci/a.yml": "a: {script: ['x $API_TOKEN']}\n"}, "ci/a.yml:1:17<1:10 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"stars", tree{"": "include: 'ci/**.yml'\n", "ci/x/a.yml": "a: {script: ['x $API_TOKEN']}\n", "ci/b.txt": "b"}, ""},
		{"files below a folder", tree{"": "include: [{local: 'ci/**/*.yml'}]\n", "ci/x/a.yml": "a: {script: ['x $API_TOKEN']}\n", "ci/b.txt": "b"}, "ci/x/a.yml:1:17<1:19 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"an input", tree{"": "include: [{local: c.yml, inputs: {token: $API_TOKEN, name: n}}]\n", "c.yml": "spec: {inputs: {token: {}, name: {}, mode: {default: m}}}\n---\n$[[ inputs.name ]]-a: {script: ['x $[[ inputs.token ]] $[[ inputs.mode ]]']}\n"},
			"c.yml:3:36<1:19<1:42<c.yml:1:54 API_TOKEN as API_TOKEN ambient n-a[0] unknown"},
		{"a child pipeline without the name of one", tree{"": "a:\n  trigger: {include: ci/child.yml}\n", "ci/child.yml": "variables: {T: $API_TOKEN}\nb: {script: ['x $OTHER_TOKEN']}\n"},
			"ci/child.yml:1:16<2:22 API_TOKEN as T pipeline_env a › b unknown\nci/child.yml:2:17<2:22 OTHER_TOKEN as OTHER_TOKEN ambient a › b[0] unknown"},
		{"the login to registries", tree{"": "variables: {DOCKER_AUTH_CONFIG: $REGISTRY_TOKEN}\na: {script: [x]}\n"}, "1:33 REGISTRY_TOKEN as DOCKER_AUTH_CONFIG container_credential unknown"},
		{"settings of a job", tree{"": "a:\n  environment: {name: x, url: 'https://x/$API_TOKEN'}\n  script: [x]\n"}, "2:42 API_TOKEN as environment setting a unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.files[".gitlab-ci.yml"] = test.files[""]
			delete(test.files, "")
			doc := linkGitLab(t, test.files, ".gitlab-ci.yml")
			if diff := cmp.Diff(test.want, exposures(t, doc)); diff != "" {
				t.Error(diff)
			}
			pipelinetest.CheckPlaced(t, doc)
			pipelinetest.CheckJoins(t, doc)
		})
	}
}

func TestGitLabTriggers(t *testing.T) {
	const (
		all     = "push tag schedule web api trigger pipeline"
		withMR  = "push tag merge_request_event schedule web api trigger pipeline"
		request = "merge_request_event"
	)
	rule := func(rules string) string { return "a:\n  script: [x]\n  rules: " + rules + "\n" }
	tests := []struct{ name, text, want string }{
		{"a job without rules runs for branches and tags", "a: {script: [x]}\n", all},
		{"for merge requests only", "a: {script: [x], only: [merge_requests]}\n", request},
		{"for tags only", "a: {script: [x], only: {refs: [tags]}}\n", "tag schedule web api trigger pipeline"},
		{"for a branch", "a: {script: [x], only: [main]}\n", all},
		{"not for a branch", "a: {script: [x], except: [main]}\n", all},
		{"not for branches", "a: {script: [x], except: [branches]}\n", "tag schedule web api trigger pipeline"},
		{"not for branches when variables say so", "a: {script: [x], except: {refs: [branches], variables: [$A]}}\n", all},
		{"not for schedules", "a: {script: [x], except: [schedules]}\n", "push tag web api trigger pipeline"},
		{"when variables say so", "a: {script: [x], only: {variables: [$A]}}\n", withMR},
		{"a source", rule(`[{if: '$CI_PIPELINE_SOURCE == "schedule"'}]`), "schedule"},
		{"but one", rule(`[{if: $CI_PIPELINE_SOURCE == "push", when: never}, {when: always}]`), "merge_request_event schedule web api trigger pipeline"},
		{"a condition that nobody knows", rule("[{if: $A == 'b', when: never}, {if: $CI_MERGE_REQUEST_IID}]"), request},
		{"never by files that changed", rule("[{changes: [a], when: never}, {when: on_success}]"), withMR},
		{"an empty list", rule("[]"), ""},
		{"and, or, parentheses", rule(`[{if: '($CI_COMMIT_TAG || $CI_PIPELINE_SOURCE == "web") && $CI_COMMIT_BRANCH == null'}]`), "tag schedule web api trigger pipeline"},
		{"a pattern", rule("[{if: $CI_PIPELINE_SOURCE =~ /^(push|merge)/}]"), "push tag merge_request_event"},
		{"not a pattern", rule("[{if: $CI_PIPELINE_SOURCE !~ /^(PUSH|merge)/i}]"), "schedule web api trigger pipeline"},
		{"a pattern that is none", rule("[{if: $CI_PIPELINE_SOURCE =~ /(/}]"), withMR},
		{"what cannot be read may hold", rule("[{if: '$A ?? 5'}]"), withMR},
		{"the branch of a tag", rule("[{if: $CI_COMMIT_BRANCH}]"), "push schedule web api trigger pipeline"},
		{"rules for all jobs", "workflow: {rules: [{if: $CI_MERGE_REQUEST_ID}]}\na: {script: [x]}\n", request},
		{"rules of all and of one", "workflow: {rules: [{if: $CI_MERGE_REQUEST_ID}]}\n" + rule("[{if: $CI_COMMIT_TAG}]"), ""},
		{"rules by reference", ".r: {rules: [{if: $CI_COMMIT_TAG}]}\n" + rule("[!reference [.r, rules], {if: $CI_MERGE_REQUEST_ID}]"), "tag merge_request_event schedule web api trigger pipeline"},
		{"a source that few have", rule(`[{if: $CI_PIPELINE_SOURCE == "external_pull_request_event"}]`), "external_pull_request_event"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkGitLab(t, tree{".gitlab-ci.yml": test.text}, ".gitlab-ci.yml")
			var got []string
			for _, trigger := range doc.Root.Get("triggers").List() {
				got = append(got, trigger.Get("name").Str())
				if trigger.Get("from_fork").Str() != "no" {
					t.Errorf("somebody who cannot push starts no pipeline here")
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGitLabSteps(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"two shells", "a:\n  before_script: [x]\n  script: [y, [z]]\n  after_script: v\n", "0 x|1+ y|2+ z|3 v"},
		{"before sources are there", "a:\n  hooks: {pre_get_sources_script: [x]}\n  script: [y]\n", "0 x|1 y"},
		{"by default", "default: {before_script: [x], after_script: [z]}\na: {script: [y]}\n", "0 x|1+ y|2 z"},
		{"by the old default", "before_script: [x]\na: {script: [y]}\n", "0 x|1+ y"},
		{"not by default", "default: {before_script: [x]}\na: {script: [y], before_script: []}\n", "0 y"},
		{"no defaults", "default: {before_script: [x], after_script: [z]}\na: {script: [y], inherit: {default: false}}\n", "0 y"},
		{"some defaults", "default: {before_script: [x], after_script: [z]}\na: {script: [y], inherit: {default: [after_script]}}\n", "0 y|1 z"},
		{"the last template wins", ".a: {script: [x], before_script: [u]}\n.b: {script: [y]}\nc: {extends: [.a, .b]}\n", "0 u|1+ y"},
		{"a key that is taken out", ".a: {script: [x], before_script: [u]}\nc: {extends: .a, before_script: null}\n", "0 x"},
		{"mappings are merged", ".a: {script: [x], hooks: {pre_get_sources_script: [u]}}\nc: {extends: .a, hooks: {x: y}}\n", "0 u|1 x"},
		{"by anchors", ".a: &a {script: [x]}\nc: {<<: *a, before_script: [u]}\n", "0 u|1+ x"},
		{"steps that are functions", "a:\n  run:\n  - {name: s, script: x}\n  - {name: t, step: gitlab.com/a/b@1}\n", "0 x|1 gitlab.com/a/b@1"},
		{"PowerShell", "a: {tags: [saas-windows-medium-amd64], script: [x]}\n", "0(powershell) x"},
		{"PowerShell by its variables", "a: {before_script: [x], script: ['y $env:PATH']}\n", "0(powershell) x|1+(powershell) y $env:PATH"},
		{"PowerShell by its commands", "a: {script: ['Set-Location x']}\n", "0(powershell) Set-Location x"},
		{"look-alikes", "a: {script: ['pre-Set-Up x; A=$env; $B=c', 'x-Get-Y']}\n", "0 pre-Set-Up x; A=$env; $B=c|1+ x-Get-Y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkGitLab(t, tree{".gitlab-ci.yml": test.text}, ".gitlab-ci.yml")
			var got []string
			for _, step := range doc.Root.Get("steps").List() {
				word := step.Get("index").Text
				if continues := step.Get("continues"); continues != nil && continues.Text == "true" {
					word += "+"
				}
				if shell := step.Get("shell").Str(); shell != "" {
					word += "(" + shell + ")"
				}
				got = append(got, word+" "+step.Get("script").Str()+step.Get("component").Str())
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file that is included and cannot be read is reported as the definition itself would be,
// once, and by itself where its name tells what it is.
func TestBrokenInclude(t *testing.T) {
	tests := []struct{ name, include, broken, want string }{
		{"by a folder of any name", "ci/b.yml", "b:\n  script:\n    - echo a: b\n      c\n", "ci/b.yml:4 ci/b.yml:3"},
		{"a job that is none", "ci/b.yml", "b:\n  - x\n", "ci/b.yml:1"},
		{"twice", "ci/*.yml", "b: [\n", "ci/b.yml:1"},
		{"that is reported by itself", "ci/b.gitlab-ci.yml", "b: [\n", ""},
		{"that is right", "ci/b.yml", "b: {script: ['echo a: b']}\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := strings.ReplaceAll(test.include, "*", "b")
			doc := linkGitLab(t, tree{".gitlab-ci.yml": "include: [" + test.include + ", ci/c.yml]\na: {script: [x]}\n", file: test.broken, "ci/c.yml": "include: " + file + "\n"}, ".gitlab-ci.yml")
			var got []string
			for _, f := range doc.Findings {
				got = append(got, fmt.Sprintf("%s:%d", f.Location.Path, f.Location.Start.Line))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q: %v", got, test.want, doc.Findings)
			}
		})
	}
}

// Jobs of a child pipeline wait for each other by the names that they have in their parent.
func TestChildPipeline(t *testing.T) {
	doc := linkGitLab(t, tree{
		".gitlab-ci.yml": "a:\n  trigger: {include: ci/child.yml}\nb: {script: [x]}\n",
		"ci/child.yml":   "b: {script: [x]}\nc: {needs: [b, {job: d, optional: true}, {project: p, job: e, ref: main}], script: [x]}\nd: {script: [x]}\n",
	}, ".gitlab-ci.yml")
	var got []string
	for _, job := range doc.Root.Get("jobs").List() {
		for _, need := range job.Get("needs").List() {
			got = append(got, job.Get("id").Str()+" needs "+need.Str())
		}
	}
	if diff := cmp.Diff([]string{"a › c needs a › b", "a › c needs a › d"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGitLabGaps(t *testing.T) {
	tests := []struct {
		name  string
		files tree
		want  string
	}{
		{"a file that is not there", tree{"": "include: a.yml\na: {script: [x]}\n"}, "1:10 remote: the included file is not in this repository or cannot be read; what it adds was not judged"},
		{"a file by a variable", tree{"": "include: [{local: $A.yml}]\na: {script: [x]}\n"}, "1:19 computed: the included file is known only when the pipeline is made; what it adds was not judged"},
		{"a file under a condition", tree{"": "include: [{local: a.yml, rules: [{if: $A}]}]\na: {script: [x]}\n", "a.yml": "b: {script: [x]}\n"}, "1:19 computed: the file is included only under conditions; it was judged as if they held"},
		{"a file that includes itself", tree{"": "include: a.yml\na: {script: [x]}\n", "a.yml": "include: a.yml\n"}, "a.yml:1:10 limit: the file includes itself, and was read once"},
		{"a file that is wrong", tree{"": "include: a.yml\na: {script: [x]}\n", "a.yml": "a: [\n"}, "1:10 syntax: the included file is not wholly understood; what it adds may be incomplete"},
		{"a template of nobody", tree{"": "a: {extends: .b, script: [x]}\n"}, "1:14 syntax: what the job extends here is not in this repository; what it adds was not judged"},
		{"a template of another place", tree{"": "include: 'https://x/y.yml'\na: {extends: .b}\n"}, `1:10 remote: the included remote stands in another place; what it adds was not judged
2:14 remote: what the job extends here is not in this repository; what it adds was not judged
2:1 remote: the job has no "script", "trigger" or "run"; what it does was not judged`},
		{"a circle", tree{"": "a: {extends: b, script: [x]}\nb: {extends: a, script: [x]}\n"}, "2:14 limit: the job extends itself or too long a chain of others; what that adds was not judged"},
		{"a reference to nothing, of many jobs", tree{"": ".t: {script: [x, !reference [.b, script]]}\na: {extends: .t}\nb: {extends: .t}\n"}, "1:18 syntax: what is referred to here is not in this repository; it was not judged"},
		{"another project", tree{"": "a: {trigger: x/y}\n"}, "1:14 remote: the pipeline that is started stands in another project; what it does with its variables was not judged"},
		{"a pipeline that is made", tree{"": "a: {trigger: {include: [{artifact: x, job: b}]}}\n"}, "1:36 computed: the child pipeline is made while the parent runs; it was not judged"},
		{"a child that judges itself", tree{"": "a: {trigger: {include: c.gitlab-ci.yml}}\n", "c.gitlab-ci.yml": "b: {script: [x]}\n"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.files[".gitlab-ci.yml"] = test.files[""]
			delete(test.files, "")
			doc := linkGitLab(t, test.files, ".gitlab-ci.yml")
			var got []string
			for i, gap := range doc.Root.Get("gaps").List() {
				place, err := doc.Locate(lint.Path{"gaps", i}, lint.Spot{})
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, strings.TrimPrefix(place.Location.String(), ".gitlab-ci.yml:")+" "+gap.Get("why").Str()+": "+gap.Get("what").Str())
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGitLabIsReadWithinLimits(t *testing.T) {
	var jobs, includes, references strings.Builder
	for i := range 10_100 {
		fmt.Fprintf(&jobs, "j%d: {script: [x]}\n", i)
	}
	files := tree{}
	for i := range 160 {
		fmt.Fprintf(&includes, "- a%d.yml\n", i)
		files[fmt.Sprintf("a%d.yml", i)] = "a: {script: [x]}\n"
	}
	for i := range 9 {
		fmt.Fprintf(&references, ".r%d: {script: [%s]}\n", i, strings.Repeat(fmt.Sprintf("!reference [.r%d, script], ", i+1), 10))
	}
	tests := map[string]string{
		"jobs":       jobs.String(),
		"includes":   "include:\n" + includes.String(),
		"references": references.String() + ".r9: {script: [x]}\na: {script: [!reference [.r0, script]]}\n",
	}
	for name, text := range tests {
		files[".gitlab-ci.yml"] = text
		doc := linkGitLab(t, files, ".gitlab-ci.yml")
		if got := pipelinetest.LastGap(doc); got != "limit" {
			t.Errorf("%s: the last gap is %q", name, got)
		}
	}
}

func TestGitLabFlows(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"the input of a component", "spec: {inputs: {a: {}}}\n---\nb: {script: ['curl $[[ inputs.a ]] -H x:$API_TOKEN https://x.example/$[[ inputs.a ]]']}\n", "b argv API_TOKEN unknown, b network API_TOKEN unknown"},
		{"what an earlier stage makes", "b: {stage: deploy, script: ['curl -d $T https://x.example']}\na:\n  stage: build\n  script: ['echo T=$API_TOKEN > v.env']\n  artifacts: {reports: {dotenv: v.env}}\n", "a file API_TOKEN unknown, a output API_TOKEN unknown, b argv API_TOKEN unknown, b network API_TOKEN unknown"},
		{"a file of the runner", "a:\n  secrets: {KEY: {vault: a/b/c}}\n  script: ['cat $KEY | base64']\n", "a log c no"},
		{"another shell", "a:\n  script: ['X=$API_TOKEN']\n  after_script: ['curl -d $X https://x.example']\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := linkGitLab(t, tree{".gitlab-ci.yml": test.text}, ".gitlab-ci.yml")
			var got []string
			for _, flow := range doc.Root.Get("flows").List() {
				got = append(got, strings.Join([]string{flow.Get("job").Str(), flow.Get("sink").Str(), flow.Get("secret", "name").Str(), flow.Get("masked").Str()}, " "))
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, strings.Join(slices.Compact(got), ", ")); diff != "" {
				t.Error(diff)
			}
			if gaps := doc.Root.Get("gaps").List(); len(gaps) > 0 {
				t.Errorf("got the gap %q", gaps[0].Get("what").Str())
			}
		})
	}
}

// Whatever the files: each element can be located, what is said of a secret stands
// where a file names it, and the lists join.
func FuzzGitLab(f *testing.F) {
	sample := tree{}
	for _, name := range []string{".gitlab-ci.yml", ".gitlab/ci/templates.yml"} {
		sample[name] = pipelinetest.Sample(f, name)
	}
	f.Add(sample[".gitlab-ci.yml"], sample[".gitlab/ci/templates.yml"])
	f.Add("include: [{local: a.yml, inputs: {a: $A_TOKEN}}]\nb: {extends: [a], script: [!reference [a, script]]}\n", "spec: {inputs: {a: }}\n---\na: {script: ['$[[ inputs.a ]]', \"x \\x24B_TOKEN\"]}\n")
	f.Add("a: {trigger: {include: a.yml}, variables: {A: {value: $B_TOKEN}}}\n", "variables: {A_TOKEN: '${A_TOKEN}%A_TOKEN%'}\nb: {script: >\n  $$A_TOKEN\n  $A_TOKEN}\n")
	f.Add("a: {parallel: {matrix: [{A: [$B_TOKEN]}]}, secrets: {A: {vault: '/@'}, B: {aws_secrets_manager: '#'}, C: x}, run: [5, {step: .}]}\n", "")
	f.Fuzz(func(t *testing.T, root, included string) {
		files := tree{".gitlab-ci.yml": root, "a.yml": included, ".gitlab/ci/templates.yml": included}
		for _, name := range []string{".gitlab-ci.yml", ".gitlab/ci/templates.yml"} {
			docs, _ := gitlab.Parse([]*lint.Source{files.read(name)})
			for _, native := range docs {
				doc := pipeline.Link(native, files.read)
				if doc == nil {
					continue
				}
				pipelinetest.CheckPlaced(t, doc)
				pipelinetest.CheckJoins(t, doc)
				checkGitLabSecrets(t, files, doc)
			}
		}
	})
}

// checkGitLabSecrets holds that a secret's place names it, where that is no escape.
func checkGitLabSecrets(t *testing.T, files tree, doc *lint.Document) {
	t.Helper()
	for i, e := range doc.Root.Get("exposures").List() {
		place, err := doc.Locate(lint.Path{"exposures", i, "secret", "name"}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		src := files.read(place.Location.Path)
		at, name := pipelinetest.TextAt(src, place.Location), e.Get("secret", "name").Str()
		if !strings.Contains(at, name) && !strings.ContainsAny(at, "\\'\"$[\n") {
			t.Errorf("secret %q stands at %q", name, at)
		}
	}
}
