package kubernetes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
)

func source(path, text string) *lint.Source { return &lint.Source{Path: path, Data: []byte(text)} }

func TestClaims(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\n"
	tests := []struct {
		name, path, text string
		want             bool
	}{
		{"a manifest", "a.yaml", pod, true},
		{"a manifest with another suffix", "a.YML", pod, true},
		{"keys in any order, behind a comment", "a.yaml", "# web\nkind: Pod\nmetadata: {}\napiVersion: v1\n", true},
		{"line breaks of Windows", "a.yaml", "apiVersion: v1\r\nkind: Pod\r\n", true},
		{"a contract", "a.yaml", "apiVersion: policyctl.dev/v1\nkind: SecretContract\n", false},
		{"a manifest beside a contract", "a.yaml", "apiVersion: policyctl.dev/v1\nkind: SecretContract\n---\n" + pod, true},
		{"quoted keys", "a.yaml", "\"apiVersion\": v1\n'kind': Pod\n", true},
		{"a byte order mark", "a.yaml", "\ufeff" + pod, true},
		{"a document that starts behind its marker", "a.yaml", "--- {}\n--- \napiVersion: v1\nkind: Pod\n", true},
		{"JSON", "a.json", `{"apiVersion": "v1", "kind": "Pod"}`, true},
		{"JSON in a YAML file", "a.yaml", `{"apiVersion": "v1", "kind": "Pod"}`, true},
		{"a schema that speaks of both keys, for Parse to see", "a.json", `{"properties": {"apiVersion": {}, "kind": {}}}`, true},
		{"escapes in the keys of JSON", "a.json", `{"\u0061piVersion": "v1", "\u006bind": "Pod"}`, true},
		{"escapes in the keys of YAML", "a.yaml", `"\x61piVersion": v1`, true},
		{"escapes in values only", "a.json", `{"a": "\u00e9"}`, false},
		{"another suffix", "a.txt", pod, false},
		{"one key is missing", "a.yaml", "apiVersion: v2\nname: chart\n", false},
		{"a kubeconfig", "kubeconfig", "apiVersion: v1\nkind: Config\n", true},
		{"a kubeconfig with a name", "ci/prod.kubeconfig", `{"kind":"Config"}`, true},
		{"a kubeconfig at home", "home/.kube/config", "kind: 'Config'\n", true},
		{"a kubeconfig of kubeadm", "etc/admin.conf", "kind: Config\n", true},
		{"a file of such a name that is none", "etc/admin.conf", "kind: Other\n", false},
		{"another file named config", ".git/config", "kind: Config\n", false},
		{"a template with another suffix", "chart/templates/a.JSON", `{"apiVersion": "v1", "kind": "{{ .x }}"}`, false},
		{"a Helm template", "chart/templates/a.yaml", pod + "metadata: {name: {{ .x }}}\n", false},
		{"a file of a chart that needs no rendering", "chart/templates/a.yaml", pod, true},
		{"braces elsewhere", "a.yaml", pod + "metadata: {name: {{ .x }}}\n", true},
		{"a kustomization", "base/kustomization.yaml", "resources: []\n", true},
		{"a kustomization without a suffix", "base/Kustomization", "resources: []\n", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Claims(source(tt.path, tt.text)); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// show writes each document as name and input, and each gap as place and message.
func show(docs []*lint.Document) string {
	var b strings.Builder
	for _, doc := range docs {
		fmt.Fprintf(&b, "%s %s\n", doc.Name, value(doc.Root))
		for _, gap := range doc.Gaps {
			fmt.Fprintf(&b, "gap %s %s\n", gap.Location, gap.Message)
		}
	}
	return b.String()
}

// value writes a tree as JSON, as a policy sees it.
func value(n *lint.Node) string {
	text := func(s string) string { quoted, _ := json.Marshal(s); return string(quoted) }
	var parts []string
	switch n.Kind {
	case lint.Object:
		for _, field := range n.Fields {
			parts = append(parts, text(field.Key)+":"+value(field.Value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case lint.List:
		for _, item := range n.Items {
			parts = append(parts, value(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case lint.String:
		return text(n.Text)
	case lint.Null:
		return "null"
	}
	return n.Text
}

func TestParse(t *testing.T) {
	const gap = "not judged: the document has no apiVersion and kind, so it is no Kubernetes object\n"
	tests := []struct{ name, path, text, want string }{
		{
			"objects are as written", "a.yaml",
			"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  replicas: 2\n  paused: false\n  template:\n    spec:\n      containers:\n      - name: web\n        env: [{name: A, value: \"yes\"}]\n",
			`Deployment/shop/web {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":2,"paused":false,"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"yes"}]}]}}}}` + "\n",
		},
		{
			"several documents, names as far as they are known", "a.yaml",
			"---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: job-}\n---\n# nothing\n---\napiVersion: v1\nkind: Pod\n",
			`Pod/default/job- {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"job-"}}` + "\n" + `Pod/default {"apiVersion":"v1","kind":"Pod"}` + "\n",
		},
		{
			"the items of a list are documents", "a.json",
			`{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}, {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}}]}]}`,
			`Pod/default/a {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}` + "\n" + `Pod/default/b {"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}` + "\n",
		},
		{
			"the items of a typed list have its type", "a.yaml",
			"apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: db}\n- metadata: {name: web}\n",
			`Secret/default/db {"metadata":{"name":"db"},"apiVersion":"v1","kind":"Secret"}` + "\n" + `Secret/default/web {"metadata":{"name":"web"},"apiVersion":"v1","kind":"Secret"}` + "\n",
		},
		{
			"a list of nothing stays", "a.yaml", "apiVersion: v1\nkind: List\nitems: [5]\n",
			`List/default {"apiVersion":"v1","kind":"List","items":[5]}` + "\ngap a.yaml:3:9 " + gap,
		},
		{
			"what is no object is a gap", "a.yaml", "apiVersion: v1\nkind: Pod\n---\nreplicas: 2\nimage: x\n",
			`Pod/default {"apiVersion":"v1","kind":"Pod"}` + "\ngap a.yaml:4:1 " + gap,
		},
		{"a file without objects is none of ours", "a.yaml", "a: 1\n---\napiVersion: 5\nkind: Pod\n", ""},
		{
			"a contract in the same file is left alone", "a.yaml", "apiVersion: policyctl.dev/v1\nkind: SecretContract\n---\napiVersion: v1\nkind: Pod\n",
			`Pod/default {"apiVersion":"v1","kind":"Pod"}` + "\n",
		},
		{
			"a kustomization needs no type", "kustomization.yaml", "secretGenerator:\n- literals: [a=b]\n",
			`Kustomization/default {"secretGenerator":[{"literals":["a=b"]}]}` + "\n",
		},
		{"names of the wrong type", "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: 5, namespace: [x]}\n", `Pod/default {"apiVersion":"v1","kind":"Pod","metadata":{"name":5,"namespace":["x"]}}` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, findings := Parse([]*lint.Source{source(tt.path, tt.text)}, nil)
			if len(findings) > 0 {
				t.Errorf("unexpected findings: %v", findings)
			}
			if diff := cmp.Diff(tt.want, show(docs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSyntaxErrorsAreFindings(t *testing.T) {
	docs, findings := Parse([]*lint.Source{source("a.yaml", "apiVersion: v1\nkind: Pod\n---\na: b: c\n"), source("b.yaml", "apiVersion: v1\nkind: Job\n")}, nil)
	if len(findings) != 1 || findings[0].Rule != lint.SyntaxError || findings[0].Location.String() != "a.yaml:4:1" {
		t.Errorf("got %v", findings)
	}
	if len(docs) != 2 {
		t.Errorf("what could be read is lost: %s", show(docs))
	}
}

func TestManifestsAreFoundHoweverTheyAreWritten(t *testing.T) {
	tests := []struct{ name, path, text string }{
		{"in braces", "a.yaml", "{apiVersion: v1, kind: Pod}\n"},
		{"in braces behind the marker", "a.yaml", "--- {apiVersion: v1, kind: Pod}\n"},
		{"every line indented", "a.yaml", "  apiVersion: v1\n  kind: Pod\n"},
		{"lines that end in a carriage return", "a.yaml", "apiVersion: v1\rkind: Pod\r"},
		{"lines that end in NEL", "a.yaml", "apiVersion: v1\u0085kind: Pod\u0085"},
		{"a key with an anchor", "a.yaml", "&a apiVersion: v1\n&b kind: Pod\n"},
		{"a key with a tag", "a.yaml", "!!str apiVersion: v1\n!!str kind: Pod\n"},
		{"explicit keys", "a.yaml", "? apiVersion\n: v1\n? kind\n: Pod\n"},
		{"keys that are merged in", "a.yaml", "<<: {apiVersion: v1, kind: Pod}\n"},
		{"escapes in JSON", "a.json", `{"\u0061piVersion": "v1", "kin\u0064": "Pod"}`},
		{"escapes in YAML", "a.yaml", `{"\x61piVersion": v1, "\u006bind": Pod}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(tt.path, tt.text)
			docs, findings := Parse([]*lint.Source{src}, nil)
			if !Claims(src) || len(findings) > 0 {
				t.Errorf("claimed: %t, findings: %v", Claims(src), findings)
			}
			if diff := cmp.Diff(`Pod/default {"apiVersion":"v1","kind":"Pod"}`+"\n", show(docs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKeysMergedFromAnAnchor(t *testing.T) {
	docs, _ := Parse([]*lint.Source{source("a.yaml", "base: &b {apiVersion: v1, kind: Pod}\n<<: *b\n")}, nil)
	if len(docs) != 1 || docs[0].Root.Get("kind").Str() != "Pod" {
		t.Error(show(docs))
	}
}

func TestKubeconfigWithoutVersion(t *testing.T) {
	docs, _ := Parse([]*lint.Source{source("kubeconfig", "kind: Config\nusers: []\n")}, nil)
	if diff := cmp.Diff(`Config/default {"kind":"Config","users":[]}`+"\n", show(docs)); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenFilesAreFindingsIfMeantAsManifests(t *testing.T) {
	const broken = "x: [\n"
	tests := []struct {
		name, path, text string
		want             bool
	}{
		{"keys in lines", "a.yaml", "apiVersion: v1\nkind: Pod\n" + broken, true},
		{"one line", "a.yaml", "{apiVersion: v1, kind: Pod, spec: {containers: [\n", true},
		{"one line behind a marker", "a.yaml", "--- {apiVersion: v1, kind: Pod, spec: {containers: [\n", true},
		{"a tag before the brace", "a.yaml", "# web\n!!map {apiVersion: v1, kind: Pod, spec: [\n", true},
		{"every line indented", "a.yaml", "  apiVersion: v1\n  kind: Pod\n  " + broken, true},
		{"a key that is indented too far", "a.yaml", "apiVersion: v1\n  kind: Pod\n", true},
		{"carriage returns", "a.yaml", "apiVersion: v1\rkind: Pod\rx: [\r", true},
		{"NEL", "a.yaml", "apiVersion: v1\u0085kind: Pod\u0085x: [\u0085", true},
		{"explicit keys with anchors", "a.yaml", "? &a apiVersion\n: v1\n&b kind: Pod\n" + broken, true},
		{"behind comments and another document", "a.yaml", "a: 1\n---\n# web\n\nkind: Pod\napiVersion: v1\n" + broken, true},
		{"JSON", "a.json", "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\",\n", true},
		{"a kustomization", "kustomization.yaml", broken, true},
		{"between lines of a template", "a.yaml", "{{ if .x }}\n{{- with .y -}}\napiVersion: v1\nkind: Pod\n{{ end }}\n", false},
		{"prose between lines of a template", "a.yaml", "{{ if .x }}\nabout: it says apiVersion and kind\n{{ end }}\n", false},
		{"a kubeconfig", "kubeconfig", "kind: Config\n" + broken, true},
		{"prose", "a.yaml", "Set apiVersion and kind: both: are needed\n", false},
		{"a script of a pipeline", "ci.yml", "job:\n  script: |\n    apiVersion: v1\n    kind: Pod\n" + broken, false},
		{"values of a chart", "values.yaml", "extra:\n  - apiVersion: v1\n    kind: Pod\n" + broken, false},
		{"a schema", "openapi.yaml", "properties:\n  apiVersion: {}\n  kind: {}\n" + broken, false},
		{"a schema in JSON", "openapi.json", `{"properties": {"apiVersion": {"type": "string"}, "kind": {}}`, false},
		{"a chart that tells of its changes", "Chart.yaml", "apiVersion: v2\nchanges:\n  - kind: added\n" + broken, false},
		{"a comment", "a.yaml", "# apiVersion: v1\n# kind: Pod\n" + broken, false},
		{"a key that occurs twice in what is no manifest", "a.yaml", "a: apiVersion\nb: kind\nb: 2\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := source(tt.path, tt.text)
			_, findings := Parse([]*lint.Source{src}, nil)
			if got := Claims(src) && len(findings) > 0; got != tt.want {
				t.Errorf("got %v", findings)
			}
		})
	}
}

// FuzzParse holds that what stands at the place of a value, read once more, is
// that value, for every value of every document.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: \"a:b\"\n",
		"apiVersion: v1\nkind: SecretList\nitems:\n- data: {a: Yg==}\n---\nx: 1\n",
		"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [1, 'x']}]\n",
		"apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    b\n  <<: &x {c: 'd'}\n  e: *x\n",
	} {
		f.Add(seed, "a.yaml")
	}
	f.Add(`{"apiVersion":"v1","kind":"List","items":[{"kind":"Pod"}]}`, "a.json")
	f.Add("secretGenerator:\n- literals: [a=b]\n", "kustomization.yaml")
	f.Fuzz(func(t *testing.T, text, path string) {
		src := source(path, text)
		Claims(src)
		docs, _ := Parse([]*lint.Source{src}, nil)
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, parsetest.Quoted) {
				t.Error(wrong)
			}
		}
	})
}

// TestKustomization: patches that stand in a kustomization are objects with places of
// their own, and what would be fetched is a gap.
func TestKustomization(t *testing.T) {
	src := &lint.Source{Path: "kustomization.yaml", Data: []byte(`resources: [../base, "https://github.com/example/base?ref=v1", github.com/example/other]
helmCharts: [{name: db, repo: https://charts.example.com}]
patches:
  - patch: |-
      - {op: add, path: /spec/template/metadata/annotations/example.com~1team, value: shop}
      - {op: remove, path: /spec/replicas}
  - target: {kind: Secret}
    patch: "- {op: add, path: /stringData/key, value: horse}"
  - patch: |
      kind: [
  - path: patch.yaml
`)}
	docs, findings := Parse([]*lint.Source{src}, nil)
	if len(docs) != 2 || len(findings) != 0 {
		t.Fatal(docs, findings)
	}
	team := docs[1].Root.Get("spec", "template", "metadata", "annotations", "example.com/team")
	if at := string(team.Span.Text()); at != "shop" || docs[1].Root.Get("kind").Str() != "Patch" {
		t.Errorf("%q %s", at, team.Span.Location())
	}
	var gaps []string
	for _, gap := range docs[0].Gaps {
		gaps = append(gaps, gap.Location.String()+" "+gap.Message)
	}
	want := []string{
		"kustomization.yaml:1:22 not followed: what stands there is not in this repository",
		"kustomization.yaml:1:64 not followed: what stands there is not in this repository",
		"kustomization.yaml:2:14 not rendered: kustomize would fetch the chart",
		"kustomization.yaml:9:12 not judged: the patch is no YAML",
	}
	if !slices.Equal(gaps, want) {
		t.Errorf("%q", gaps)
	}
}

// TestKustomizationNames: what a kustomization is built of and nobody can judge is on record
// at its place. Files of Secrets that are not in the repository are as they should be.
func TestKustomizationNames(t *testing.T) {
	files := map[string]string{
		"base/kustomization.yaml": "resources: [web.yaml]", "base/web.yaml": "kind: Pod", "base/empty/": "a.yaml",
		"base/ring/Kustomization": "components: [../other]", "base/other/kustomization.yml": "resources: [../ring, ../ring/../other]",
	}
	open := func(path string) *lint.Source {
		if text, found := files[path]; found {
			return &lint.Source{Path: path, Data: []byte(text)}
		}
		return nil
	}
	tests := []struct{ name, text, want string }{
		{"what is there", "resources: [web.yaml, ../base/ring]\nsecretGenerator: [{files: [key=gone.key], envs: [gone.env]}]\ncomponents:\n", ""},
		{"what is not", "resources: [gone.yaml, ../gone]\ncomponents: [empty]\nreplacements: [{path: gone.yaml}, {source: {}}]\n", `
1:13 not followed: what stands there is not in this repository
1:24 not followed: what stands there is not in this repository
2:14 not followed: the folder has no kustomization
3:23 not followed: what stands there is not in this repository`},
		{"outside", "bases: [../../other, /etc/base]\n", `
1:9 not followed: what stands there is outside of this repository
1:22 not followed: what stands there is outside of this repository`},
		{"files of a ConfigMap", "configMapGenerator: [{files: [web.yaml, a=gone.ini], envs: [gone.env]}]\n", `
1:41 not followed: what stands there is not in this repository
1:61 not followed: what stands there is not in this repository`},
		{"no list", "resources: 5\npatchesStrategicMerge: [{a: b}, \"kind: Pod\\n\"]\n", `
1:1 resources has to be a list
2:25 an entry of patchesStrategicMerge has to be the name of a file or folder`},
		{"itself", "resources: [.]\n", "\n1:13 the kustomization rests on itself, by way of ."},
		{"a ring of others", "resources: [ring]\n", ""},
	}
	for _, test := range tests {
		src := &lint.Source{Path: "base/kustomization.yaml", Data: []byte(test.text)}
		docs, findings := Parse([]*lint.Source{src}, open)
		var got string
		for _, gap := range docs[0].Gaps {
			got += fmt.Sprintf("\n%d:%d %s", gap.Location.Start.Line, gap.Location.Start.Column, gap.Message)
		}
		for _, found := range findings {
			got += fmt.Sprintf("\n%d:%d %s", found.Location.Start.Line, found.Location.Start.Column, found.Message)
		}
		if got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
	src := &lint.Source{Path: "base/ring/Kustomization", Data: []byte(files["base/ring/Kustomization"])}
	if _, findings := Parse([]*lint.Source{src}, open); len(findings) != 1 || findings[0].Rule != lint.Circular || findings[0].Location.Start.Column != 14 {
		t.Error(findings)
	}
	above := &lint.Source{Path: "base/ring/Kustomization", Data: []byte("resources: [..]")}
	if _, findings := Parse([]*lint.Source{above}, open); len(findings) != 1 || findings[0].Rule != lint.Circular {
		t.Error(findings)
	}
}

// TestKustomizationPatchFile reads changes that stand in a file of their own: it
// names no kind, so that nothing else would.
func TestKustomizationPatchFile(t *testing.T) {
	files := map[string]string{
		"overlay/secret.json": `[{"op": "replace", "path": "/stringData/password", "value": "horse"}]`,
		"overlay/object.yaml": "apiVersion: v1\nkind: Secret\n",
		"base/two.yaml":       "- {op: add, path: /spec/replicas, value: 2}\n- {op: add, path: /metadata/labels/a, value: b}\n",
		"overlay/broken.yaml": "[",
	}
	open := func(path string) *lint.Source {
		if text, found := files[path]; found {
			return &lint.Source{Path: path, Data: []byte(text)}
		}
		return nil
	}
	docs, _ := Parse([]*lint.Source{{Path: "overlay/kustomization.yaml", Data: []byte(`patchesJson6902:
  - {path: secret.json, target: {kind: Secret, name: db}}
patches:
  - {path: ../base/two.yaml}
  - {path: object.yaml}
  - {path: broken.yaml}
  - {path: gone.yaml}
`)}}, open)
	var got []string
	for _, doc := range docs {
		got = append(got, doc.Path+" "+doc.Name)
	}
	for _, gap := range docs[0].Gaps {
		got = append(got, gap.Location.String()+" "+gap.Message)
	}
	want := []string{
		"overlay/kustomization.yaml Kustomization/default", "base/two.yaml Patch/default", "overlay/secret.json Secret/default",
		"overlay/kustomization.yaml:6:12 not judged: the patch is no YAML",
		"overlay/kustomization.yaml:7:12 not judged: the patch is not in this repository",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	password := docs[2].Root.Get("stringData", "password")
	if at := password.Span.Location().String(); password.Str() != "horse" || at != "overlay/secret.json:1:61" {
		t.Errorf("%s at %s", password.Str(), at)
	}
}
