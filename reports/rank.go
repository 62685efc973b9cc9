package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// What formats of other tools ask of a run: which findings nobody accepted, the worst
// first, how bad each is in one of three words, and one line that says how it went.

// open gives the findings that nobody accepted: those that block and those that are
// minor. Formats whose readers know no other state show only these.
func (r *jsonReport) open() []jsonFinding {
	var open []jsonFinding
	for _, f := range r.Findings {
		if f.Status == gate.Blocking || f.Status == gate.Minor {
			open = append(open, f)
		}
	}
	return open
}

// worst sorts findings by what is to be read first: what blocks, by severity.
func worst(findings []jsonFinding) []jsonFinding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b jsonFinding) int {
		return cmp.Or(int(a.Status)-int(b.Status), int(b.Severity)-int(a.Severity))
	})
	return sorted
}

// grade is how bad something is for readers that know three words. An error is what
// keeps the run from passing.
type grade int

const (
	isError grade = iota
	isWarning
	isNote
)

func (f *jsonFinding) grade() grade {
	switch {
	case f.Status == gate.Blocking:
		return isError
	case problemSeverity(f.Severity) == "recommendation":
		return isNote
	default:
		return isWarning
	}
}

// sentence is the message with the rule, for readers that show nothing else.
func (f *jsonFinding) sentence() string {
	message := f.Message
	if f.BlocksFrom != "" {
		message += ", blocks from " + f.BlocksFrom + " on"
	}
	return fmt.Sprintf("%s [%s]", message, f.Rule)
}

// more says why and what to do.
func (r *jsonReport) more(f *jsonFinding) string {
	rule := r.rule(f.Rule)
	return strings.TrimSpace(rule.Description + " " + rule.Fix)
}

// rule gives a rule of the report.
func (r *jsonReport) rule(id string) *lint.Rule {
	i, _ := slices.BinarySearchFunc(r.Rules, id, func(rule *lint.Rule, id string) int { return strings.Compare(rule.ID, id) })
	return r.Rules[i]
}

// summary is the line of numbers that text ends with.
func (r *jsonReport) summary() string {
	s := r.Summary
	parts := []string{fmt.Sprintf("%d blocking", s.Blocking)}
	for _, row := range []struct {
		n    int
		name string
	}{{s.Minor, "minor"}, {s.Waived, "waived"}, {s.Existing, "existing"}} {
		if row.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", row.n, row.name))
		}
	}
	return fmt.Sprintf("%s: %s, %s: %s", r.Status, Count(s.Files, "file"), Count(s.Findings, "finding"), strings.Join(parts, ", "))
}

// gate says in lines what a change is judged by, and what it makes of that.
func (r *jsonReport) gate() []string {
	var days []string
	for _, f := range r.Findings {
		days = append(days, f.BlocksFrom)
	}
	return slices.Concat(judgedBy(r.settings()), coming(days))
}

// coming says in lines how many findings will block, and from which day on.
func coming(days []string) (lines []string) {
	counts := map[string]int{}
	for _, day := range days {
		counts[day]++
	}
	delete(counts, "")
	for _, day := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, fmt.Sprintf("%s %s from %s on", Count(counts[day], "finding"), pick(counts[day], "blocks", "block"), Plain(day)))
	}
	return lines
}

func (r *jsonReport) settings() gate.Settings {
	s := r.Settings
	return gate.Settings{Base: s.Base, Trusted: s.Trusted, Tip: s.Tip, Changed: s.Proposed, Then: s.Then}
}

// digest makes an identity of several.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// identities gives each finding an identity that no other one has: readers keep one of
// those that are equal.
func identities(findings []jsonFinding) []string {
	seen := map[string]int{}
	ids := make([]string, len(findings))
	for i, f := range findings {
		ids[i] = f.Fingerprint
		if seen[f.Fingerprint]++; seen[f.Fingerprint] > 1 {
			ids[i] = digest(f.Fingerprint, fmt.Sprint(seen[f.Fingerprint]))
		}
	}
	return ids
}
