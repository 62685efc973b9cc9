package terraform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/lint"
)

// reread reads the text of a place as HCL, or as JSON. It says false for what is
// no constant: an expression, a block.
func reread(text []byte) (string, bool) {
	if parsed, diagnostics := hclsyntax.ParseExpression(append(text[:len(text):len(text)], '\n'), "", hcl.InitialPos); !diagnostics.HasErrors() {
		v, diagnostics := parsed.Value(nil)
		if diagnostics.HasErrors() || !v.IsWhollyKnown() || v.IsNull() || !v.Type().IsPrimitiveType() {
			return "", false
		}
		v, err := convert.Convert(v, cty.String)
		return v.AsString(), err == nil
	}
	var s string
	err := json.Unmarshal(text, &s)
	return s, err == nil && !strings.Contains(s, "${") // a template of the JSON syntax
}

// misplaced lists the values of a document whose place says something else.
func misplaced(doc *lint.Document) []string {
	var all []string
	complain := func(path lint.Path, format string, args ...any) {
		all = append(all, fmt.Sprintf("%s: ", path)+fmt.Sprintf(format, args...))
	}
	check := func(path lint.Path, at lint.Span) bool {
		if at.Source == nil {
			return false
		}
		if at.Start < 0 || at.Start > at.End || at.End > len(at.Source.Data) {
			complain(path, "range %d to %d of %d bytes", at.Start, at.End, len(at.Source.Data))
			return false
		}
		return true
	}
	doc.Root.Walk(func(path lint.Path, node *lint.Node) bool {
		for _, step := range node.Via {
			if check(path, step.Span) && len(step.Span.Text()) == 0 {
				complain(path, "the way leads to nothing")
			}
		}
		for _, field := range node.Fields {
			if check(path, field.Span) && !names(field) {
				complain(path, "the key %q stands at %q", field.Key, field.Span.Text())
			}
		}
		isScalar := node.Kind == lint.String || node.Kind == lint.Number || node.Kind == lint.Bool
		if !check(path, node.Span) || !isScalar {
			return true
		}
		if text, constant := reread(node.Span.Text()); constant && text != node.Text && !sameNumber(text, node) {
			complain(path, "%q stands at %q", node.Text, node.Span.Text())
		}
		return true
	})
	return all
}

// names says whether a key stands at its place: the word itself, or the header
// of the block to which it was given.
func names(field lint.Field) bool {
	text := field.Span.Text()
	key := strings.TrimSuffix(field.Key, "$json")
	if string(text) == key {
		return true
	}
	if field.Key == "values" || field.Key == "name" {
		return true
	}
	again, constant := reread(text)
	return !constant || again == key
}

func sameNumber(text string, node *lint.Node) bool {
	a, errA := cty.ParseNumberVal(text)
	b, errB := cty.ParseNumberVal(node.Text)
	return node.Kind == lint.Number && errA == nil && errB == nil && a.RawEquals(b)
}

// TestEveryValueStandsWhereItsPlaceSays re-reads the place of every value.
func TestEveryValueStandsWhereItsPlaceSays(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/directory.txtar")
	if err != nil {
		t.Fatal(err)
	}
	unusual := txtar.Parse([]byte(unusualFiles))
	for _, archive := range []*txtar.Archive{archive, unusual} {
		docs, findings := directory(archive)
		if len(docs) != 1 || len(findings) > 0 {
			t.Fatal(findings)
		}
		for _, complaint := range misplaced(docs[0]) {
			t.Error(complaint)
		}
	}
}

const unusualFiles = `
-- main.tf --
locals {
  quoted   = "a \"b\" ü \u00e9 $${x} %%{y}"
  heredoc  = <<E
one
 two
E
  flush    = <<-E
    one
      two
    E
  numbers  = [1, -1, 1.5e3, 0.10]
  words    = [true, false, !true]
  paren    = ("a")
  nested   = { "a b" = { c = ["d", { e = "f" }] }, (local.quoted) = 1 }
  computed = [for x in ["a", "b"] : "${x}!"]
  chosen   = true ? "yes" : "no"
  policy   = <<-E
    {"a": "one", "b": ["two", "x${local.chosen}y${var.z}", "x${ local.chosen }y"], "c": 5, "d": ${var.z}, "ü": "é"}
    E
}
variable "z" { type = string }
resource aws_x y {
  policy = local.policy
  other  = <<E
{"a": {"b": "c"}, "d": "$${aws:username}"}
E
  inline = "{\"a\": \"b\"}"
  merged = merge({ a = "b" }, { c = "d" })
  size   = "10" + 5
  block { a = "b" }
  block { a = "c" }
}
-- crlf.tf --
` + "locals {\r\n  crlf = \"a\"\r\n  crheredoc = <<E\r\nx\r\nE\r\n}\r\n" + `
-- other.tf.json --
{"locals": {"json": ["a", "x\u0041\"", "${upper(var.z)}", "ü${var.z}", "\t${upper(\"b\")}", 1.50, true, {"k": "v", "k${1}": 2}]},
 "resource": {"aws_x": {"z": {"block": [{"a": "b"}], "policy": "{\"a\": [1]}"}}}}
-- terraform.tfvars.json --
{"z": "literal ${not} a template"}
`

