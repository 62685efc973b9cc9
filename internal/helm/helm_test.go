package helm

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/lint"
)

// opener gives the files of an archive, and lists its folders.
func opener(archive string) Files {
	files := map[string]*lint.Source{}
	folders := map[string][]string{}
	for _, file := range txtar.Parse([]byte(archive)).Files {
		files[file.Name] = &lint.Source{Path: file.Name, Data: file.Data}
		for name := file.Name; name != "."; name = path.Dir(name) {
			if dir := path.Dir(name) + "/"; !slices.Contains(folders[dir], path.Base(name)) {
				folders[dir] = append(folders[dir], path.Base(name))
			}
		}
	}
	return func(name string) *lint.Source {
		if names := folders[name]; len(names) > 0 {
			return &lint.Source{Path: name, Data: []byte(strings.Join(names, "\n"))}
		}
		return files[name]
	}
}

// chartOf is a chart with values and one template, whose value is at key v.
func chartOf(values, template string) Files {
	return opener("-- c/Chart.yaml --\nname: shop\nversion: 1.2.3\nappVersion: \"9\"\n-- c/values.yaml --\n" + values +
		"\n-- c/templates/t.yaml --\nv: " + template + "\n-- c/files/a.txt --\nalpha\n")
}

func render(t *testing.T, files Files) (*lint.Node, []lint.Gap) {
	t.Helper()
	manifests, gaps, findings := Render("c", files)
	for _, f := range findings {
		t.Errorf("%s: %s", f.Location, f.Message)
	}
	var root *lint.Node
	for _, m := range manifests {
		gaps = append(gaps, m.Gaps...)
		if len(m.Roots) > 0 {
			root = m.Roots[0]
		}
	}
	return root, gaps
}

func TestRender(t *testing.T) {
	for _, tt := range []struct{ values, template, want string }{
		{"a: x", "{{ .Values.a }}", "x"},
		{"a: 8080", "{{ .Values.a }}", "8080"},
		{"a: 8080", "{{ .Values.a | quote }}", "8080"},
		{"a: 1000000", "{{ .Values.a }}", "1000000"},
		{"a: {b: {c: x}}", "{{ .Values.a.b.c | upper }}", "X"},
		{"a: x", "{{ .Values.missing | default \"d\" }}", "d"},
		{"a: x", "\"<{{ .Values.missing }}>\"", "<>"},
		{"a: x", "{{ .Release.Name }}-{{ .Chart.Name }}-{{ .Chart.AppVersion }}", "release-name-shop-9"},
		{"a: x", "{{ .Values.a | b64enc }}", "eA=="},
		{"a: x", "{{ randAlphaNum 12 | b64enc }}", "JChVTktOT1dOKQ=="},
		{"a: x", "{{ (genCA \"ca\" 365).Cert }}", Unknown},
		{"a: x", "{{ required \"set b\" .Values.b }}", Unknown},
		{"a: x", "{{ required \"set a\" .Values.a }}", "x"},
		{"a: x", "{{ (lookup \"v1\" \"Secret\" \"n\" \"s\").data | default \"none\" }}", "none"},
		{"a: \"{{ .Values.b }}\"\nb: y", "{{ tpl .Values.a . }}", "y"},
		{"a: x", "{{ .Files.Get \"files/a.txt\" | trim }}", "alpha"},
		{"a: x", "\"{{ .Files.Get \"../../etc/passwd\" }}\"", ""},
		{"a: x", "{{ range $k, $v := .Files.Glob \"files/*\" }}{{ $k }}{{ end }}", "files/a.txt"},
		{"a: x", "{{ if .Capabilities.APIVersions.Has \"networking.k8s.io/v1/Ingress\" }}yes{{ else }}no{{ end }}", "yes"},
		{"a: x", "{{ if .Capabilities.APIVersions.Has \"monitoring.coreos.com/v1\" }}a{{ else }}b{{ end }}", "b"},
		{"a: x", "{{ .Values.b.c.d }}", Unknown},
		{"a: x", "{{ $.Values.b.c | quote }}", Unknown},
		{"a: x", "{{ with .Values.b.c }}{{ .d.e }}{{ end }}", Unknown},
		{"a: x", "{{ range .Values.b.c }}{{ .d }}{{ end }}", Unknown},
		{"a: x", "{{ range $k, $v := .Values.b.c }}{{ $v.d }}{{ end }}", Unknown},
		{"a: x", "{{ if .Values.b.c }}x{{ end }}", "x"},
		{"a: x", "{{ $b := .Values.b }}{{ $b.c.d }}", Unknown},
		{"a: x", "{{ (.Values.b).c | default \"y\" }}", "y"},
		{"a: x", "{{ .Values.a.b }}", Unknown},
		{"a: x", "{{ if and .Values.b .Values.b.c }}x{{ else }}y{{ end }}", "y"},
		{"a: x", "{{ .Capabilities.KubeVersion.Major }}", "1"},
		{"a: x", "{{ if semverCompare \">=1.20-0\" .Capabilities.KubeVersion.Version }}new{{ else }}old{{ end }}", "new"},
		{"a: x", "{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .Values.a }}", "<x>"},
		{"a: x", "{{ define \"d\" }}<{{ . }}>{{ end }}{{ include \"d\" .Values.a | quote }}", "<x>"},
		{"a: [1, 2]", "{{ .Values.a | toJson | quote }}", "[1,2]"},
		{"a: x", "{{ (fromYaml \"k: w\").k }}", "w"},
		{"a: x", "{{ include \"nowhere\" . }}", Unknown},
		{"a: x", "{{ keys (dict \"b\" 1 \"a\" 2) | join \"-\" }}", "a-b"},
		{"a: ", "{{ fail \"no\" }}x", "x"},
	} {
		root, gaps := render(t, chartOf(tt.values, tt.template))
		if got := root.Get("v"); got == nil || got.Text != tt.want {
			t.Errorf("%s with %s: got %+v, want %q (%v)", tt.template, tt.values, got, tt.want, gaps)
		}
	}
}

