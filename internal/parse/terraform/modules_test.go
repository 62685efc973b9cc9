package terraform

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/lint"
)

// repository is a tree of files in memory, read as a run reads it.
type repository map[string]*lint.Source

func newRepository(text string) repository {
	r := repository{}
	for _, file := range txtar.Parse([]byte(text)).Files {
		r[file.Name] = &lint.Source{Path: file.Name, Data: file.Data}
	}
	return r
}

// open gives a file, or lists a folder.
func (r repository) open(name string) *lint.Source {
	if src := r[name]; src != nil {
		return src
	}
	folder, isFolder := strings.CutSuffix(name, "/")
	if !isFolder {
		return nil
	}
	names := map[string]bool{}
	for file := range r {
		rest, below := strings.CutPrefix(file, path.Clean(folder)+"/")
		if path.Clean(folder) == "." {
			rest, below = file, true
		}
		if first, _, deeper := strings.Cut(rest, "/"); below && deeper {
			names[first+"/"] = true
		} else if below {
			names[rest] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	listing := strings.Builder{}
	for name := range names {
		listing.WriteString(name + "\n")
	}
	return &lint.Source{Path: name, Data: []byte(listing.String())}
}

// parse reads all files that a run does not leave out.
func (r repository) parse() ([]*lint.Document, []lint.Finding) {
	var unit []*lint.Source
	for _, src := range r {
		if Claims(src) && !strings.Contains(src.Path, ".terraform/") {
			unit = append(unit, src)
		}
	}
	return Parse(unit, r.open)
}

// root gives the document of the one root that is wanted, and fails on findings.
func (r repository) root(t *testing.T) *lint.Document {
	t.Helper()
	docs, findings := r.parse()
	for _, finding := range findings {
		t.Fatalf("%s: %s", finding.Location, finding.Message)
	}
	if len(docs) != 1 {
		t.Fatalf("got %d documents", len(docs))
	}
	return docs[0]
}

// argumentsOf lists the resources of a document: what people call them, and one argument.
func argumentsOf(doc *lint.Document, argument string) map[string]any {
	all := map[string]any{}
	for _, resource := range doc.Root.Get("resources").List() {
		name := resource.Get("instance")
		if name == nil {
			name = resource.Get("address")
		}
		var value any
		if v := resource.Get("values", argument); v != nil {
			value = v.Plain()
		}
		all[name.Str()] = value
	}
	return all
}

func unknown(references ...any) any {
	return map[string]any{"$unknown": append([]any{}, references...)}
}

// TestModules evaluates shapes of modules. What is wanted follows from how the
// language is documented: the argument v of each resource.
func TestModules(t *testing.T) {
	number := func(n string) any { return json.Number(n) }
	tests := []struct {
		name, files string
		want        map[string]any
		gaps        []string
	}{
		{"arguments reach the variables of a module", `
-- main.tf --
module "a" {
  source = "./a"
  x      = "given"
}
-- a/main.tf --
variable "x" {}
variable "y" { default = "default" }
resource "r" "one" { v = "${var.x} ${var.y}" }
`, map[string]any{"module.a.r.one": "given default"}, nil},
		{"outputs come back", `
-- main.tf --
module "a" {
  source = "./a"
}
resource "r" "root" { v = module.a.out }
-- a/main.tf --
output "out" { value = upper("x") }
`, map[string]any{"r.root": "X"}, nil},
		{"an output that only the provider knows is known by its reference", `
-- main.tf --
module "a" {
  source = "./a"
}
resource "r" "root" { v = module.a.arn }
-- a/main.tf --
resource "r" "one" {}
output "arn" { value = r.one.arn }
`, map[string]any{"r.root": unknown("module.a.arn", "module.a.r.one.arn"), "module.a.r.one": nil}, nil},
		{"a reference goes into a module and out of it", `
-- main.tf --
resource "r" "key" {}
module "a" {
  source = "./a"
  key    = r.key.arn
}
resource "r" "root" { v = module.a.key }
-- a/main.tf --
variable "key" { type = string }
output "key" { value = var.key }
resource "r" "one" { v = var.key }
`, map[string]any{
			"r.key":          nil,
			"module.a.r.one": unknown("module.a.var.key", "r.key.arn"),
			"r.root":         unknown("module.a.key", "module.a.var.key", "r.key.arn"),
		}, nil},
		{"modules two deep, called from beside", `
-- envs/prod/main.tf --
module "app" {
  source = "../../modules/app"
  name   = "orders"
}
-- modules/app/main.tf --
variable "name" {}
module "db" {
  source = "../db"
  name   = "${var.name}-db"
}
resource "r" "app" { v = module.db.url }
-- modules/db/main.tf --
variable "name" {}
resource "r" "db" { v = var.name }
output "url" { value = "postgres://${r.db.v}" }
`, map[string]any{"module.app.r.app": "postgres://orders-db", "module.app.module.db.r.db": "orders-db"}, nil},
		{"one module twice", `
-- main.tf --
module "a" {
  source = "./m"
  x      = 1
}
module "b" {
  source = "./m"
  x      = 2
}
-- m/main.tf --
variable "x" { type = string }
resource "r" "one" { v = var.x }
`, map[string]any{"module.a.r.one": "1", "module.b.r.one": "2"}, nil},
		{"a module that nothing calls is a root with open inputs", `
-- m/main.tf --
variable "x" {}
resource "r" "one" { v = var.x }
`, map[string]any{"r.one": unknown("var.x")}, nil},
		{"a module for each of a map", `
-- main.tf --
module "a" {
  source   = "./a"
  for_each = { one = "x", two = "y" }
  x        = "${each.key}=${each.value}"
}
resource "r" "root" { v = { for k, m in module.a : k => m.out } }
resource "r" "two" { v = module.a["two"].out }
resource "r" "all" { v = values(module.a)[*].out }
-- a/main.tf --
variable "x" {}
resource "r" "r" { v = var.x }
output "out" { value = var.x }
`, map[string]any{
			`module.a["one"].r.r`: "one=x", `module.a["two"].r.r`: "two=y",
			"r.root": map[string]any{"one": "one=x", "two": "two=y"}, "r.two": "two=y", "r.all": []any{"one=x", "two=y"},
		}, nil},
		{"a module that is counted", `
-- main.tf --
module "a" {
  source = "./a"
  count  = 2
  x      = count.index + 1
}
resource "r" "root" { v = module.a[*].out }
resource "r" "first" { v = module.a[0].out }
-- a/main.tf --
variable "x" {}
output "out" { value = var.x }
`, map[string]any{"r.root": []any{number("1"), number("2")}, "r.first": number("1")}, nil},
		{"count in a module in a module", `
-- main.tf --
module "a" {
  source = "./a"
  count  = 1
}
-- a/main.tf --
module "b" {
  source   = "./b"
  for_each = toset(["x"])
  k        = each.key
}
-- a/b/main.tf --
variable "k" {}
resource "r" "r" {
  count = 2
  v     = "${var.k}${count.index}"
}
`, map[string]any{`module.a[0].module.b["x"].r.r[0]`: "x0", `module.a[0].module.b["x"].r.r[1]`: "x1"}, nil},
		{"a module that is not made makes nothing", `
-- main.tf --
module "a" {
  source = "./a"
  count  = 0
}
module "b" {
  source   = "./a"
  for_each = {}
}
resource "r" "root" { v = module.a[*].out }
resource "r" "one" { v = one(module.a[*].out) }
-- a/main.tf --
resource "r" "r" {}
output "out" { value = 1 }
`, map[string]any{"r.root": []any{}, "r.one": nil}, nil},
		{"an unknown count keeps one", `
-- main.tf --
variable "n" {}
module "a" {
  source = "./a"
  count  = var.n
}
-- a/main.tf --
resource "r" "r" { v = "x" }
`, map[string]any{"module.a.r.r": "x"}, nil},
		{"resources for each of a set, of a map, and counted", `
-- main.tf --
resource "r" "set" {
  for_each = toset(["b", "a"])
  v        = "${each.key}${each.value}"
}
resource "r" "map" {
  for_each = { x = { size = 1 } }
  v        = each.value.size
}
resource "r" "count" {
  count = 2
  v     = count.index
}
resource "r" "splat" { v = r.count[*].v }
resource "r" "chosen" { v = r.set["b"].v }
resource "r" "values" { v = values(r.set)[*].v }
resource "r" "keys" { v = keys(r.set) }
resource "r" "unset" { v = [for x in r.set : x.arn] }
resource "r" "length" { v = length(r.count) }
resource "r" "beyond" { v = try(r.count[2].v, "none") }
`, map[string]any{
			`r.set["a"]`: "aa", `r.set["b"]`: "bb", `r.map["x"]`: number("1"), "r.count[0]": number("0"), "r.count[1]": number("1"),
			"r.splat": []any{number("0"), number("1")}, "r.chosen": "bb", "r.values": []any{"aa", "bb"}, "r.keys": []any{"a", "b"},
			"r.unset": []any{unknown("r.set.arn"), unknown("r.set.arn")}, "r.length": number("2"), "r.beyond": "none",
		}, nil},
		{"for_each over another resource", `
-- main.tf --
resource "r" "a" {
  for_each = { x = 1, y = 2 }
  v        = each.value
}
resource "r" "b" {
  for_each = r.a
  v        = [each.key, each.value.v, each.value.id]
}
`, map[string]any{
			`r.a["x"]`: number("1"), `r.a["y"]`: number("2"),
			`r.b["x"]`: []any{"x", number("1"), unknown("r.a.id")}, `r.b["y"]`: []any{"y", number("2"), unknown("r.a.id")},
		}, nil},
		{"an unknown for_each keeps one", `
-- main.tf --
variable "all" {}
resource "r" "r" {
  for_each = var.all
  v        = each.value
}
`, map[string]any{"r.r": unknown("each.value", "var.all")}, nil},
		{"null keeps a variable null, unless it may not be", `
-- main.tf --
module "a" {
  source = "./a"
  x      = null
  y      = null
}
-- a/main.tf --
variable "x" { default = "x" }
variable "y" {
  default  = "y"
  nullable = false
}
resource "r" "r" { v = [var.x == null, var.y] }
`, map[string]any{"module.a.r.r": []any{true, "y"}}, nil},
		{"values are converted to the type of the variable", `
-- main.tf --
module "a" {
  source = "./a"
  list   = [1, "2", true]
  object = { a = 1, ignored = 2 }
}
-- a/main.tf --
variable "list" { type = list(string) }
variable "object" { type = object({ a = string, b = optional(number, 5), c = optional(string) }) }
resource "r" "r" { v = [var.list, var.object] }
`, map[string]any{"module.a.r.r": []any{[]any{"1", "2", "true"}, map[string]any{"a": "1", "b": number("5")}}}, nil},
		{"modules that Terraform fetched", `
-- main.tf --
module "a" {
  source  = "acme/a/aws"
  version = "1.0"
  x       = "y"
}
-- .terraform/modules/modules.json --
{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"a","Source":"registry.terraform.io/acme/a/aws","Version":"1.0.0","Dir":".terraform/modules/a"},
{"Key":"a.b","Source":"git::https://example.com/b","Dir":".terraform/modules/a.b"}]}
-- .terraform/modules/a/main.tf --
variable "x" {}
resource "r" "r" { v = var.x }
module "b" {
  source = "git::https://example.com/b"
  x      = var.x
}
-- .terraform/modules/a.b/main.tf --
variable "x" {}
resource "r" "r" { v = "${var.x}!" }
`, map[string]any{"module.a.r.r": "y", "module.a.module.b.r.r": "y!"}, nil},
		{"a module that is not at hand is a gap", `
-- main.tf --
module "a" {
  source = "acme/a/aws"
}
module "b" {
  source = "../b"
}
module "c" {
  source = "./c"
}
resource "r" "r" { v = module.a.out }
`, map[string]any{"r.r": unknown("module.a.out")}, []string{
			`main.tf:2:12: module "a" is not evaluated: its source is not in the repository`,
			`main.tf:5:12: module "b" is not evaluated: its source is outside of the repository`,
			`main.tf:8:12: module "c" is not evaluated: there is no configuration at its source`,
		}},
		{"modules that call each other", `
-- a/main.tf --
module "b" {
  source = "../b"
}
resource "r" "a" { v = 1 }
-- b/main.tf --
module "a" {
  source = "../a"
}
resource "r" "b" { v = 2 }
`, map[string]any{"r.a": number("1"), "module.b.r.b": number("2")},
			[]string{`b/main.tf:2:12: module "a" is not evaluated: it calls itself, or calls are nested too deep`}},
		{"a module that calls itself by another way", `
-- a/main.tf --
module "a" {
  source = "../a/../a"
}
resource "r" "a" { v = 1 }
`, map[string]any{"r.a": number("1")}, []string{`a/main.tf:2:12: module "a" is not evaluated: it calls itself, or calls are nested too deep`}},
		{"values that go in a circle through a module", `
-- main.tf --
module "a" {
  source = "./a"
  x      = module.a.x
}
-- a/main.tf --
variable "x" {}
output "x" { value = var.x }
resource "r" "r" { v = var.x }
`, map[string]any{"module.a.r.r": unknown("module.a.var.x", "module.a.x")}, []string{`a/main.tf:2:1: output "x" refers to itself and is treated as unknown`}},
		{"files of the repository", `
-- live/main.tf --
module "m" {
  source = "../mods/m"
}
resource "r" "here" { v = [file("a.txt"), file("${path.module}/a.txt"), fileexists("a.txt"), fileexists("b.txt"), filemd5("a.txt"), filebase64("a.txt")] }
resource "r" "set" {
  for_each = fileset(path.module, "conf/*.yaml")
  v        = yamldecode(file(each.value)).name
}
resource "r" "deep" { v = fileset("conf", "**/*.yaml") }
-- live/a.txt --
here
-- live/conf/x.yaml --
name: x
-- live/conf/y.yaml --
name: y
-- live/conf/sub/z.yaml --
name: z
-- mods/m/main.tf --
locals { rules = jsondecode(file("${path.module}/rules.json")) }
resource "r" "r" { v = [local.rules.a, path.module] }
resource "r" "t" { v = templatefile("${path.module}/t.tftpl", { name = "n", ports = [1, 2] }) }
resource "r" "open" { v = templatefile("${path.module}/t.tftpl", { name = r.t.id, ports = [] }) }
-- mods/m/rules.json --
{"a": "b"}
-- mods/m/t.tftpl --
%{ for p in ports ~}
${name}:${p}
%{ endfor ~}
${upper(name)}
`, map[string]any{
			"r.here":               []any{"here\n", "here\n", true, false, "bc98d84673286ce1447eca1766f28504", "aGVyZQo="},
			`r.set["conf/x.yaml"]`: "x", `r.set["conf/y.yaml"]`: true, "r.deep": []any{"sub/z.yaml", "x.yaml", "y.yaml"},
			"module.m.r.r": []any{"b", "../mods/m"}, "module.m.r.t": "n:1\nn:2\nN\n", "module.m.r.open": unknown("module.m.r.t.id"),
		}, nil},
		{"files elsewhere are not read", `
-- a/main.tf --
resource "r" "r" { v = [file("../../etc/passwd"), file("/etc/passwd"), file("~/.ssh/id"), fileexists("/etc/passwd"), templatefile("t.tftpl", {})] }
-- a/t.tftpl --
${var.secret}
-- b/x --
`, map[string]any{"r.r": []any{unknown(), unknown(), unknown(), map[string]any{"$unknown": []any{}, "$type": "bool"}, unknown()}}, []string{
			"a/main.tf:1:25: the file is outside of the repository, its content is treated as unknown",
			"a/main.tf:1:51: the file is outside of the repository, its content is treated as unknown",
			"a/main.tf:1:72: the file is outside of the repository, its content is treated as unknown",
			"a/main.tf:1:91: the file is outside of the repository: whether it exists is not known",
			"a/t.tftpl:1:3: the template is not given this name",
		}},
		{"a file elsewhere may be there", `
-- main.tf --
resource "r" "r" { v = try(file("../x"), "no") }
`, map[string]any{"r.r": map[string]any{"$unknown": []any{}, "$candidates": []any{"no"}}}, []string{
			"main.tf:1:28: the file is outside of the repository, its content is treated as unknown",
		}},
		{"the many of one call keep no other from being evaluated", `
-- main.tf --
module "a" {
  source = "./a"
  count  = 1001
}
module "z" {
  source = "./z"
  v      = 5
}
-- a/main.tf --
locals {}
-- z/main.tf --
variable "v" {}
resource "r" "r" { v = var.v }
`, map[string]any{"module.z.r.r": json.Number("5")}, []string{
			"main.tf:1:1: module \"a\" is not evaluated: there are more than 1000 modules",
			"main.tf:1:1: there are 1001 of these; only the first 1000 were evaluated one by one",
		}},
		{"what data sources make of their arguments alone", `
-- main.tf --
data "template_file" "t" {
  template = "<$${a}>"
  vars     = { a = "x" }
}
data "null_data_source" "n" {
  inputs = { a = data.template_file.t.rendered }
}
data "template_file" "unknown" {
  template = "<$${a}>"
  vars     = { a = var.a }
}
variable "a" {}
resource "r" "r" { v = [data.null_data_source.n.outputs.a, data.template_file.unknown.rendered, data.template_file.t.id] }
`, map[string]any{"data.null_data_source.n": nil, "data.template_file.t": nil, "data.template_file.unknown": nil, "r.r": []any{
			"<x>", unknown("data.template_file.unknown.rendered", "var.a"), unknown("data.template_file.t.id")}}, nil},
		{"an output that a module does not have", `
-- main.tf --
module "a" {
  source = "./a"
}
resource "r" "r" { v = module.a.nope }
-- a/main.tf --
locals {}
`, map[string]any{"r.r": unknown("module.a.nope")}, []string{`main.tf:4:24: module "a" has no output "nope"`}},
		{"a policy document in a module", `
-- main.tf --
module "a" {
  source = "./a"
}
resource "r" "r" { policy = module.a.json }
-- a/main.tf --
data "aws_iam_policy_document" "d" {
  statement { actions = ["s3:*"] }
}
output "json" { value = data.aws_iam_policy_document.d.json }
`, map[string]any{"r.r": nil, "module.a.data.aws_iam_policy_document.d": nil}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := newRepository(test.files).root(t)
			if diff := cmp.Diff(test.want, argumentsOf(doc, "v")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.gaps, gapsOf(doc)); diff != "" {
				t.Error(diff)
			}
			for _, complaint := range misplaced(doc) {
				t.Error(complaint)
			}
		})
	}
}

// TestWaysThroughModules follows values to their literals, and things to the calls
// that make them.
func TestWaysThroughModules(t *testing.T) {
	doc := newRepository(`
-- main.tf --
module "app" {
  source = "./app"
  secret = "correct-horse-battery"
}
-- app/main.tf --
variable "secret" { sensitive = true }
module "db" {
  source   = "./db"
  password = var.secret
}
-- app/db/main.tf --
variable "password" {}
resource "r" "db" {
  password = var.password
  public   = true
}
`).root(t)
	at := func(l lint.Location) string { return fmt.Sprintf("%s:%d", l.Path, l.Start.Line) }
	for _, test := range []struct {
		argument string
		want     []string
	}{
		{"password", []string{
			"app/db/main.tf:3", `app/main.tf:2 module "db" is called here`, `main.tf:1 module "app" is called here`,
			`main.tf:3 the literal stands here: argument "secret" of module "app"`, `app/main.tf:4 argument "password" of module "db" takes it here`, "app/db/main.tf:3 it is used here",
		}},
		{"public", []string{"app/db/main.tf:4", `app/main.tf:2 module "db" is called here`, `main.tf:1 module "app" is called here`}},
	} {
		place, err := doc.Locate(lint.Path{"resources", 0, "values", test.argument}, lint.Spot{})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{at(place.Location)}
		for _, step := range slices.Concat(place.Via, place.Flow) {
			got = append(got, at(step.Location)+" "+step.Message)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(diff)
		}
		if want := "resources[r.db] › values › " + test.argument; place.Anchor != want {
			t.Errorf("the anchor is %q", place.Anchor)
		}
	}
	resource := doc.Root.Get("resources").Items[0]
	if diff := cmp.Diff([]any{[]any{"password"}}, resource.Get("sensitive").Plain()); diff != "" {
		t.Error(diff)
	}
}

// TestWaysOfLiterals follows literals through everything that may hand them on.
func TestWaysOfLiterals(t *testing.T) {
	for _, test := range []struct{ name, files, want string }{
		{"through locals", "-- main.tf --\nlocals {\n  a = \"x\"\n  b = local.a\n}\nresource \"r\" \"r\" { v = local.b }\n",
			`2 the literal stands here: local "a"; 3 local "b" takes it here; 5 it is used here`},
		{"through an object of locals", "-- main.tf --\nlocals {\n  a = { k = \"x\" }\n  b = merge(local.a, {})\n}\nresource \"r\" \"r\" { v = local.b.k }\n",
			`2 the literal stands here: local "a"; 3 local "b" takes it here; 5 it is used here`},
		{"through for_each", "-- main.tf --\nlocals {\n  all = { k = { v = \"x\" } }\n}\nresource \"r\" \"r\" {\n  for_each = local.all\n  v        = each.value.v\n}\n",
			`2 the literal stands here: local "all"; 5 r.r.for_each takes it here; 6 it is used here`},
		{"from for_each", "-- main.tf --\nresource \"r\" \"r\" {\n  for_each = { k = \"x\" }\n  v        = each.value\n}\n",
			`2 the literal stands here: r.r.for_each; 3 it is used here`},
		{"through count", "-- main.tf --\nlocals {\n  all = [\"x\"]\n}\nresource \"r\" \"r\" {\n  count = 1\n  v     = local.all[count.index]\n}\n",
			`2 the literal stands here: local "all"; 6 it is used here`},
		{"through the argument of another", "-- main.tf --\nlocals {\n  a = \"x\"\n}\nresource \"r\" \"r\" { v = s.s.v }\nresource \"s\" \"s\" { v = local.a }\n",
			`2 the literal stands here: local "a"; 5 s.s.v takes it here; 4 it is used here`},
		{"from the output of a module", "-- main.tf --\nresource \"r\" \"r\" { v = module.m.o }\nmodule \"m\" {\n  source = \"./m\"\n}\n-- m/m.tf --\nlocals {\n  a = \"x\"\n}\noutput \"o\" { value = local.a }\n",
			`2 the literal stands here: local "a"; 4 output "o" of module "m" takes it here; 1 it is used here`},
		{"through a template in a file", "-- main.tf --\nresource \"r\" \"r\" {\n  v = templatefile(\"t.tftpl\", {\n    a = \"x\"\n  })\n}\n-- t.tftpl --\nexport A=${a}\n",
			`3 the literal stands here: v; 1 the literal stands here: v; 1 the literal stands here: v; 2 it is used here`},
		{"from the default in a type", "-- main.tf --\nvariable \"a\" {\n  type = object({\n    k = optional(object({ v = optional(string, \"x\") }), {})\n  })\n  default = {}\n}\nresource \"r\" \"r\" { v = var.a.k.v }\n",
			`3 the literal stands here: the default in a type; 5 default of variable "a" takes it here; 7 it is used here`},
		{"from the default that overrides another", "-- main.tf --\nvariable \"a\" {\n  type = map(object({\n    k = optional(object({\n      v = optional(string, \"y\")\n      }), {\n      v = \"x\" })\n  }))\n  default = { one = {} }\n}\nresource \"r\" \"r\" { v = var.a[\"one\"].k.v }\n",
			`6 the literal stands here: the default in a type; 8 default of variable "a" takes it here; 10 it is used here`},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := newRepository(test.files).root(t)
			place, err := doc.Locate(lint.Path{"resources", 0, "values", "v"}, lint.Spot{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, step := range place.Flow {
				got = append(got, fmt.Sprintf("%d %s", step.Location.Start.Line, step.Message))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhatFilesHoldLeadsToItsLine: a policy or a value that a file holds is used in the
// configuration and stands in the file.
func TestWhatFilesHoldLeadsToItsLine(t *testing.T) {
	doc := newRepository(`
-- main.tf --
locals { conf = jsondecode(file("conf.json")) }
resource "r" "r" {
  file     = file("${path.module}/policy.json")
  template = templatefile("policy.tftpl", { arn = "a", account = r.s.id })
  decoded  = local.conf.list[1]
  yaml     = yamldecode(file("conf.yaml")).a.b
  again    = jsonencode(jsondecode(file("conf.json")))
  script   = file("run.sh")
  encoded  = base64encode(<<-E
    one
    two
  E
  )
}
resource "r" "s" {}
-- policy.json --
{
  "Statement": [
    {"Action": "s3:*"}
  ]
}
-- policy.tftpl --
{"Statement": [
  {"Resource": "${arn}",
   "Principal": "${account}",
   "Action": "s3:*"}
]}
-- conf.json --
{
  "list": [
    1,
    2
  ]
}
-- conf.yaml --
a:
  b: |
    text
-- run.sh --
one
two
`).root(t)
	for _, test := range []struct {
		path  lint.Path
		match string
		want  string // the place, then the first of the way
	}{
		{lint.Path{"file$json", "Statement", 0, "Action"}, "", "main.tf:3:14 policy.json:3:16"},
		{lint.Path{"file$json", "Statement", 0}, "", "main.tf:3:14 policy.json:3:5"},
		{lint.Path{"template$json", "Statement", 0, "Resource"}, "", "main.tf:4:14 policy.tftpl:2:16"},
		{lint.Path{"template$json", "Statement", 0, "Principal"}, "", "main.tf:4:14 policy.tftpl:3:17"},
		{lint.Path{"template$json", "Statement", 0, "Action"}, "", "main.tf:4:14 policy.tftpl:4:14"},
		{lint.Path{"decoded"}, "", "main.tf:5:14 conf.json:4:5"},
		{lint.Path{"yaml"}, "", "main.tf:6:14 conf.yaml:2:6"},
		{lint.Path{"again$json", "list", 0}, "", "main.tf:7:25 conf.json:3:5"},
		{lint.Path{"script"}, "two", "main.tf:8:14 run.sh:2:1"},
		{lint.Path{"encoded"}, "two", "main.tf:11:5 main.tf:9:27"},
	} {
		place, err := doc.Locate(append(lint.Path{"resources", 0, "values"}, test.path...), lint.Spot{Match: test.match})
		if err != nil {
			t.Fatal(err)
		}
		got := place.Location.String()
		if len(place.Flow) > 0 {
			got += " " + place.Flow[0].Location.String()
		}
		if got != test.want {
			t.Errorf("%s stands at %s, want %s", test.path, got, test.want)
		}
	}
	if diff := cmp.Diff(unknown("r.s.id"), doc.Root.Get("resources").Items[0].Get("values", "template$json", "Statement").Items[0].Get("Principal").Plain()); diff != "" {
		t.Error(diff)
	}
	for _, complaint := range misplaced(doc) {
		t.Error(complaint)
	}
}

// TestFetchedModulesStandAtTheirCall: their files are not checked.
func TestFetchedModulesStandAtTheirCall(t *testing.T) {
	doc := newRepository(`
-- main.tf --
module "a" {
  source = "acme/a/aws"
}
-- .terraform/modules/modules.json --
{"Modules": [{"Key": "a", "Dir": ".terraform/modules/a"}]}
-- .terraform/modules/a/main.tf --
resource "r" "r" {
  list = ["a", { b = "c" }]
  json = <<-E
    {"a": "b"}
  E
  block { x = local.nope }
}
`).root(t)
	doc.Root.Walk(func(path lint.Path, node *lint.Node) bool {
		if node.Span.Source != nil && node.Span.Source.Path != "main.tf" {
			t.Errorf("%s stands in %s", path, node.Span.Source.Path)
		}
		return true
	})
	if diff := cmp.Diff([]string{`main.tf:1:1: local "nope" is not defined`}, gapsOf(doc)); diff != "" {
		t.Error(diff)
	}
}

// TestRootsAreFoundInAnyOrder: a directory is part of the roots that call it, and
// one of its own only if none does.
func TestRootsAreFoundInAnyOrder(t *testing.T) {
	files := newRepository(`
-- envs/dev/main.tf --
module "m" {
  source = "../../modules/m"
}
-- envs/prod/main.tf --
module "m" {
  source = "../../modules/m"
}
-- modules/m/main.tf --
resource "r" "r" {}
-- modules/unused/main.tf --
resource "r" "unused" {}
-- modules/mentioned/main.tf --
/*
  source = "../elsewhere"
*/
-- modules/elsewhere/main.tf --
resource "r" "elsewhere" {}
`)
	want := []string{
		"envs/dev/main.tf [module.m.r.r]", "envs/prod/main.tf [module.m.r.r]", "modules/elsewhere/main.tf [r.elsewhere]",
		"modules/mentioned/main.tf []", "modules/unused/main.tf [r.unused]",
	}
	for range 5 {
		docs, _ := files.parse()
		var got []string
		for _, doc := range docs {
			names := []string{}
			for name := range argumentsOf(doc, "") {
				names = append(names, name)
			}
			got = append(got, fmt.Sprintf("%s %v", doc.Path, names))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestHostileModulesEndAndSaySo are trees that ask for much.
func TestHostileModulesEndAndSaySo(t *testing.T) {
	deep, wide := strings.Builder{}, strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(&deep, "-- m%d/main.tf --\nmodule \"next\" {\n  source = \"../m%d\"\n}\n", i, i+1)
	}
	for i := range 12 { // each calls the next twice
		fmt.Fprintf(&wide, "-- m%d/main.tf --\nmodule \"a\" {\n  source = \"../m%d\"\n}\nmodule \"b\" {\n  source = \"../m%d\"\n}\nresource \"r\" \"r\" {}\n", i, i+1, i+1)
	}
	tests := []struct{ name, files, want string }{
		{"modules a hundred deep", deep.String() + "-- m100/main.tf --\nlocals {}\n", "calls are nested too deep"},
		{"modules that double", wide.String() + "-- m12/main.tf --\nlocals {}\n", "there are more than 1000 modules"},
		{"for_each over ten thousand", "-- main.tf --\nresource \"r\" \"r\" {\n  for_each = toset([for i in range(5) : tostring(i)])\n}\nresource \"r\" \"many\" {\n  count = 10000\n  v     = count.index\n}\n", "there are 10000 of these; only the first 1000 were evaluated one by one"},
		{"for_each over ten thousand keys", "-- main.tf --\nlocals { k = [for i in range(100) : [for j in range(100) : \"k${i}-${j}\"]] }\nresource \"r\" \"many\" {\n  for_each = toset(flatten(local.k))\n  v        = each.key\n}\n", "takes more than 30000 steps"},
		{"many times two hundred", "-- main.tf --\n" + many(100, "resource \"r\" \"r%d\" {\n  count = 200\n}\n"), "only the first 0 were evaluated one by one"},
		{"a module that is called two hundred times, calling another as often", "-- main.tf --\nmodule \"a\" {\n  source = \"./a\"\n  count  = 200\n}\n-- a/main.tf --\nmodule \"b\" {\n  source = \"./b\"\n  count  = 200\n}\n-- a/b/main.tf --\nresource \"r\" \"r\" {}\n", "there are more than 1000 modules"},
		{"a for_each of itself", "-- main.tf --\nresource \"r\" \"r\" {\n  for_each = r.r\n  v        = each.key\n}\n", "depends on themselves"},
		{"a count of itself", "-- main.tf --\nmodule \"a\" {\n  source = \"./a\"\n  count  = length(module.a)\n}\n-- a/main.tf --\nresource \"r\" \"r\" {}\n", "depends on themselves"},
		{"resources that name each other whole", "-- main.tf --\nresource \"r\" \"a\" {\n  count = 2\n  v     = r.b[*]\n}\nresource \"r\" \"b\" {\n  count = 2\n  v     = r.a[*]\n}\nlocals { x = local.nope }\n", ""},
		{"a template that fills itself in", "-- main.tf --\nlocals { x = templatefile(\"t\", {}) }\n-- t --\n${templatefile(\"t\", {})}\n", "more than 1000 deep"},
		{"a count that is no number", "-- main.tf --\nresource \"r\" \"r\" {\n  count = -1\n}\nresource \"r\" \"s\" {\n  count = 1e300\n}\n", "the count is no whole number"},
		{"a broken manifest", "-- main.tf --\nmodule \"a\" {\n  source = \"x/y/z\"\n}\n-- .terraform/modules/modules.json --\n{\"Modules\": [{\"Key\": \"a\", \"Dir\": \"../../..\"}]}\n", "outside of the repository"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			docs, findings := newRepository(test.files).parse()
			said, resources := strings.Builder{}, 0
			for _, doc := range docs {
				resources += len(doc.Root.Get("resources").List())
				fmt.Fprintln(&said, strings.Join(gapsOf(doc), "\n"))
			}
			for _, f := range findings {
				fmt.Fprintln(&said, f.Message)
			}
			t.Logf("%v, %d documents, %d resources", time.Since(start), len(docs), resources)
			if !strings.Contains(said.String(), test.want) || len(docs) == 0 {
				t.Errorf("%d documents, which say %.500s", len(docs), said.String())
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestEveryResourceIsAccountedFor compares the blocks that stand in files with
// what documents hold or name.
func TestEveryResourceIsAccountedFor(t *testing.T) {
	tree := strings.Builder{}
	tree.WriteString("-- live/main.tf --\nvariable \"n\" {}\n")
	for i := range 20 {
		repeat := []string{"", "count = 0", "count = 2", "count = var.n", "for_each = toset([\"a\", \"b\"])", "for_each = var.n", "for_each = {}", "count = \"x\"", "for_each = toset([\"a\", var.n])"}[i%9]
		fmt.Fprintf(&tree, "module \"m%d\" {\n  source = \"../mods/m%d\"\n  %s\n}\nresource \"r\" \"r%d\" {\n  %s\n}\ndata \"d\" \"d%d\" {\n  %s\n}\n", i, i%10, repeat, i, repeat, i, repeat)
	}
	for i := range 12 { // two of them nothing calls
		fmt.Fprintf(&tree, "-- mods/m%d/main.tf --\nresource \"r\" \"a\" {}\nresource \"r\" \"b\" {\n  for_each = var.open\n}\nephemeral \"e\" \"e\" {}\ncheck \"c\" {\n  data \"d\" \"within\" {}\n}\n", i)
	}
	for i := range 6 { // each calls the next, twice, and one that is missing
		fmt.Fprintf(&tree, "-- deep/n%d/main.tf --\nresource \"r\" \"r\" {}\nmodule \"gone\" {\n  source = \"../gone\"\n}\n", i)
		if i < 5 {
			fmt.Fprintf(&tree, "module \"x\" {\n  source = \"../n%d\"\n}\nmodule \"y\" {\n  source = \"../n%d\"\n  for_each = var.open\n}\n", i+1, i+1)
		}
	}
	tree.WriteString("-- loop/a/main.tf --\nmodule \"b\" {\n  source = \"../b\"\n}\nresource \"r\" \"r\" {}\n-- loop/b/main.tf --\nmodule \"a\" {\n  source = \"../a\"\n}\nresource \"r\" \"r\" {}\n")
	files := newRepository(tree.String())
	docs, findings := files.parse()
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	place := func(source *lint.Source, offset int) string {
		return fmt.Sprintf("%s:%d", source.Path, source.Position(offset).Line)
	}
	known, missing := map[string]bool{}, map[string]bool{}
	for _, doc := range docs {
		for _, gap := range doc.Gaps {
			if strings.Contains(gap.Message, "gone") {
				missing[gap.Location.Path] = true
			}
		}
		for _, list := range []string{"resources", "not_made"} {
			for _, entry := range doc.Root.Get(list).List() {
				known[place(entry.Span.Source, entry.Span.Start)] = true
			}
		}
	}
	blocks := 0
	for _, src := range files {
		for _, at := range regexp.MustCompile(`(?m)^ *(?:resource|data|ephemeral) "`).FindAllIndex(src.Data, -1) {
			blocks++
			if where := place(src, at[0]); !known[where] {
				t.Errorf("the block at %s is lost", where)
			}
		}
	}
	if blocks != 40+12*4+6+2 {
		t.Errorf("looked at %d blocks", blocks)
	}
	if len(missing) != 6 {
		t.Errorf("modules that are missing are told of in %v", missing)
	}
}

// TestEveryFormIsAccountedFor: override files, both extensions, JSON and what is broken
// leave each resource in a document, or a gap or finding at its place.
func TestEveryFormIsAccountedFor(t *testing.T) {
	docs, findings := newRepository(`
-- main.tf --
resource "r" "plain" {}
resource "r" "overridden" {}
resource "r" "twice" {}
resource "r" "twice" {}
resource "r" {}
resource "r" "not_made" { count = 0 }
variable "n" {}
module "cycle" {
  source   = "./cycle"
  for_each = var.n
}
module "gone" {
  source = "./gone"
}
-- main_override.tf --
resource "r" "overridden" { v = 1 }
resource "r" "only_override" {}
-- override.tf.json --
{"resource": {"r": {"plain": {"v": 2}, "only_json_override": {}}}}
-- shadowed.tf --
resource "r" "shadowed" {}
-- shadowed.tofu --
resource "r" "in_tofu" {}
-- json.tf.json --
{"resource": {"r": {"object": {}, "list": [{}, {}]}}, "data": [{"d": {"d1": {}}}, {"d": {"d2": {}}}]}
-- broken.tf --
resource "r" "before" {}
resource "r" "broken" {
  v = "open
}
-- after.tf --
resource "r" "after" {}
-- cycle/main.tf --
resource "r" "in_cycle" {}
module "back" {
  source = "../cycle/deeper"
}
-- cycle/deeper/main.tf --
module "again" {
  source = "../../cycle"
}
resource "r" "deepest" {}
`).parse()
	said := strings.Builder{}
	for _, doc := range docs {
		for _, list := range []string{"resources", "not_made"} {
			for _, entry := range doc.Root.Get(list).List() {
				fmt.Fprintln(&said, entry.Get("address").Str())
			}
		}
		fmt.Fprintln(&said, strings.Join(gapsOf(doc), "\n"))
	}
	for _, f := range findings {
		fmt.Fprintln(&said, f.Location, f.Message)
	}
	for _, want := range []string{
		"r.plain\n", "r.overridden\n", "r.twice\nr.twice\n", "r.only_override\n", "r.only_json_override\n", "r.in_tofu\n", "r.object\n", "r.list\nr.list\n", "data.d.d1\n", "data.d.d2\n",
		"r.before\n", "r.after\n", "r.not_made\n", "module.cycle.r.in_cycle\n", "module.cycle.module.back.r.deepest\n",
		`has 1 names in place of 2 and was not judged`, `shadowed.tf: the file is not evaluated`, "broken.tf:3:", `module "gone" is not evaluated`, `module "again" is not evaluated: it calls itself`,
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing says %q in\n%s", want, said.String())
		}
	}
}

// TestManyInstancesAreNoFault: a configuration with thousands of instances is large,
// and sound.
func TestManyInstancesAreNoFault(t *testing.T) {
	text := strings.Builder{}
	for i := range 20 {
		fmt.Fprintf(&text, "resource \"r\" \"r%d\" {\n  count = 200\n  v     = join(\",\", [for i in range(20) : \"${i}-${count.index}\"])\n  w     = [for s in split(\",\", \"a,b,c,d,e,f,g\") : upper(s)]\n}\n", i)
	}
	doc := parseMain(t, text.String())
	if n := len(doc.Root.Get("resources").List()); n != 4_000 || len(doc.Gaps) > 0 {
		t.Errorf("%d resources, %v", n, gapsOf(doc))
	}
}
