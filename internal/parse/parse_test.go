package parse

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestUnits(t *testing.T) {
	paths := []string{"b/pod.yaml", "a/main.tf", "x.txt", "a/vars.tf", "a/prod.auto.tfvars", "b/main.tf", "a/Dockerfile"}
	want := [][]string{{"a/Dockerfile"}, {"a/main.tf", "a/prod.auto.tfvars", "a/vars.tf"}, {"b/main.tf"}, {"b/pod.yaml"}, {"x.txt"}}
	for range 10 {
		if diff := cmp.Diff(want, Units(paths, nil)); diff != "" {
			t.Fatal(diff)
		}
		slices.Reverse(paths)
	}
}

// TestUnitsOfModules: a module is read with what calls it, whichever file comes first;
// what is not among the files joins nothing.
func TestUnitsOfModules(t *testing.T) {
	files := map[string]string{
		"live/main.tf":     "module \"a\" {\n  source = \"../mods/a\"\n}\nmodule \"x\" {\n  source = \"../../elsewhere\"\n}\nmodule \"y\" {\n  source = \"./missing\"\n}\n",
		"live/vars.tf":     "variable \"x\" {}\n",
		"live/notes.yaml":  "a: b\n",
		"mods/a/main.tf":   "# source = \"../c\"\nmodule \"b\" {\n  source = \"../b\"\n}\n",
		"mods/b/a.tf.json": "{\"module\": {\"up\": {\"source\": \"../a\"}}}\n",
		"mods/c/main.tf":   "module \"r\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n",
	}
	want := [][]string{{"live/main.tf", "live/vars.tf", "mods/a/main.tf", "mods/b/a.tf.json"}, {"live/notes.yaml"}, {"mods/c/main.tf"}}
	paths := slices.Sorted(maps.Keys(files))
	for range 10 {
		rand.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		got := Units(paths, func(path string) *lint.Source {
			if text, ok := files[path]; ok {
				return &lint.Source{Path: path, Data: []byte(text)}
			}
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestUnitsOf: nothing is read to join what no change touches.
func TestUnitsOf(t *testing.T) {
	paths := []string{"live/main.tf", "mods/a/main.tf", "x.go"}
	for changed, want := range map[string]int{"x.go": 3, "mods/a/main.tf": 2} {
		read := 0
		units := UnitsOf(paths, func(path string) *lint.Source {
			read++
			return &lint.Source{Path: path, Data: []byte("module \"a\" {\n  source = \"../mods/a\"\n}\n")}
		}, func(path string) bool { return path == changed })
		leading := Leading(paths, func(path string) bool { return path == changed })
		if len(units) != want || read != len(leading) || (read == 0) != (changed == "x.go") {
			t.Errorf("%s changed: %d units, %d files were read, %v lead", changed, len(units), read, leading)
		}
	}
}

// TestUnitsAreBounded: a thousand directories that a file names stay apart where
// they would be too many.
func TestUnitsAreBounded(t *testing.T) {
	paths, text := []string{"main.tf"}, strings.Builder{}
	for i := range maxUnit + 100 {
		paths = append(paths, fmt.Sprintf("m/%d/main.tf", i))
		if i < 900 {
			fmt.Fprintf(&text, "module \"m%d\" {\n  source = \"./m/%d\"\n}\n", i, i)
		}
	}
	largest, files := 0, 0
	for _, unit := range Units(paths, func(path string) *lint.Source {
		if path == "main.tf" {
			return &lint.Source{Path: path, Data: []byte(text.String())}
		}
		return &lint.Source{Path: path, Data: []byte("module \"next\" {\n  source = \"../1000\"\n}\n")}
	}) {
		largest, files = max(largest, len(unit)), files+len(unit)
	}
	if largest > maxUnit || largest < maxUnit/2 || files != len(paths) {
		t.Errorf("the largest unit has %d files, of %d", largest, files)
	}
}

// TestParse has files of every platform, and one that belongs to two.
func TestParse(t *testing.T) {
	files := map[string]string{
		"main.tf":                  "locals {}\n",
		"Dockerfile":               "FROM scratch\n",
		"compose.yaml":             "services: {}\n",
		".github/workflows/ci.yml": "on: push\njobs: {}\n",
		"bitbucket-pipelines.yml":  "pipelines: {}\n",
		".buildkite/pipeline.yml":  "steps: []\n",
		".circleci/config.yml":     "version: 2.1\njobs: {}\n",
		".gitlab-ci.yml":           "a: {script: [x]}\n",
		"azure-pipelines.yml":      "steps: []\n",
		"both.yaml":                "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n---\napiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: y}\nspec: {class: api-key}\n",
		"Jenkinsfile":              "node { sh 'make' }\n",
		"main.go":                  "var dsn = os.Getenv(\"DSN\")\n",
		"stack.yaml":               "Resources: {Q: {Type: AWS::SQS::Queue}}\n",
		"site.yml":                 "- hosts: web\n  tasks: []\n",
		"serverless.yml":           "provider: {name: aws}\nresources: {Resources: {Q: {Type: AWS::SQS::Queue}}}\n",
		"Pulumi.yaml":              "name: a\n",
		"admin.hcl":                "path \"a\" {\n  capabilities = [\"read\"]\n}\n",
		"main.bicep":               "output a string = 'b'\n",
		"empty.go":                 "package empty\n",
		"notes.txt":                "apiVersion: v1\n",
		"other.yaml":               "a: [broken\n",
	}
	var got []string
	for path, text := range files {
		docs, findings := Parse([]*lint.Source{{Path: path, Data: []byte(text)}}, nil)
		for _, doc := range docs {
			got = append(got, path+" "+doc.Platform)
		}
		for _, f := range findings {
			t.Errorf("%s: %s", f.Location, f.Message)
		}
	}
	slices.Sort(got)
	want := ".buildkite/pipeline.yml buildkite\n.circleci/config.yml circleci\n.github/workflows/ci.yml githubactions\n.gitlab-ci.yml gitlab\nDockerfile dockerfile\nJenkinsfile jenkins\nPulumi.yaml pulumi\nadmin.hcl vault\nazure-pipelines.yml azure\nbitbucket-pipelines.yml bitbucket\nboth.yaml contract\nboth.yaml kubernetes\ncompose.yaml compose\nmain.bicep arm\nmain.go code\nmain.tf terraform\nserverless.yml cloudformation\nserverless.yml serverless\nsite.yml ansible\nstack.yaml cloudformation"
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestUnsupported(t *testing.T) {
	const helm, other = "Helm template, searched for credentials only", "template, searched for credentials only"
	tests := []struct{ path, text, want string }{
		{"chart/templates/web.yaml", "a: {{ .Values.a }}\n", helm},
		{"chart/templates/sub/web.YML", "a: {{- $.Release.Name }}\n", helm},
		{"ci/templates/build.yml", "parameters: {a: b}\nsteps:\n- bash: ${{ parameters.a }}\n", ""},
		{"chart/templates/web.json", "{\"a\": {{ include \"x\" . }}}\n", helm},
		{"chart/templates/_helpers.TPL", "{{ define \"x\" }}{{ end }}\n", helm},
		{"roles/web/templates/web.yaml", "# see .Values\na: {{ x }}\n", other},
		{"roles/web/templates/admin.conf", "kind: Config\nusers: {{ x }}\n", other},
		{"roles/web/templates/web.txt", "a: {{ x }}\n", ""},
		{"chart/templates/plain.yaml", "a: 1\n", ""},
		{"docs/web.yaml", "a: {{ x }}\n", ""},
		{"deploy/role.yaml.j2", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ x }}}\n", other},
		{"deploy/role.yml.tpl", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.x }}}\n", helm},
		{"deploy/values.yaml.tpl", "image: {{ x }}\n", ""},
		{"deploy/prose.md.j2", "apiVersion: v1\nkind: Pod\n", ""},
	}
	for _, tt := range tests {
		if got := Unsupported(&lint.Source{Path: tt.path, Data: []byte(tt.text)}, nil); got != tt.want {
			t.Errorf("%s: %q", tt.path, got)
		}
	}
}

// TestTemplatesOfTerraformAreNoBrokenYAML: what templatefile reads need not be YAML yet.
func TestTemplatesOfTerraformAreNoBrokenYAML(t *testing.T) {
	const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {}}\ndata:\n  a: b\n"
	for _, tt := range []struct {
		name, module string
		findings     int
		gaps         int
	}{
		{"a template", "resource \"kubernetes_manifest\" \"m\" { manifest = yamldecode(templatefile(\"${path.module}/files/m.yaml\", { name = \"x\" })) }\n", 0, 1},
		{"another file", "locals { a = templatefile(\"other.yaml\", {}) }\n", 1, 0},
		{"a file as it is", "locals { a = file(\"files/m.yaml\") }\n", 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]*lint.Source{
				"infra/files/m.yaml": {Path: "infra/files/m.yaml", Data: []byte(manifest)},
				"infra/main.tf":      {Path: "infra/main.tf", Data: []byte(tt.module)},
				"infra/":             {Path: "infra/", Data: []byte("files/\nmain.tf\n")},
				"infra/files/":       {Path: "infra/files/", Data: []byte("m.yaml\n")},
			}
			docs, findings := Parse([]*lint.Source{files["infra/files/m.yaml"]}, func(name string) *lint.Source { return files[name] })
			gaps := 0
			for _, doc := range docs {
				gaps += len(doc.Gaps)
			}
			if len(findings) != tt.findings || gaps != tt.gaps {
				t.Errorf("%v, %d gaps", findings, gaps)
			}
		})
	}
}
