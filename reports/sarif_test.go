package reports

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

func readSARIF(t *testing.T, r Report) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", r)), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

func TestSARIFNamesTheRuleOfEachResult(t *testing.T) {
	run := readSARIF(t, example())
	for _, result := range run.Results {
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID {
			t.Errorf("index %d is %s, not %s", result.RuleIndex, rule.ID, result.RuleID)
		}
	}
}

// From the hash of a line and the rest of it a short credential can be guessed.
func TestSARIFHasNoLineHashWhereACredentialTakesPart(t *testing.T) {
	text := "first\nkey: hunter-two\n" + strings.Repeat("long line of text here\n", 9)
	src := &lint.Source{Path: "f", Data: []byte(text)}
	at := func(what string) lint.Location {
		i := strings.Index(text, what)
		return lint.Span{Source: src, Start: i, End: i + len(what)}.Location()
	}
	tests := []struct {
		name string
		rule *lint.Rule
		at   lint.Location
		want bool
	}{
		{"the line of the credential", root, at("key"), false},
		{"a line before it", root, at("first"), false},
		{"a line behind it", root, at("long"), true},
		{"a finding of a credential elsewhere", urlPassword, at("long"), false},
		{"a policy about a credential elsewhere", literal, at("long"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run := readSARIF(t, Report{
				Source:    func(lint.Location) *lint.Source { return src },
				Sensitive: []lint.Location{at("hunter-two")},
				Verdict:   new(gate.Gate).Judge([]lint.Finding{{Rule: test.rule, Location: test.at, Message: "m"}}, gate.Coverage{}),
			})
			if _, got := run.Results[0].PartialFingerprints["primaryLocationLineHash"]; got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSARIFLeavesOutTheLeastSevere(t *testing.T) {
	var findings []lint.Finding
	for i := range maxResults + 7 {
		rule := root
		if i >= maxResults {
			rule = privileged
		}
		findings = append(findings, lint.Finding{Rule: rule, Location: lint.Location{Path: fmt.Sprintf("%05d", i)}, Message: "m"})
	}
	verdict := new(gate.Gate).Judge(findings, gate.Coverage{Files: 1, Rules: []*lint.Rule{root}})
	run := readSARIF(t, Report{Verdict: verdict})
	if len(run.Results) != maxResults {
		t.Errorf("%d results, want %d", len(run.Results), maxResults)
	}
	if last := run.Results[len(run.Results)-1]; last.RuleID != privileged.ID {
		t.Errorf("the last result is of %s", last.RuleID)
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != 1 || notes[0].Message.Text != "7 findings left out: code scanning takes 5000 results." {
		t.Errorf("notifications %+v", notes)
	}
	if full := readSARIF(t, Report{Verdict: verdict, SARIFProfile: Full}); len(full.Results) != len(findings) {
		t.Errorf("the full profile has %d results of %d", len(full.Results), len(findings))
	}
}

func TestSARIFMessagesAreShortEnough(t *testing.T) {
	long := strings.Repeat("東", 900)
	f := lint.Finding{Rule: root, Location: find(podPath, "web"), Message: long}
	for range 9 {
		f.Related = append(f.Related, lint.Related{Message: long, Location: find(podPath, "kind")})
	}
	var skips []lint.Skip
	for range maxNotifications + 5 {
		skips = append(skips, lint.Skip{Path: "a", Reason: long + long})
	}
	run := readSARIF(t, Report{Source: source, Verdict: new(gate.Gate).Judge([]lint.Finding{f}, gate.Coverage{Skipped: skips, Files: 1, Rules: []*lint.Rule{root}})})
	text := run.Results[0].Message.Text
	if n := utf8.RuneCountInString(text); n > 1024 || !utf8.ValidString(text) || !strings.Contains(text, " See [") {
		t.Errorf("%d characters: %s", n, text)
	}
	if first, _, _ := strings.Cut(text, " See ["); utf8.RuneCountInString(first) > maxSentence {
		t.Errorf("the first sentence has %d characters", utf8.RuneCountInString(first))
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != maxNotifications || notes[len(notes)-1].Message.Text != "6 more of these are left out." {
		t.Errorf("%d notifications, the last is %q", len(notes), notes[len(notes)-1].Message.Text)
	}
}

func TestUTF16Column(t *testing.T) {
	src := &lint.Source{Path: "f", Data: []byte("\ufeffa🔑b\nü🔑\xff")}
	tests := []struct {
		name string
		at   lint.Position
		want int
	}{
		{"a byte order mark is no column", lint.Position{Line: 1, Column: 1}, 1},
		{"in front of an astral character", lint.Position{Line: 1, Column: 2}, 2},
		{"behind an astral character", lint.Position{Line: 1, Column: 3}, 4},
		{"an invalid byte is one unit", lint.Position{Line: 2, Column: 4}, 5},
		{"a column behind the end", lint.Position{Line: 2, Column: 99}, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := utf16Column(src, test.at); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestURI(t *testing.T) {
	tests := []struct{ name, path, want string }{
		{"plain", "a/b.yaml", "a/b.yaml"},
		{"blank and percent", "50% off/a b", "50%25%20off/a%20b"},
		{"a colon is no scheme", "c:d/e:f", "c%3Ad/e%3Af"},
		{"what would end a path", "a?b#c", "a%3Fb%23c"},
		{"letters beyond ASCII", "é", "%C3%A9"},
		{"a folder", "vendor/", "vendor/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := uri(test.path); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
