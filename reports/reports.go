// Package reports writes verdicts in the formats that people and machines read.
// It decides nothing: statuses and the exit status come from the gate. Every
// text that it writes passes through one place that removes credentials and
// control characters.
package reports

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/policyctl/policyctl/internal/diagram"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
)

// formats is the one list of formats: a row here is all that a new one needs.
var formats = []struct {
	name  string
	write func(io.Writer, Report) error
}{
	{"text", writeText},
	{"json", writeJSON},
	{"sarif", writeSARIF},
	{"github", saved(writeGitHub)},
	{"gitlab-codequality", saved(writeCodeQuality)},
	{"gitlab-secret-detection", saved(writeSecretDetection)},
	{"azure", saved(writeAzure)},
	{"bitbucket", saved(writeBitbucket)},
	{"junit", saved(writeJUnit)},
	{"checkstyle", saved(writeCheckstyle)},
	{"markdown", saved(writeMarkdown)},
	{"csv", saved(writeCSV)},
	{"html", writeHTML},
}

// saved is for formats that show what a JSON report has, and nothing else: so they are
// the same whether the run was saved in between or not.
func saved(write func(io.Writer, *jsonReport) error) func(io.Writer, Report) error {
	return func(w io.Writer, r Report) error {
		r.Secrets, r.Graph = nil, nil
		return write(w, newJSONReport(r))
	}
}

// ShowsRepository says whether a format shows the secrets and the graph of a Report.
// Others need not be given them.
func ShowsRepository(format string) bool { return format == "json" || format == "html" }

// Formats lists the names of all formats, the default first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, format := range formats {
		names[i] = format.name
	}
	return names
}

// Report is a verdict and how to show it.
type Report struct {
	Verdict gate.Verdict
	Version string // of policyctl

	// Source gives the file of a location, as of its commit, or nil where it is not
	// at hand. Frames, UTF-16 columns and GitHub's line hash need it. Nil stands for
	// none at hand.
	Source func(lint.Location) *lint.Source

	// Sensitive are the places of all credentials, also of those that are no
	// finding. What stands there is masked wherever it would be shown. The
	// findings of kind secret, and of rules with the tag secret-value, are
	// masked without being listed here.
	Sensitive []lint.Location

	AsOf   time.Time // when waivers and dates were judged; only the day is shown
	Commit string    // that was checked out; may be empty
	Link   string    // URL under which the files are shown, with a final slash; may be empty

	// Owners gives the handles that own a file; nil without CODEOWNERS.
	Owners func(path string) []string

	// Secrets and Graph are what the repository declares and uses; nil where nobody asked.
	Secrets []inventory.Secret
	Graph   *diagram.Diagram

	// Earlier are runs of before, the oldest first. Only html shows how they compare.
	Earlier []Report

	lineHashes map[string]string // of a run that was read

	// Redact takes credentials out of names and messages. Nil leaves them as they are.
	Redact func(string) string

	// Confidence is how sure the scanner had to be, if that is more than usual: what it was
	// less sure of is not shown.
	Confidence float64

	// For text only.
	Color   bool
	Quiet   bool   // only the first lines of what blocks, and the summary
	Verbose bool   // also findings that are waived or in the baseline
	Prefix  string // stands in front of paths, so that they lead there from the working directory

	// SARIFProfile is GitHub (the default) or Full.
	SARIFProfile string
}

// The SARIF profiles. GitHub shows results as open even where they are
// suppressed, so they are left out for it.
const (
	GitHub = "github"
	Full   = "full"
)

// SARIFProfiles lists the names of the SARIF profiles, the default first.
func SARIFProfiles() []string { return []string{GitHub, Full} }

// Write writes a report in one of Formats.
func Write(format string, w io.Writer, r Report) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(w, r)
		}
	}
	return fmt.Errorf("unknown format %q, want one of %s", format, strings.Join(Formats(), ", "))
}

// owners gives who owns the file of a place. Of a file of history nobody knows.
func (r Report) owners(at lint.Location) []string {
	if r.Owners == nil || at.Commit != "" {
		return nil
	}
	return r.Owners(at.Path)
}

// IsLink says whether files can be shown under a URL: their paths are put behind it. One with
// a login would stand in every report.
func IsLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" &&
		strings.HasSuffix(link, "/") && !strings.ContainsAny(link, "<>\"'\\` \t\r\n")
}
