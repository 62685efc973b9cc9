package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

var (
	privileged = &lint.Rule{ID: "kubernetes/privileged-container", Severity: lint.High, Aliases: []string{"kubernetes/privileged"}}
	rootUser   = &lint.Rule{ID: "kubernetes/root-user", Severity: lint.Medium}
	rotation   = &lint.Rule{ID: "contract/rotation-missing", Severity: lint.Medium}
	password   = &lint.Rule{ID: "secret/password", Severity: lint.Low}
	allRules   = []*lint.Rule{rotation, privileged, rootUser, password}

	now       = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	nextYear  = date("2027-01-31")
	yesterday = date("2026-11-21")
)

func date(text string) time.Time {
	day, err := parseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}

// at makes a finding on a line of deploy/web.yaml.
func at(rule *lint.Rule, line int) lint.Finding {
	return lint.Finding{Rule: rule, Message: "m", Subject: "web", Anchor: "Deployment/default/web › spec › containers[app]",
		Location: lint.Location{Path: "deploy/web.yaml", Start: lint.Position{Line: line, Column: 1}, End: lint.Position{Line: line, Column: 2}}}
}

func tagged(tag string, line int) lint.Finding {
	f := at(password, line)
	f.Tag = tag
	return f
}

func judge(g Gate, findings ...lint.Finding) []Judged {
	return g.Judge(findings, covered()).Findings
}

func covered() Coverage {
	return Coverage{Files: 1, Rules: allRules, Whole: true, Paths: []string{"deploy/web.yaml"}}
}

// marks writes statuses and reasons, which is what the gate adds.
func marks(judged []Judged) []string {
	var marks []string
	for _, j := range judged {
		marks = append(marks, strings.TrimSuffix(j.Status.String()+": "+j.Reason, ": "))
	}
	return marks
}

