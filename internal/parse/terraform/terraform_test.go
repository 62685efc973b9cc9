package terraform

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/lint"
)

var update = flag.Bool("update", false, "rewrite want.json")

// directory parses an archive; files without a Terraform name are what is wanted.
func directory(archive *txtar.Archive) ([]*lint.Document, []lint.Finding) {
	var unit []*lint.Source
	for _, file := range archive.Files {
		if src := (&lint.Source{Path: file.Name, Data: file.Data}); Claims(src) {
			unit = append(unit, src)
		}
	}
	return Parse(unit, nil)
}

// parseMain parses one main.tf that must be sound.
func parseMain(t *testing.T, text string) *lint.Document {
	t.Helper()
	docs, findings := Parse([]*lint.Source{{Path: "main.tf", Data: []byte(text)}}, nil)
	for _, finding := range findings {
		t.Fatalf("%s: %s", finding.Location, finding.Message)
	}
	return docs[0]
}

func gapsOf(doc *lint.Document) []string {
	var all []string
	for _, gap := range doc.Gaps {
		all = append(all, fmt.Sprintf("%s: %s", gap.Location, gap.Message))
	}
	return all
}

// TestADirectoryBecomesOneDocument holds the shape that policies and their tests
// rely on, whole.
func TestADirectoryBecomesOneDocument(t *testing.T) {
	const name = "testdata/directory.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	docs, findings := directory(archive)
	if len(docs) != 1 || len(findings) != 0 {
		t.Fatalf("got %d documents and %v", len(docs), findings)
	}
	got := bytes.Buffer{}
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(docs[0].Root.Plain()); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{}
	for i, file := range archive.Files {
		wanted[file.Name] = string(file.Data)
		if *update && file.Name == "want.json" {
			archive.Files[i].Data = got.Bytes()
		}
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(wanted["want.json"], got.String()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(strings.TrimSpace(wanted["gaps"]), strings.Join(gapsOf(docs[0]), "\n")); diff != "" {
		t.Error(diff)
	}
	if docs[0].Path != "main.tf" || docs[0].Platform != "terraform" || docs[0].Name != "" {
		t.Errorf("got %+v", docs[0])
	}
}

func TestClaims(t *testing.T) {
	for name, want := range map[string]bool{
		"main.tf": true, "a/b.tofu": true, "main.tf.json": true, "main.tofu.json": true, "terraform.tfvars": true, "a.auto.tfvars.json": true,
		"main.tfstate": false, "package.json": false, "a.hcl": false, ".terraform.lock.hcl": false, "tf": false, "main.tf.bak": false,
	} {
		if got := Claims(&lint.Source{Path: name}); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestExpressions evaluates one local each.
func TestExpressions(t *testing.T) {
	unknown := func(refs ...any) any { return map[string]any{"$unknown": append([]any{}, refs...)} }
	candidates := func(refs []any, values ...any) any {
		return map[string]any{"$unknown": refs, "$candidates": values}
	}
	tests := []struct {
		name string
		expr string
		want any
	}{
		{"a string is itself", `"a"`, "a"},
		{"an escaped interpolation is text", `"$${a} %%{b}"`, "${a} %{b}"},
		{"a heredoc is its text", "<<-E\n    a\n      b\n    E", "a\n  b\n"},
		{"a number keeps its digits", `1.50`, json.Number("1.5")},
		{"null is absent", `null`, nil},
		{"arithmetic is done", `(1 + 2) * 3 - -1`, json.Number("10")},
		{"a default is the value", `var.known`, "green"},
		{"a variable without a value is unknown", `var.open`, unknown("var.open")},
		{"a string that is partly unknown is unknown", `"a-${var.open}"`, unknown("var.open")},
		{"of an ARN what is known is kept", `"arn:${data.aws_partition.x.partition}:s3:::${var.known}-${var.open}"`, map[string]any{
			"$unknown": []any{"data.aws_partition.x.partition", "var.known", "var.open"}, "$text": "arn:${data.aws_partition.x.partition}:s3:::green-${var.open}",
		}},
		{"of an ID of Azure, too", `"${data.azurerm_subscription.x.id}/resourceGroups/${var.known}"`, map[string]any{
			"$unknown": []any{"data.azurerm_subscription.x.id", "var.known"}, "$text": "${data.azurerm_subscription.x.id}/resourceGroups/green",
		}},
		{"all references are kept, known and unknown", `"${var.known}-${var.open}-${aws_x.y.arn}"`, unknown("aws_x.y.arn", "var.known", "var.open")},
		{"an attribute of another resource is unknown", `aws_x.y.arn`, unknown("aws_x.y.arn")},
		{"an argument of another resource is known", `aws_x.y.name`, "green"},
		{"an index makes no difference", `aws_x.y[0].name`, "green"},
		{"a computed index makes no difference", `aws_x.y[count.index].arn`, unknown("aws_x.y.arn")},
		{"a splat over one resource is a list of one", `aws_x.y[*].arn`, []any{unknown("aws_x.y.arn")}},
		{"so is a legacy splat", `aws_x.y.*.arn`, []any{unknown("aws_x.y.arn")}},
		{"a data source is unknown", `data.aws_x.y.arn`, unknown("data.aws_x.y.arn")},
		{"an output of a module is unknown", `module.x.y`, unknown("module.x.y")},
		{"keys do not appear in references", `aws_x.y["secret"].arn`, unknown("aws_x.y.arn")},
		{"a condition chooses", `var.known == "green" ? 1 : 2`, json.Number("1")},
		{"an unknown condition leaves candidates", `var.open == "" ? "a" : "b"`, candidates([]any{"var.open"}, "a", "b")},
		{"one known branch is a candidate", `var.open != "" ? var.open : "fallback"`, candidates([]any{"var.open"}, "fallback")},
		{"coalesce falls back", `coalesce(var.open, "fallback")`, candidates([]any{"var.open"}, "fallback")},
		{"lookup falls back", `lookup(var.open, "key", "fallback")`, candidates([]any{"var.open"}, "fallback")},
		{"candidates are found through locals", `local.choice`, candidates([]any{"var.open"}, "a", "b")},
		{"false decides though the rest is unknown", `false && var.open == ""`, false},
		{"true decides though the rest is unknown", `var.open == "" || true`, true},
		{"the default of an attribute may be the value", `var.unset.list[0].b`, candidates([]any{"var.unset"}, json.Number("2"))},
		{"a list keeps its unknown item", `["a", var.open]`, []any{"a", unknown("var.open")}},
		{"an object keeps its unknown field", `{ a = 1, b = var.open }`, map[string]any{"a": json.Number("1"), "b": unknown("var.open")}},
		{"a field that is null is absent", `{ a = null, b = 1 }`, map[string]any{"b": json.Number("1")}},
		{"an unknown key makes the object unknown", `{ (var.open) = 1 }`, unknown("var.open")},
		{"merge keeps what is known", `merge({ a = 1 }, { b = var.open })`, map[string]any{"a": json.Number("1"), "b": unknown("var.open")}},
		{"for makes a list", `[for x in [1, 2] : x + 1]`, []any{json.Number("2"), json.Number("3")}},
		{"for makes an object", `{ for k, v in { a = "x" } : upper(k) => v }`, map[string]any{"A": "x"}},
		{"for groups", `{ for v in ["ab", "ac"] : substr(v, 0, 1) => v... }`, map[string]any{"a": []any{"ab", "ac"}}},
		{"for filters", `[for x in [1, 2] : x if x > 1]`, []any{json.Number("2")}},
		{"a splat over a list of objects", `[{ a = 1 }, { a = 2 }][*].a`, []any{json.Number("1"), json.Number("2")}},
		{"a template loops", `"%{ for x in ["a", "b"] }${x};%{ endfor }"`, "a;b;"},
		{"a template decides", `"%{ if var.known == "green" }yes%{ else }no%{ endif }"`, "yes"},
		{"functions are called", `join("-", [for s in split(",", "a,b") : title(s)])`, "A-B"},
		{"the last argument is expanded", `max([1, 5, 3]...)`, json.Number("5")},
		{"lookup without a fallback", `lookup({ a = 1 }, "a")`, json.Number("1")},
		{"try takes what works", `try(local.nothing, "b")`, "b"},
		{"can tells", `[can(local.nothing), can("a")]`, []any{false, true}},
		{"hashes", `sha256("a")`, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
		{"base64 both ways", `base64decode(base64encode("a"))`, "a"},
		{"JSON both ways", `jsondecode(jsonencode({ a = [1, "b"] }))`, map[string]any{"a": []any{json.Number("1"), "b"}}},
		{"YAML", `yamldecode("a: [1, b]")`, map[string]any{"a": []any{json.Number("1"), "b"}}},
		{"networks", `cidrsubnets("10.0.0.0/16", 8, 4)`, []any{"10.0.0.0/24", "10.0.16.0/20"}},
		{"hosts", `cidrhost("10.0.0.0/24", 5)`, "10.0.0.5"},
		{"masks", `cidrnetmask("10.0.0.0/12")`, "255.240.0.0"},
		{"a sum", `sum([1, 2.5])`, json.Number("3.5")},
		{"length of a string", `length("abc")`, json.Number("3")},
		{"index of an element", `index(["a", "b"], "b")`, json.Number("1")},
		{"one of one", `one(["a"])`, "a"},
		{"all true", `alltrue([true, true]) && !anytrue([false])`, true},
		{"a pattern is replaced", `replace("a1b2", "/[0-9]/", "-")`, "a-b-"},
		{"a file is unknown", `file("a.txt")`, unknown()},
		{"time is unknown", `timestamp()`, unknown()},
		{"each is unknown", `each.value.name`, unknown("each.value.name")},
		{"sensitive is the value", `sensitive("a")`, "a"},
		{"a set is a sorted list", `toset(["b", "a", "b"])`, []any{"a", "b"}},
		{"a typed variable gets the default of its type", `var.typed`, map[string]any{"a": "x", "b": json.Number("2")}},
		{"a bare word in brackets is an expression", `{ (var.known) = 1 }`, map[string]any{"green": json.Number("1")}},
	}
	const module = `
variable "known" { default = "green" }
variable "open" {}
variable "unset" { type = object({ list = list(object({ b = optional(number, 2) })) }) }
variable "typed" {
  type    = object({ a = string, b = optional(number, 2) })
  default = { a = "x" }
}
resource "aws_x" "y" { name = var.known }
locals { choice = var.open == "" ? "a" : "b" }
`
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := parseMain(t, module+"locals {\n it = "+test.expr+"\n}\n")
			var got any
			if it := doc.Root.Get("locals", "it"); it != nil {
				got = it.Plain()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsNotResolvedIsAGap(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"an unset variable is none: that is what variables are for", "variable \"a\" {}\nlocals { b = var.a }", nil},
		{"a function that reads files", `locals { a = file("x") }`, []string{`main.tf:1:14: the file is not there, or is no text, and its content is treated as unknown`}},
		{"a function of a provider", `locals { a = provider::aws::arn_parse("x") }`, []string{`main.tf:1:14: the function "provider::aws::arn_parse" is not evaluated, its result is treated as unknown`}},
		{"a function that fails does not quote its argument", `locals { a = parseint("correct-horse-battery", 10) }`, []string{`main.tf:1:14: the function "parseint" cannot work with what it is given`}},
		{"a variable that is not declared", `locals { a = var.nope }`, []string{`main.tf:1:14: variable "nope" is not declared`}},
		{"a local that is not defined", `locals { a = local.nope }`, []string{`main.tf:1:14: local "nope" is not defined`}},
		{"a resource that is not declared", "locals {\n a = aws_x.nope.arn\n b = aws_x.nope[0].arn\n c = data.aws_x.nope\n d = ephemeral.aws_x.nope.v\n e = [for x in aws_x.nope : x]\n}", []string{
			`main.tf:2:6: "aws_x.nope" is not declared`, `main.tf:3:6: "aws_x.nope" is not declared`, `main.tf:4:6: "data.aws_x.nope" is not declared`,
			`main.tf:5:6: "ephemeral.aws_x.nope" is not declared`, `main.tf:6:16: "aws_x.nope" is not declared`,
		}},
		{"a dependency that is not declared", "resource \"a\" \"b\" {\n depends_on = [a.nope]\n}", []string{`main.tf:2:16: "a.nope" is not declared`}},
		{"names that are no references", "terraform {\n required_providers {\n  aws = {\n   source = \"a/b\"\n   configuration_aliases = [aws.replica]\n  }\n }\n}\nresource \"a\" \"b\" {\n provider = aws.east\n lifecycle {\n  ignore_changes = [tags.x, metadata[0].annotations]\n }\n}", nil},
		{"what only for_each gives", "resource \"a\" \"b\" {\n v = [each.key, count.index]\n}", []string{`main.tf:2:7: "each" is known only in a block that has for_each`, `main.tf:2:17: "count" is known only in a block that has count`}},
		{"a module that is not called", `locals { a = module.nope.x }`, []string{`main.tf:1:14: module "nope" is not called`}},
		{"a cycle", "locals {\n a = local.b\n b = local.a\n}", []string{`main.tf:2:2: local "a" refers to itself and is treated as unknown`}},
		{"a local defined twice", "locals { a = 1 }\nlocals { a = 2 }", []string{`main.tf:2:10: local "a" is defined twice; the second value was not judged`}},
		{"a block that nobody knows", "resourse \"a\" \"b\" {}", []string{`main.tf:1:1: blocks of type "resourse" are not known and were not judged`}},
		{"a resource without a name", `resource "a" {}`, []string{`main.tf:1:1: the block of type "resource" has 1 names in place of 2 and was not judged`}},
		{"a dynamic block over too much", "resource \"a\" \"b\" {\n dynamic \"c\" {\n for_each = range(101)\n content {}\n }\n}", []string{`main.tf:3:2: the dynamic block is not taken apart: for_each is no list or map of at most 100 elements`}},
		{"a value that does not fit its type", "variable \"a\" {\n type = number\n default = \"correct-horse-battery\"\n}\nlocals { b = var.a }", []string{`main.tf:2:2: the value of variable "a" does not fit its type`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, gapsOf(parseMain(t, test.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFilesOfADirectoryAreReadAsTerraformReadsThem(t *testing.T) {
	tests := []struct {
		name, files string
		want        any // locals
		gaps        []string
	}{
		{"tfvars files give values in order", `
-- main.tf --
variable "a" { default = "default" }
variable "b" {}
variable "c" {}
variable "d" { default = "default" }
locals { it = [var.a, var.b, var.c, var.d] }
-- terraform.tfvars --
a = "terraform"
b = "terraform"
c = "terraform"
-- z.auto.tfvars --
c = "z"
-- a.auto.tfvars.json --
{"b": "a", "c": "a"}
-- other.tfvars --
d = "other"
`, map[string]any{"it": []any{"terraform", "a", "z", "default"}}, nil},
		{"an override file replaces arguments and blocks", `
-- main.tf --
resource "aws_x" "y" {
  a = 1
  b = 1
  c { d = 1 }
}
locals {
  it = [aws_x.y.a, aws_x.y.b]
  l  = 1
}
-- main_override.tf --
resource "aws_x" "y" { b = 2 }
locals { l = 2 }
`, map[string]any{"it": []any{json.Number("1"), json.Number("2")}, "l": json.Number("2")}, nil},
		{"a tofu file stands in place of the tf file", `
-- main.tf --
locals { it = 1 }
-- main.tofu --
locals { it = 2 }
`, map[string]any{"it": json.Number("2")}, []string{`main.tf: the file is not evaluated: OpenTofu reads "main.tofu" in its place`}},
		{"JSON and native syntax mix", `
-- main.tf --
variable "a" { default = "x" }
-- more.tf.json --
{"//": "a comment", "locals": {"it": "${var.a}-\u0041", "list": [1, "${upper(var.a)}", {"k${var.a}": null}]}, "variable": {"b": {"type": "number", "default": "5"}}}
-- n.tf --
locals { b = var.b + 1 }
`, map[string]any{"it": "x-A", "list": []any{json.Number("1"), "X", map[string]any{}}, "b": json.Number("6")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs, findings := directory(txtar.Parse([]byte(test.files)))
			if len(docs) != 1 || len(findings) > 0 {
				t.Fatalf("got %d documents, %v", len(docs), findings)
			}
			if diff := cmp.Diff(test.want, docs[0].Root.Get("locals").Plain()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.gaps, gapsOf(docs[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverridesOfBlocks(t *testing.T) {
	docs, _ := directory(txtar.Parse([]byte(`
-- main.tf --
terraform {
  required_providers { a = { source = "a/a" } }
  backend "local" {}
}
resource "aws_x" "y" {
  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
  }
  disk { size = 1 }
  disk { size = 2 }
  net { id = 1 }
}
-- override.tf --
terraform {
  backend "s3" { encrypt = true }
}
resource "aws_x" "y" {
  lifecycle { prevent_destroy = false }
  disk { size = 3 }
}
resource "aws_x" "new" {}
`)))
	root := docs[0].Root
	one := func(n string) any { return json.Number(n) }
	want := map[string]any{
		"lifecycle": []any{map[string]any{"prevent_destroy": false, "create_before_destroy": true}},
		"disk":      []any{map[string]any{"size": one("3")}},
		"net":       []any{map[string]any{"id": one("1")}},
	}
	resources := root.Get("resources").List()
	if diff := cmp.Diff(want, resources[0].Get("values").Plain()); diff != "" {
		t.Error(diff)
	}
	if len(resources) != 2 || resources[1].Get("address").Str() != "aws_x.new" {
		t.Error("a block that overrides nothing is lost")
	}
	if got := root.Get("backend", "type").Str(); got != "s3" {
		t.Errorf("backend is %q", got)
	}
	if root.Get("required_providers", "a", "source").Str() != "a/a" {
		t.Error("required_providers are lost")
	}
}

func TestResourcesInJSONLookLikeThoseInNativeSyntax(t *testing.T) {
	native := parseMain(t, `
resource "aws_lambda_function" "f" {
  name = "f-${var.x}"
  tags = { a = "b" }
  environment {
    variables = { A = "b" }
  }
  dynamic "file" {
    for_each = [1]
    content { n = file.value }
  }
}
provider "aws" {
  alias = "b"
  token = "x"
}
terraform {
  backend "s3" { bucket = "b" }
}
variable "x" {}
`)
	docs, findings := Parse([]*lint.Source{{Path: "main.tf.json", Data: []byte(`{
 "resource": {"aws_lambda_function": {"f": {
   "name": "f-${var.x}", "tags": {"a": "b"}, "environment": {"variables": {"A": "b"}},
   "dynamic": {"file": {"for_each": [1], "content": {"n": "${file.value}"}}}
 }}},
 "provider": {"aws": [{"alias": "b", "token": "x"}]},
 "terraform": {"backend": {"s3": {"bucket": "b"}}},
 "variable": {"x": {}}
}`)}}, nil)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	if diff := cmp.Diff(native.Root.Plain(), docs[0].Root.Plain()); diff != "" {
		t.Error(diff)
	}
}

func TestASyntaxErrorLosesNothingElse(t *testing.T) {
	docs, findings := directory(txtar.Parse([]byte(`
-- broken.tf --
resource "aws_a" "sound" {
  password = "correct-horse-battery"
}
resource "aws_a" "broken" {
  password = "correct-horse-battery
}
-- fine.tf --
resource "aws_a" "fine" {}
`)))
	var got []string
	for _, finding := range findings {
		got = append(got, fmt.Sprintf("%s: %s: %s", finding.Location, finding.Rule.ID, finding.Message))
	}
	want := []string{"broken.tf:5:36: policyctl/syntax-error: not valid HCL: invalid multi-line string; what stands here was not judged"}
	if diff := cmp.Diff(want, got[:1]); diff != "" {
		t.Error(diff)
	}
	if text := strings.Join(got, "\n"); strings.Contains(text, "horse") {
		t.Errorf("a message quotes a value: %s", text)
	}
	var addresses []string
	for _, resource := range docs[0].Root.Get("resources").List() {
		addresses = append(addresses, resource.Get("address").Str())
	}
	if text := strings.Join(addresses, " "); !strings.Contains(text, "aws_a.sound") || !strings.Contains(text, "aws_a.fine") {
		t.Errorf("got only %s", text)
	}
}

func TestAnEmptyDirectoryHasNoDocument(t *testing.T) {
	if docs, findings := Parse([]*lint.Source{{Path: "a.tf", Data: []byte(" \n")}}, nil); docs != nil || findings != nil {
		t.Errorf("got %v, %v", docs, findings)
	}
}

// TestAHeredocOfManyLines is judged like any other, and its parts stand where they are.
func TestAHeredocOfManyLines(t *testing.T) {
	statement := `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::some-bucket-of-the-shop/*"},` + "\n"
	doc := parseMain(t, "resource \"a\" \"b\" {\n  policy = <<-E\n    {\"Statement\": [\n"+strings.Repeat("    "+statement, 4_000)+
		"    {\"Effect\": \"${var.x}\", \"Action\": \"*\"}]}\n  E\n  text = <<E\none\ntwo\nE\n}\n")
	values := doc.Root.Get("resources").Items[0].Get("values")
	if got := values.Get("text").Str(); got != "one\ntwo\n" {
		t.Errorf("%q", got)
	}
	statements := values.Get("policy$json", "Statement").List()
	if len(statements) != 4_001 {
		t.Fatal(len(statements), gapsOf(doc))
	}
	if at := statements[4_000].Get("Action").Span.Location().String(); at != "main.tf:4004:38" {
		t.Error(at)
	}
}

func TestAPolicyThatIsNoJSONIsAGap(t *testing.T) {
	doc := parseMain(t, `resource "aws_iam_policy" "a" {
  policy = <<E
{"Statement": [{"Effect": "Allow", "Action": "*",}]}
E
}
resource "aws_iam_policy" "b" {
  policy      = var.policy
  description = "{no JSON"
}
variable "policy" {}
`)
	if diff := cmp.Diff([]string{"main.tf:2:3: the text is no JSON, or too much of it; what it grants was not judged"}, gapsOf(doc)); diff != "" {
		t.Error(diff)
	}
}
