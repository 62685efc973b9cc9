package pulumi

import (
	"encoding/json"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestParse(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"a stack", "Pulumi.eu-1.yaml", "config: {'a:b': c, 'a:d': {secure: e}, 'a:f': {g: {secure: h}}}",
			`{"config":[{"name":"a:b","stack":true,"value":"c"},{"name":"a:d","stack":true,"value":{"$unknown":["secret"]}},{"name":"a:f","stack":true,"value":{"g":{"$unknown":["secret"]}}}],"resources":[]}`},
		{"a project", "Pulumi.yaml", "config: {a: b, c: {type: string}, d: {default: e}, f: {value: g}}",
			`{"config":[{"name":"a","stack":false,"value":"b"},{"name":"d","stack":false,"value":"e"},{"name":"f","stack":false,"value":"g"}],"resources":[]}`},
		{"a program", "Pulumi.yaml", "resources: {a: {type: b, properties: {c: {fn::secret: d}, e: '${f}'}}, g: {type: h}}\noutputs: {i: j}",
			`{"config":[],"outputs":{"i":"j"},"resources":[{"id":"a","type":"b","values":{"c":{"$unknown":["secret"]},"e":"${f}"}},{"id":"g","type":"h","values":{}}]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := &lint.Source{Path: test.path, Data: []byte(test.text)}
			docs, findings := Parse([]*lint.Source{src})
			if !Claims(src) || len(docs) != 1 || len(findings) > 0 {
				t.Fatal(len(docs), findings)
			}
			if got, _ := json.Marshal(docs[0].Root.Plain()); string(got) != test.want {
				t.Errorf("got %s", got)
			}
			docs[0].Root.Walk(func(at lint.Path, n *lint.Node) bool {
				if n.Kind == lint.String && n.Span.Source != nil && n.Span.Text() != nil && !containsText(n) {
					t.Errorf("%s: %q is not %q", at, n.Span.Text(), n.Text)
				}
				return true
			})
		})
	}
}

func containsText(n *lint.Node) bool {
	text := string(n.Span.Text())
	return text == n.Text || text == "'"+n.Text+"'"
}

func TestWhatIsNoMappingIsAFinding(t *testing.T) {
	docs, findings := Parse([]*lint.Source{{Path: "Pulumi.yaml", Data: []byte("- a\n")}})
	if len(docs) != 0 || len(findings) != 1 {
		t.Error(docs, findings)
	}
	for text, want := range map[string]string{
		"resources: {e: 5}":                        "the resource e has to be a mapping",
		"resources: [e]":                           "resources has to be a mapping",
		"resources: {e: {type: a, properties: 5}}": "properties has to be a mapping",
	} {
		_, findings := Parse([]*lint.Source{{Path: "Pulumi.yaml", Data: []byte(text)}})
		if len(findings) != 1 || findings[0].Message != want {
			t.Error(text, findings)
		}
	}
	if _, findings := Parse([]*lint.Source{{Path: "Pulumi.yaml", Data: []byte("resources: {e: {type: a}, f: {type: b, properties: }}\noutputs:")}}); len(findings) > 0 {
		t.Error(findings)
	}
}

func TestClaims(t *testing.T) {
	for name, want := range map[string]bool{"Pulumi.yaml": true, "a/Pulumi.prod.yml": true, "Pulumi.lock": false, "pulumi.md": false, "MyPulumi.yaml": false} {
		if Claims(&lint.Source{Path: name}) != want {
			t.Error(name)
		}
	}
}
