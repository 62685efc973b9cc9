package gate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestWhatComesWithTimeAlone(t *testing.T) {
	overdue := &lint.Rule{ID: "contract/rotation-overdue", Severity: lint.High, Tags: []string{"clock", "rotation"}}
	nothing := func(string) bool { return false }
	only := func(path string) func(string) bool { return func(p string) bool { return p == path } }
	related := at(overdue, 1)
	related.Related = []lint.Related{{Location: lint.Location{Path: ".policyctl/classes.yaml"}}}
	waiver := Waiver{Rule: overdue.ID, Path: "deploy/*", Owner: "@acme/pay", Reason: "on Monday", Until: nextYear}
	const alone = "minor: comes with time alone: it blocks on a scheduled run, or when the file changes"
	tests := []struct {
		name    string
		gate    Gate
		finding lint.Finding
		want    string
	}{
		{"it blocks if nobody says what was touched", Gate{}, at(overdue, 1), "blocking"},
		{"it is minor in a file that was not touched", Gate{Touched: nothing}, at(overdue, 1), alone},
		{"it blocks in one that was", Gate{Touched: only("deploy/web.yaml")}, at(overdue, 1), "blocking"},
		{"and if a place that belongs to it was", Gate{Touched: only(".policyctl/classes.yaml")}, related, "blocking"},
		{"it blocks on a scheduled run", Gate{Touched: nothing, Scheduled: true}, at(overdue, 1), "blocking"},
		{"other rules block as ever", Gate{Touched: nothing}, at(privileged, 1), "blocking"},
		{"below the threshold that is the reason", Gate{Touched: nothing, Thresholds: Thresholds{DefaultKind: lint.Critical}}, at(overdue, 1),
			"minor: high is below the threshold critical"},
		{"a waiver goes first", Gate{Touched: nothing, Now: now, Waivers: []Waiver{waiver}}, at(overdue, 1),
			"waived: waived until 2027-01-31 by @acme/pay: on Monday"},
		{"and so does the baseline", Gate{Touched: nothing, Baseline: NewBaseline([]lint.Finding{at(overdue, 9)}, nil)}, at(overdue, 1),
			"existing: in the baseline"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{test.want}, marks(judge(test.gate, test.finding))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A waiver that expired is a decision that ended, and blocks in any run.
func TestAnExpiredWaiverIsNoMatterOfTheClock(t *testing.T) {
	ended := Waiver{Rule: privileged.ID, Path: "deploy/*", Owner: "@acme/pay", Reason: "x", Until: now.AddDate(0, 0, -3)}
	g := Gate{Now: now.Add(time.Hour), Touched: func(string) bool { return false }, Waivers: []Waiver{ended}}
	if got := judge(g, at(rootUser, 1)); got[0].Status != Blocking {
		t.Errorf("got %v", marks(got))
	}
}
