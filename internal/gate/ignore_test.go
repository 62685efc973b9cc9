package gate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// The sample is put together so that this file holds no comment of its own.
const sample = ignoreMark + `[a/b] until=2027-01-31 reason="made up for a test"`

func TestIgnoresFindsComments(t *testing.T) {
	tests := []struct {
		name, path, text string
		want             int // the line that is covered, 0 for none
	}{
		{"behind #", "f.yaml", "key: v # " + sample + "\nnext", 1},
		{"without a blank", "f.yaml", "key: v #" + sample, 1},
		{"behind //", "f.go", "f() // " + sample, 1},
		{"behind --", "f.sql", "SELECT 1 -- " + sample, 1},
		{"behind ;", "f.ini", "a=b ; " + sample, 1},
		{"within /* */", "f.css", "a { } /* " + sample + " */", 1},
		{"within <!-- -->", "f.xml", "<a/> <!-- " + sample + " -->", 1},
		{"within a Helm comment", "f.tpl", "a: b {{- /* " + sample + " */ -}}", 1},
		{"alone, it covers the next line", "f.yaml", "a: 1\n  # " + sample + "\nb: 2\nc: 3", 3},
		{"alone in a Helm comment", "f.tpl", "{{/* " + sample + " */}}\na: b", 2},
		{"alone in a block comment", "f.css", "/* " + sample + " */\na {}", 2},
		{"in front of code it covers its own line", "f.c", "/* " + sample + " */ f();\ng();", 1},
		{"blanks and comments do not count", "f.yaml", "# " + sample + "\n\n# why\n---\na: 1\n", 5},
		{"a line that begins with the marker of others does", "f.npmrc", "# " + sample + "\n//host/:key=v\n", 2},
		{"of CR LF files", "f.yaml", "# " + sample + "\r\na: 1\r\n", 2},
		{"nothing follows", "f.yaml", "# " + sample + "\n", -1},
		{"several rules, single quotes, other order", "f.yaml",
			"a: 1 # " + ignoreMark + "[a/b, c/d]  reason='made up for a test' until=\"2027-01-31\"", 1},
		{"an apostrophe is no quote", "f.yaml", "a: don't # " + sample, 1},
		{"quotes that are closed", "f.yaml", `a: "x" # ` + sample, 1},
		{"doubled markers", "f.lisp", ";; " + sample + "\n(a)", 2},
		{"Markdown has comments of its own", "f.md", "text <!-- " + sample + " -->", 1},

		{"a heading in Markdown", "f.md", "# " + sample, 0},
		{"without a comment", "f.yaml", "a: " + sample, 0},
		{"within a string", "f.go", `x := "# ` + sample + `"`, 0},
		{"within a string with an escaped quote", "f.go", `x := "a\" // ` + sample + `"`, 0},
		{"a comment about it", "f.go", "// " + ignoreMark + " comments end on a date", 0},
		{"a longer word", "f.go", "// " + ignoreMark + "d[a/b]", 0},
		{"no blank in front of the marker", "f.yaml", "a#" + sample, 0},
		{"a URL", "f.yaml", "a: https://" + sample, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ignores, findings := Ignores(&lint.Source{Path: test.path, Data: []byte(test.text)})
			if len(findings) > 0 {
				t.Errorf("findings %v", findings)
			}
			got := 0
			if len(ignores) == 1 {
				got = ignores[0].Line
				if got == 0 {
					got = -1
				}
			}
			if len(ignores) > 1 || got != test.want {
				t.Errorf("got line %d (%+v), want %d", got, ignores, test.want)
			}
		})
	}
}

func TestIgnoresReadsAll(t *testing.T) {
	text := "a: 1 # " + ignoreMark + `[a/b,c/d] until=2027-01-31 reason="made up for a test"  `
	got, findings := Ignores(&lint.Source{Path: "f", Data: []byte(text)})
	want := []Ignore{{Rules: []string{"a/b", "c/d"}, Line: 1, Reason: "made up for a test", Until: nextYear,
		Location: lint.Location{Path: "f", Start: lint.Position{Line: 1, Column: 8}, End: lint.Position{Line: 1, Column: len(text) - 1}}}}
	if diff := cmp.Diff(want, got); diff != "" || len(findings) > 0 {
		t.Errorf("findings %v (-want +got):\n%s", findings, diff)
	}
}

