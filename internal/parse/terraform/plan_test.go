package terraform

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

const plan = `{
  "format_version": "1.2",
  "terraform_version": "1.9.5",
  "variables": {"size": {"value": 5}},
  "planned_values": {"root_module": {
    "resources": [
      {"address": "r.a[\"x.y\"]", "mode": "managed", "type": "r", "name": "a", "index": "x.y",
       "values": {"name": "a-x", "unset": null, "none": [], "policy": "{\"Statement\":[{\"Effect\":\"Allow\"}]}", "block": [{"size": 5, "key": null}]},
       "sensitive_values": {"block": [{"size": true}]}}
    ],
    "child_modules": [{"address": "module.m[0]", "resources": [
      {"address": "module.m[0].r.b", "mode": "managed", "type": "r", "name": "b", "values": {"public": true}, "sensitive_values": {}}
    ]}]
  }},
  "resource_changes": [
    {"address": "r.a[\"x.y\"]", "change": {"actions": ["create"], "after_unknown": {"arn": true, "key": true, "block": [{"key": true}]}, "after_sensitive": {"name": true}}},
    {"address": "r.gone", "change": {"actions": ["delete"], "after": null}}
  ],
  "prior_state": {"values": {"root_module": {"resources": [
    {"address": "data.aws_iam_policy_document.d", "mode": "data", "type": "aws_iam_policy_document", "name": "d", "values": {"json": "{\"Statement\":[]}"}},
    {"address": "r.gone", "mode": "managed", "type": "r", "name": "gone", "values": {}}
  ]}}},
  "configuration": {
    "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu"}, "token": {"references": ["var.token"]}}}},
    "root_module": {
      "variables": {"token": {"sensitive": true}, "size": {"default": 5}},
      "outputs": {"o": {"expression": {"references": ["r.a[\"x.y\"].arn", "r.a[\"x.y\"]"]}}},
      "resources": [{"address": "r.a", "expressions": {"name": {}, "key": {"references": ["r.k.arn", "r.k"]}}}],
      "module_calls": {"m": {"source": "./m", "expressions": {"public": {"constant_value": true}}, "module": {"resources": []}}}
    }
  }
}`

func TestAPlanHasTheShapeOfItsSources(t *testing.T) {
	src := &lint.Source{Path: "plan.json", Data: []byte(plan)}
	if !Claims(src) || Claims(&lint.Source{Path: "plan.json"}) || Claims(&lint.Source{Path: "package.json", Data: []byte(`{"format_version": 1}`)}) {
		t.Error("a plan is told by its content")
	}
	docs, findings := Parse([]*lint.Source{src}, nil)
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatal(len(docs), findings)
	}
	n := func(s string) any { return json.Number(s) }
	want := []any{
		map[string]any{
			"address": "r.a", "instance": `r.a["x.y"]`, "type": "r", "name": "a", "mode": "managed", "sensitive": []any{[]any{"block", n("0"), "size"}, []any{"name"}},
			"values": map[string]any{
				"name": "a-x", "key": unknown("r.k.arn"), "policy": `{"Statement":[{"Effect":"Allow"}]}`,
				"policy$json": map[string]any{"Statement": []any{map[string]any{"Effect": "Allow"}}},
				"block":       []any{map[string]any{"size": n("5"), "key": unknown()}},
			},
		},
		map[string]any{
			"address": "module.m.r.b", "instance": "module.m[0].r.b", "local_address": "r.b", "module": "module.m", "type": "r", "name": "b", "mode": "managed",
			"values": map[string]any{"public": true},
		},
		map[string]any{
			"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data",
			"values": map[string]any{"json": `{"Statement":[]}`, "json$json": map[string]any{"Statement": []any{}}, "$document": map[string]any{"Statement": []any{}}},
		},
	}
	if diff := cmp.Diff(want, docs[0].Root.Get("resources").Plain()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"region": "eu", "token": unknown("var.token")}, docs[0].Root.Get("providers").Items[0].Get("values").Plain()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(unknown("r.a.arn"), docs[0].Root.Get("outputs").Items[0].Get("value").Plain()); diff != "" {
		t.Error(diff)
	}
	for _, complaint := range misplaced(docs[0]) {
		t.Error(complaint)
	}
}

