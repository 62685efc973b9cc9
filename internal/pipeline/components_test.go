package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/pipeline/pipelinetest"
	"github.com/policyctl/policyctl/internal/yaml"
)

// facts lists what is known of the components of steps, and what these leave.
func facts(doc *lint.Document) string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, c := range doc.Root.Get("components").List() {
		f := c.Get("facts")
		if f == nil {
			continue
		}
		var words []string
		for _, credential := range f.Get("credentials").List() {
			words = append(words, credential.Get("input").Str()+":"+credential.Get("kind").Str())
		}
		for _, issued := range f.Get("issued").List() {
			words = append(words, "issues revoked="+issued.Get("revoked").Str())
		}
		for _, export := range f.Get("exports").List() {
			words = append(words, "exports "+export.Get("variable").Str())
		}
		for _, scope := range f.Get("permissions").List() {
			words = append(words, scope.Get("name").Str()+"="+scope.Get("level").Str())
		}
		for _, does := range f.Get("does").List() {
			words = append(words, does.Str())
		}
		add("%s %s oidc=%s %s", c.Get("name").Str(), f.Get("provider").Str(), f.Get("oidc").Str(), strings.Join(words, " "))
	}
	for _, f := range doc.Root.Get("credential_files").List() {
		add("file %s removed=%s secret=%s", f.Get("path").Str(), f.Get("removed").Str(), f.Get("secret", "name").Str())
	}
	for _, list := range []string{"artifacts", "caches"} {
		for _, a := range doc.Root.Get(list).List() {
			var paths []string
			for _, path := range a.Get("paths").List() {
				paths = append(paths, path.Str())
			}
			add("%s %s %s%s", list, strings.Join(paths, ","), a.Get("hidden").Str(), a.Get("key").Str())
		}
	}
	for _, e := range doc.Root.Get("exposures").List() {
		if at := e.Get("at").Str(); at == "inline" || at == "build_arg" {
			add("%s %s %s", at, e.Get("secret", "name").Str(), e.Get("variable").Str())
		}
	}
	return strings.Join(all, "\n")
}

