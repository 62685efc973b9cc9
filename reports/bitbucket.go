package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/gate"
)

// What Bitbucket's Reports API takes: so many annotations a report, and so many
// characters a text. A request has at most 100 annotations.
const (
	mostAnnotations      = 1000
	bitbucketSummary     = 450
	bitbucketDescription = 2000
)

// bitbucket is the body of a report and those of its annotations.
type bitbucket struct {
	Report      bitbucketReport       `json:"report"`
	Annotations []bitbucketAnnotation `json:"annotations"`
}

type bitbucketReport struct {
	ExternalID string           `json:"external_id"`
	Title      string           `json:"title"`
	Details    string           `json:"details"`
	Type       string           `json:"report_type"`
	Reporter   string           `json:"reporter"`
	Link       string           `json:"link,omitempty"`
	Result     string           `json:"result"` // PASSED or FAILED
	Data       []bitbucketDatum `json:"data"`
}

type bitbucketDatum struct {
	Title string `json:"title"`
	Type  string `json:"type"`
	Value int    `json:"value"`
}

type bitbucketAnnotation struct {
	ExternalID string `json:"external_id"`
	Type       string `json:"annotation_type"`
	Path       string `json:"path,omitempty"`
	Line       int    `json:"line,omitempty"`
	Summary    string `json:"summary"`
	Details    string `json:"details,omitempty"`
	Severity   string `json:"severity"` // LOW, MEDIUM, HIGH or CRITICAL
	Result     string `json:"result"`   // FAILED, or IGNORED for what does not block
}

// writeBitbucket writes both, for a script that posts them. Which repository and commit
// they belong to stands in the URL.
func writeBitbucket(w io.Writer, r *jsonReport) error {
	out := bitbucket{
		Report: bitbucketReport{
			ExternalID: toolName, Title: toolName, Type: "SECURITY", Reporter: toolName, Result: "FAILED",
			Data: []bitbucketDatum{{"Blocking", "NUMBER", r.Summary.Blocking}, {"Minor", "NUMBER", r.Summary.Minor},
				{"Waived", "NUMBER", r.Summary.Waived}, {"Existing", "NUMBER", r.Summary.Existing}, {"Could not check", "NUMBER", len(r.NotChecked.Failures)}},
		},
		Annotations: []bitbucketAnnotation{},
	}
	if r.Exit == gate.ExitPassed {
		out.Report.Result = "PASSED"
	}
	for _, failure := range r.NotChecked.Failures {
		out.Annotations = append(out.Annotations, bitbucketAnnotation{
			ExternalID: digest(notifyFailure, failure.Path, failure.Rule, failure.Message), Type: "BUG", Path: strings.TrimSuffix(failure.Path, "/"),
			Summary: shorten("could not check: "+failure.Message, bitbucketSummary), Severity: "HIGH", Result: "FAILED",
		})
	}
	findings := worst(r.open())
	ids := identities(findings)
	for i := range findings {
		out.Annotations = append(out.Annotations, r.annotation(&findings[i], ids[i]))
	}
	details := r.summary()
	if left := len(out.Annotations) - mostAnnotations; left > 0 {
		details += fmt.Sprintf("; %d are not annotated, for Bitbucket takes %d", left, mostAnnotations)
		out.Annotations = slices.Clip(out.Annotations[:mostAnnotations])
	}
	out.Report.Details = shorten(details, bitbucketDescription)
	return encode(w, out)
}

func (r *jsonReport) annotation(f *jsonFinding, id string) bitbucketAnnotation {
	a := bitbucketAnnotation{
		ExternalID: id, Type: "VULNERABILITY", Path: f.Location.Path, Line: f.Location.Start.Line,
		Summary: shorten(f.sentence(), bitbucketSummary), Details: shorten(r.more(f), bitbucketDescription),
		Severity: strings.ToUpper(f.Severity.String()), Result: "IGNORED",
	}
	if f.Status == gate.Blocking {
		a.Result = "FAILED"
	}
	return a
}
