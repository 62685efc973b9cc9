package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// Status is what the gate makes of a finding. The zero Status is invalid.
type Status int

// The statuses of a finding.
const (
	Blocking Status = iota + 1
	Minor           // below the threshold of its kind, not enforced yet, or only by the clock
	Waived          // a waiver or a comment in the source covers it
	Existing        // in the baseline
)

var statuses = []string{"", "blocking", "minor", "waived", "existing"}

func (s Status) String() string {
	if s < Blocking || s > Existing {
		return "invalid"
	}
	return statuses[s]
}

// MarshalText writes the name of the status.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a status.
func (s *Status) UnmarshalText(name []byte) error {
	i := slices.Index(statuses, string(name))
	if i < 1 {
		return fmt.Errorf("unknown status %q, want one of %s", name, strings.Join(statuses[Blocking:], ", "))
	}
	*s = Status(i)
	return nil
}

// Judged is a finding with what the gate makes of it.
type Judged struct {
	lint.Finding
	Former   string // fingerprint that it has in the base, under another name of the file; else empty
	Line     *Entry // of the baseline, where that has it under a former name of the file or address; else nil
	Status   Status
	Reason   string    // why, for example "waived until 2027-01-31 by @acme/pay: ..."; may be empty if Blocking
	InSource bool      // Waived by a comment in the source, not by the file of waivers
	Until    time.Time // the last day on which it is waived; zero otherwise
	From     time.Time // the day from which on it blocks; zero if that is today, or not known
}

// Exit statuses of a run. A run that was started wrongly has no verdict.
const (
	ExitPassed     = 0
	ExitBlocked    = 1
	ExitNotChecked = 3
)

// Verdict is every finding with its status, what was covered and what was not.
type Verdict struct {
	Findings []Judged // in the order of lint.Finding.Compare
	Coverage Coverage
	Gone     []Entry // lines of the baseline that match nothing any more
	Settings Settings
}

// Settings say what a run was judged by.
type Settings struct {
	Base    string   // the commit whose findings are not new; empty without
	Trusted bool     // settings are those of the base, whatever the change makes of them
	Tip     string   // the commit whose settings they are, if that is a later one than Base
	Changed []string // files of settings that the change alters, if Trusted

	// Then is how many findings would block by the settings that the change proposes;
	// negative if these are wrong.
	Then int
}

// Status is the exit status of the run. What could not be checked goes before
// what blocks, for then nobody knows how much blocks.
func (v Verdict) Status() int {
	switch {
	case len(v.Coverage.Obstacles()) > 0:
		return ExitNotChecked
	case v.Count(Blocking) > 0:
		return ExitBlocked
	default:
		return ExitPassed
	}
}

// Count gives the number of findings with a status.
func (v Verdict) Count(status Status) int {
	n := 0
	for i := range v.Findings {
		if v.Findings[i].Status == status {
			n++
		}
	}
	return n
}

// Coverage is what a run looked at, and what it did not.
type Coverage struct {
	Files     int            // files that were checked; of history, versions of files
	Commits   int            // commits that were checked
	Nothing   bool           // there was nothing to check, and that is no mistake: an empty change
	Documents map[string]int // how many documents of each platform
	Rules     []*lint.Rule   // all that were evaluated, sorted by ID
	Skipped   []lint.Skip
	Gaps      []lint.Gap
	Failures  []lint.Failure
	Whole     bool     // the run covered the whole repository
	Paths     []string // the files that were checked; tells which waivers should have matched
}

// Obstacles are the reasons why a run is no pass even without a finding: its
// failures, and that nothing was checked at all.
func (c Coverage) Obstacles() []lint.Failure {
	obstacles := slices.Clone(c.Failures)
	if c.Files == 0 && !c.Nothing {
		obstacles = append(obstacles, lint.Failure{Message: "there was no file to check"})
	}
	if len(c.Rules) == 0 {
		obstacles = append(obstacles, lint.Failure{Message: "there was no rule to check by"})
	}
	return obstacles
}

// evaluated says whether the run looked for a rule. The rules of policyctl
// itself are always looked for.
func (c Coverage) evaluated(name string) bool {
	return strings.HasPrefix(name, ownKind+"/") ||
		slices.ContainsFunc(c.Rules, func(r *lint.Rule) bool { return r.Named(name) })
}

// shouldMatch says whether a waiver that matches nothing is superfluous. It may
// also be that this run did not look, or failed.
func (c Coverage) shouldMatch(rule, glob string) bool {
	if len(c.Failures) > 0 {
		return false
	}
	if slices.ContainsFunc(c.Paths, func(path string) bool { return matches(glob, path) }) {
		return c.evaluated(rule)
	}
	return c.Whole
}

// concerns says whether a run has to do with the files of a glob: a part of a
// repository is not blocked by what is overdue in another.
func (c Coverage) concerns(glob string) bool {
	return c.Whole || slices.ContainsFunc(c.Paths, func(path string) bool { return matches(glob, path) })
}

// unknownRule says what is wrong with the name of a rule, or "".
func unknownRule(name string, rules []*lint.Rule) string {
	var names []string
	for _, rule := range append(lint.Own(), rules...) {
		if !rule.Named(name) {
			names = append(names, rule.ID)
			continue
		}
		if aboutWaiver(rule) {
			return fmt.Sprintf("%q cannot be waived, mend the waiver it is about", name)
		}
		return ""
	}
	return fmt.Sprintf("there is no rule %q%s", name, meant(name, names))
}
