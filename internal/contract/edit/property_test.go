package edit

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/yaml"
)

// samples are the contracts, catalogues and defaults of the sample repositories.
func samples(t testing.TB) map[string]string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"../../../testdata/shop*/secrets/*.yaml", "../../../testdata/shop*/.policyctl/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	all := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	if len(all) < 10 {
		t.Fatalf("only %d samples", len(all))
	}
	return all
}

// leaves writes what a document holds, without what stands below a path.
func leaves(root *lint.Node, but lint.Path) []string {
	var all []string
	root.Walk(func(at lint.Path, n *lint.Node) bool {
		if n.Kind != lint.Object && n.Kind != lint.List && !slices.Equal(at[:min(len(at), len(but))], but) {
			all = append(all, at.String()+"="+n.Text)
		}
		return true
	})
	slices.Sort(all)
	return all
}

// verify holds a file to what it was, but for what stands below a path.
func verify(t *testing.T, before string, file *File, but lint.Path, onlyMore bool) {
	t.Helper()
	after := string(file.Text())
	old, _ := yaml.Read(&lint.Source{Path: file.src.Path, Data: []byte(before)})
	docs, findings := yaml.Read(&lint.Source{Path: file.src.Path, Data: []byte(after)})
	if len(findings) > 0 || len(docs) != len(old) {
		t.Fatalf("%s: the file is broken: %v\n%s", but, findings, after)
	}
	for i := range docs {
		path := but
		if i > 0 {
			path = lint.Path{"no such field"}
		}
		if want, got := leaves(old[i], path), leaves(docs[i], path); !slices.Equal(want, got) {
			t.Fatalf("%s: something else changed:\n%q\n%q\n%s", but, want, got, after)
		}
	}
	if onlyMore && !holds(before, after) {
		t.Fatalf("%s: text is lost:\n%s\nis now\n%s", but, before, after)
	}
}

// holds says whether a text is another one with something put into it.
func holds(before, after string) bool {
	prefix := 0
	for prefix < min(len(before), len(after)) && before[prefix] == after[prefix] {
		prefix++
	}
	return strings.HasSuffix(after[prefix:], before[prefix:])
}

func TestEveryEditOfTheSamples(t *testing.T) {
	variants := []func(string) string{
		func(text string) string { return text },
		func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		func(text string) string { return strings.TrimSuffix(text, "\n") },
		func(text string) string { return text + "---\n" + text },
	}
	all := samples(t)
	for i, name := range slices.Sorted(maps.Keys(all)) {
		text := variants[i%len(variants)](all[name])
		open(t, name, text).Root(0).Walk(func(at lint.Path, n *lint.Node) bool {
			if len(at) > 0 {
				tryAll(t, name, text, slices.Clone(at), n)
			}
			return true
		})
	}
}

func tryAll(t *testing.T, name, data string, at lint.Path, n *lint.Node) {
	t.Helper()
	f := open(t, name, data)
	if err := f.Set(0, at, text("new: value")); err != nil {
		t.Error(err)
	}
	verify(t, data, f, at, false)
	if _, isItem := at[len(at)-1].(int); !isItem {
		f = open(t, name, data)
		if err := f.Remove(0, at); err != nil {
			t.Error(err)
		}
		verify(t, data, f, at, false)
	}
	switch n.Kind {
	case lint.List:
		f = open(t, name, data)
		if err := f.Append(0, at, object("workload", text("app:x"))); err != nil {
			t.Error(err)
		}
		verify(t, data, f, append(at, len(n.Items)), true)
	case lint.Object:
		f = open(t, name, data)
		path := append(at, "rotation", "interval")
		if f.Root(0).At(path) != nil {
			return
		}
		if err := f.Set(0, path, text("90d")); err != nil {
			t.Error(err)
		}
		verify(t, data, f, path, true)
	}
}

// FuzzEdit holds that an edit changes nothing but what it says, or is refused.
func FuzzEdit(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text, uint8(30), uint8(0))
	}
	f.Add("kind: SecretContract\nspec: {a: &x [b, {c: d}], e: *x}\n", uint8(3), uint8(1))
	f.Add("- - a\n  - b\n- ? c\n  : d\n", uint8(2), uint8(2))
	f.Add("a: |+\n  x\n\n\nb: >-\n  y\n", uint8(1), uint8(0))
	f.Fuzz(func(t *testing.T, data string, node, op uint8) {
		file, err := Open(&lint.Source{Path: "a.yaml", Data: []byte(data)})
		if err != nil || len(file.docs) == 0 {
			return
		}
		var paths []lint.Path
		file.Root(0).Walk(func(at lint.Path, _ *lint.Node) bool {
			paths = append(paths, slices.Clone(at))
			return len(paths) < 100
		})
		at := paths[int(node)%len(paths)]
		switch op % 4 {
		case 0:
			if file.Set(0, at, text("new")) == nil {
				verify(t, data, file, at, false)
			}
		case 1:
			if file.Remove(0, at) == nil && !isItem(at) {
				verify(t, data, file, at, false)
			}
		case 2:
			if file.Append(0, at, text("new")) == nil {
				verify(t, data, file, at, false)
			}
		case 3:
			if file.Set(0, append(at, "new", "field"), text("new")) == nil {
				verify(t, data, file, at, false)
			}
		}
	})
}

func isItem(at lint.Path) bool {
	if len(at) == 0 {
		return false
	}
	_, is := at[len(at)-1].(int)
	return is
}