// TestPlaces: a value that is all of a text stands in values.yaml, and everything else
// where the template says it.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct{ values, template, want string }{
		{"a: correct-horse", "{{ .Values.a }}", "c/values.yaml correct-horse"},
		{"a: correct-horse", "{{ .Values.a | b64enc | quote }}", "c/values.yaml correct-horse"},
		{"a: 'correct-horse'", "{{ .Values.a | quote }}", "c/values.yaml 'correct-horse'"},
		{"a: correct-horse", "pre-{{ .Values.a }}", "c/templates/t.yaml pre-{{ .Values.a }}"},
		{"a: correct-horse", "\"{{ .Values.a }}:{{ .Chart.Name }}\"", "c/templates/t.yaml \"{{ .Values.a }}:{{ .Chart.Name }}\""},
		{"a: correct-horse", "{{ .Values.a | sha256sum }}", "c/templates/t.yaml {{ .Values.a | sha256sum }}"},
		{"a: correct-horse", "literal", "c/templates/t.yaml literal"},
		{"a: ClusterIP", "{{ if eq .Values.a \"ClusterIP\" }}inside{{ end }}", "c/templates/t.yaml inside"},
		{"a: {b: correct-horse}", "{{ with .Values.a }}{{ .b }}{{ end }}", "c/values.yaml correct-horse"},
	} {
		root, gaps := render(t, chartOf(tt.values, tt.template+" # {{ .Values.a }}"))
		v := root.Get("v")
		if v == nil {
			t.Errorf("%s: nothing (%v)", tt.template, gaps)
			continue
		}
		if got := v.Span.Source.Path + " " + string(v.Span.Text()); got != tt.want {
			t.Errorf("%s with %s: got %s, want %s", tt.template, tt.values, got, tt.want)
		}
	}
}

