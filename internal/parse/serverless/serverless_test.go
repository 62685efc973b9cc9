package serverless

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
)

func document(t *testing.T, text string) *lint.Document {
	t.Helper()
	src := &lint.Source{Path: "serverless.yml", Data: []byte(text)}
	docs, findings := Parse([]*lint.Source{src}, nil)
	if !Claims(src) || len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%d documents, %v", len(docs), findings)
	}
	return docs[0]
}

func plain(n *lint.Node) string {
	text, _ := json.Marshal(n.Plain())
	return string(text)
}

func TestVariables(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a literal", "a", `"a"`},
		{"a reference", "${self:custom.a}", `"b"`},
		{"a reference to another", "${self:custom.c}", `"b"`},
		{"a part of a text", "x-${self:custom.a}", `"x-b"`},
		{"a name that is made", "${self:custom.${self:custom.name}}", `"b"`},
		{"the first that there is", "${self:custom.none, self:custom.a, 'z'}", `"b"`},
		{"a fallback", "${env:A, 'z, y'}", `{"$candidates":["z, y"],"$unknown":["env:A"]}`},
		{"a store", "${ssm:/a/b~true}", `{"$unknown":["ssm:/a/b~true"]}`},
		{"a store by a name that is not known", "${ssm:/${opt:stage}/b}", `{"$unknown":["opt:stage"]}`},
		{"a text with an unknown part", "a${env:B}", `{"$text":"a${env:B}","$unknown":["env:B"]}`},
		{"nothing", "${self:custom.none}", `{"$unknown":["self:custom.none"]}`},
		{"no end", "${self:custom", `"${self:custom"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, "custom: {a: b, c: '${self:custom.a}', name: a}\nprovider: {environment: {X: \""+test.text+"\"}}\n")
			if got := plain(doc.Root.Get("environment").Items[0].Get("value")); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestAReferenceStandsWhereItsValueIs(t *testing.T) {
	doc := document(t, "custom: {a: b}\nprovider: {environment: {X: '${self:custom.a}'}}\n")
	place, err := doc.Locate(lint.Path{"environment", 0, "value"}, lint.Spot{})
	if err != nil || place.Location.String() != "serverless.yml:1:13" {
		t.Error(place, err)
	}
	if from := doc.Root.Get("environment").Items[0].Get("from").Str(); from != "custom.a" {
		t.Error(from)
	}
}

func TestWhatStandsElsewhereIsAGap(t *testing.T) {
	doc := document(t, "provider: {environment: '${file(a.yml)}'}\nfunctions: ['${file(b.yml)}', {c: {environment: {D: e}}}]\n")
	if len(doc.Gaps) != 2 || plain(doc.Root.Get("environment")) != `[{"name":"D","of":"function c","value":"e"}]` {
		t.Error(doc.Gaps, plain(doc.Root))
	}
}

func TestReferencesToThemselvesEnd(t *testing.T) {
	doc := document(t, "custom: {a: '${self:custom.a}${self:custom.a}', b: '${self:custom}'}\nprovider: {name: aws}\n")
	if len(doc.Gaps) != 1 || !strings.Contains(doc.Gaps[0].Message, "to themselves") {
		t.Error(doc.Gaps)
	}
}

func TestAnotherFileOfThatNameIsNone(t *testing.T) {
	docs, findings := Parse([]*lint.Source{{Path: "serverless.yml", Data: []byte("a: b\n")}}, nil)
	if len(docs) != 0 || len(findings) != 0 {
		t.Error(docs, findings)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("provider: {a: '${self:b, \"c\"}${x:${y}}'}")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := Parse([]*lint.Source{{Path: "serverless.yml", Data: []byte(text)}}, nil)
		for _, doc := range docs {
			for _, wrong := range parsetest.Misplaced(doc, literal) {
				t.Error(wrong)
			}
		}
	})
}

// literal reads a text without variables.
func literal(n *lint.Node) (string, bool) {
	text, ok := parsetest.Quoted(n)
	return text, ok && !strings.Contains(text, "${")
}

// TestFiles: what stands in another file is known if that is data of this repository, and
// otherwise on record, once for each file.
func TestFiles(t *testing.T) {
	texts := map[string]string{"a/x.yml": "ring: ${file(x.yml):ring}\nb: ${self:custom.b}\nlist: [1]\n", "a/made.js": "module.exports = 1", "a/broken.yml": "[", "s.json": `{"a": {"b": "c"}}`}
	src := &lint.Source{Path: "a/serverless.yml", Data: []byte(`custom:
  b: known
  values:
    - ${file(x.yml):b}
    - ${file("../s.json"):a.b}
    - ${file(x.yml):none, 'z'}
    - ${file(x.yml):ring}
    - ${file(gone.yml):a}
    - ${file(gone.yml):b}
    - ${file(made.js)}
    - ${file(broken.yml):a}
    - ${file(x-${opt:stage}.yml):a}
provider: ${file(gone.yml)}
functions: {one: "${file(gone.yml):one}"}
`)}
	docs, findings := Parse([]*lint.Source{src}, func(name string) *lint.Source {
		if text, found := texts[name]; found {
			return &lint.Source{Path: name, Data: []byte(text)}
		}
		return nil
	})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	values := docs[0].Root.Get("settings", "custom", "values").List()
	for i, want := range []string{`"known"`, `"c"`, `{"$candidates":["z"],"$unknown":["file(x.yml):none"]}`} {
		if got := plain(values[i]); got != want {
			t.Errorf("%d: %s", i, got)
		}
	}
	if at := values[1].Span.Location().String(); at != "s.json:1:13" || len(values[1].Via) != 1 {
		t.Error(at, values[1].Via)
	}
	var gaps []string
	for _, gap := range docs[0].Gaps {
		gaps = append(gaps, gap.Location.String()+" "+gap.Message)
	}
	want := []string{
		"a/serverless.yml:13:11 the file gone.yml is not in this repository; what it gives was not judged",
		"a/serverless.yml:14:13 function one stands in another file; it was not judged",
		"a/serverless.yml:10:7 the file made.js is a program; what it gives was not judged",
		"a/serverless.yml:11:7 the file broken.yml is no YAML; what it gives was not judged",
	}
	if len(gaps) != len(want)+1 { // and the ring
		t.Fatalf("%q", gaps)
	}
	for _, one := range want {
		if !slices.Contains(gaps, one) {
			t.Errorf("%q lacks %s", gaps, one)
		}
	}
}
