package reports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// mostGone is more lines than any baseline has.
const mostGone = 1_000_000

// Read gives the run back that a JSON report holds. No line of a file is in it, so
// that text shows none.
func Read(data []byte) (Report, error) {
	var saved jsonReport
	if err := saved.decode(data); err != nil {
		return Report{}, err
	}
	if saved.Summary.Gone < 0 || saved.Summary.Gone > mostGone {
		return Report{}, fmt.Errorf("%d lines of the baseline cannot be gone", saved.Summary.Gone)
	}
	rules := map[string]*lint.Rule{}
	for _, rule := range saved.Rules {
		rules[rule.ID] = rule
	}
	r := Report{
		Version: saved.Tool.Version, Commit: saved.Commit, Link: saved.Link, Secrets: saved.Secrets, Graph: saved.Graph, Confidence: saved.Summary.Confidence,
		lineHashes: map[string]string{},
		Verdict: gate.Verdict{
			Coverage: saved.coverage(),
			Settings: saved.settings(),
			Gone:     make([]gate.Entry, saved.Summary.Gone), // what they were is in the baseline
		},
	}
	if r.Link != "" && !IsLink(r.Link) {
		return Report{}, errors.New("its link is no URL of https or http")
	}
	var err error
	if r.AsOf, err = readDay(saved.AsOf); err != nil {
		return Report{}, err
	}
	owners := map[string][]string{}
	for i := range saved.Findings {
		f := &saved.Findings[i]
		judged, err := f.judged(rules)
		if err != nil {
			return Report{}, fmt.Errorf("finding %d: %w", i+1, err)
		}
		r.Verdict.Findings = append(r.Verdict.Findings, judged)
		r.lineHashes[hashKey(f.Fingerprint, f.Location)] = f.LineHash
		if f.Owners != nil {
			owners[f.Location.Path] = f.Owners
		}
	}
	r.Owners = func(path string) []string { return owners[path] }
	if got := StatusName(r.Verdict.Status()); got != saved.Status || r.Verdict.Status() != saved.Exit {
		return Report{}, fmt.Errorf("the report contradicts itself: its status is %q with exit status %d, and what it lists makes it %q", saved.Status, saved.Exit, got)
	}
	return r, nil
}

// errNoReport says what else a file may be.
var errNoReport = errors.New("is no report of policyctl; policyctl check --format json=FILE writes one")

// decode reads the one value of data. A report of another version may mean something
// else by the same field.
func (r *jsonReport) decode(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	var head struct {
		Version any
		Tool    any
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("%w (%w)", errNoReport, err)
	}
	tool, _ := head.Tool.(map[string]any)
	switch {
	case tool["name"] != toolName:
		return errNoReport
	case head.Version != jsonVersion:
		return fmt.Errorf("the report has version %s, this policyctl reads version %q", quoteVersion(head.Version), jsonVersion)
	}
	if err := decoder.Decode(r); err != nil {
		return fmt.Errorf("the report cannot be read: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the report; one file holds one")
	}
	return nil
}

func quoteVersion(version any) string {
	text, _ := json.Marshal(version)
	return shorten(Plain(string(text)), 40)
}

// coverage gives what was covered. Failures that follow from it are not kept twice.
func (r *jsonReport) coverage() gate.Coverage {
	c := gate.Coverage{
		Files: r.Summary.Files, Commits: r.Summary.Commits, Documents: r.Summary.Documents, Rules: r.Rules,
		Paths: r.Checked, Skipped: r.NotChecked.Skipped, Gaps: r.NotChecked.Gaps,
	}
	implied := c.Obstacles()
	c.Nothing = c.Files == 0 && !slices.Contains(r.NotChecked.Failures, implied[0]) // and that was no mistake
	for _, failure := range r.NotChecked.Failures {
		if !slices.Contains(implied, failure) {
			c.Failures = append(c.Failures, failure)
		}
	}
	return c
}

func (f *jsonFinding) judged(rules map[string]*lint.Rule) (gate.Judged, error) {
	rule := rules[f.Rule]
	until, err := readDay(f.Until)
	from, wrong := readDay(f.BlocksFrom)
	err = cmp.Or(err, wrong)
	switch {
	case rule == nil:
		return gate.Judged{}, fmt.Errorf("its rule %q is not among the rules of the report", shorten(Plain(f.Rule), 80))
	case err != nil:
		return gate.Judged{}, err
	case f.Status == 0:
		return gate.Judged{}, errors.New("it has no status")
	case f.Location.Path == "":
		return gate.Judged{}, errors.New("it has no place")
	}
	// Only what the gate judged may differ from the rule: its severity does not.
	if f.Severity != rule.Severity {
		return gate.Judged{}, fmt.Errorf("its severity is %s, that of %s is %s", f.Severity, rule.ID, rule.Severity)
	}
	return gate.Judged{
		Finding: lint.Finding{
			Rule: rule, Location: f.Location, Message: f.Message, Subject: f.Subject, Related: f.Related, Flow: f.Flow, Fix: f.Fix,
			Confidence: f.Confidence, Evidence: f.Evidence, Facts: f.Facts, Commit: f.Commit, Anchor: f.Anchor, Fingerprint: f.Fingerprint,
		},
		Former: f.Former, Status: f.Status, Reason: f.Reason, InSource: f.InSource, Until: until, From: from,
	}, nil
}

func readDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fmt.Errorf("%q is no day", shorten(Plain(text), 40))
	}
	return t, nil
}
