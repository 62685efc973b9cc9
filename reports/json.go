package reports

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
)

// jsonVersion is the version of the shape of jsonReport. It changes when a
// field goes away or means something else, not when one is added.
const jsonVersion = "1"

const toolName = "policyctl"

// jsonReport is the whole report, from which every other one can be made: Read
// gives it back. All lists are there even if they are empty,
// all paths are relative to the root of the run, with slashes. Lines and columns
// count from 1, columns in Unicode code points; an end is the position behind
// the last character. A location whose lines are 0 is the whole file.
type jsonReport struct {
	Version    string         `json:"version"` // of this shape: "1"
	Tool       jsonTool       `json:"tool"`
	Status     string         `json:"status"`           // "passed", "blocked" or "not checked"
	Exit       int            `json:"exit"`             // exit status of the run: 0, 1 or 3
	AsOf       string         `json:"as_of,omitempty"`  // the day by which waivers and dates were judged
	Commit     string         `json:"commit,omitempty"` // that was checked out
	Link       string         `json:"link,omitempty"`   // URL under which the files are shown
	Summary    jsonSummary    `json:"summary"`
	Settings   jsonSettings   `json:"settings"`
	Findings   []jsonFinding  `json:"findings"`    // by path, place, rule
	Rules      []*lint.Rule   `json:"rules"`       // all that were evaluated or have a finding, by ID
	Checked    []string       `json:"checked"`     // files that were checked; of history none, which has versions of them
	NotChecked jsonNotChecked `json:"not_checked"` // what nobody can say anything about

	// What the repository declares and uses. Null if only a part of it was read, or
	// if it was searched for credentials only.
	Secrets []inventory.Secret `json:"secrets"`
	Graph   *diagram.Diagram   `json:"graph"` // as much of it as can be drawn
}

// jsonTool says who wrote the report.
type jsonTool struct {
	Name    string `json:"name"` // always "policyctl"
	Version string `json:"version"`
}

// jsonSettings say what the run was judged by.
type jsonSettings struct {
	Base     string   `json:"base"`          // the commit with which files were compared; empty without
	Trusted  bool     `json:"trusted"`       // settings are those of the base, not of the work tree
	Tip      string   `json:"tip,omitempty"` // the commit that they are of, if the base has moved on since
	Proposed []string `json:"proposed"`      // files of settings that the change alters, if trusted
	Then     int      `json:"then"`          // how many findings would block by those; -1 if they are wrong
}

// jsonSummary counts. The four statuses add up to findings.
type jsonSummary struct {
	Files      int            `json:"files"`     // files that were checked; of history, versions of files
	Commits    int            `json:"commits"`   // commits that were checked
	Documents  map[string]int `json:"documents"` // documents of each platform
	Rules      int            `json:"rules"`     // rules that were evaluated
	Findings   int            `json:"findings"`
	Blocking   int            `json:"blocking"`
	Minor      int            `json:"minor"`                // below the threshold, or only by the clock
	Waived     int            `json:"waived"`               // by a waiver or a comment in the source
	Existing   int            `json:"existing"`             // in the baseline, or in the base that the run was compared with
	Gone       int            `json:"gone"`                 // lines of the baseline that match nothing any more
	Confidence float64        `json:"confidence,omitempty"` // that the configuration asks for, if it is more than usual: what is below is not shown
}

// jsonFinding is one place where a rule is broken.
type jsonFinding struct {
	Rule        string         `json:"rule"`                  // ID
	Severity    lint.Severity  `json:"severity"`              // "low", "medium", "high" or "critical"
	Kind        string         `json:"kind"`                  // first part of the rule's ID
	Status      gate.Status    `json:"status"`                // "blocking", "minor", "waived" or "existing"
	Reason      string         `json:"reason"`                // of the status; may be empty
	InSource    bool           `json:"in_source,omitempty"`   // waived by a comment in the source
	Until       string         `json:"until,omitempty"`       // the last day on which it is waived
	BlocksFrom  string         `json:"blocks_from,omitempty"` // the day from which on it blocks, if it is only reported until then
	Owners      []string       `json:"owners,omitempty"`      // of the file, by CODEOWNERS
	Message     string         `json:"message"`
	Location    lint.Location  `json:"location"`
	Subject     string         `json:"subject"`              // logical name of what is wrong; may be empty
	Related     []lint.Related `json:"related"`              // other places that belong to it
	Flow        []lint.Related `json:"flow"`                 // the way of a secret from where it is kept to the location
	Fix         *lint.Fix      `json:"fix"`                  // exact change, or null
	Commit      *lint.Commit   `json:"commit"`               // that brought it into the history, or null: history was not read
	Confidence  float64        `json:"confidence,omitempty"` // from 0 to 1, of what was judged by name and form
	Evidence    []string       `json:"evidence,omitempty"`   // what speaks for a credential
	Facts       []string       `json:"facts,omitempty"`      // what a credential tells by itself: whether it holds, whose it is, until when
	Fingerprint string         `json:"fingerprint"`
	Former      string         `json:"former_fingerprint,omitempty"` // that of the base, where the file has another name
	Anchor      string         `json:"anchor"`                       // logical path; what the fingerprint is made of
	LineHash    string         `json:"line_hash,omitempty"`          // what GitHub calls primaryLocationLineHash
}

