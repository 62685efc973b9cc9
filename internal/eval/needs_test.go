package eval

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Each rule finds something in a document whose list is empty, unless it needs the
// list. A need that is none would lose the finding.
func TestNeeds(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a list that is gone through is needed", "deny contains {\"message\": \"m\"} if some x in input.list", "list"},
		{"so is one that a document of the rule's own is made of", "deny contains {\"message\": \"m\"} if some x in _own\n_own contains x if some x in input.list", "list"},
		{"or another name of such a document", "deny contains {\"message\": \"m\"} if some x in _name.k\n_name := _own\n_own[x.k] contains x if some x in input.list", "list"},
		{"or a document that holds only then", "deny contains {\"message\": \"m\"} if _holds\n_holds if some x in input.list", "list"},
		{"or what is asked within a value", "deny contains {\"message\": \"m\"} if count(input.list[0]) > 1", "list"},
		{"of two ways neither is needed", "deny contains {\"message\": \"m\"} if some x in input.list\ndeny contains {\"message\": \"m\"} if not input.other", ""},
		{"nor are those of a document with two ways", "deny contains {\"message\": \"m\"} if some x in _own\n_own contains x if some x in input.list\n_own contains 1", ""},
		{"a negation needs nothing", "deny contains {\"message\": \"m\"} if not input.list[0]", ""},
		{"nor does what holds for all", "deny contains {\"message\": \"m\"} if {\n\tevery x in input.list {\n\t\tx > 1\n\t}\n}", ""},
		{"nor a comprehension", "deny contains {\"message\": \"m\"} if count({x | some x in input.list}) == 0", ""},
		{"nor a set that may be empty", "deny contains {\"message\": \"m\"} if count(_own) == 0\n_own contains x if some x in input.list", ""},
		{"nor a value with a default", "deny contains {\"message\": \"m\"} if _value == 1\ndefault _value := 1\n_value := 2 if some x in input.list", ""},
		{"nor one that is something else", "deny contains {\"message\": \"m\"} if _value == 1\n_value := 2 if {\n\tsome x in input.list\n} else := 1", ""},
		{"nor a text with a value in it", "deny contains {\"message\": m} if m := $\"x {input.list[0]}\"", ""},
		{"nor a test of many values", "deny contains {\"message\": \"m\"} if object.get(input, [\"list\", 0], 1) == 1", ""},
		{"nor the list itself", "deny contains {\"message\": \"m\"} if input.list == []", ""},
		{"nor a function", "deny contains {\"message\": \"m\"} if _f(1)\n_f(x) if {\n\tx == 1\n}", ""},
		{"nor what another input has", "deny contains {\"message\": \"m\"} if _own with input as {\"list\": [1]}\n_own if some x in input.list", ""},
		{"nor a field beside a set of fields", "deny contains {\"message\": \"m\"} if _own.a == 1\n_own[x] := 2 if some x in input.list\n_own.a := 1", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program, err := load(t, map[string]string{"rule.rego": policy("rule", test.body)})
			if err != nil {
				t.Fatal(err)
			}
			compiled, err := program.platforms["compose"]()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(slices.Sorted(maps.Keys(compiled.needs["rule"])), " "); got != test.want {
				t.Errorf("needs %q, want %q", got, test.want)
			}
			findings, failures, err := program.Evaluate(context.Background(), document(t, "list: []\n"), nil)
			if err != nil || len(failures) > 0 || (len(findings) == 0) != (test.want != "") {
				t.Errorf("%d findings, failures %v, error %v", len(findings), failures, err)
			}
		})
	}
}