func TestJudge(t *testing.T) {
	waiver := Waiver{Rule: privileged.ID, Path: "deploy/*.yaml", Owner: "@acme/pay", Reason: "the node is ours alone", Until: nextYear}
	ended := waiver
	ended.Until = yesterday
	ignore := Ignore{Rules: []string{privileged.ID}, Line: 3, Reason: "needed by the driver", Until: nextYear, Location: lint.Location{Path: "deploy/web.yaml"}}
	lapsed := ignore
	lapsed.Until = yesterday
	thresholds := DefaultThresholds()
	tests := []struct {
		name     string
		gate     Gate
		findings []lint.Finding
		want     []string
	}{
		{"the zero gate blocks everything", Gate{}, []lint.Finding{at(password, 1)}, []string{"blocking"}},
		{"a finding at the threshold blocks", Gate{Thresholds: thresholds}, []lint.Finding{at(privileged, 1)}, []string{"blocking"}},
		{"one below it is minor", Gate{Thresholds: thresholds}, []lint.Finding{at(rootUser, 1)}, []string{"minor: medium is below the threshold high"}},
		{"each kind has its threshold", Gate{Thresholds: thresholds}, []lint.Finding{at(rotation, 1), at(password, 2)}, []string{"blocking", "blocking"}},
		{"what could not be checked blocks whatever the threshold", Gate{Thresholds: Thresholds{DefaultKind: lint.Critical, "policyctl": lint.Critical}},
			[]lint.Finding{at(lint.SyntaxError, 1), at(lint.InvalidWaiver, 2)}, []string{"blocking", "blocking"}},
		{"a waiver that matches nothing is measured like other rules", Gate{Thresholds: Thresholds{DefaultKind: lint.High}},
			[]lint.Finding{at(lint.UnusedWaiver, 1)}, []string{"minor: medium is below the threshold high"}},
		{"a waiver lets it pass", Gate{Now: now, Waivers: []Waiver{waiver}}, []lint.Finding{at(privileged, 1)},
			[]string{"waived: waived until 2027-01-31 by @acme/pay: the node is ours alone"}},
		{"a waiver of another rule does not", Gate{Now: now, Waivers: []Waiver{waiver}}, []lint.Finding{at(rootUser, 1), at(privileged, 2)},
			[]string{"blocking", "waived: waived until 2027-01-31 by @acme/pay: the node is ours alone"}},
		{"a comment on the line lets it pass", Gate{Now: now, Ignores: []Ignore{ignore}}, []lint.Finding{at(privileged, 3), at(privileged, 4)},
			[]string{"waived: ignored in the source until 2027-01-31: needed by the driver", "blocking"}},
		{"a waiver in force goes before one that expired", Gate{Now: now, Waivers: []Waiver{ended, waiver}}, []lint.Finding{at(privileged, 1)},
			[]string{"blocking: ", "waived: waived until 2027-01-31 by @acme/pay: the node is ours alone"}},
		{"an expired waiver and what it covered both count", Gate{Now: now, Waivers: []Waiver{ended}}, []lint.Finding{at(privileged, 1)},
			[]string{"blocking", "blocking: the waiver of @acme/pay expired 1 day ago, on 2026-11-21"}},
		{"so do an expired comment and what it covered", Gate{Now: now, Ignores: []Ignore{lapsed}}, []lint.Finding{at(privileged, 3)},
			[]string{"blocking", "blocking: the comment that ignores it expired 1 day ago, on 2026-11-21"}},
		{"without a date no waiver holds", Gate{Waivers: []Waiver{waiver}}, []lint.Finding{at(privileged, 1)},
			[]string{"blocking", "blocking: the waiver of @acme/pay expired as far as a run without a date can tell"}},
		{"findings about waivers cannot be waived", Gate{Now: now, Waivers: []Waiver{{Rule: lint.InvalidWaiver.ID, Path: "**", Until: yesterday}}},
			[]lint.Finding{at(lint.InvalidWaiver, 1)}, []string{"blocking", "blocking"}},
		{"a finding of the baseline is existing", Gate{Baseline: NewBaseline([]lint.Finding{at(privileged, 9)}, nil)}, []lint.Finding{at(privileged, 1)},
			[]string{"existing: in the baseline"}},
		{"also one that could not be parsed", Gate{Baseline: NewBaseline([]lint.Finding{at(lint.SyntaxError, 9)}, nil)}, []lint.Finding{at(lint.SyntaxError, 1)},
			[]string{"existing: in the baseline"}},
		{"one more than in the baseline blocks", Gate{Baseline: NewBaseline([]lint.Finding{at(privileged, 9)}, nil)}, []lint.Finding{at(privileged, 1), at(privileged, 2)},
			[]string{"existing: in the baseline", "blocking"}},
		{"a credential with the same value is existing", Gate{Baseline: NewBaseline([]lint.Finding{tagged("12ab", 9)}, nil)}, []lint.Finding{tagged("12ab", 1)},
			[]string{"existing: in the baseline"}},
		{"one with another value blocks", Gate{Baseline: NewBaseline([]lint.Finding{tagged("12ab", 9)}, nil)}, []lint.Finding{tagged("34cd", 1)},
			[]string{"blocking: the value changed"}},
		{"the first of two credentials was removed", Gate{Baseline: NewBaseline([]lint.Finding{tagged("12ab", 8), tagged("34cd", 9)}, nil)}, []lint.Finding{tagged("34cd", 1)},
			[]string{"existing: in the baseline"}},
		{"findings about waivers are not taken into a baseline", Gate{Baseline: NewBaseline([]lint.Finding{at(lint.InvalidWaiver, 9)}, nil)}, []lint.Finding{at(lint.InvalidWaiver, 1)},
			[]string{"blocking"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := marks(judge(test.gate, test.findings...))
			for i := range test.want {
				test.want[i] = strings.TrimSuffix(test.want[i], ": ")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestABaselineSurvivesTheRenamingOfARule(t *testing.T) {
	old := at(&lint.Rule{ID: "kubernetes/privileged", Severity: lint.High}, 1)
	got := marks(judge(Gate{Baseline: NewBaseline([]lint.Finding{old}, nil)}, at(privileged, 1)))
	if diff := cmp.Diff([]string{"existing: in the baseline"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWaiverCovers(t *testing.T) {
	tests := []struct {
		name   string
		waiver Waiver
		want   bool
	}{
		{"rule and path", Waiver{Rule: privileged.ID, Path: "deploy/web.yaml"}, true},
		{"a former name of the rule", Waiver{Rule: "kubernetes/privileged", Path: "deploy/web.yaml"}, true},
		{"another rule", Waiver{Rule: rootUser.ID, Path: "deploy/web.yaml"}, false},
		{"any file", Waiver{Rule: privileged.ID, Path: "**"}, true},
		{"any file of a folder", Waiver{Rule: privileged.ID, Path: "deploy/**"}, true},
		{"one star stays in its folder", Waiver{Rule: privileged.ID, Path: "*.yaml"}, false},
		{"a malformed pattern", Waiver{Rule: privileged.ID, Path: "[deploy"}, false},
		{"the subject", Waiver{Rule: privileged.ID, Path: "**", Subject: "web"}, true},
		{"another subject", Waiver{Rule: privileged.ID, Path: "**", Subject: "we"}, false},
		{"where the anchor begins", Waiver{Rule: privileged.ID, Path: "**", Subject: "Deployment/default/web"}, true},
		{"all of the anchor", Waiver{Rule: privileged.ID, Path: "**", Subject: "Deployment/default/web › spec › containers[app]"}, true},
		{"up to the name of an item", Waiver{Rule: privileged.ID, Path: "**", Subject: "Deployment/default/web › spec › containers"}, true},
		{"half of a name", Waiver{Rule: privileged.ID, Path: "**", Subject: "Deployment/default/w"}, false},
	}
	f := at(privileged, 1)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.waiver.covers(&f); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAWaiverHoldsToTheEndOfItsDay(t *testing.T) {
	until := date("2027-01-31")
	tests := []struct {
		name string
		now  time.Time
		want bool
	}{
		{"the last second", time.Date(2027, 1, 31, 23, 59, 59, 0, time.UTC), false},
		{"the first second behind it", time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), true},
		{"the last second in UTC, elsewhere the next day", time.Date(2027, 2, 1, 9, 59, 59, 0, time.FixedZone("", 10*3600)), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := Gate{Now: test.now}
			if got := g.expired(until); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestFindingsAboutWaivers(t *testing.T) {
	waiver := Waiver{Rule: privileged.ID, Path: "deploy/*.yaml", Owner: "@acme/pay", Until: nextYear}
	elsewhere := waiver
	elsewhere.Path = "gone/*.yaml"
	off := waiver
	off.Rule = "kubernetes/switched-off"
	ended := waiver
	ended.Until = date("2026-11-10")
	ignore := Ignore{Rules: []string{privileged.ID, rootUser.ID}, Line: 3, Until: nextYear, Location: lint.Location{Path: "deploy/web.yaml"}}
	misspelt := ignore
	misspelt.Rules = []string{"kubernetes/priviledged-container"}
	tests := []struct {
		name     string
		gate     Gate
		coverage func(*Coverage)
		want     []string
	}{
		{"a waiver that matches nothing", Gate{Waivers: []Waiver{waiver}}, func(*Coverage) {},
			[]string{`policyctl/unused-waiver: the waiver of @acme/pay for "kubernetes/privileged-container" in "deploy/*.yaml" matches nothing, remove it`}},
		{"its file was not checked", Gate{Waivers: []Waiver{elsewhere}}, func(c *Coverage) { c.Whole = false }, nil},
		{"its file is gone", Gate{Waivers: []Waiver{elsewhere}}, func(*Coverage) {},
			[]string{`policyctl/unused-waiver: the waiver of @acme/pay for "kubernetes/privileged-container" in "gone/*.yaml" matches nothing, remove it`}},
		{"a part of the repository was checked, with its file", Gate{Waivers: []Waiver{waiver}}, func(c *Coverage) { c.Whole = false },
			[]string{`policyctl/unused-waiver: the waiver of @acme/pay for "kubernetes/privileged-container" in "deploy/*.yaml" matches nothing, remove it`}},
		{"its rule was not evaluated", Gate{Waivers: []Waiver{off}}, func(*Coverage) {}, nil},
		{"the check failed", Gate{Waivers: []Waiver{waiver}}, func(c *Coverage) { c.Failures = []lint.Failure{{Message: "m"}} }, nil},
		{"a waiver that expired", Gate{Waivers: []Waiver{ended}}, func(*Coverage) {},
			[]string{`policyctl/expired-waiver: the waiver of @acme/pay for "kubernetes/privileged-container" in "deploy/*.yaml" expired 12 days ago, on 2026-11-10`}},
		{"a comment that matches nothing", Gate{Ignores: []Ignore{ignore}}, func(*Coverage) {}, []string{
			`policyctl/unused-waiver: the comment ignores "kubernetes/privileged-container", which is not found here, remove it`,
			`policyctl/unused-waiver: the comment ignores "kubernetes/root-user", which is not found here, remove it`}},
		{"a comment whose rules were not evaluated", Gate{Ignores: []Ignore{ignore}}, func(c *Coverage) { c.Rules = []*lint.Rule{rotation} }, nil},
		{"a comment that names no rule there is", Gate{Ignores: []Ignore{misspelt}, Rules: allRules}, func(*Coverage) {},
			[]string{`policyctl/invalid-waiver: there is no rule "kubernetes/priviledged-container", did you mean "kubernetes/privileged-container"?`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			coverage := covered()
			test.coverage(&coverage)
			test.gate.Now = now
			var got []string
			for _, j := range test.gate.Judge(nil, coverage).Findings {
				got = append(got, j.Rule.ID+": "+j.Message)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestVerdictStatus(t *testing.T) {
	failure := []lint.Failure{{Message: "m"}}
	tests := []struct {
		name     string
		findings []lint.Finding
		coverage Coverage
		want     int
	}{
		{"nothing was found", nil, covered(), ExitPassed},
		{"a finding that does not block", []lint.Finding{at(rootUser, 1)}, covered(), ExitPassed},
		{"a finding that blocks", []lint.Finding{at(privileged, 1)}, covered(), ExitBlocked},
		{"a failure", nil, Coverage{Files: 1, Rules: allRules, Failures: failure}, ExitNotChecked},
		{"a failure and a finding that blocks", []lint.Finding{at(privileged, 1)}, Coverage{Files: 1, Rules: allRules, Failures: failure}, ExitNotChecked},
		{"no file", nil, Coverage{Rules: allRules}, ExitNotChecked},
		{"no rule", nil, Coverage{Files: 1}, ExitNotChecked},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := Gate{Thresholds: DefaultThresholds()}
			if got := g.Judge(test.findings, test.coverage).Status(); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestJudgeDropsNothingAndLeavesItsInputAlone(t *testing.T) {
	findings := []lint.Finding{at(rootUser, 3), at(privileged, 2), at(privileged, 1)}
	before := slices.Clone(findings)
	g := Gate{Thresholds: DefaultThresholds(), Baseline: NewBaseline(findings[:1], nil)}
	verdict := g.Judge(findings, covered())
	if diff := cmp.Diff(before, findings); diff != "" {
		t.Errorf("the findings were changed:\n%s", diff)
	}
	if len(verdict.Findings) != len(findings) {
		t.Errorf("%d findings of %d", len(verdict.Findings), len(findings))
	}
	for _, f := range verdict.Findings {
		if f.Fingerprint == "" || f.Status.String() == "invalid" {
			t.Errorf("%+v is not judged", f)
		}
	}
}

func TestGone(t *testing.T) {
	elsewhere := at(rootUser, 1)
	elsewhere.Location.Path = "other.yaml"
	g := Gate{Baseline: NewBaseline([]lint.Finding{at(privileged, 1), at(privileged, 2), elsewhere}, nil)}
	paths := func(coverage Coverage) []string {
		var paths []string
		for _, entry := range g.Judge([]lint.Finding{at(privileged, 5)}, coverage).Gone {
			paths = append(paths, entry.Path)
		}
		return paths
	}
	part := covered()
	part.Whole = false
	if diff := cmp.Diff([]string{"deploy/web.yaml", "other.yaml"}, paths(covered())); diff != "" {
		t.Errorf("of the whole repository:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"deploy/web.yaml"}, paths(part)); diff != "" {
		t.Errorf("of a part:\n%s", diff)
	}
}

func TestTag(t *testing.T) {
	tag := Tag([]byte("salt"), []byte("correct-horse-battery"))
	if len(tag) != 4 {
		t.Errorf("the tag %q has not 16 bits", tag)
	}
	if again := Tag([]byte("salt"), []byte("correct-horse-battery")); again != tag {
		t.Errorf("the same value has the tags %s and %s", tag, again)
	}
	if other := Tag([]byte("salt"), []byte("correct-horse-stable")); other == tag {
		t.Error("another value has the same tag")
	}
	if other := Tag([]byte("pepper"), []byte("correct-horse-battery")); other == tag {
		t.Error("another salt gives the same tag")
	}
}

func BenchmarkTag(b *testing.B) {
	for b.Loop() {
		Tag([]byte("salt"), []byte("correct-horse-battery"))
	}
}
