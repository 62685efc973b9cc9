package terraform

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// TestTheEnvironmentDecidesAndDoesNotShow tries every way in which a value of the
// environment could come into a document.
func TestTheEnvironmentDecidesAndDoesNotShow(t *testing.T) {
	given := map[string]string{"stage": "zq-stage", "flag": "true", "size": "7919", "names": `["zq-one", "zq-two"]`, "map": `{"zq-key": "zq-value"}`, "broken": "[zq-", "tfvars": "zq-shadowed", "unlisted": "zq-unlisted"}
	data, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	files := newRepository(`
-- main.tf --
variable "stage" {}
variable "flag" { type = bool }
variable "size" { type = number }
variable "names" { type = list(string) }
variable "map" { type = map(string) }
variable "broken" { type = list(string) }
variable "tfvars" {}
locals {
  chosen  = var.stage == "zq-stage" ? "own" : "other"
  text    = "x-${var.stage}"
  upper   = upper(var.stage)
  size    = [var.size, var.size + 1, tostring(var.size), length(var.stage)]
  flag    = [var.flag, var.size > 3]
  object  = { (var.stage) = 1, b = var.stage }
  loop    = { for k, v in var.map : k => v }
  keys    = [keys(var.map), [for k, v in var.map : k], values(var.map), toset(var.names), zipmap(var.names, [1, 2])]
  json    = jsonencode({ a = var.stage })
  encoded = [base64encode(var.stage), sha256(var.stage), format("%s", var.stage), try(var.stage, "x"), coalesce(var.stage, "x")]
  index   = { zq-stage = "own" }[var.stage]
  broken  = var.broken
  tfvars  = var.tfvars
  hidden  = nonsensitive(sensitive(var.stage))
}
resource "r" "each" {
  for_each = var.map
  v        = [each.key, each.value]
}
resource "r" "set" {
  for_each = toset(var.names)
  v        = each.key
}
resource "r" "block" {
  dynamic "b" {
    for_each = var.map
    content {
      v = [b.key, b.value]
    }
  }
  policy = <<-E
    {"Statement": [{"Sid": "${var.stage}", "Action": "s3:*"}]}
  E
}
module "m" {
  source = "./m"
  v      = var.stage
  flag   = var.flag
}
output "o" { value = module.m.o }
-- terraform.tfvars --
tfvars = "file"
-- m/main.tf --
variable "v" {}
variable "flag" {}
variable "unlisted" {}
resource "r" "r" {
  count = var.flag ? 1 : 0
  v     = [var.v, var.unlisted]
  flag  = var.flag
}
output "o" { value = var.v }
`)
	var unit []*lint.Source
	for _, src := range files {
		if Claims(src) {
			unit = append(unit, src)
		}
	}
	docs, findings := Parse(unit, func(name string) *lint.Source {
		if name == Environment {
			return &lint.Source{Path: name, Data: data}
		}
		return files.open(name)
	})
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatal(len(docs), findings)
	}
	said := strings.Builder{}
	fmt.Fprintln(&said, gapsOf(docs[0]))
	docs[0].Root.Walk(func(path lint.Path, n *lint.Node) bool {
		fmt.Fprintln(&said, path, n.Text, n.Via, n.Way)
		return true
	})
	for _, line := range strings.Split(said.String(), "\n") {
		if strings.Contains(line, "zq-") || strings.Contains(line, "7919") || strings.Contains(line, "7920") {
			t.Errorf("shows %s", line)
		}
	}
	locals := docs[0].Root.Get("locals")
	for name, want := range map[string]any{"chosen": "own", "tfvars": "file", "flag": []any{true, true}} {
		if diff := cmp.Diff(want, locals.Get(name).Plain()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if want := `variable "broken" cannot be read`; !strings.Contains(said.String(), want) {
		t.Errorf("does not say that %s", want)
	}
	last := docs[0].Root.Get("resources").Items
	for i, resource := range last {
		if resource.Get("address").Str() != "module.m.r.r" {
			continue
		}
		place, err := docs[0].Locate(lint.Path{"resources", i, "values", "flag"}, lint.Spot{})
		if err != nil || len(place.Flow) != 3 || place.Flow[0].Location.String() != "main.tf:2:1" || place.Flow[0].Message != "the environment gives the value: TF_VAR_flag" {
			t.Error(place, err)
		}
		return
	}
	t.Error("the module is not made")
}