func TestComponentFacts(t *testing.T) {
	tests := []struct{ name, steps, want string }{
		{"a login by a key, where an identity token would do",
			"- uses: azure/login@v2\n  with: {creds: '${{ secrets.AZURE }}'}",
			"login azure oidc=possible creds:cloud_key login\nfile ~/.azure removed=yes secret=AZURE"},
		{"a login by an identity token",
			"- uses: azure/login@v2\n  with: {client-id: x, tenant-id: y}",
			"login azure oidc=used login\nfile ~/.azure removed=yes secret="},
		{"a file that stays if it is asked to",
			"- uses: docker/login-action@v3\n  with: {password: '${{ secrets.P }}', logout: false}",
			"login-action docker oidc=no password:password login\nfile ~/.docker/config.json removed=no secret=P"},
		{"a file that may stay",
			"- uses: docker/login-action@v3\n  with: {password: '${{ secrets.P }}', logout: '${{ inputs.x }}'}",
			"login-action docker oidc=no password:password login\nfile ~/.docker/config.json removed=unknown secret=P"},
		{"a token that is revoked",
			"- uses: actions/create-github-app-token@v2\n  with: {private-key: '${{ secrets.K }}'}",
			"create-github-app-token github oidc=no private-key:private_key issues revoked=yes"},
		{"uploads of old and new versions",
			"- {uses: actions/upload-artifact@v3, with: {path: a}}\n- {uses: actions/upload-artifact@v4, with: {path: a}}\n- {uses: actions/upload-artifact@v4.3.1, with: {path: a}}",
			"upload-artifact  oidc=no \nupload-artifact  oidc=no \nupload-artifact  oidc=no \nartifacts a yes\nartifacts a no\nartifacts a yes"},
		{"caches that are on, off, and not yet on",
			"- {uses: actions/setup-go@v5}\n- {uses: actions/setup-go@v5, with: {cache: false}}\n- {uses: actions/setup-go@v3}\n- {uses: actions/cache@v4, with: {path: \"a\\nb\", key: k}}",
			"setup-go  oidc=no \nsetup-go  oidc=no \nsetup-go  oidc=no \ncache  oidc=no \ncaches ~/go/pkg/mod,~/.cache/go-build \ncaches a,b k"},
		{"scripts and build arguments",
			"- {uses: appleboy/ssh-action@v1, with: {script: 'x ${{ secrets.A }}'}}\n- {uses: docker/build-push-action@v6, with: {build-args: \"A=1\\nB=${{ secrets.B }}\"}}",
			"ssh-action  oidc=no deploy\nbuild-push-action docker oidc=no \ninline A script\nbuild_arg B B"},
		{"actions that nobody knows", "- uses: a/b@v1", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			steps := strings.ReplaceAll("\n"+test.steps, "\n", "\n    ")
			_, doc := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: push\njobs:\n  a:\n    steps:"+steps+"\n")
			pipelinetest.CheckPlaced(t, doc)
			if diff := cmp.Diff(test.want, facts(doc)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadComponents(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an empty file", "", ""},
		{"a component", "githubactions: [{name: a/b, credentials: {x: token}, writes: [{path: y, removed: true}]}]", ""},
		{"another platform", "githubaction: []", `c.yaml:1:1: unknown platform "githubaction", did you mean "githubactions"?`},
		{"a field that there is not", "azure:\n  - {name: a, credential: {}}", `c.yaml:2:15: unknown key "credential", did you mean "credentials"?`},
		{"a kind that there is not", "azure:\n  - {name: a, credentials: {b: key}}", `c.yaml:2:32: unknown word "key", want one of cloud_key, token, password, private_key, webhook, file, platform_token`},
		{"a name with capitals", "azure: [{name: Docker}]", "c.yaml:1:9: a component needs a name in lower case, without its version: owner/name"},
		{"a name twice", "azure: [{name: a}, {name: a}]", `c.yaml:1:27: "a" is described twice, keep one`},
		{"a value of another type", "azure: [{name: a, scripts: b, writes: [{path: 1}]}]", "c.yaml:1:28: scripts wants a list\nc.yaml:1:47: path wants text; write it in quotes"},
		{"two documents", "azure: []\n---\nazure: []", `c.yaml:3:1: a second document, want one only: remove the line "---" between them`},
		{"a list", "[]", "c.yaml:1:1: want a mapping from platforms to lists of components"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := pipeline.ReadComponents(&lint.Source{Path: "c.yaml", Data: []byte(test.text)})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestComponentsOfARepositoryWin(t *testing.T) {
	table, err := pipeline.ReadComponents(&lint.Source{Path: "c.yaml", Data: []byte("githubactions: [{name: docker/login-action, does: [deploy]}, {name: acme/tool/*, scripts: [run]}]")})
	if err != nil {
		t.Fatal(err)
	}
	native, _ := pipelinetest.Workflow(t, ".github/workflows/x.yml", "on: push\njobs:\n  a:\n    steps:\n    - uses: docker/login-action@v3\n    - {uses: acme/tool/x@v1, with: {run: '${{ secrets.A }}'}}\n")
	if diff := cmp.Diff("login-action  oidc=no deploy\ntool/x  oidc=no \ninline A run", facts(table.Link(native, nil))); diff != "" {
		t.Error(diff)
	}
}

// What policyctl brings along is read without a mistake, and there is much of it.
func TestBuiltinComponents(t *testing.T) {
	files, err := filepath.Glob("components/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src := &lint.Source{Path: file, Data: data}
		if _, err := pipeline.ReadComponents(src); err != nil {
			t.Error(err)
		}
		docs, _ := yaml.Read(src)
		platform := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if len(docs) != 1 || len(docs[0].Fields) != 1 || docs[0].Get(platform) == nil {
			t.Errorf("%s: want the components of %s alone", file, platform)
		}
	}
}