// TestAPlanStandsInItsSources: values come from the plan, places from the files
// beside it.
func TestAPlanStandsInItsSources(t *testing.T) {
	files := newRepository(`
-- live/main.tf --
resource "r" "a" {
  for_each = toset(["x.y"])
  name     = "a-x"
  block {
    size = var.size
  }
}
module "m" {
  source = "./m"
  count  = 1
}
-- live/m/main.tf --
variable "public" { default = true }
resource "r" "b" { public = var.public }
-- live/plan.json --
` + plan)
	docs, findings := Parse([]*lint.Source{files["live/plan.json"]}, files.open)
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatal(len(docs), findings)
	}
	for path, want := range map[string]string{"name": "live/main.tf:3:14", "block": "live/main.tf:4:3", "key": "live/main.tf:1:1"} {
		place, err := docs[0].Locate(lint.Path{"resources", 0, "values", path}, lint.Spot{})
		if err != nil || place.Location.String() != want {
			t.Errorf("%s stands at %s, %v", path, place.Location, err)
		}
	}
	place, err := docs[0].Locate(lint.Path{"resources", 1, "values", "public"}, lint.Spot{})
	if err != nil || place.Location.String() != "live/m/main.tf:2:29" || len(place.Via) != 1 || len(place.Flow) != 2 {
		t.Errorf("stands at %s, %v, %v, %v", place.Location, place.Via, place.Flow, err)
	}
	for _, complaint := range misplaced(docs[0]) {
		t.Error(complaint)
	}
}

// TestWhatAPlanLists: a state has its values elsewhere, a plan may list its changes only,
// and what names no resource is a gap.
func TestWhatAPlanLists(t *testing.T) {
	tests := []struct{ name, text, want, gap string }{
		{"a state", `{"format_version": "1.0", "values": {"root_module": {"resources": [{"address": "r.a", "type": "r", "values": {"b": 1}}]}}}`, "r.a=1", ""},
		{"changes", `{"format_version": "1.2", "resource_changes": [
			{"address": "r.a", "type": "r", "mode": "managed", "change": {"after": {"b": 1}, "after_unknown": {}}},
			{"address": "r.gone", "type": "r", "change": {"after": null}}]}`, "r.a=1", ""},
		{"changes that are planned", `{"format_version": "1.2", "planned_values": {}, "resource_changes": [{"address": "r.a", "type": "r", "change": {"after": {"b": 1}}}]}`, "", ""},
		{"no resource", `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [7, {"address": "module.m.r.a[0]", "type": "r", "values": {"b": 1}}]}}}`,
			"module.m.r.a=1", "plan.json:1:76: the entry of the plan names no resource and was not judged"},
	}
	for _, test := range tests {
		docs, findings := Parse([]*lint.Source{{Path: "plan.json", Data: []byte(test.text)}}, nil)
		if len(docs) != 1 || len(findings) > 0 {
			t.Fatal(test.name, len(docs), findings)
		}
		got, gap := "", ""
		for _, entry := range docs[0].Root.Get("resources").Items {
			got += entry.Get("address").Str() + "=" + entry.Get("values", "b").Text
			if entry.Get("name").Str() != "a" || entry.Get("mode").Str() != "managed" {
				t.Errorf("%s: %v", test.name, entry.Plain())
			}
		}
		for _, found := range docs[0].Gaps {
			gap += found.Location.String() + ": " + found.Message
		}
		if got != test.want || gap != test.gap {
			t.Errorf("%s: %s, %s", test.name, got, gap)
		}
	}
}