func TestPlacesOfComputedValues(t *testing.T) {
	const text = `
variable "db" {
  default = { password = "correct-horse-battery", user = "orders" }
}
locals {
  shared = { TOKEN = "staple" }
}
resource "aws_x" "y" {
  password = var.db.password
  joined   = "${var.db.user}@${local.shared.TOKEN}"
  picked   = merge(local.shared, { KEY = "own" })
  maybe    = var.missing ? "first" : "second"
  policy   = jsonencode({ Action = "s3:*", Name = var.db.user })
  trust    = data.aws_iam_policy_document.d.json
  nested {
    inner = "x"
  }
}
variable "missing" {}
data "aws_iam_policy_document" "d" {
  statement { actions = ["s3:*"] }
}
`
	doc := parseMain(t, text)
	tests := []struct {
		name string
		path lint.Path
		want []string // the text at the place, then the way
	}{
		{"a value from a default stands where it is used", lint.Path{"password"},
			[]string{`var.db.password`, `the literal stands here: default of variable "db": "correct-horse-battery"`, `it is used here: var.db.password`}},
		{"a text made of several names them in order", lint.Path{"joined"},
			[]string{`"${var.db.user}@${local.shared.TOKEN}"`, `the literal stands here: default of variable "db": "orders"`, `the literal stands here: local "shared": "staple"`, `it is used here: "${var.db.user}@${local.shared.TOKEN}"`}},
		{"a literal that passes through is its own place", lint.Path{"picked", "KEY"}, []string{`"own"`}},
		{"a part from elsewhere stands at the expression", lint.Path{"picked", "TOKEN"},
			[]string{`merge(local.shared, { KEY = "own" })`, `the literal stands here: local "shared": "staple"`, `it is used here: merge(local.shared, { KEY = "own" })`}},
		{"a candidate is its branch", lint.Path{"maybe", "$candidates", 1}, []string{`"second"`}},
		{"a part of encoded JSON is its expression", lint.Path{"policy$json", "Action"}, []string{`"s3:*"`}},
		{"a computed part of encoded JSON too", lint.Path{"policy$json", "Name"},
			[]string{`var.db.user`, `the literal stands here: default of variable "db": "orders"`, `it is used here: var.db.user`}},
		{"a policy from a data source stands where it is used", lint.Path{"trust$json", "Statement", 0, "Action"},
			[]string{`data.aws_iam_policy_document.d.json`, `the policy is made here: data "aws_iam_policy_document" "d"`}},
		{"what is absent stands at the header", lint.Path{"kms_key_id"}, []string{`resource "aws_x" "y"`}},
		{"a nested block is all of it", lint.Path{"nested", 0}, []string{"nested {\n    inner = \"x\"\n  }"}},
	}
	at := func(location lint.Location) string {
		src := doc.Root.Span.Source
		return string(src.Data[src.Offset(location.Start):src.Offset(location.End)])
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			place, err := doc.Locate(append(lint.Path{"resources", 0, "values"}, test.path...), lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			got := []string{at(place.Location)}
			for _, step := range slices.Concat(place.Via, place.Flow) {
				got = append(got, step.Message+": "+at(step.Location))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzParse holds that any text yields a sound document, or a finding, the same
// in every run, and that no message quotes what may be a value.
func FuzzParse(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/directory.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, files := range [][]txtar.File{archive.Files, txtar.Parse([]byte(unusualFiles)).Files} {
		for _, file := range files {
			f.Add(strings.HasSuffix(file.Name, ".json"), file.Data)
		}
	}
	for _, test := range hostile {
		if len(test.text) < 300 {
			f.Add(strings.HasSuffix(test.file, ".json"), []byte(test.text))
		}
	}
	f.Fuzz(func(t *testing.T, isJSON bool, data []byte) {
		name := "main.tf"
		if isJSON {
			name += ".json"
		}
		sound := true
		parse := func() (string, []*lint.Document) {
			docs, findings := Parse([]*lint.Source{{Path: name, Data: data}}, nil)
			b := strings.Builder{}
			sound = len(findings) == 0 // the parser guesses where a broken text goes on
			for _, finding := range findings {
				fmt.Fprintln(&b, finding.Location, finding.Message)
			}
			for _, doc := range docs {
				fmt.Fprintln(&b, gapsOf(doc), doc.Root.Plain())
			}
			return b.String(), docs
		}
		first, docs := parse()
		for _, doc := range docs {
			for _, complaint := range misplaced(doc) {
				if sound {
					t.Error(complaint)
				}
			}
		}
		if again, _ := parse(); first != again {
			t.Errorf("two runs differ:\n%s", cmp.Diff(first, again))
		}
	})
}