func TestPlacesOfWholeMappings(t *testing.T) {
	root, _ := render(t, chartOf("security: {privileged: true, user: 5}\nother: {user: 5}", "\n  {{- toYaml .Values.security | nindent 2 }}"))
	if at := root.Get("v", "privileged"); at.Span.Location().String() != "c/values.yaml:1:24" || len(at.Via) != 1 {
		t.Error(at.Span.Location(), at.Via)
	}
	if at := root.Get("v", "user"); at.Span.Source.Path != "c/templates/t.yaml" {
		t.Error("one of two places was guessed: ", at.Span.Location())
	}
}

const subcharts = `
-- c/Chart.yaml --
name: shop
dependencies:
  - {name: db, alias: store, condition: store.enabled}
  - {name: cache, condition: cache.enabled}
-- c/values.yaml --
global: {region: eu}
store: {enabled: true, password: from-parent}
cache: {enabled: false}
-- c/charts/db/Chart.yaml --
name: db
-- c/charts/db/values.yaml --
password: own-default
user: own-user
-- c/charts/db/templates/s.yaml --
v: {{ .Values.password }}/{{ .Values.user }}/{{ .Values.global.region }}
name: {{ .Template.Name }}
-- c/charts/cache/Chart.yaml --
name: cache
-- c/charts/cache/templates/s.yaml --
v: {{ .Values.none }}
`

func TestSubcharts(t *testing.T) {
	manifests, gaps, _ := Render("c", opener(subcharts))
	if len(manifests) != 1 || len(gaps) != 0 {
		t.Fatal(len(manifests), gaps)
	}
	root := manifests[0].Roots[0]
	if got := root.Get("v").Text; got != "from-parent/own-user/eu" {
		t.Error(got)
	}
	if got := root.Get("name").Text; got != "shop/charts/db/templates/s.yaml" {
		t.Error(got)
	}
}

