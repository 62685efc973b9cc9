package pipeline_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/gitlab"
	"github.com/policyctl/policyctl/internal/pipeline"
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
	root := filepath.Join("testdata", "gitlab")
	for _, name := range []string{".gitlab-ci.yml", ".gitlab/ci/templates.yml"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	doc := linkGitLab(t, files, ".gitlab-ci.yml")
	got, err := json.MarshalIndent(plain(doc.Root), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "gitlab.json")
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("run with -update if this is wanted\n%s", diff)
	}
	locatesAll(t, doc)
	checkJoins(t, doc)
	if doc := linkGitLab(t, files, ".gitlab/ci/templates.yml"); doc != nil {
		t.Error("what the root includes is judged there, and only there")
	}
}

func locatesAll(t *testing.T, doc *lint.Document) {
	t.Helper()
	doc.Root.Walk(func(p lint.Path, _ *lint.Node) bool {
		if _, err := doc.Locate(p, lint.Spot{}); err != nil {
			t.Error(err)
		}
		return true
	})
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
			"1:18<5:16<2:26 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"a file that is included", tree{"": "include: /ci/a.yml\n", "ci/a.yml": "a: {script: ['x $API_TOKEN']}\n"}, "ci/a.yml:1:17<1:10 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"stars", tree{"": "include: 'ci/**.yml'\n", "ci/x/a.yml": "a: {script: ['x $API_TOKEN']}\n", "ci/b.txt": "b"}, ""},
		{"files below a folder", tree{"": "include: [{local: 'ci/**/*.yml'}]\n", "ci/x/a.yml": "a: {script: ['x $API_TOKEN']}\n", "ci/b.txt": "b"}, "ci/x/a.yml:1:17<1:19 API_TOKEN as API_TOKEN ambient a[0] unknown"},
		{"an input", tree{"": "include: [{local: c.yml, inputs: {token: $API_TOKEN, name: n}}]\n", "c.yml": "spec: {inputs: {token: {}, name: {}, mode: {default: m}}}\n---\n$[[ inputs.name ]]-a: {script: ['x $[[ inputs.token ]] $[[ inputs.mode ]]']}\n"},
			"c.yml:3:33<1:19<1:42<c.yml:1:54 API_TOKEN as API_TOKEN ambient n-a[0] unknown"},
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
			locatesAll(t, doc)
			checkJoins(t, doc)
		})
	}
}
