package edit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func text(s string) *lint.Node { return lint.NewString(s, lint.Span{}) }

func texts(all ...string) *lint.Node {
	list := lint.NewList(lint.Span{})
	for _, s := range all {
		list.Items = append(list.Items, text(s))
	}
	return list
}

// object makes a mapping of keys and values in turn.
func object(all ...any) *lint.Node {
	n := lint.NewObject(lint.Span{})
	for i := 0; i < len(all); i += 2 {
		n.Set(all[i].(string), lint.Span{}, all[i+1].(*lint.Node))
	}
	return n
}

func at(parts ...any) lint.Path { return parts }

func open(t *testing.T, path, data string) *File {
	t.Helper()
	f, err := Open(&lint.Source{Path: path, Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const head = "kind: SecretContract\nmetadata: {name: db} # who\nspec:\n"

func TestEdits(t *testing.T) {
	set := func(value *lint.Node, path ...any) func(*File) error {
		return func(f *File) error { return f.Set(0, path, value) }
	}
	appends := func(item *lint.Node, path ...any) func(*File) error {
		return func(f *File) error { return f.Append(0, path, item) }
	}
	remove := func(path ...any) func(*File) error {
		return func(f *File) error { return f.Remove(0, path) }
	}
	tests := []struct {
		name, text string
		edit       func(*File) error
		want       string
	}{
		{"a value", head + "  class: x # why\n", set(text("z"), "spec", "class"), head + "  class: z # why\n"},
		{"a value in quotes keeps them", head + "  purpose: \"x\"\n  class: 'y'\n", set(text("it's"), "spec", "class"), head + "  purpose: \"x\"\n  class: 'it''s'\n"},
		{"a value that needs quotes", head + "  purpose: x\n", set(text("a: b # c"), "spec", "purpose"), head + "  purpose: \"a: b # c\"\n"},
		{"a value that others take for a truth value", head + "  purpose: x\n", set(text("yes"), "spec", "purpose"), head + "  purpose: \"yes\"\n"},
		{"a number", head + "  approvals: {rotate: {count: 1}}\n", set(lint.NewNumber(2, lint.Span{}), "spec", "approvals", "rotate", "count"), head + "  approvals: {rotate: {count: 2}}\n"},
		{"a block of text", head + "  purpose: |\n    one\n    two\n  class: x\n", set(text("z"), "spec", "purpose"), head + "  purpose: z\n  class: x\n"},
		{"a value of an item", head + "  consumers:\n  - workload: a:b\n", set(text("c:d"), "spec", "consumers", 0, "workload"), head + "  consumers:\n  - workload: c:d\n"},
		{"a field in the middle", head + "  purpose: x # why\n  # the team\n  owner: {team: y}\n", set(text("z"), "spec", "class"), head + "  purpose: x # why\n  class: z\n  # the team\n  owner: {team: y}\n"},
		{"a field at the front", head + "  owner: {team: y}\n", set(text("z"), "spec", "class"), head + "  class: z\n  owner: {team: y}\n"},
		{"a field behind a block", head + "  purpose: |\n    one\n\n  owner: {team: y}\n", set(text("z"), "spec", "class"), head + "  purpose: |\n    one\n  class: z\n\n  owner: {team: y}\n"},
		{"a field at the end of a file without a break", head + "  class: x", set(text("2026-11-02"), "status", "lastRotated"), head + "  class: x\nstatus:\n  lastRotated: 2026-11-02"},
		{"a mapping that is missing", head + "  class: x\n", set(text("2026-11-02"), "status", "lastRotated"), head + "  class: x\nstatus:\n  lastRotated: 2026-11-02\n"},
		{"two mappings that are missing", head + "  class: x\n", set(texts("a", "b"), "spec", "approvals", "rotate", "teams"), head + "  class: x\n  approvals:\n    rotate:\n      teams: [a, b]\n"},
		{"a field in brackets", head + "  rotation: {method: job, overlap: 1h}\n", set(text("90d"), "spec", "rotation", "interval"), head + "  rotation: {interval: 90d, method: job, overlap: 1h}\n"},
		{"a field at the end of brackets", head + "  rotation: {interval: 90d, }\n", set(text("1h"), "spec", "rotation", "overlap"), head + "  rotation: {interval: 90d, overlap: 1h, }\n"},
		{"a field in empty brackets", head + "  rotation: {}\n", set(text("90d"), "spec", "rotation", "interval"), head + "  rotation: {interval: 90d}\n"},
		{"a mapping that is empty", head + "  class: x\nstatus: # later\n", set(text("2026-11-02"), "status", "lastRotated"), head + "  class: x\nstatus: # later\n  lastRotated: 2026-11-02\n"},
		{"a mapping that is null", head + "  class: x\nstatus: ~ # later\n", set(text("2026-11-02"), "status", "lastRotated"), head + "  class: x\nstatus:\n  lastRotated: 2026-11-02 # later\n"},
		{"a key that the schema does not know", head + "  class: x\n", set(text("b"), "metadata", "labels", "a"), "kind: SecretContract\nmetadata: {name: db, labels: {a: b}} # who\nspec:\n  class: x\n"},
		{"an item in brackets", head + "  delivery: [file, csi] # how\n", appends(text("sdk"), "spec", "delivery"), head + "  delivery: [file, csi, sdk] # how\n"},
		{"an item in empty brackets", head + "  delivery: []\n", appends(text("sdk"), "spec", "delivery"), head + "  delivery: [sdk]\n"},
		{"an item in brackets of several lines", head + "  delivery: [\n    file, # best\n    csi, # good\n  ]\n", appends(text("sdk"), "spec", "delivery"), head + "  delivery: [\n    file, # best\n    csi, # good\n    sdk,\n  ]\n"},
		{"an item in lines", head + "  delivery:\n    - file # best\n  class: x\n", appends(text("sdk"), "spec", "delivery"), head + "  delivery:\n    - file # best\n    - sdk\n  class: x\n"},
		{"an item of lines that are not indented", head + "  consumers:\n  - workload: a:b\n    environments: [prod]\n  class: x\n", appends(object("workload", text("c:d"), "environments", texts("prod")), "spec", "consumers"),
			head + "  consumers:\n  - workload: a:b\n    environments: [prod]\n  - workload: c:d\n    environments: [prod]\n  class: x\n"},
		{"an item like the one before it", head + "  consumers:\n    - {workload: \"a:b\"}\n", appends(object("workload", text("c:d")), "spec", "consumers"), head + "  consumers:\n    - {workload: \"a:b\"}\n    - {workload: c:d}\n"},
		{"an item of a list that is missing", head + "  class: x\n", appends(text("A"), "spec", "references", "github"), head + "  class: x\n  references:\n    github: [A]\n"},
		{"an item that is a mapping, of a list that is missing", head + "  class: x\n", appends(object("workload", text("c:d"), "scopes", texts("a")), "spec", "consumers"), head + "  class: x\n  consumers:\n    - workload: c:d\n      scopes: [a]\n"},
		{"a field goes", head + "  # what\n  class: x # why\n  owner: {team: y}\n", remove("spec", "class"), head + "  # what\n  owner: {team: y}\n"},
		{"a field of several lines goes", head + "  class: x\n  owner:\n    team: y\n\n  runbook: z\n", remove("spec", "owner"), head + "  class: x\n\n  runbook: z\n"},
		{"the last line goes", head + "  class: x\n  runbook: z", remove("spec", "runbook"), head + "  class: x"},
		{"the only field goes", head + "  class: x\n  owner: # who\n    team: y\n", remove("spec", "owner", "team"), head + "  class: x\n  owner: # who\n    {}\n"},
		{"the only item goes", head + "  class: x\n  delivery:\n    - env\n", remove("spec", "delivery", 0), head + "  class: x\n  delivery: []\n"},
		{"a field of brackets goes", head + "  owner: {team: x, escalation: y}\n", remove("spec", "owner", "team"), head + "  owner: {escalation: y}\n"},
		{"the last field of brackets goes", head + "  owner: {team: x, escalation: y}\n", remove("spec", "owner", "escalation"), head + "  owner: {team: x}\n"},
		{"an item goes", head + "  delivery:\n    - env\n    # better\n    - file\n", remove("spec", "delivery", 0), head + "  delivery:\n    # better\n    - file\n"},
		{"the first field of an item goes", head + "  consumers:\n    - workload: a:b\n      scopes: [c]\n", remove("spec", "consumers", 0, "workload"), head + "  consumers:\n    - scopes: [c]\n"},
		{"the first field of an item goes, and a comment stays", head + "  consumers:\n    - workload: a:b\n      # what\n      scopes: [c]\n", remove("spec", "consumers", 0, "workload"), head + "  consumers:\n    - \n      # what\n      scopes: [c]\n"},
		{"line breaks of Windows", "kind: SecretContract\r\nspec:\r\n  class: x\r\n", set(text("2026-11-02"), "status", "lastRotated"), "kind: SecretContract\r\nspec:\r\n  class: x\r\nstatus:\r\n  lastRotated: 2026-11-02\r\n"},
		{"a line with a break of Windows goes", "kind: SecretContract\r\nspec:\r\n  class: x\r\n  runbook: y\r\n", remove("spec", "class"), "kind: SecretContract\r\nspec:\r\n  runbook: y\r\n"},
		{"a byte order mark", "\ufeffkind: SecretContract\nspec: {class: x}\n", set(text("policyctl.dev/v1"), "apiVersion"), "\ufeffapiVersion: policyctl.dev/v1\nkind: SecretContract\nspec: {class: x}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, "a.secret.yaml", tt.text)
			if err := tt.edit(f); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(f.Text())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSeveralDocuments(t *testing.T) {
	const one = "# one\nkind: SecretContract\nmetadata: {name: a}\n"
	f := open(t, "a.secret.yaml", one+"---\n# nothing\n---\n"+strings.ReplaceAll(one, "a}", "b}")+"...\n---\n"+strings.ReplaceAll(one, "a}", "c}"))
	for _, name := range []string{"b", "a", "c"} {
		if err := f.Set(f.Find("SecretContract", name), at("status", "lastRotated"), text("2026-11-02")); err != nil {
			t.Fatal(err)
		}
	}
	status := "status:\n  lastRotated: 2026-11-02\n"
	want := one + status + "---\n# nothing\n---\n" + strings.ReplaceAll(one, "a}", "b}") + status + "...\n---\n" + strings.ReplaceAll(one, "a}", "c}") + status
	if diff := cmp.Diff(want, string(f.Text())); diff != "" {
		t.Error(diff)
	}
	if f.Find("SecretContract", "d") != -1 || f.Root(-1) != nil || f.Root(3) != nil {
		t.Error("there are more documents than there are")
	}
}

func TestJSON(t *testing.T) {
	f := open(t, "a.secret.json", `{"kind": "SecretContract", "spec": {"class": "x", "delivery": ["env"]}}`+"\n")
	edits := []error{
		f.Set(0, at("status", "lastRotated"), text("2026-11-02")),
		f.Append(0, at("spec", "delivery"), text("file")),
		f.Remove(0, at("spec", "delivery", 0)),
		f.Remove(0, at("spec", "class")),
	}
	for _, err := range edits {
		if err != nil {
			t.Error(err)
		}
	}
	want := `{"kind": "SecretContract", "spec": {"delivery": ["file"]}, "status": {"lastRotated": "2026-11-02"}}` + "\n"
	if diff := cmp.Diff(want, string(f.Text())); diff != "" {
		t.Error(diff)
	}
}

// TestLayout adds to collections in brackets as they are written.
func TestLayout(t *testing.T) {
	const lines = "{\n  \"kind\": \"x\",\n  \"spec\": {\n    \"list\": [\n      \"a\"\n    ],\n    \"none\": {}\n  }\n}\n"
	object := func() *lint.Node {
		n := lint.NewObject(lint.Span{})
		n.Set("k", lint.Span{}, lint.NewList(lint.Span{}, text("v")))
		return n
	}
	set := func(value *lint.Node, path ...any) func(*File) error {
		return func(f *File) error { return f.Set(0, path, value) }
	}
	add := func(path ...any) func(*File) error {
		return func(f *File) error { return f.Append(0, path, text("b")) }
	}
	tests := []struct {
		name, file, text string
		edit             func(*File) error
		want             string
	}{
		{"a field", "a.json", lines, set(text("c"), "spec", "more"), strings.Replace(lines, "{}\n", "{},\n    \"more\": \"c\"\n", 1)},
		{"a mapping", "a.json", lines, set(object(), "more"),
			strings.Replace(lines, "  }\n}\n", "  },\n  \"more\": {\n    \"k\": [\n      \"v\"\n    ]\n  }\n}\n", 1)},
		{"what is missing on the way", "a.json", lines, set(text("c"), "more", "most"),
			strings.Replace(lines, "  }\n}\n", "  },\n  \"more\": {\n    \"most\": \"c\"\n  }\n}\n", 1)},
		{"an item", "a.json", lines, add("spec", "list"), strings.Replace(lines, "\"a\"\n", "\"a\",\n      \"b\"\n", 1)},
		{"into an empty one", "a.json", lines, set(text("c"), "spec", "none", "k"), strings.Replace(lines, "{}", "{\n      \"k\": \"c\"\n    }", 1)},
		{"in place of a text", "a.json", lines, set(object(), "kind"), strings.Replace(lines, "\"x\"", "{\n    \"k\": [\n      \"v\"\n    ]\n  }", 1)},
		{"tabs and line breaks of Windows", "a.json", "{\r\n\t\"a\" : 1\r\n}", set(text("c"), "b"), "{\r\n\t\"a\" : 1,\r\n\t\"b\" : \"c\"\r\n}"},
		{"without spaces", "a.json", `{"a":1,"l":["a"]}`, set(object(), "b"), `{"a":1,"l":["a"],"b":{"k":["v"]}}`},
		{"one line among others", "a.json", "{\n  \"a\": {\"b\": 1}\n}", set(text("c"), "a", "c"), "{\n  \"a\": {\"b\": 1, \"c\": \"c\"}\n}"},
		{"brackets of YAML", "a.yaml", "a: {\n  b: 1, # one\n  c: 2 # two\n}\n", set(text("d"), "a", "d"), "a: {\n  b: 1, # one\n  c: 2, # two\n  d: d\n}\n"},
		{"and a comma behind the last", "a.yaml", "a: [\n  a, # one\n]\n", add("a"), "a: [\n  a, # one\n  b,\n]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, tt.file, tt.text)
			if err := tt.edit(f); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(f.Text())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	const aliases = "kind: SecretContract\nspec:\n  owner: &o {team: x}\n  risk: *o\n  renewal: {<<: *o, method: auto}\n"
	tests := []struct {
		name, text string
		edit       func(*File) error
		want       string
	}{
		{"a value behind an alias", aliases, func(f *File) error { return f.Set(0, at("spec", "risk", "team"), text("y")) }, "a.secret.yaml:3:13: spec.risk.team is an alias; write it out first"},
		{"a value of a merge key", aliases, func(f *File) error { return f.Set(0, at("spec", "renewal", "team"), text("y")) }, "a.secret.yaml:3:20: spec.renewal.team comes from a merge key; write it out first"},
		{"a value that others share", aliases, func(f *File) error { return f.Set(0, at("spec", "owner", "team"), text("y")) }, "a.secret.yaml:3:20: spec.owner.team cannot be edited without a change of something else; edit it by hand"},
		{"a field of a text", aliases, func(f *File) error { return f.Set(0, at("kind", "x"), text("y")) }, "a.secret.yaml:1:7: kind.x cannot be there: kind is no mapping"},
		{"an item that is missing", aliases, func(f *File) error { return f.Set(0, at("spec", "consumers", 0), text("y")) }, "a.secret.yaml:3:3: spec.consumers[0] is an item that is not there"},
		{"an item of no list", aliases, func(f *File) error { return f.Append(0, at("kind"), text("y")) }, "a.secret.yaml:1:7: kind is no list"},
		{"what is not there", aliases, func(f *File) error { return f.Remove(0, at("spec", "drill")) }, "a.secret.yaml: spec.drill is not there"},
		{"a document that is missing", aliases, func(f *File) error { return f.Set(1, at("kind"), text("y")) }, "a.secret.yaml: there is no document 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t, "a.secret.yaml", tt.text)
			err := tt.edit(f)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if string(f.Text()) != tt.text {
				t.Error("the text has changed")
			}
		})
	}
	if _, err := Open(&lint.Source{Path: "a.yaml", Data: []byte("a: [")}); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:1:") {
		t.Errorf("got %v", err)
	}
}