func TestIgnoresFindsWhatIsWrong(t *testing.T) {
	tests := []struct{ name, rest, want string }{
		{"no rule", "", "the comment names no rule, write policyctl:ignore[rule] and the ID of a rule"},
		{"attributes but no rule", ` until=2027-01-31`, "the comment names no rule, write policyctl:ignore[rule] and the ID of a rule"},
		{"an empty list of rules", "[] until=2027-01-31", "the comment names no rule, write the ID of a rule between [ and ]"},
		{"an open list of rules", "[a/b until=2027-01-31", "the comment names no rule, write policyctl:ignore[rule] and the ID of a rule"},
		{"no date", `[a/b] reason="made up for a test"`, `the comment has no until, write until=2027-01-31 reason="..."`},
		{"no reason", `[a/b] until=2027-01-31`, `the comment has no reason, write until=2027-01-31 reason="..."`},
		{"an empty reason", `[a/b] until=2027-01-31 reason=" "`, `the comment has no reason, write until=2027-01-31 reason="..."`},
		{"a short reason", `[a/b] until=2027-01-31 reason="test"`, "the reason is shorter than 10 characters, say why the finding may stay"},
		{"no day", `[a/b] until=soon reason="made up for a test"`, "until is no date, want one such as 2027-01-31"},
		{"a misspelt attribute", `[a/b] untill=2027-01-31 reason="made up for a test"`, `unknown attribute "untill", did you mean "until"?`},
		{"an attribute twice", `[a/b] until=2027-01-31 until=2028-01-31`, `the attribute "until" comes twice`},
		{"a remark behind it", `[a/b] until=2027-01-31 reason="made up for a test" to do`, `behind the rules the comment may have until=2027-01-31 and reason="..." only`},
		{"a quote that is not closed", `[a/b] until=2027-01-31 reason="made up`, `behind the rules the comment may have until=2027-01-31 and reason="..." only`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ignores, findings := Ignores(&lint.Source{Path: "f", Data: []byte("a: 1 # " + ignoreMark + test.rest)})
			if len(ignores) > 0 || len(findings) != 1 {
				t.Fatalf("ignores %+v, findings %+v", ignores, findings)
			}
			if f := findings[0]; f.Message != test.want || f.Rule != lint.InvalidWaiver || f.Location.String() != "f:1:8" {
				t.Errorf("got  %s: %s\nwant %s", f.Location, f.Message, test.want)
			}
		})
	}
}

func TestABlockCommentMustEndOnItsLine(t *testing.T) {
	_, findings := Ignores(&lint.Source{Path: "f", Data: []byte("/* " + sample + "\n*/")})
	if len(findings) != 1 || findings[0].Message != "the comment must end with */ on the same line" {
		t.Errorf("findings %v", findings)
	}
}

// Each ignore is complete and stands where it says, and nothing but a name of
// what the comment holds gets into a message.
func FuzzIgnores(f *testing.F) {
	f.Add("a: 1 # " + sample)
	f.Add("<!-- " + sample + " -->\r\n\xff")
	f.Add("{{- /* " + ignoreMark + "[a/b] until=x */ -}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		src := &lint.Source{Path: "f", Data: []byte(text)}
		ignores, findings := Ignores(src)
		if n := strings.Count(text, ignoreMark); len(ignores)+len(findings) > n {
			t.Errorf("%d of %d comments", len(ignores)+len(findings), n)
		}
		for _, i := range ignores {
			if len(i.Rules) == 0 || len(i.Reason) < minReason || i.Line < 0 || i.Line > src.Lines() {
				t.Errorf("incomplete: %+v", i)
			}
			findings = append(findings, i.report(lint.UnusedWaiver, ""))
		}
		for _, finding := range findings {
			at := lint.Span{Source: src, Start: src.Offset(finding.Location.Start), End: src.Offset(finding.Location.End)}
			if !strings.HasPrefix(string(at.Text()), ignoreMark) {
				t.Errorf("%s is %q", fmt.Sprint(finding.Location), at.Text())
			}
		}
	})
}
