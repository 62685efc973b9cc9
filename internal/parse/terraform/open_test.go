package terraform

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatStandsBesideAnUnknown: what is known of a list or an object is kept though the
// whole is not known.
func TestWhatStandsBesideAnUnknown(t *testing.T) {
	list := func(items ...any) any { return items }
	tests := []struct {
		expr string
		want any
	}{
		{`concat(var.a, ["x"])`, list(unknown("var.a"), "x")},
		{`local.joined`, list(unknown("var.a"), "x")},
		{`toset(concat(local.joined, ["y"]))`, list(unknown("var.a"), "x", "y")},
		{`flatten([var.a, ["x", ["y"]]])`, list(unknown("var.a"), "x", "y")},
		{`[for x in concat(var.a, ["x"]) : { k = x, l = 1 }]`, list(map[string]any{"k": unknown("var.a"), "l": json.Number("1")}, map[string]any{"k": "x", "l": json.Number("1")})},
		{`[for x in var.a : upper(x)]`, unknown("var.a")},
		{`concat(var.a, [])`, unknown("var.a")},
		{`concat(var.b ? ["x"] : [], ["y"])`, list("x", "y")},
		{`merge(var.m, { k = 1 })`, map[string]any{"$unknown": list("var.m"), "k": json.Number("1")}},
		{`merge({ k = 1 }, var.m)`, map[string]any{"$unknown": list("var.m"), "k": map[string]any{"$unknown": list("var.m"), "$candidates": list(json.Number("1"))}}},
		{`{ k = 1, (var.b) = 2 }`, map[string]any{"$unknown": list("var.b"), "k": json.Number("1")}},
	}
	for _, test := range tests {
		doc := parseMain(t, `
variable "a" { type = list(string) }
variable "b" { type = bool }
variable "m" { type = map(string) }
locals { joined = concat(var.a, ["x"]) }
resource "r" "a" { v = `+test.expr+` }
`)
		got := doc.Root.Get("resources").Items[0].Get("values", "v").Plain()
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.expr, diff)
		}
	}
}
