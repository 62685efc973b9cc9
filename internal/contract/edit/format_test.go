package edit

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

func formatted(path, text string) (string, error) {
	out, err := Format(&lint.Source{Path: path, Data: []byte(text)})
	return string(out), err
}

const first = "apiVersion: policyctl.dev/v1\nkind: SecretContract\n"

func TestFormat(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"as it should be", first + "metadata:\n  name: db\nspec:\n  class: x # why\n", first + "metadata:\n  name: db\nspec:\n  class: x # why\n"},
		{"fields in the wrong order, with their comments", "# the file\nkind: SecretContract # sort\n# version\napiVersion: policyctl.dev/v1\nspec:\n  # who\n  owner: {escalation: \"slack:x\", team: y}\n\n  # what\n  class: x\nmetadata:\n  name: db\n",
			"# the file\n# version\napiVersion: policyctl.dev/v1\nkind: SecretContract # sort\nmetadata:\n  name: db\nspec:\n  # what\n  class: x\n  # who\n  owner: {team: y, escalation: \"slack:x\"}\n"},
		{"four spaces", first + "spec:\n    class: x\n    # who\n    owner:\n        team: y\n        # whom to call\n    # end\nstatus: {}\n", first + "spec:\n  class: x\n  # who\n  owner:\n    team: y\n    # whom to call\n  # end\nstatus: {}\n"},
		{"lists that are not indented", first + "spec:\n  consumers:\n  # the first\n  - scopes: [a]\n    workload: a:b\n  # the second\n  -   workload: c:d\n      environments:\n      - prod\n  class: x\n",
			first + "spec:\n  class: x\n  consumers:\n    # the first\n    - workload: a:b\n      scopes: [a]\n    # the second\n    - workload: c:d\n      environments:\n        - prod\n"},
		{"a comment above what comes first in an item", first + "spec:\n  consumers:\n    - scopes: [a]\n      # one\n      # two\n      workload: a:b\n", first + "spec:\n  consumers:\n    - # one\n      # two\n      workload: a:b\n      scopes: [a]\n"},
		{"texts of several lines", first + "spec:\n    runbook: |\n          one\n            two\n\n    purpose: some\n         text\n\n         more\n    class: 'x\n      y'\n", first + "spec:\n  purpose: some\n    text\n\n    more\n  class: 'x\n    y'\n  runbook: |\n    one\n      two\n"},
		{"brackets of several lines", first + "spec:\n    rotation: {\n        method: job, # who\n        interval: 90d,\n    }\n    delivery:\n          [file,\n           csi]\n", first + "spec:\n  rotation: {\n      method: job, # who\n      interval: 90d,\n  }\n  delivery:\n    [file,\n     csi]\n"},
		{"a file that ends without a break", first + "status: {}\nspec: {class: x}", first + "spec: {class: x}\nstatus: {}\n"},
		{"line breaks of Windows", "kind: SecretContract\r\napiVersion: policyctl.dev/v1\r\n# x\r\nspec:\r\n    class: x\r\n", "apiVersion: policyctl.dev/v1\r\nkind: SecretContract\r\n# x\r\nspec:\r\n  class: x\r\n"},
		{"keys that the author chooses stay in order", first + "spec:\n  environments:\n    prod: {path: b, store: a}\n    dev: {}\n", first + "spec:\n  environments:\n    prod: {store: a, path: b}\n    dev: {}\n"},
		{"documents of others stay", "kind: Pod\nspec:\n    x:\n    - y\napiVersion: v1\n---\nkind: SecretContract\napiVersion: policyctl.dev/v1\n# end\n---\n", "kind: Pod\nspec:\n    x:\n    - y\napiVersion: v1\n---\napiVersion: policyctl.dev/v1\nkind: SecretContract\n# end\n---\n"},
		{"a document in brackets", "{kind: SecretContract, apiVersion: policyctl.dev/v1}\n", "{apiVersion: policyctl.dev/v1, kind: SecretContract}\n"},
		{"an empty field", "kind: SecretContract\napiVersion: policyctl.dev/v1\nspec: # nothing\nmetadata:\n  name: x\n", first + "metadata:\n  name: x\nspec: # nothing\n"},
		{"unknown fields come last", first + "extra: 1\nspec: {nowhere: 1, class: x}\n", first + "spec: {class: x, nowhere: 1}\nextra: 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := formatted("a.secret.yaml", tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if again, err := formatted("a.secret.yaml", got); err != nil || again != got {
				t.Errorf("formatted again: %v\n%s", err, cmp.Diff(got, again))
			}
		})
	}
}

func TestNotFormatted(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"what does not parse", "a.yaml", "a: [", "a.yaml:1:"},
		{"an alias", "a.yaml", first + "spec: {owner: &o {team: x}, risk: *o}\n", "a.yaml:1:1: the document has an alias"},
		{"a tag", "a.yaml", first + "spec: {owner: !Ref x}\n", "a.yaml:1:1: the document has an alias"},
		{"an explicit key", "a.yaml", first + "? spec\n: {class: x}\n", "a.yaml:1:1: a key or an item does not begin its line"},
		{"JSON", "a.json", "{}", "a.json: only YAML is formatted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := formatted(tt.path, tt.text); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestIndentationMakesNoDifference formats the samples as they are, and with each
// level twice as deep.
func TestIndentationMakesNoDifference(t *testing.T) {
	for name, text := range samples(t) {
		if strings.HasSuffix(name, "waivers.yaml") || strings.HasSuffix(name, "config.yaml") {
			continue
		}
		var wide strings.Builder
		for line := range strings.Lines(text) {
			rest := strings.TrimLeft(line, " ")
			wide.WriteString(strings.Repeat(" ", 2*(len(line)-len(rest))) + strings.Replace(rest, "- ", "-   ", 1))
		}
		want, err := formatted(name, text)
		got, wideErr := formatted(name, wide.String())
		if err != nil || wideErr != nil || got != want {
			t.Errorf("%s: %v, %v\n%s", name, err, wideErr, cmp.Diff(want, got))
		}
		if !slices.Equal(words(text), words(want)) {
			t.Errorf("%s: something is lost", name)
		}
	}
}

// words are all words of a text, sorted.
func words(text string) []string { return slices.Sorted(slices.Values(strings.Fields(text))) }

// FuzzFormat holds that a document formatted says the same, with all its comments,
// and that formatting it again changes nothing.
func FuzzFormat(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(strings.TrimPrefix(text, first))
	}
	for _, text := range []string{"spec:\n- - a\n  - b # c\n-\n  # d\n  e: f\n", "a: |2\n    x\n\n# y\n", "spec: {a: 'x\n\n  y', b: [c,\n d]}\n", "spec:\n  consumers:\n  - scopes: []\n\n    # x\n    workload: y\n  #z\n", "status:\n\n\nspec: x\n ## y\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = first + text
		got, err := formatted("a.yaml", text)
		if err != nil {
			return
		}
		again, err := formatted("a.yaml", got)
		if err != nil || again != got {
			t.Fatalf("%q is formatted to\n%q, and again to\n%q (%v)", text, got, again, err)
		}
		before, _ := yaml.Read(&lint.Source{Path: "a.yaml", Data: []byte(text)})
		after, _ := yaml.Read(&lint.Source{Path: "a.yaml", Data: []byte(got)})
		if !slices.EqualFunc(before, after, same) || strings.Count(text, "#") != strings.Count(got, "#") {
			t.Fatalf("%q is formatted to\n%q", text, got)
		}
	})
}
