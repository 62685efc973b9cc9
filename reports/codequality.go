package reports

import (
	"io"

	"github.com/policyctl/policyctl/internal/lint"
)

// codeQuality is an entry of GitLab's Code Quality report. GitLab shows the
// description and the place; of entries with one fingerprint it keeps one.
type codeQuality struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"` // info, minor, major, critical or blocker
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
	End   int `json:"end,omitempty"`
}

// writeCodeQuality writes what GitLab shows in merge requests on every plan. What could
// not be checked is an entry too: an empty list would look like a clean one.
func writeCodeQuality(w io.Writer, r *jsonReport) error {
	entries := []codeQuality{}
	for _, failure := range r.NotChecked.Failures {
		path := failure.Path
		if path == "" {
			path = "." // a place is required
		}
		entries = append(entries, codeQuality{
			Description: "could not check: " + failure.Message, CheckName: notifyFailure, Severity: "blocker",
			Fingerprint: digest(notifyFailure, failure.Path, failure.Rule, failure.Message),
			Location:    qualityLocation{path, qualityLines{Begin: 1}},
		})
	}
	findings := r.open()
	ids := identities(findings)
	for i, f := range findings {
		entries = append(entries, codeQuality{
			Description: f.sentence(), CheckName: f.Rule, Fingerprint: ids[i], Severity: qualitySeverity(f.Severity),
			Location: qualityLocation{f.Location.Path, qualityLines{max(f.Location.Start.Line, 1), f.Location.End.Line}},
		})
	}
	return encode(w, entries)
}

func qualitySeverity(severity lint.Severity) string {
	switch severity {
	case lint.Critical:
		return "blocker"
	case lint.High:
		return "critical"
	case lint.Medium:
		return "major"
	default:
		return "minor"
	}
}
