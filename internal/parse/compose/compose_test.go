package compose

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestInputHasTheShapeThatPoliciesExpect(t *testing.T) {
	data, err := os.ReadFile("testdata/compose.yml.sample")
	if err != nil {
		t.Fatal(err)
	}
	docs, findings := Parse([]*lint.Source{{Path: "compose.yml", Data: data}}, nil)
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents and findings %v", len(docs), findings)
	}
	golden, err := os.ReadFile("testdata/compose.json")
	if err != nil {
		t.Fatal(err)
	}
	var want any
	if err := json.Unmarshal(golden, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, docs[0].Root.Plain()); diff != "" {
		got, _ := json.MarshalIndent(docs[0].Root.Plain(), "", "  ")
		t.Errorf("-want +got\n%s\n%s", diff, got)
	}
	gap := "compose.yml:49:13: the file that the service extends cannot be read in this repository; it was not judged"
	if len(docs[0].Gaps) != 1 || fmt.Sprintf("%s: %s", docs[0].Gaps[0].Location, docs[0].Gaps[0].Message) != gap {
		t.Errorf("gaps %v, want %s", docs[0].Gaps, gap)
	}
}

func TestPartsOfShortFormsHavePlacesOfTheirOwn(t *testing.T) {
	tests := []struct {
		name, file string
		path       lint.Path
		spot       lint.Spot
		want       string
	}{
		{"a value of a list", "environment: [A=b]", lint.Path{"environment", "A"}, lint.Spot{}, "b"},
		{"a name of a list", "environment: [A=b]", lint.Path{"environment", "A"}, lint.Spot{Key: true}, "A"},
		{"a name without a value", "environment: [A]", lint.Path{"environment", "A"}, lint.Spot{Key: true}, "A"},
		{"a value in quotes", `environment: ["A=b c"]`, lint.Path{"environment", "A"}, lint.Spot{}, "b c"},
		{"an empty value", "environment: [A=, B=c]", lint.Path{"environment", "A"}, lint.Spot{}, ""},
		{"a value with an escape stands in the whole item", `environment: ["A=\x62"]`, lint.Path{"environment", "A"}, lint.Spot{}, `"A=\x62"`},
		{"a value of a mapping", `environment: {A: "b"}`, lint.Path{"environment", "A"}, lint.Spot{}, `"b"`},
		{"a number", "environment: {A: 5}", lint.Path{"environment", "A"}, lint.Spot{}, "5"},
		{"a build argument", "build: {args: [A=b]}", lint.Path{"build", "args", "A"}, lint.Spot{}, "b"},
		{"the context of a build", "build: ./a", lint.Path{"build", "context"}, lint.Spot{}, "./a"},
		{"the source of a volume", "volumes: ['./a:/b:ro']", lint.Path{"volumes", 0, "source"}, lint.Spot{}, "./a"},
		{"the target of a volume", "volumes: ['./a:/b:ro']", lint.Path{"volumes", 0, "target"}, lint.Spot{}, "/b"},
		{"a drive", `volumes: ['C:\a:/b']`, lint.Path{"volumes", 0, "source"}, lint.Spot{}, `C:\a`},
		{"an environment file", "env_file: .env", lint.Path{"env_file", 0, "path"}, lint.Spot{}, ".env"},
		{"a secret", "secrets: [a]", lint.Path{"secrets", 0, "source"}, lint.Spot{}, "a"},
		{"behind a tag", "environment: !override {A: b}", lint.Path{"environment", "A"}, lint.Spot{}, "b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := "services:\n  web:\n    " + test.file + "\n"
			docs, findings := Parse([]*lint.Source{{Path: "compose.yml", Data: []byte(file)}}, nil)
			if len(docs) != 1 || len(findings) != 0 {
				t.Fatalf("got %d documents and findings %v", len(docs), findings)
			}
			place, err := docs[0].Locate(append(lint.Path{"services", "web"}, test.path...), test.spot)
			if err != nil {
				t.Fatal(err)
			}
			src := &lint.Source{Data: []byte(file)}
			if got := file[src.Offset(place.Location.Start):src.Offset(place.Location.End)]; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAFileOfTheFirstVersion(t *testing.T) {
	docs, _ := Parse([]*lint.Source{{Path: "docker-compose.yml", Data: []byte("web:\n  image: a\n  environment: [B=c]\n")}}, nil)
	want := map[string]any{"services": map[string]any{"web": map[string]any{"image": "a", "environment": map[string]any{"B": "c"}}}}
	if diff := cmp.Diff(want, docs[0].Root.Plain()); diff != "" {
		t.Error(diff)
	}
}

func TestAnAliasedServiceIsNotChangedTwice(t *testing.T) {
	docs, findings := Parse([]*lint.Source{{Path: "compose.yml", Data: []byte("services:\n  a: &a\n    volumes: [data:/c]\n  d: *a\n")}}, nil)
	if len(findings) != 0 {
		t.Fatal(findings)
	}
	volumes := []any{map[string]any{"source": "data", "target": "/c"}}
	want := map[string]any{"services": map[string]any{"a": map[string]any{"volumes": volumes}, "d": map[string]any{"volumes": volumes}}}
	if diff := cmp.Diff(want, docs[0].Root.Plain()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoComposeFileIsAFinding(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"a list", "- a\n", "compose.yml:1:1: a Compose file has to be a mapping with the key services"},
		{"services that are a list", "services: [a]\n", "compose.yml:1:11: services has to be a mapping"},
		{"a service that is a word", "services: {a: b}\n", "compose.yml:1:12: a service has to be a mapping"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{{Path: "compose.yml", Data: []byte(test.file)}}, nil)
			if len(findings) != 1 {
				t.Fatalf("got %v", findings)
			}
			if got := fmt.Sprintf("%s: %s", findings[0].Location, findings[0].Message); got != test.want || findings[0].Rule != lint.SyntaxError {
				t.Errorf("got %s [%s], want %s", got, findings[0].Rule.ID, test.want)
			}
		})
	}
}

func TestServicesThatExtendThemselves(t *testing.T) {
	for text, want := range map[string][]string{
		"{a: {extends: a}}": {"1:25"},
		"{a: {extends: b}, b: {extends: {service: c}}, c: {extends: b}}":               {"1:42", "1:70"},
		"{a: {extends: b}, b: {extends: {file: x.yml, service: a}}, c: {extends: no}}": nil,
	} {
		_, findings := Parse([]*lint.Source{{Path: "compose.yml", Data: []byte("services: " + text)}}, nil)
		var got []string
		for _, f := range findings {
			got = append(got, fmt.Sprintf("%d:%d", f.Location.Start.Line, f.Location.Start.Column))
			if f.Rule != lint.Circular {
				t.Error(f.Rule.ID)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(text, diff)
		}
	}
}

func TestFilesThatNobodyJudgesAreGaps(t *testing.T) {
	tests := []struct {
		name, file string
		want       []int // columns
	}{
		{"one file", "include: a.yml", []int{10}},
		{"a list", "include: [a.yml, b/compose.yml]", []int{11}},
		{"long forms", "include: [{path: a.yml}, {path: [b.yml, compose.dev.yml]}]", []int{18, 34}},
		{"a Compose file", "include: [compose.a.yml]", nil},
		{"a service of the same file", "services: {a: {extends: b}, b: {}, c: {extends: {service: b}}}", nil},
		{"a service of another Compose file", "services: {a: {extends: {file: ../compose.yml, service: b}}}", nil},
		{"nonsense", "include: {a: 5}", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, _ := Parse([]*lint.Source{{Path: "compose.yml", Data: []byte(test.file)}}, nil)
			var got []int
			for _, gap := range docs[0].Gaps {
				got = append(got, gap.Location.Start.Column)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClaims(t *testing.T) {
	tests := []struct {
		path string
		want bool
	}{
		{"compose.yml", true},
		{"a/compose.yaml", true},
		{"compose.dev.yml", true},
		{"compose-dev.yml", true},
		{"docker-compose.yml", true},
		{"docker-compose.override.yaml", true},
		{"docker-compose-test.yml", true},
		{"podman-compose.yml", true},
		{"composer.yml", false},
		{"compose.json", false},
		{"stack.yml", false},
		{"compose/values.yml", false},
		{"docker-compose.yml.j2", false},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			if got := Claims(&lint.Source{Path: test.path}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/compose.yml.sample")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("web: {image: a, environment: ['A=''b', \"C=\\x64\", |\n e=f\n]}"))
	f.Add([]byte("services: {a: {volumes: [\"C:/a:/b\", 'a:${B:-c:d}:ro', ':', '']}}"))
	f.Add([]byte("services: &a {b: *a}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		src := &lint.Source{Path: "compose.yml", Data: data}
		docs, findings := Parse([]*lint.Source{src}, nil)
		for _, doc := range docs {
			checkPlaces(t, doc, src, len(findings) == 0)
		}
	})
}

// checkPlaces reads every part of a short form again from where it stands.
func checkPlaces(t *testing.T, doc *lint.Document, src *lint.Source, sound bool) {
	doc.Root.Walk(func(path lint.Path, node *lint.Node) bool {
		if _, err := doc.Locate(path, lint.Spot{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if node.Span.Source == nil {
			return true
		}
		if node.Span.Start < 0 || node.Span.Start > node.Span.End || node.Span.End > len(src.Data) {
			t.Fatalf("%s stands at %d to %d", path, node.Span.Start, node.Span.End)
		}
		raw := string(node.Span.Text())
		if sound && node.Kind == lint.String && raw != node.Text && !isConverted(raw) {
			t.Errorf("%s is %q, but %q stands there", path, node.Text, raw)
		}
		return true
	})
}

// isConverted says whether YAML makes another text of what stands in a file: of
// what is quoted, folded, or a number.
func isConverted(raw string) bool {
	return raw == "" || strings.ContainsAny(raw, "\n\r\"'") || strings.ContainsAny(raw[:1], "|>+-.0123456789") || strings.EqualFold(raw, "true") || strings.EqualFold(raw, "false")
}

func TestFilesBesideTheFile(t *testing.T) {
	files := func(name string) *lint.Source {
		if text, found := map[string]string{"a/.env": "A=b\n", "a/one.txt": "horse\n", "a/two.txt": "a\nb\n"}[name]; found {
			return &lint.Source{Path: name, Data: []byte(text)}
		}
		return nil
	}
	docs, findings := Parse([]*lint.Source{{Path: "a/compose.yml", Data: []byte(`services:
  web: {env_file: [.env, ../../outside.env, "${X}.env"]}
  api: {env_file: gone.env}
  own: {env_file: [{path: gone.env, required: false}]}
secrets:
  one: {file: ./one.txt}
  two: {file: two.txt}
  gone: {file: gone.txt}
`)}}, files)
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatal(docs, findings)
	}
	text := docs[0].Root.Get("secrets", "one", "file$text")
	if text.Str() != "horse" || text.Span.Location().String() != "a/one.txt:1:1" || docs[0].Root.Get("secrets", "two", "file$text") != nil {
		t.Error(text)
	}
	var gaps []string
	for _, gap := range docs[0].Gaps {
		gaps = append(gaps, gap.Location.String()+" "+gap.Message)
	}
	want := []string{
		"a/compose.yml:2:26 the file is not in this repository; the variables that it sets were not judged",
		"a/compose.yml:3:19 the file is not in this repository; the variables that it sets were not judged",
	}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Error(diff)
	}
}

func TestClaimsStacks(t *testing.T) {
	for text, want := range map[string]bool{"services:\n  a:\n    image: b\n": true, "services:\n- a\n": false, "Resources:\n  A: {Type: AWS::S3::Bucket}\n": false} {
		if got := Claims(&lint.Source{Path: "deploy/prod-stack.yml", Data: []byte(text)}); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// TestFilesOfOtherNames: what a Compose file includes or extends is one, whatever its name, and
// is read once.
func TestFilesOfOtherNames(t *testing.T) {
	texts := map[string]string{
		"a/base.yml":       "services: {web: {extends: {file: base.yml, service: db}}, db: {environment: [A=b]}}\ninclude: [more/db.yaml]\n",
		"a/more/db.yaml":   "services: {db: {extends: {file: ../base.yml, service: db}}}\n",
		"a/compose.db.yml": "services: {}\n",
		"a/list.yml":       "[]\n",
	}
	files := func(name string) *lint.Source {
		if text, found := texts[name]; found {
			return &lint.Source{Path: name, Data: []byte(text)}
		}
		return nil
	}
	docs, findings := Parse([]*lint.Source{{Path: "a/compose.yml", Data: []byte(`include: [base.yml, compose.db.yml, "https://example.com/x.git", {path: [list.yml, gone.yml]}]
services: {web: {extends: {file: base.yml, service: web}}, db: {extends: {file: "${X}.yml", service: db}}, gone: {extends: {file: compose.gone.yml}}}
`)}}, files)
	var got []string
	for _, doc := range docs {
		got = append(got, doc.Path)
		for _, gap := range doc.Gaps {
			got = append(got, gap.Location.String())
		}
	}
	if diff := cmp.Diff([]string{"a/compose.yml", "a/compose.yml:1:37", "a/compose.yml:1:84", "a/compose.yml:2:81", "a/compose.yml:2:131", "a/base.yml", "a/more/db.yaml"}, got); diff != "" {
		t.Error(diff)
	}
	if len(findings) != 1 || findings[0].Location.Path != "a/list.yml" {
		t.Error(findings)
	}
	if at := docs[1].Root.Get("services", "db", "environment", "A").Span.Location().String(); at != "a/base.yml:1:80" {
		t.Error(at)
	}
}
