package serverless

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/parsetest"
)

func document(t *testing.T, text string) *lint.Document {
	t.Helper()
	src := &lint.Source{Path: "serverless.yml", Data: []byte(text)}
	docs, findings := Parse([]*lint.Source{src})
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
	docs, findings := Parse([]*lint.Source{{Path: "serverless.yml", Data: []byte("a: b\n")}})
	if len(docs) != 0 || len(findings) != 0 {
		t.Error(docs, findings)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("provider: {a: '${self:b, \"c\"}${x:${y}}'}")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := Parse([]*lint.Source{{Path: "serverless.yml", Data: []byte(text)}})
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
