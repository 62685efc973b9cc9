package fix

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/terraform"
	"github.com/policyctl/policyctl/internal/yaml"
)

func set(value any, path ...any) Proposal { return Proposal{Op: "add", Path: path, Value: value} }

func move(path ...any) Proposal {
	return Proposal{Op: "move", Path: path, To: lint.Path{"job", "env", path[len(path)-1]}}
}

func document(t *testing.T, name, text string) *lint.Node {
	t.Helper()
	src := &lint.Source{Path: name, Data: []byte(text)}
	if strings.HasSuffix(name, ".tf") {
		docs, findings := terraform.Parse([]*lint.Source{src}, nil)
		if len(findings) > 0 || len(docs) != 1 {
			t.Fatalf("%d documents, %v", len(docs), findings)
		}
		return docs[0].Root
	}
	roots, findings := yaml.Read(src)
	if len(findings) > 0 || len(roots) == 0 {
		t.Fatal(findings)
	}
	return roots[len(roots)-1]
}

// TestWrite holds texts to what becomes of them; an empty one says that there is no
// change.
func TestWrite(t *testing.T) {
	sensitive := set(true, "variables", 0, "sensitive")
	rotation := set(true, "resources", 0, "values", "enable_key_rotation")
	token := set(false, "spec", "token")
	tests := []struct {
		name, file, text string
		p                Proposal
		want             string
	}{
		{"lines", "a.yaml", "# a\nspec:\n  a: 1 # one\n\nz: 1\n", token, "# a\nspec:\n  a: 1 # one\n  token: false\n\nz: 1\n"},
		{"a mapping that is missing", "a.yaml", "spec:\n    a: 1\n", set(false, "spec", "context", "token"), "spec:\n    a: 1\n    context:\n      token: false\n"},
		{"brackets", "a.yaml", "spec: {a: 1} # one\n", token, "spec: {a: 1, token: false} # one\n"},
		{"the last of several documents", "a.yaml", "spec:\n  a: 1\n---\nspec:\n  a: 2\n---\n", token, "spec:\n  a: 1\n---\nspec:\n  a: 2\n  token: false\n---\n"},
		{"line breaks of Windows", "a.yaml", "spec:\r\n  a: 1\r\nz: 1\r\n", token, "spec:\r\n  a: 1\r\n  token: false\r\nz: 1\r\n"},
		{"no line break at the end", "a.yaml", "spec:\n  a: 1", token, "spec:\n  a: 1\n  token: false"},
		{"a byte order mark", "a.yaml", "\ufeffspec:\n  a: 1\n", token, "\ufeffspec:\n  a: 1\n  token: false\n"},
		{"a value in quotes", "a.yaml", "spec:\n  token: \"yes\" # why\n", token, "spec:\n  token: false # why\n"},
		{"a value is taken out", "a.yaml", "spec:\n  # why\n  token: true\n  a: 1\n", Proposal{Op: "remove", Path: lint.Path{"spec", "token"}}, "spec:\n  # why\n  a: 1\n"},
		{"a comment stands behind", "a.yaml", "spec:\n  uses: a@v1\n", Proposal{Op: "replace", Path: lint.Path{"spec", "uses"}, Value: "a@0", Comment: "v1"}, "spec:\n  uses: a@0 # v1\n"},
		{"a comment has no room", "a.yaml", "spec: {uses: a@v1}\n", Proposal{Op: "replace", Path: lint.Path{"spec", "uses"}, Value: "a@0", Comment: "v1"}, ""},
		{"a key is moved", "a.yaml", "env: {A: x, B: z} # c\njob:\n  run: x\n", move("env", "B"), "env: {A: x} # c\njob:\n  run: x\n  env:\n    B: z\n"},
		{"what is empty then goes", "a.yaml", "env:\n  B: z\njob:\n  run: x\n", move("env", "B"), "job:\n  run: x\n  env:\n    B: z\n"},
		{"nothing is moved onto something", "a.yaml", "env: {B: y}\njob: {env: {B: z}}\n", move("env", "B"), ""},
		{"nor where there is an alias", "a.yaml", "env: &e {B: y}\njob: {x: *e}\n", move("env", "B"), ""},
		{"an item", "a.yaml", "spec:\n  token:\n    - a # one\n", set("b", "spec", "token"), "spec:\n  token:\n    - a # one\n    - b\n"},
		{"JSON", "a.json", "{\"spec\": {\"a\": 1}}\n", token, "{\"spec\": {\"a\": 1, \"token\": false}}\n"},
		{"JSON in lines", "a.json", "{\n\t\"spec\": {\n\t\t\"a\": 1\n\t}\n}\n", set(false, "spec", "context", "token"),
			"{\n\t\"spec\": {\n\t\t\"a\": 1,\n\t\t\"context\": {\n\t\t\t\"token\": false\n\t\t}\n\t}\n}\n"},
		{"an alias", "a.yaml", "x: &x {a: 1}\nspec: *x\n", token, ""},
		{"an anchor that others name", "a.yaml", "spec: &x {a: 1}\ny: *x\n", token, ""},
		{"a merge key", "a.yaml", "x: &x {token: true}\nspec:\n  <<: *x\n", token, ""},
		{"a value of a template", "a.yaml", "spec:\n  token: ${{ inputs.token }}\n", token, ""},
		{"a mapping in place of the value", "a.yaml", "spec:\n  token: {a: 1}\n", token, ""},
		{"another kind of file", "Dockerfile", "spec:\n  a: 1\n", token, ""},

		{"an argument", "a.tf", "variable \"p\" {\n  type        = string # a\n  description = \"b\" // c\n\n  validation {\n    condition = true\n  }\n}\n", sensitive,
			"variable \"p\" {\n  type        = string # a\n  description = \"b\" // c\n  sensitive   = true\n\n  validation {\n    condition = true\n  }\n}\n"},
		{"an argument with a longer name", "a.tf", "variable \"p\" {\n  type = string\n}\n", sensitive, "variable \"p\" {\n  type = string\n\n  sensitive = true\n}\n"},
		{"an empty block", "a.tf", "  variable \"p\" {}\n", sensitive, "  variable \"p\" {\n    sensitive = true\n  }\n"},
		{"an empty block of two lines", "a.tf", "variable \"p\" {\n}\n", sensitive, "variable \"p\" {\n  sensitive = true\n}\n"},
		{"a block of one line", "a.tf", "variable \"p\" { type = string }\n", sensitive, "variable \"p\" {\n  type      = string\n  sensitive = true\n}\n"},
		{"tabs", "a.tf", "variable \"p\" {\n\tdescription = \"b\"\n}\n", sensitive, "variable \"p\" {\n\tdescription = \"b\"\n\tsensitive   = true\n}\n"},
		{"line breaks of Windows in HCL", "a.tf", "variable \"p\" {\r\n  description = \"b\"\r\n}\r\n", sensitive, "variable \"p\" {\r\n  description = \"b\"\r\n  sensitive   = true\r\n}\r\n"},
		{"a text in lines", "a.tf", "variable \"p\" {\n  description = <<-E\n    b\n  E\n}\n", sensitive, "variable \"p\" {\n  description = <<-E\n    b\n  E\n  sensitive = true\n}\n"},
		{"a comment that goes on", "a.tf", "variable \"p\" {\n  description = \"b\" /* c\n  d */\n}\n", sensitive, ""},
		{"only blocks within", "a.tf", "variable \"p\" {\n  # a\n  validation {\n    condition = true\n  }\n}\n", sensitive, "variable \"p\" {\n  sensitive = true\n  # a\n  validation {\n    condition = true\n  }\n}\n"},
		{"a value in HCL", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = false # why\n}\n", rotation, "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = true # why\n}\n"},
		{"a value of a variable", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = var.rotate\n}\n", rotation, ""},
		{"a list before a map", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  description         = \"a\"\n  tags = {\n    a = 1\n  }\n}\n", rotation,
			"resource \"aws_kms_key\" \"a\" {\n  description         = \"a\"\n  enable_key_rotation = true\n  tags = {\n    a = 1\n  }\n}\n"},
		{"a part of a map", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  tags = {\n    a = 1\n  }\n}\n", set("b", "resources", 0, "values", "tags", "b"), ""},
		{"a number", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  deletion_window_in_days = 7\n}\n", set(json.Number("30"), "resources", 0, "values", "deletion_window_in_days"), "resource \"aws_kms_key\" \"a\" {\n  deletion_window_in_days = 30\n}\n"},
		{"a text", "a.tf", "resource \"aws_kms_key\" \"a\" {\n  description = \"\"\n}\n", set("${a} \"b\"", "resources", 0, "values", "description"), "resource \"aws_kms_key\" \"a\" {\n  description = \"$${a} \\\"b\\\"\"\n}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var w Writer
			at, text, ok := w.Write(document(t, tt.file, tt.text), tt.p)
			got := ""
			if ok {
				got = tt.text[:at.Start] + text + tt.text[at.End:]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBudget holds the cost of a huge file to a bound.
func TestBudget(t *testing.T) {
	root := document(t, "a.yaml", "spec:\n  a: 1\n#"+strings.Repeat("x", budget/5)+"\n")
	var w Writer
	written := 0
	for range 5 {
		if _, _, ok := w.Write(root, set(false, "spec", "token")); ok {
			written++
		}
	}
	if written != 2 {
		t.Errorf("%d changes were written", written)
	}
}
