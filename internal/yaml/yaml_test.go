package yaml

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
)

func source(path, text string) *lint.Source { return &lint.Source{Path: path, Data: []byte(text)} }

// show writes a tree as one line per leaf: path = text @ what stands there.
func show(docs []*lint.Node) string {
	var b strings.Builder
	for _, doc := range docs {
		doc.Walk(func(path lint.Path, n *lint.Node) bool {
			if n.Kind != lint.Object && n.Kind != lint.List {
				fmt.Fprintf(&b, "%s = %s @ %s\n", path, n.Text, n.Span.Text())
			}
			return true
		})
	}
	return b.String()
}

func TestRead(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"scalars know where they stand", "a: 1\nb: 'it''s'\nc: \"x\\\"y\"\nd: plain text # no\ne:\n", "a = 1 @ 1\nb = it's @ 'it''s'\nc = x\"y @ \"x\\\"y\"\nd = plain text @ plain text\ne =  @ e\n"},
		{"words are those of YAML 1.2", "on: yes\n", "on = yes @ yes\n"},
		{"flow collections", "a: {b: [x, 'y'], c: z}\n", "a.b[0] = x @ x\na.b[1] = y @ 'y'\na.c = z @ z\n"},
		{"a literal block ends with its last line", "a: |\n  one\n\n  two\n\nb: 1\n", "a = one\n\ntwo\n @ |\n  one\n\n  two\nb = 1 @ 1\n"},
		{"a block with an indentation indicator", "a:\n  b: |2\n      x\n    y\n  c: 1\n", "a.b =   x\ny\n @ |2\n      x\n    y\na.c = 1 @ 1\n"},
		{"a folded block in a list", "- >-\n  one\n  two\n- x\n", "[0] = one two @ >-\n  one\n  two\n[1] = x @ x\n"},
		{"a plain value over two lines", "a: one\n  two\nb: 1\n", "a = one two @ one\n  two\nb = 1 @ 1\n"},
		{"anchors and tags are no part of the value", "a: &x !!str 5\nb: !Ref thing\n", "a = 5 @ 5\nb.!Ref = thing @ thing\n"},
		{"an alias stands where its anchor does", "a: &x {k: v}\nb: *x\n", "a.k = v @ v\nb.k = v @ v\n"},
		{"a merge key loses against what stands there", "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n", "a.k = 1 @ 1\na.l = 2 @ 2\nb.k = 3 @ 3\nb.l = 2 @ 2\n"},
		{"several documents", "a: 1\n---\n---\nb: 2\n", "a = 1 @ 1\nb = 2 @ 2\n"},
		{"numbers keep their digits", "a: 12345678901234567890\nb: 0x1F\nc: 1_000\nd: .5\ne: .inf\nf: 1e999999999\n", "a = 12345678901234567890 @ 12345678901234567890\nb = 31 @ 0x1F\nc = 1000 @ 1_000\nd = 0.5 @ .5\ne = .inf @ .inf\nf = 1e999999999 @ 1e999999999\n"},
		{"a date is text", "a: 2026-08-01\n", "a = 2026-08-01 @ 2026-08-01\n"},
		{"wide characters and a byte order mark", "\ufeffä: \"ö\"\nb: [ü, x]\n", "ä = ö @ \"ö\"\nb[0] = ü @ ü\nb[1] = x @ x\n"},
		{"line breaks of Windows", "a: x\r\nb: |\r\n  y\r\nc: z\r\n", "a = x @ x\nb = y\n @ |\r\n  y\nc = z @ z\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, findings := Read(source("x.yaml", tt.text))
			if len(findings) > 0 {
				t.Fatalf("unexpected findings: %v", findings)
			}
			if diff := cmp.Diff(tt.want, show(docs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A pair in a list is a mapping without brackets: those that follow are another's.
func TestCollectionsEndWithTheirBracket(t *testing.T) {
	docs, findings := Read(source("x.yaml", "a: [b: c, d:\n  e] # ]\nf: {g: [h, {i: j}]}\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	var got []string
	docs[0].Walk(func(path lint.Path, n *lint.Node) bool {
		if len(path) > 0 && (n.Kind == lint.Object || n.Kind == lint.List) {
			got = append(got, fmt.Sprintf("%s @ %s", path, n.Span.Text()))
		}
		return true
	})
	want := []string{"a @ [b: c, d:\n  e]", "a[0] @ b: c", "a[1] @ d:\n  e", "f @ {g: [h, {i: j}]}", "f.g @ [h, {i: j}]", "f.g[1] @ {i: j}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadJSON(t *testing.T) {
	text := "{\"a\": [1, \"\\ud83d\\ude00\", true, null],\n\t\"" + strings.Repeat("k", 2000) + "\": \"x\"}\n{\"b\": 2}\n"
	docs, findings := Read(source("x.json", text))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	want := "a[0] = 1 @ 1\na[1] = 😀 @ \"\\ud83d\\ude00\"\na[2] = true @ true\na[3] =  @ null\n" + strings.Repeat("k", 2000) + " = x @ \"x\"\nb = 2 @ 2\n"
	if diff := cmp.Diff(want, show(docs)); diff != "" {
		t.Error(diff)
	}
}

func TestFindings(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 10; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	keys := &strings.Builder{}
	for i := range 50_000 {
		fmt.Fprintf(keys, "k%d: v\n", i)
	}
	tests := []struct{ name, path, text, want string }{
		{"an expansion bomb", "x.yaml", bomb, "policyctl/too-complex"},
		{"keys that occur twice, deep", "x.yaml", strings.Repeat("{a: 1, a: ", 90) + "2" + strings.Repeat("}", 90), "policyctl/syntax-error"},
		{"large mappings that occur twice", "x.yaml", strings.Repeat("a:\n  "+strings.ReplaceAll(strings.TrimSpace(keys.String()), "\n", "\n  ")+"\n", 2), "policyctl/syntax-error"},
		{"an alias that contains itself", "x.yaml", "a: &x [*x]\n", "policyctl/too-complex"},
		{"an alias that contains itself through a mapping", "x.yaml", "a: &x {b: {c: *x}}\n", "policyctl/too-complex"},
		{"a large mapping is fine", "x.yaml", keys.String(), ""},
		{"a large mapping, every key twice", "x.yaml", "k0: v\n" + keys.String(), "policyctl/syntax-error"},
		{"deep nesting", "x.yaml", strings.Repeat("[", 100_000), "policyctl/too-complex"},
		{"nesting beyond our limit", "x.yaml", strings.Repeat("[", 300) + strings.Repeat("]", 300), "policyctl/too-complex"},
		{"deep nesting in JSON", "x.json", strings.Repeat("[", 100_000), "policyctl/too-complex"},
		{"a scalar of 5 MB", "x.yaml", "a: " + strings.Repeat("x", 5_000_000), ""},
		{"one line of 40,000 wide values", "x.yaml", "[" + strings.Repeat("ä, ", 40_000) + "x]", ""},
		{"a duplicate key", "x.yaml", "a: 1\na: 2\n", "policyctl/syntax-error"},
		{"a broken mapping", "x.yaml", "a: 1\nb: c: d\n", "policyctl/syntax-error"},
		{"a template", "x.yaml", "a: 1\n{{ if .x }}: y\n", "policyctl/syntax-error"},
		{"invalid UTF-8", "x.yaml", "a: \xff\xfe\n", "policyctl/syntax-error"},
		{"truncated JSON", "x.json", `{"a": [1,`, "policyctl/syntax-error"},
		{"text behind JSON", "x.json", `{"a": 1} x`, "policyctl/syntax-error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			begin := time.Now()
			_, findings := Read(source(tt.path, tt.text))
			got := ""
			if len(findings) > 0 {
				got = findings[0].Rule.ID
			}
			if got != tt.want {
				t.Errorf("got %q (%v), want %q", got, findings, tt.want)
			}
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestSyntaxErrorsStandAtTheirLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a list item among keys", "a: 1\nb:\n  c: 1\n  d: 2\n  - x\n  e: 3\nf: 4\n", "x.yaml:5:3 YAML cannot be parsed: did not find expected key; line 5 is not read"},
		{"a list that is not closed", "a: 1\nb: [x,\n  y\nc: 2\nd: 3\n", "x.yaml:3:3 YAML cannot be parsed: did not find expected ',' or ']'; lines 2 to 3 are not read"},
		{"a value behind a value", "a: 1\nb: c: d\ne: 2\n", "x.yaml:2:1 YAML cannot be parsed: mapping values are not allowed in this context; line 2 is not read"},
		{"a tab for indentation", "a:\n\tb: 1\n", "x.yaml:2:2 YAML cannot be parsed: found character that cannot start any token; line 2 is not read"},
		{"two errors", "a: b: c\nb: 1\nc: d: e\n", "x.yaml:3:1 YAML cannot be parsed; line 3 is not readx.yaml:1:1 YAML cannot be parsed: mapping values are not allowed in this context; line 1 is not read"},
		{"an anchor that nothing has", "a: 1\nb:\n  c: &x 1\n  <<: *y\nd: 2\n", "x.yaml:4:7 YAML cannot be parsed: unknown anchor 'y' referenced; line 4 is not read"},
		{"a bracket at the end", "a: 1\nb:\n  c: 1\n  x: [\n", "x.yaml:4:3 YAML cannot be parsed: did not find expected node content; line 4 is not read"},
		{"nothing that can be read", "a: b: c\n", "x.yaml:1:1 YAML cannot be parsed: mapping values are not allowed in this context"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := Read(source("x.yaml", tt.text))
			got := ""
			for _, f := range findings {
				got += f.Location.String() + " " + f.Message
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAroundASyntaxErrorAllIsRead(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"entries above and below", "a: 1\nb:\n  c: 1\n  d: x: y\n  e: 2\nf: 3\n", "a = 1 @ 1\nb.c = 1 @ 1\nb.e = 2 @ 2\nf = 3 @ 3\n"},
		{"items above and below", "a:\n- x: 1\n  y: 2\n- x: 'it''s' 5\n  y: 3\n- x: 4\n", "a[0].x = 1 @ 1\na[0].y = 2 @ 2\na[1].x = 4 @ 4\n"},
		{"a key of an item", "a:\n  - x: 1\n    y: 2: 3\n    z: 4\n  - x: 5\n", "a[0].x = 1 @ 1\na[0].z = 4 @ 4\na[1].x = 5 @ 5\n"},
		{"a quote that is not closed", "a:\n  b: 1\n  c: \"x\n  d: 2\ne:\n  f: \"y\"\n", "a.b = 1 @ 1\na.d = 2 @ 2\ne.f = y @ \"y\"\n"},
		{"a list that is not closed", "a: 1\nb:\n  c: [x, y\n  d: 2\ne: 3\n", "a = 1 @ 1\nb.d = 2 @ 2\ne = 3 @ 3\n"},
		{"a tab", "a:\n  b: 1\n\tc: 2\n  d: 3\n", "a.b = 1 @ 1\na.d = 3 @ 3\n"},
		{"text of a script too far left", "a:\n  - run: |\n      cat <<EOF\ntext\nEOF\n  - run: x\nb: 1\n", "a[0].run = cat <<EOF\n @ |\n      cat <<EOF\na[1].run = x @ x\nb = 1 @ 1\n"},
		{"documents above and below", "a: 1\n---\nb: c: d\ne: 1\n---\nf: 2\n", "a = 1 @ 1\ne = 1 @ 1\nf = 2 @ 2\n"},
		{"an unknown tag", "a: 1\nb: !x!y 2\nc: 3\n", "a = 1 @ 1\nc = 3 @ 3\n"},
		{"an unknown anchor", "a: 1\nb:\n  <<: *nobody\n  c: 2\n", "a = 1 @ 1\nb.c = 2 @ 2\n"},
		{"an anchor in what is not read", "a: &x b: c\nd: *x\ne: &y 1\nf: *y\n", "e = 1 @ 1\nf = 1 @ 1\n"},
		{"a key that is a mapping", "a: 1\n{{ x }}: 2\nb: 3\n", "a = 1 @ 1\nb = 3 @ 3\n"},
		{"an alias that contains itself", "a: &x [1, *x]\nb: 2\n", "a[0] = 1 @ 1\na[1][0] = 1 @ 1\na[1][1] =  @ *x\nb = 2 @ 2\n"},
		{"a key that occurs twice", "a: {b: 1, c: [2]}\na: {b: 3, c: [4], d: 5}\ne: 6\n", "a.b = 3 @ 3\na.c[0] = 2 @ 2\na.c[1] = 4 @ 4\na.d = 5 @ 5\ne = 6 @ 6\n"},
		{"a byte that YAML does not know", "a: 1\nb: \x01\nc: ä \nd: 3\n", "a = 1 @ 1\nc = ä @ ä\nd = 3 @ 3\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, findings := Read(source("x.yaml", tt.text))
			if len(findings) == 0 {
				t.Error("the error is not told")
			}
			if diff := cmp.Diff(tt.want, show(docs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSyntaxErrorsQuoteNoValues(t *testing.T) {
	const planted = "correct-horse-battery"
	for _, text := range []string{"a: *" + planted, "a: 'x' " + planted, "a: \"" + planted + "\\q\"", "%" + planted + "\n---\n", "a: !<" + planted + " x"} {
		_, findings := Read(source("x.yaml", text))
		for _, f := range findings {
			if strings.Contains(f.Message, planted) {
				t.Errorf("%q is quoted: %s", text, f.Message)
			}
		}
	}
}

// FuzzRead holds that what stands at the place of a value, read once more, is
// that value.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: 1", "a: |\n  x\n", "- 'x'\n- \"y\\n\"", "a: &x {b: c}\nd: *x\n<<: *x", "{a: [b, c]}", "a: >2\n    x\n", "? a\n: b", "a: \"x\n b\nc: d: e\nf: 'g'\n", "a:\n- b\n- c: |-\n    d"} {
		f.Add(seed, "x.yaml")
		f.Add(seed, "x.json")
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		if path != "x.json" {
			path = "x.yaml"
		}
		docs, _ := Read(source(path, text))
		for _, doc := range docs {
			doc.Walk(func(p lint.Path, n *lint.Node) bool {
				if n.Span.Start < 0 || n.Span.End > len(text) || n.Span.Start > n.Span.End {
					t.Fatalf("%s: the span %d-%d is outside of the file of %d bytes", p, n.Span.Start, n.Span.End, len(text))
				}
				if again, ok := reread(path, n); ok && again != n.Text {
					t.Fatalf("%s: %q reads as %q, not %q", p, n.Span.Text(), again, n.Text)
				}
				return true
			})
		}
	})
}

// reread parses the text of a quoted string once more: such a text means the
// same wherever it stands.
func reread(path string, n *lint.Node) (string, bool) {
	text := n.Span.Text()
	if n.Kind != lint.String || len(text) < 2 || text[0] != '"' && text[0] != '\'' {
		return "", false
	}
	var again string
	if path == "x.json" {
		err := json.Unmarshal(text, &again)
		return again, err == nil
	}
	err := yamlv3.Unmarshal(text, &again)
	return again, err == nil
}