func TestEnvironments(t *testing.T) {
	manifests, _, _ := Render("c", opener(`
-- c/Chart.yaml --
name: shop
-- c/values.yaml --
mode: test
token: ""
-- c/values-prod.yaml --
token: from-prod
-- c/templates/a.yaml --
v: {{ .Values.token }}
-- c/templates/b.yaml --
v: {{ .Values.mode }}
`))
	var got []string
	for _, m := range manifests {
		for _, root := range m.Roots {
			v := root.Get("v")
			got = append(got, m.Source.Path+" "+v.Text+" "+v.Span.Source.Path)
		}
	}
	want := []string{"c/templates/a.yaml  c/templates/a.yaml", "c/templates/b.yaml test c/values.yaml", "c/templates/a.yaml from-prod c/values-prod.yaml"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEnvironmentsOfOtherNames(t *testing.T) {
	manifests, gaps, _ := Render("c", opener(`
-- c/Chart.yaml --
name: shop
dependencies: [{name: db}]
-- c/values.yaml --
mode: 0
db: {mode: 7}
-- c/stage.values.yaml --
mode: 1
-- c/envs/prod.yaml --
mode: 2
-- c/envs/object.yaml --
{apiVersion: v1, kind: ConfigMap, mode: 3}
-- c/envs/other.yaml --
{color: blue}
-- c/other/prod.yaml --
mode: 4
-- c/templates/a.yaml --
v: {{ .Values.mode | default 9 }}
-- c/charts/db/Chart.yaml --
name: db
-- c/charts/db/values.yaml --
mode: 8
-- c/charts/db/templates/a.yaml --
v: {{ .Values.mode }}
`))
	var got []string
	for _, m := range manifests {
		for _, root := range m.Roots {
			v := root.Get("v")
			for _, step := range v.Via {
				got = append(got, v.Text+" "+step.Span.Location().String())
			}
			if v.Span.Source.Path != m.Source.Path {
				t.Error(v.Span.Location())
			}
		}
	}
	want := []string{"7 c/values.yaml:2:12", "2 c/envs/prod.yaml:1:7", "1 c/stage.values.yaml:1:7"}
	if !slices.Equal(got, want) || len(gaps) > 0 {
		t.Errorf("got %q, want %q %v", got, want, gaps)
	}
}

func TestRoot(t *testing.T) {
	files := opener(subcharts)
	for dir, want := range map[string]string{"c": "c", "c/charts/db": "c", "c/charts": "", "elsewhere": "", ".": ""} {
		if got := Root(dir, files); got != want {
			t.Errorf("%s: got %q, want %q", dir, got, want)
		}
	}
}

// TestHostile: whatever a chart holds ends soon, and leaves a gap.
func TestHostile(t *testing.T) {
	for _, template := range []string{
		"{{ range until 1000000 }}x{{ end }}",
		"{{ range untilStep 0 10 0 }}x{{ end }}{{ range until 9999 }}{{ range until 9999 }}{{ end }}{{ end }}",
		"{{ define \"d\" }}{{ include \"d\" . }}{{ end }}{{ include \"d\" . }}",
		"{{ define \"d\" }}{{ template \"d\" . }}{{ end }}{{ template \"d\" . }}",
		"{{ $x := \"xxxxxxxx\" }}{{ range until 60 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}{{ $x }}",
		"{{ $x := list 1 2 3 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}{{ $x }}",
		"{{ $x := dict \"a\" 1 }}{{ range until 60 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ $x | toYaml }}",
		"{{ repeat 1000000000 \"x\" }}",
		"{{ nindent 1000000000 \"x\" }}",
		"{{ $x := repeat 1000000 \"a\" }}{{ replace \"a\" $x $x }}",
		"{{ $d := dict }}{{ set $d \"a\" $d }}",
		"{{ $d := dict }}{{ merge $d (dict \"a\" $d) }}{{ $d }}",
		"{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t \"Template\" .Template) }}",
		"{{ index .Values.a 99 }}",
		"{{ .Chart.b.c.d | first }}",
		"{{ atoi .Values.a | list | first | slice }}",
		"{{ if }}",
		"{{ nofunction }}",
		"{{ printf \"%999999999d\" 1 | repeat 900000 }}",
		"[{{ .Values.a }}",
	} {
		start := time.Now()
		_, gaps := render(t, chartOf("a: [x]", template))
		if len(gaps) == 0 {
			t.Errorf("%s leaves no gap", template)
		}
		for _, gap := range gaps {
			if gap.Location.Path == "" || strings.Contains(gap.Message, "xxxx") {
				t.Errorf("%s: %+v", template, gap)
			}
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %s", template, took)
		}
	}
}

func TestGapsShowNoValues(t *testing.T) {
	_, gaps := render(t, chartOf("a: correct-horse", "{{ mustToDate \"2006\" .Values.a }}"))
	if len(gaps) != 1 || strings.Contains(fmt.Sprint(gaps), "horse") {
		t.Error(gaps)
	}
}

func TestSameAgain(t *testing.T) {
	const template = "\n{{ range $k, $v := .Values.m }}  {{ $k }}: {{ uuidv4 }}{{ now | date \"2006\" }}{{ keys $.Values.m }}\n{{ end }}"
	files := chartOf("m: {a: 1, b: 2, c: 3}", template)
	first, _ := render(t, files)
	for range 5 {
		if again, _ := render(t, files); fmt.Sprint(again.Plain()) != fmt.Sprint(first.Plain()) {
			t.Fatal(again.Plain(), first.Plain())
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("a: x", "{{ .Values.a }}")
	f.Add("a: {b: [1]}", "{{- range $i, $x := .Values.a.b }}{{ $x | quote }}{{ end }}")
	f.Fuzz(func(t *testing.T, values, template string) {
		manifests, _, _ := Render("c", chartOf(values, template))
		for _, m := range manifests {
			for _, root := range m.Roots {
				root.Walk(func(p lint.Path, n *lint.Node) bool {
					if n.Span.Source == nil || n.Span.Start < 0 || n.Span.End > len(n.Span.Source.Data) || n.Span.Start > n.Span.End {
						t.Errorf("%s: %+v", p, n.Span)
					}
					return true
				})
			}
		}
	})
}