// jsonNotChecked is what was left out, and why.
type jsonNotChecked struct {
	Failures []lint.Failure `json:"failures"` // with one of these the run is no pass
	Skipped  []lint.Skip    `json:"skipped"`  // files that were not looked at
	Gaps     []lint.Gap     `json:"gaps"`     // values that could not be resolved
}

// writeJSON writes for programs.
func writeJSON(w io.Writer, r Report) error {
	return encode(w, newJSONReport(r))
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func newJSONReport(r Report) *jsonReport {
	c := newCleaner(r)
	hashes := newLineHasher(r, c)
	v, coverage := r.Verdict, c.coverage(r.Verdict.Coverage)
	out := &jsonReport{
		Version: jsonVersion,
		Tool:    jsonTool{toolName, r.Version},
		Status:  StatusName(v.Status()),
		Exit:    v.Status(),
		AsOf:    day(r.AsOf),
		Commit:  r.Commit,
		Link:    r.Link,
		Summary: jsonSummary{
			Files: coverage.Files, Commits: coverage.Commits, Documents: coverage.Documents, Rules: len(rules(v)), Findings: len(v.Findings),
			Blocking: v.Count(gate.Blocking), Minor: v.Count(gate.Minor),
			Waived: v.Count(gate.Waived), Existing: v.Count(gate.Existing), Gone: len(v.Gone), Confidence: r.Confidence,
		},
		Settings: jsonSettings{v.Settings.Base, v.Settings.Trusted, v.Settings.Tip, some(c.paths(v.Settings.Changed)), v.Settings.Then},
		Findings: []jsonFinding{},
		Rules:    some(c.rules(rules(v))),
		Checked:  some(c.paths(coverage.Paths)),
		NotChecked: jsonNotChecked{
			Failures: some(coverage.Failures), Skipped: some(coverage.Skipped), Gaps: some(coverage.Gaps),
		},
		Secrets: slices.Clone(r.Secrets), Graph: drawable(r.Graph),
	}
	if out.Summary.Documents == nil {
		out.Summary.Documents = map[string]int{}
	}
	Clean(&out.Secrets, c.hide)
	Clean(&out.Graph, c.hide)
	for i, f := range c.judged(v.Findings) {
		out.Findings = append(out.Findings, jsonFinding{
			Rule: f.Rule.ID, Severity: f.Rule.Severity, Kind: f.Rule.Kind(), Status: f.Status, Reason: f.Reason,
			InSource: f.InSource, Until: day(f.Until), BlocksFrom: day(f.From), Owners: c.texts(r.owners(v.Findings[i].Location)), LineHash: hashes.of(&f),
			Message: f.Message, Location: f.Location, Subject: f.Subject, Related: some(f.Related), Flow: some(f.Flow), Fix: f.Fix, Confidence: f.Confidence, Evidence: f.Evidence, Facts: f.Facts,
			Commit: f.Commit, Fingerprint: f.Fingerprint, Former: f.Former, Anchor: f.Anchor,
		})
	}
	return out
}

// The largest graph that a report draws: of a larger one nobody can follow a line.
const (
	mostNodes = 150
	mostEdges = 600
)

// drawable leaves out kinds of nodes until the rest can be drawn, so that a saved run
// stays small. Of a graph that is still too large nothing is left but its size.
func drawable(d *diagram.Diagram) *diagram.Diagram {
	if d == nil {
		return nil
	}
	part := *d
	for _, kinds := range [][]string{diagram.Kinds(), {"contract", "object", "slot", "consumer"}, {"contract", "slot", "consumer"}, {"contract", "object"}, {}} {
		if part = d.Only(kinds); len(part.Nodes) <= mostNodes && len(part.Edges) <= mostEdges {
			break
		}
	}
	for i := range part.Nodes { // of its own: it is cleaned
		part.Nodes[i].Attributes = maps.Clone(part.Nodes[i].Attributes)
	}
	return &part
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// StatusName gives the word for the exit status of a verdict.
func StatusName(exit int) string {
	switch exit {
	case gate.ExitPassed:
		return "passed"
	case gate.ExitBlocked:
		return "blocked"
	default:
		return "not checked"
	}
}

// rules gives all rules that were evaluated or have a finding, by ID.
func rules(v gate.Verdict) []*lint.Rule {
	all := slices.Clone(v.Coverage.Rules)
	for i := range v.Findings {
		all = append(all, v.Findings[i].Rule)
	}
	slices.SortStableFunc(all, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b *lint.Rule) bool { return a.ID == b.ID })
}

// some turns no list into an empty one, so that JSON has [] and not null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
