package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestFrame(t *testing.T) {
	at := func(line, start, end int) lint.Location {
		return lint.Location{Path: "f", Start: lint.Position{Line: line, Column: start}, End: lint.Position{Line: line, Column: end}}
	}
	long := strings.Repeat("a", 200) + "HERE" + strings.Repeat("b", 200)
	tests := []struct {
		name      string
		text      string
		at        lint.Location
		sensitive []lint.Location
		want      string
	}{
		{"one character", "ab", at(1, 2, 3), nil,
			"    1 | ab\n      |  ^\n"},
		{"an empty range is one mark", "ab", at(1, 1, 1), nil,
			"    1 | ab\n      | ^\n"},
		{"a range at the end of the line", "ab\n", at(1, 3, 3), nil,
			"    1 | ab\n      |   ^\n"},
		{"several lines are marked to the end of the first", "ab\ncd",
			lint.Location{Path: "f", Start: lint.Position{Line: 1, Column: 2}, End: lint.Position{Line: 2, Column: 2}}, nil,
			"    1 | ab\n      |  ^\n"},
		{"tabs are blanks up to the next stop", "\tab\tc", at(1, 4, 6), nil,
			"    1 |     ab  c\n      |       ^~~\n"},
		{"wide characters have wide marks", "東京: x", at(1, 2, 3), nil,
			"    1 | 東京: x\n      |   ^~\n"},
		{"combining characters have no width", "e\u0301x", at(1, 3, 4), nil,
			"    1 | e\u0301x\n      |  ^\n"},
		{"invalid bytes and control characters are shown as such", "\xff\x1b[0m\u200bx", at(1, 7, 8), nil,
			"    1 | ��[0m�x\n      |       ^\n"},
		{"long lines are cut around the marks", long, at(1, 201, 205), nil,
			"    1 | …" + strings.Repeat("a", 40) + "HERE" + strings.Repeat("b", 76) + "…\n" +
				"      |  " + strings.Repeat(" ", 40) + "^~~~\n"},
		{"the start of a long line", long, at(1, 1, 3), nil,
			"    1 | " + long[:120] + "…\n      | ^~\n"},
		{"a credential has a mask of fixed length", "k: hunter-two # c", at(1, 4, 14), []lint.Location{at(1, 4, 14)},
			"    1 | k: [REDACTED]\n      |    ^~~~~~~~~~\n"},
		{"a mark within a mask points at all of it", "k: hunter-two", at(1, 6, 7), []lint.Location{at(1, 4, 14)},
			"    1 | k: [REDACTED]\n      |    ^~~~~~~~~~\n"},
		{"what is behind a credential is masked with it", "k: abc;def # note", at(1, 12, 13), []lint.Location{at(1, 4, 7)},
			"    1 | k: [REDACTED]\n      |    ^~~~~~~~~~\n"},
		{"a line that holds more than a name before a credential is not shown", "run: mysql -padmin && tool --key second x", at(1, 34, 40), []lint.Location{at(1, 34, 40)}, ""},
		{"a credential of several lines is shown on none but its first", "k: |\n  first\n  last # x", at(3, 3, 7),
			[]lint.Location{{Path: "f", Start: lint.Position{Line: 2, Column: 3}, End: lint.Position{Line: 3, Column: 7}}},
			""},
		{"a credential without an end reaches to the end of its line", "k: abc # note\nx", at(1, 1, 2),
			[]lint.Location{{Path: "f", Start: lint.Position{Line: 1, Column: 4}}},
			"    1 | k: [REDACTED]\n      | ^\n"},
		{"a credential is masked where it is repeated", "a: hunter-two\nb: hunter-two", at(2, 1, 2), []lint.Location{at(1, 4, 14)},
			"    2 | b: [REDACTED]\n      | ^\n"},
		{"a word is masked in its place only", "password: postgres\nimage: postgres", at(2, 1, 6), []lint.Location{at(1, 11, 19)},
			"    2 | image: postgres\n      | ^~~~~\n"},
		{"line numbers of many digits", strings.Repeat("\n", 123455) + "x", at(123456, 1, 2), nil,
			"123456 | x\n       | ^\n"},
		{"a line that does not exist", "a", at(7, 1, 2), nil, ""},
		{"the whole file", "a", lint.Location{Path: "f"}, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := &lint.Source{Path: "f", Data: []byte(test.text)}
			c := newCleaner(Report{Source: func(lint.Location) *lint.Source { return src }, Sensitive: test.sensitive})
			if diff := cmp.Diff(test.want, c.frame(test.at, false)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever stands in a file and wherever a credential in it is: no part of the
// credential that is longer than a mask could hide is shown, no control
// character, and the marks stand under the line.
func FuzzFrame(f *testing.F) {
	f.Add("k: hunter-two\n", 3, 13, 1, 1, 2)
	f.Add("\t東京\x1b\xff\n\r\n", 1, 4, 2, 9, 1)
	f.Add(strings.Repeat("wide ", 90), 300, 310, 1, 200, 210)
	f.Fuzz(func(t *testing.T, text string, from, to, line, start, end int) {
		src := &lint.Source{Path: "f", Data: []byte(text)}
		secret := lint.Span{Source: src, Start: from, End: to}
		c := newCleaner(Report{Source: func(lint.Location) *lint.Source { return src }, Sensitive: []lint.Location{secret.Location()}})
		at := lint.Location{Path: "f", Start: lint.Position{Line: line, Column: start}, End: lint.Position{Line: line, Column: end}}
		frame := c.frame(at, false)
		for _, r := range strings.ReplaceAll(frame, "\n", "") {
			if isHidden(r) {
				t.Errorf("the frame holds %q:\n%s", r, frame)
			}
		}
		if n := strings.Count(frame, "\n"); n != 0 && n != 2 {
			t.Errorf("a frame of %d lines:\n%s", n, frame)
		}
		value := strings.TrimSpace(string(secret.Text()))
		if len(value) > 12 && !strings.Contains(value, "\n") && strings.Count(text, value) == 1 && strings.Contains(frame, value) {
			t.Errorf("the frame holds the credential %q:\n%s", value, frame)
		}
	})
}
